"""Reads the hand-written sets of utterances, limits and dialogues (`data/understanding/README.md`) and checks every row."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from shopguide_evaluation.markup import MarkedText, parse_markup

DATA = Path(__file__).parent / "data" / "understanding"
INTENTS = frozenset({
    "SEARCH", "RECOMMEND", "SIMILAR", "BUNDLE", "COMPARE", "PRODUCT_QUESTION", "SHOP_QUESTION",
    "DEAL", "GIFT", "COMPLAINT", "REVIEWS", "CHITCHAT", "OUT_OF_SCOPE",
})  # fmt: skip
SLOTS = frozenset({
    "product_type", "brand", "model", "attribute", "price", "quantity", "negation", "recipient", "use",
})  # fmt: skip
STRENGTHS = frozenset({"HARD", "SOFT", "UNSUPPORTED"})
LANGUAGES = frozenset({"zh", "en"})
_FIELD = re.compile(
    r"price|rating|availability|brand|category|delivery|wish|attributes\.[a-z][a-z0-9_]{0,62}"
)
_NUMBER_FIELDS = frozenset({"price", "rating"})

_MOST_INTENTS = 2
_TURNS = range(3, 7)

Split: TypeAlias = Literal["dev", "test"]
Row: TypeAlias = Mapping[str, Any]
T = TypeVar("T")


class DataError(ValueError):
    """A row breaks a convention; the message names file, line and fault."""


@dataclass(frozen=True)
class Limit:
    """One limit or wish that is expected."""

    field: str
    """Field of `Condition`, or `delivery` or `wish` when no field of a product can hold it."""
    strength: str
    """One of STRENGTHS."""
    minimum: float | None = None
    """Inclusive lower bound, prices in major units, attributes in the unit of the catalogue."""
    maximum: float | None = None
    """Inclusive upper bound."""
    any_of: tuple[str, ...] = ()
    """Texts of which the field holds one."""
    none_of: tuple[str, ...] = ()
    """Texts of which the field holds none."""
    currency: str = ""
    """ISO 4217 code of a price."""
    unit: str = ""
    """Unit of an attribute that has one."""
    evidence: str = ""
    """The shopper's words; empty in dialogues."""
    optional: bool = False
    """Right when it is reported and right when it is not."""


@dataclass(frozen=True)
class Product:
    """A product in view."""

    id: str
    """Id inside the row."""
    title: str = ""
    """Its title."""
    brand: str = ""
    """Its brand."""
    price: float | None = None
    """Its price in major units."""
    currency: str = ""
    """ISO 4217 code of the price."""
    rating: float | None = None
    """Mean rating, 0 to 5."""
    color: str = ""
    """Its colour."""


@dataclass(frozen=True)
class Utterance:
    """One message and what it means."""

    id: str
    """Unique id."""
    language: str
    """`zh` or `en`: the language it must be answered in."""
    intents: tuple[str, ...]
    """One or two intents, the main one first."""
    sentiment: int
    """-1, 0 or 1."""
    marked: MarkedText
    """Text and slots."""
    limits: tuple[Limit, ...] | None
    """All its limits; None when they were not written down."""
    history: tuple[tuple[str, str], ...]
    """Earlier turns: (`shopper` or `guide`, text)."""
    shown: tuple[str, ...]
    """Titles of the products in view."""


@dataclass(frozen=True)
class LimitExpression:
    """Words that limit, and the exact reading of them."""

    id: str
    """Unique id."""
    language: str
    """`zh` or `en`."""
    text: str
    """The words."""
    currency: str
    """Currency of the shopper: that of prices without one."""
    limits: tuple[Limit, ...]
    """All limits."""
    order: tuple[str, bool] | None
    """Field to order by, and whether the highest comes first."""
    budget: tuple[float, str] | None
    """Most that everything may cost together: amount, currency."""
    quantity: int | None
    """How many pieces are wanted."""
    contradictory: bool
    """Nothing can satisfy all limits."""
    shown: tuple[Product, ...]
    """Products in view."""


@dataclass(frozen=True)
class DialogueTurn:
    """One message of a dialogue and the state after it."""

    text: str
    """What the shopper wrote."""
    shown: tuple[Product, ...]
    """Products that were shown before it; empty when nothing new was shown."""
    intents: tuple[str, ...]
    """Intents, the main one first."""
    category: str
    """Id of the category in the demo catalogue that is talked about; empty when there is none."""
    limits: tuple[Limit, ...]
    """All limits in force after the turn."""
    references: tuple[str, ...]
    """Ids of the shown products that the words point at."""
    topic_changed: bool
    """The wish starts anew."""
    order: tuple[str, bool] | None
    """Field to order by, and whether the highest comes first."""
    budget: tuple[float, str] | None
    """Most that everything may cost together: amount, currency."""


@dataclass(frozen=True)
class Dialogue:
    """Turns of one conversation."""

    id: str
    """Unique id."""
    language: str
    """`zh` or `en`."""
    turns: tuple[DialogueTurn, ...]
    """Three to six turns of the shopper."""


def read_utterances(split: Split, folder: Path = DATA) -> tuple[Utterance, ...]:
    """Return the utterances of a split. Raises DataError for a malformed row."""
    return _read(folder / f"utterances.{split}.jsonl", _utterance)


def read_limits(split: Split, folder: Path = DATA) -> tuple[LimitExpression, ...]:
    """Return the limit expressions of a split. Raises DataError for a malformed row."""
    return _read(folder / f"limits.{split}.jsonl", _expression)


def read_dialogues(split: Split, folder: Path = DATA) -> tuple[Dialogue, ...]:
    """Return the dialogues of a split. Raises DataError for a malformed row."""
    return _read(folder / f"dialogues.{split}.jsonl", _dialogue)


def check_unique(items: Iterable[tuple[str, str]]) -> None:
    """Raise DataError when two of the (id, text) pairs share an id or, but for case and spaces, a text."""
    ids: set[str] = set()
    texts: dict[str, str] = {}
    for row_id, text in items:
        key = " ".join(text.casefold().split())
        if row_id in ids:
            raise DataError(f"two rows have the id {row_id!r}")
        if key in texts:
            raise DataError(f"{row_id} and {texts[key]} have the same text")
        ids.add(row_id)
        texts[key] = row_id


def _read(path: Path, make: Callable[[Row], T]) -> tuple[T, ...]:
    """Return the items of a file; faults are told with file and line."""
    return tuple(_items(path, make))


def _items(path: Path, make: Callable[[Row], T]) -> Iterator[T]:
    """Yield one item per line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield make(json.loads(line))
        except KeyError as error:
            raise DataError(f"{path.name}:{number}: {error} is missing") from error
        except (ValueError, TypeError) as error:
            raise DataError(f"{path.name}:{number}: {error}") from error


def _utterance(row: Row) -> Utterance:
    """Return the utterance of a row."""
    _known(row, "id language intents sentiment text limits history shown")
    marked = parse_markup(row["text"], SLOTS)
    if not marked.text.strip():
        raise DataError("the text is empty")
    limits = tuple(_limit(x, marked.text) for x in row["limits"]) if "limits" in row else None
    return Utterance(
        row["id"],
        _one_of(row["language"], LANGUAGES),
        _intents(row["intents"]),
        _one_of(row["sentiment"], (-1, 0, 1)),
        marked,
        limits,
        tuple((_one_of(t["role"], ("shopper", "guide")), t["text"]) for t in row.get("history", ())),
        tuple(row.get("shown", ())),
    )


def _expression(row: Row) -> LimitExpression:
    """Return the limit expression of a row."""
    _known(row, "id language currency text limits order budget quantity contradictory shown")
    limits = tuple(_limit(x, row["text"]) for x in row["limits"])
    if not row["text"].strip():
        raise DataError("the text is empty")
    return LimitExpression(
        row["id"],
        _one_of(row["language"], LANGUAGES),
        row["text"],
        row["currency"],
        limits,
        _order(row.get("order")),
        _budget(row.get("budget")),
        row.get("quantity"),
        row.get("contradictory", False),
        _products(row.get("shown", ())),
    )


def _dialogue(row: Row) -> Dialogue:
    """Return the dialogue of a row."""
    _known(row, "id language turns")
    turns, in_view = [], frozenset[str]()
    for turn in row["turns"]:
        read = _turn(turn)
        in_view = frozenset(p.id for p in read.shown) or in_view
        if not in_view.issuperset(read.references):
            raise DataError(f"{read.references} points at what is not shown")
        turns.append(read)
    if len(turns) not in _TURNS:
        raise DataError(f"{len(turns)} turns: 3 to 6 are wanted")
    return Dialogue(row["id"], _one_of(row["language"], LANGUAGES), tuple(turns))


def _turn(row: Row) -> DialogueTurn:
    """Return a turn of a dialogue."""
    _known(row, "text shown expect")
    expect = row["expect"]
    _known(expect, "intents category limits references topic_changed order budget")
    return DialogueTurn(
        row["text"],
        _products(row.get("shown", ())),
        _intents(expect["intents"]),
        expect.get("category", ""),
        tuple(_limit(x, None) for x in expect["limits"]),
        tuple(expect.get("references", ())),
        expect.get("topic_changed", False),
        _order(expect.get("order")),
        _budget(expect.get("budget")),
    )


def _limit(row: Row, text: str | None) -> Limit:
    """Return a limit; its words must stand in `text`, which is None where no words are given."""
    _known(row, "field min max unit any_of none_of currency strength evidence optional")
    limit = Limit(
        row["field"],
        _one_of(row["strength"], STRENGTHS),
        row.get("min"),
        row.get("max"),
        tuple(row.get("any_of", ())),
        tuple(row.get("none_of", ())),
        row.get("currency", ""),
        row.get("unit", ""),
        row.get("evidence", ""),
        row.get("optional", False),
    )
    _check_limit(limit)
    if text is not None and (not limit.evidence or limit.evidence not in text):
        raise DataError(f"the evidence {limit.evidence!r} does not stand in the text")
    return limit


def _check_limit(limit: Limit) -> None:
    """Raise DataError unless field, test and strength fit together."""
    bounded = limit.minimum is not None or limit.maximum is not None
    tests = bounded + bool(limit.any_of) + bool(limit.none_of)
    if not _FIELD.fullmatch(limit.field):
        raise DataError(f"unknown field {limit.field!r}")
    if tests != (limit.strength != "UNSUPPORTED"):
        raise DataError(f"{limit.field}: one test is wanted, none for what is unsupported")
    if None not in (limit.minimum, limit.maximum) and float(limit.minimum or 0) > float(limit.maximum or 0):
        raise DataError(f"{limit.field}: the minimum exceeds the maximum")
    if bounded and not limit.field.startswith("attributes.") and limit.field not in _NUMBER_FIELDS:
        raise DataError(f"{limit.field} has no numbers")
    if bounded and (limit.field == "price") != bool(limit.currency):
        raise DataError(f"{limit.field}: a price has a currency, and nothing else has one")


def _products(rows: Iterable[Row]) -> tuple[Product, ...]:
    """Return the products in view."""
    return tuple(Product(**row) for row in rows)


def _order(row: Row | None) -> tuple[str, bool] | None:
    """Return the order wanted."""
    return None if row is None else (str(row["field"]), bool(row["descending"]))


def _budget(row: Row | None) -> tuple[float, str] | None:
    """Return the total budget."""
    return None if row is None else (float(row["amount"]), str(row["currency"]))


def _intents(labels: Iterable[str]) -> tuple[str, ...]:
    """Return one or two different known intents."""
    known = tuple(_one_of(label, INTENTS) for label in labels)
    if not 1 <= len(known) <= _MOST_INTENTS or len(set(known)) != len(known):
        raise DataError(f"one or two different intents are wanted, not {known}")
    return known


def _one_of(value: T, allowed: Iterable[T]) -> T:
    """Return the value if it is allowed, else raise DataError."""
    if value not in allowed:
        raise DataError(f"{value!r} is none of {sorted(map(str, allowed))}")
    return value


def _known(row: Row, keys: str) -> None:
    """Raise DataError when a row has a key that is not among `keys`, which are parted by spaces."""
    if unknown := row.keys() - set(keys.split()):
        raise DataError(f"unknown keys {sorted(unknown)}")

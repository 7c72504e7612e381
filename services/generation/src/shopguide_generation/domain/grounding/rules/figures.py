"""Numbers: each must be a fact of its subject under the key that is named, or a derived number of the kind the words say."""

import re
from decimal import Decimal

from shopguide_generation.domain.derived import Derived, DerivedKind
from shopguide_generation.domain.facts import SourceKind
from shopguide_generation.domain.grounding.grounds import matches
from shopguide_generation.domain.grounding.numbers import Quantity, quantities
from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason
from shopguide_generation.domain.grounding.text import fold
from shopguide_generation.domain.grounding.vocabulary import DIRECTIONS, Direction
from shopguide_generation.domain.labels import family

_SAID = {
    DerivedKind.TOTAL: re.compile(r"together|total|\bsum\b|一共|总共|合计"),
    DerivedKind.LEFT: re.compile(r"\bleft\b|leaves|\bover\b|剩|预算多"),
    DerivedKind.SAVING: re.compile(r"\bless\b|\bsav|\boff\b|省|便宜|降"),
    DerivedKind.SAVING_PERCENT: re.compile(r""),
    DerivedKind.SHORTFALL: re.compile(r"(short of|over|less than|more than) (what|than) you|比您要的"),
    DerivedKind.LIMIT: re.compile(
        r"within|under|up to|at least|\bto\b|your|\bof the\b|you asked|budget|matters more|"
        r"预算|以内|以上|以下|到|您要的|用完|更看重"
    ),
}
"""What the words around a derived number must say for it to count as one of its kind."""

_MENTION_WORDS = frozenset({"mention", "mentions", "time", "times", "次"})
_PRODUCT_WORDS = frozenset(
    {"product", "products", "options", "models", "more", "shown", "款", "件", "种", "台", "双"}
)


def apply(reading: Reading) -> None:
    """Verify every number of the statement."""
    grounds = reading.grounds
    _take_values(reading)
    found = quantities(reading.coverage, reading.language, grounds.currencies, grounds.units)
    for quantity in found:
        if not _verified(reading, quantity):
            reason = Reason.WRONG_COUNT if quantity.counted and not quantity.unit else Reason.WRONG_VALUE
            reading.find(quantity.start, quantity.end, reason)


def _take_values(reading: Reading) -> None:
    """Takes text values of the subject that have digits in them (`IPX4`, `5.3`), so that they are not read as numbers."""
    for value, numbers in sorted(reading.grounds.values.items(), key=lambda item: -len(item[0])):
        if not any(c.isdigit() for c in value):
            continue
        for start, end in list(reading.coverage.find(value)):
            if numbers & set(reading.candidates(start)):
                _claim_value(reading, start, end, value, numbers)


def _claim_value(reading: Reading, start: int, end: int, value: str, numbers: frozenset[int]) -> None:
    subject = next(n for n in reading.candidates(start) if n in numbers)
    keys = {
        f.key
        for f in reading.grounds.context.source(subject).facts
        if isinstance(f.value, str) and fold(f.value) == value
    }
    named = nearest_label(reading, start, end)
    if named and not named & keys:
        return
    reading.coverage.take(start, end)
    reading.claim("text", subject, min(keys & named if named else keys), value)


def _verified(reading: Reading, quantity: Quantity) -> bool:
    if quantity.value is None:
        return False
    direction = direction_near(reading, quantity)
    if direction and _is_difference(reading, quantity, direction):
        return True
    if direction and not _said(reading, quantity, DerivedKind.LIMIT):
        return False
    return _is_fact(reading, quantity) or _is_derived(reading, quantity) or _is_count(reading, quantity)


def direction_near(reading: Reading, quantity: Quantity) -> Direction | None:
    """The comparative beside a number ("38 g lighter", "轻 38 克"), unless it is part of a set phrase."""
    words = DIRECTIONS[reading.language]
    before = reading.text[max(0, quantity.start - 14) : quantity.start]
    after = reading.text[quantity.end : quantity.end + 14]
    at_end = re.search(rf"({'|'.join(words)})\s?(?:by )?$", before)
    at_start = re.match(rf"\s?({'|'.join(words)})(?![a-z])", after)
    for match, offset in ((at_start, quantity.end), (at_end, quantity.start - len(before))):
        if match and not _in_phrase(reading, offset + match.start(1), offset + match.end(1)):
            return words[match[1]]
    return None


def _in_phrase(reading: Reading, start: int, end: int) -> bool:
    labels = [(at, stop) for at, stop, _ in reading.label_places]
    inside_word = start > 0 and reading.text[start - 1].isascii() and reading.text[start - 1].isalpha()
    covered = any(s <= start and end <= e and e - s > end - start for s, e in (*reading.phrases, *labels))
    return covered or (inside_word and reading.text[start].isascii())


def _is_difference(reading: Reading, quantity: Quantity, direction: Direction) -> bool:
    near = None if direction.family else nearest_label(reading, quantity.start, quantity.end)
    keys = near or frozenset()
    subjects = reading.mentions.subject(quantity.start)
    for derived in reading.grounds.derived:
        if _agrees(derived, quantity, direction) and _about(derived, subjects, keys):
            reading.claim(derived.kind.value, derived.subject, derived.key, derived.value, derived.unit)
            return True
    return False


def _agrees(derived: Derived, quantity: Quantity, direction: Direction) -> bool:
    if derived.kind in {DerivedKind.COUNT, DerivedKind.LIMIT, DerivedKind.TOTAL, DerivedKind.SAVING_PERCENT}:
        return False
    signed = -derived.value if derived.kind in {DerivedKind.SAVING, DerivedKind.LEFT} else derived.value
    bare_shortfall = derived.kind is DerivedKind.SHORTFALL and not quantity.unit
    same_unit = quantity.unit == derived.unit or bare_shortfall
    sized = quantity.value is not None and abs(derived.value) == abs(quantity.value) and same_unit
    pointed = (signed > 0) == (direction.sign > 0)
    kin = family(derived.key, derived.unit).name
    return (
        sized
        and pointed
        and (not direction.family or kin == direction.family or derived.key == "price" == direction.family)
    )


def _about(derived: Derived, subjects: tuple[int, ...], keys: frozenset[str]) -> bool:
    if derived.subject is None:
        return True
    named = not keys or derived.key in keys or (derived.key == "price" and "price" in keys)
    return derived.subject in subjects and named


def _is_fact(reading: Reading, quantity: Quantity) -> bool:
    keys = nearest_label(reading, quantity.start, quantity.end)
    if quantity.counted in _MENTION_WORDS and _is_mention_count(reading, quantity):
        return True
    for number in reading.candidates(quantity.start):
        for fact in reading.grounds.context.source(number).facts:
            if quantity.value is None or not matches(fact, quantity.value, quantity.unit):
                continue
            if _key_fits(reading, quantity, fact.key, keys):
                reading.claim("number", number, fact.key, quantity.value, quantity.unit)
                return True
    return False


def _key_fits(reading: Reading, quantity: Quantity, key: str, keys: frozenset[str] | None) -> bool:
    if quantity.money:
        listed = re.search(
            r"instead of $|list price (?:of )?$|原价 ?$|down from $", reading.text[: quantity.start]
        )
        return key == ("list_price" if listed else "price")
    if keys:
        return key in keys
    if key in {"rating", "mean_stars", "stars"}:
        return (
            re.search(r"(?:rated(?: at)? |higher \(|lower \()$|评分 ?$", reading.text[: quantity.start])
            is not None
        )
    if key in {"rating_count", "review_count", "rated_count"}:
        return quantity.counted in (
            {"of", "条"} if key == "rated_count" else {"reviews", "review", "条", "ratings"}
        )
    return bool(quantity.unit)


def _is_mention_count(reading: Reading, quantity: Quantity) -> bool:
    points = [
        (at, fact, number)
        for number in reading.mentions.support
        for fact in reading.grounds.context.source(number).facts
        if fact.mention_count and (at := reading.text.rfind(fold(str(fact.value)), 0, quantity.start)) >= 0
    ]
    if not points:
        return False
    _, fact, number = max(points, key=lambda item: (item[0], len(str(item[1].value))))
    reading.claim("mentions", number, fold(str(fact.value)), quantity.value or Decimal(0))
    return Decimal(fact.mention_count) == quantity.value


def _is_derived(reading: Reading, quantity: Quantity) -> bool:
    for derived in reading.grounds.derived:
        if (
            derived.kind in _SAID
            and _same(reading, quantity, derived)
            and _said(reading, quantity, derived.kind)
        ):
            subjects = reading.mentions.subject(quantity.start)
            if derived.kind is DerivedKind.LIMIT and not _echoes_limit(reading, quantity, derived):
                continue
            if derived.subject is None or derived.subject in subjects:
                reading.claim(derived.kind.value, derived.subject, derived.key, derived.value, derived.unit)
                return True
    return False


def _same(reading: Reading, quantity: Quantity, derived: Derived) -> bool:
    if derived.kind is DerivedKind.SHORTFALL:
        low = re.search(r"short|less|fewer|少", reading.around(quantity.start)) is not None
        signed = -derived.value if low else derived.value
        return signed == quantity.value and quantity.unit in {derived.unit, ""}
    if derived.kind is DerivedKind.LEFT:
        over = re.search(r"\bover\b|多", reading.around(quantity.start)) is not None
        return (-derived.value if over else derived.value) == quantity.value and derived.unit == quantity.unit
    return derived.value == quantity.value and derived.unit == quantity.unit


def _echoes_limit(reading: Reading, quantity: Quantity, derived: Derived) -> bool:
    """A stated limit may be repeated before a product is named, or as what was asked; never as a product's own value."""
    keys = nearest_label(reading, quantity.start, quantity.end)
    if keys and derived.key not in keys and not quantity.money:
        return False
    return reading.asked(quantity.start) or derived.key == "budget" or quantity.start < reading.mentions.first


def _said(reading: Reading, quantity: Quantity, kind: DerivedKind) -> bool:
    return _SAID[kind].search(reading.around(quantity.start)) is not None


def _is_count(reading: Reading, quantity: Quantity) -> bool:
    if quantity.unit or quantity.value is None:
        return False
    grounds, value, word = reading.grounds, quantity.value, quantity.counted
    after = reading.text[quantity.end : quantity.end + 80]
    noun = reading.text[quantity.start - 4 : quantity.start] == "the " and "shown" in after[:24]
    if word in {"limits", "limit"} or (word == "个" and "条件" in after[:24]):
        return grounds.count(value, "limits")
    if word in {"times", "次"} or reading.text[quantity.start : quantity.end] == "twice":
        return grounds.count(value, "repeats")
    if word == "of" or (word == "条" and reading.mentions.support):
        return value == len(_reviews(reading))
    if noun or re.search(r"列出的 ?$", reading.text[: quantity.start]):
        return grounds.count(value, "shown", "parts")
    whole = re.search(r"(?:\ball|这) ?$", reading.text[: quantity.start]) or reading.text.startswith(
        "both [", quantity.start
    )
    if word in {"products", "件", ""} and whole:
        return grounds.count(value, "shown", "parts")
    if re.search(r"另外还有 ?$", reading.text[: quantity.start]) or word == "more":
        return grounds.count(value, "remaining")
    return _is_category(reading, word, after) and grounds.count(value, "matches")


def _reviews(reading: Reading) -> list[int]:
    return [n for n in reading.mentions.cited if reading.grounds.kind(n) is SourceKind.REVIEW]


def _is_category(reading: Reading, word: str, after: str) -> bool:
    if word in _PRODUCT_WORDS:
        return True
    names = {
        fold(f.value)
        for _, s in reading.grounds.context.offers
        for f in s.all("category")
        if isinstance(f.value, str)
    }
    things = tuple(thing for name in names if (thing := name.split(">")[-1].strip()))
    return bool(things) and _skipping_limits(reading, after.strip(), things).startswith(things)


def _skipping_limits(reading: Reading, text: str, things: tuple[str, ...]) -> str:
    """The text from the things counted on, without the words for the shopper's limits before them."""
    words = sorted((*reading.grounds.echoes, *reading.grounds.labels, "cheaper"), key=len, reverse=True)
    while not text.startswith(things):
        found = next((word for word in words if word and text.startswith(f"{word} ")), None)
        if found is None:
            break
        text = text[len(found) :].strip()
    return text


def nearest_label(reading: Reading, start: int, end: int) -> frozenset[str] | None:
    """The keys of the label that stands nearest to a place, inside its chunk; None when there is none."""
    low, high = reading.chunk(start)
    places = [(at, stop, keys) for at, stop, keys in reading.label_places if low <= at and stop <= high]
    apart = [(at, stop, keys) for at, stop, keys in places if stop <= start or at >= end]
    if not apart:
        return None
    return min(apart, key=lambda p: (start - p[1] if p[1] <= start else p[0] - end, p[0] - p[1]))[2]

"""Public sets of purchases as catalogues and events, imported through the services."""

import asyncio
import gzip
import hashlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import grpc
import grpc.aio

from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.type.v1 import product_pb2, user_event_pb2
from shopguide_evaluation.files import read_csv

if TYPE_CHECKING:
    from shopguide.retrieval.v1 import index_service_pb2_grpc as index_grpc

    Index = index_grpc.IndexServiceAsyncStub

FILES = {"beauty": "Beauty", "sports": "Sports_and_Outdoors"}
"""Names of the files of `amazon_s3rec`."""

DAY = 86_400.0
LAST_WEEK = 35
"""Of `completejourney`: up to here the baskets are known; recommendation was tuned on weeks 28 to 35 given 1 to 27."""

HELD_OUT = 0.2
"""Share of the baskets of `groceries` that are to be predicted."""
_PRODUCTS_AT_ONCE, _EVENTS_AT_ONCE = 128, 500
_IMPORT_SECONDS, _WRITE_SECONDS, _ATTEMPTS = 3_600.0, 120.0, 6
_BUSY = (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE)
Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Purchase:
    """Products bought together by one shopper."""

    shopper: str
    time: float
    """Unix seconds."""
    products: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A shopper to recommend to, and what they bought next."""

    shopper: str
    history: tuple[str, ...]
    """Products in order, the latest last."""
    wanted: frozenset[str]
    time: float = 0.0
    """When they bought it, in the set's own seconds; 0 where the set has no times."""


@dataclass(frozen=True)
class Shop:
    """A catalogue, its events, and what is to be predicted."""

    name: str
    products: tuple[product_pb2.Product, ...]
    purchases: tuple[Purchase, ...]
    cases: tuple[Case, ...]


def amazon_shop(folder: Path, name: str, seed: int = 0) -> Shop:
    """Return a set of `amazon_s3rec`: products are ids with attribute ids, the last product of each shopper is wanted.

    The set has an order and no times: a shopper's purchases are a day apart and end on a day of the past year that
    the seed draws.
    """
    stem, rng, now = FILES[name], random.Random(seed), time.time()
    attributes: dict[str, list[int]] = json.loads(
        gzip.decompress((folder / f"{stem}_item2attributes.json.gz").read_bytes())
    )
    purchases: list[Purchase] = []
    cases: list[Case] = []
    ids: set[str] = set()
    with gzip.open(folder / f"{stem}_train.txt.gz", "rt") as lines:
        for line in lines:
            shopper, *items = line.split()
            end = now - DAY * rng.randint(1, 365)
            times = [end - DAY * (len(items) - 1 - i) for i in range(len(items) - 1)]
            purchases += [Purchase(shopper, t, (i,)) for t, i in zip(times, items, strict=False)]
            cases.append(Case(shopper, tuple(items[:-1]), frozenset(items[-1:])))
            ids.update(items)
    products = tuple(_id_product(name, i, attributes.get(i, ())) for i in sorted(ids, key=int))
    return Shop(f"recommend-{name}", products, tuple(purchases), tuple(cases))


def grocery_shop(
    folder: Path, last_week: int = LAST_WEEK, until_week: int = 44, least_bought: int = 1
) -> Shop:
    """Return `completejourney`: households' baskets up to a week are events, each basket after it is wanted.

    Times are shifted so that the last event is an hour old. Products are those of the events that were bought at
    least `least_bought` times; what later baskets hold beyond these can not be found and counts as missed.
    """
    rows = [row for _, row in read_csv(folder / "transactions_week01_44.csv.gz")]
    known = [r for r in rows if int(r["week"]) <= last_week]
    shift = time.time() - 3_600 - max(_seconds(r) for r in known)
    counts = Counter(r["product_id"] for r in known)
    sold = {i for i, n in counts.items() if n >= least_bought}
    purchases = [
        Purchase(b[0]["household_id"], _seconds(b[0]) + shift, tuple(dict.fromkeys(kept)))
        for b in _baskets(known)
        if (kept := [r["product_id"] for r in b if r["product_id"] in sold])
    ]
    histories: dict[str, list[str]] = {}
    for one in sorted(purchases, key=lambda p: p.time):
        histories.setdefault(one.shopper, []).extend(one.products)
    cases = [
        Case(h, tuple(histories[h]), frozenset(r["product_id"] for r in b), min(map(_seconds, b)))
        for b in _baskets([r for r in rows if last_week < int(r["week"]) <= until_week])
        if (h := b[0]["household_id"]) in histories
    ]
    known_rows = [r for _, r in read_csv(folder / "products.csv.gz") if r["product_id"] in sold]
    products = tuple(sorted(map(_grocery_product, known_rows), key=lambda p: (p.title, p.id)))
    name = "recommend-groceries" if last_week == LAST_WEEK else f"recommend-groceries-{last_week}"
    return Shop(name, products, tuple(purchases), tuple(cases))


def basket_shop(folder: Path, *, validation: bool = False) -> Shop:
    """Return `groceries`: four fifths of the baskets are events, each of an own shopper; the others are wanted.

    Which ones is drawn by a hash of their number. With `validation` the wanted ones are a fifth of those four fifths,
    and the baskets of the test are left out altogether. The baskets have no times: a hash spreads them over a year.
    """
    with gzip.open(folder / "groceries_dev.csv.gz", "rt", encoding="utf-8") as lines:
        baskets = {
            n: tuple(dict.fromkeys(x.strip() for x in li.split(",") if x.strip()))
            for n, li in enumerate(lines)
        }
    held = {n for n in baskets if drawn(f"basket|{n}") < HELD_OUT}
    if validation:
        baskets = {n: b for n, b in baskets.items() if n not in held}
        held = {n for n in baskets if drawn(f"validation|{n}") < HELD_OUT}
    now = time.time()
    purchases = tuple(
        Purchase(f"basket-{n}", now - DAY * (1 + 364 * drawn(f"day|{n}")), tuple(map(_named_id, b)))
        for n, b in baskets.items()
        if b and n not in held
    )
    cases = tuple(
        Case(f"basket-{n}", (), frozenset(map(_named_id, baskets[n]))) for n in sorted(held) if baskets[n]
    )
    names = sorted({i for n, b in baskets.items() if n not in held for i in b})
    products = tuple(product_pb2.Product(id=_named_id(i), title=i, language_code="en") for i in names)
    return Shop("recommend-baskets" + ("-validation" if validation else ""), products, purchases, cases)


def drawn(what: str) -> float:
    """Return a number in [0, 1) that only depends on the words."""
    return int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), "big") / 2**64


async def import_shop(stub: "Index", shop: Shop) -> str:
    """Write the products and events of a shop, anew, and return the name of its catalogue."""
    catalog = f"catalogs/{shop.name}"
    listed = await patiently(lambda: stub.ListCatalogs(index_pb.ListCatalogsRequest()))
    if catalog in {c.name for c in listed.catalogs}:
        await patiently(lambda: stub.DeleteCatalog(index_pb.DeleteCatalogRequest(catalog=catalog)))

    async def batches() -> AsyncIterator[index_pb.UpsertProductsRequest]:
        for part in _parts(shop.products, _PRODUCTS_AT_ONCE):
            yield index_pb.UpsertProductsRequest(catalog=catalog, products=part)

    answer = await patiently(lambda: stub.UpsertProducts(batches(), timeout=_IMPORT_SECONDS))
    if answer.failed_count:
        raise RuntimeError(f"{answer.failed_count} products were refused: {answer.failures[0]}")
    # One shopper's events stand together, so that each profile is computed once or twice.
    events = [_event(p, n) for n, p in enumerate(sorted(shop.purchases, key=lambda p: (p.shopper, p.time)))]
    for part in _parts(events, _EVENTS_AT_ONCE):
        request = index_pb.WriteEventsRequest(catalog=catalog, events=part)
        written = await patiently(partial(stub.WriteEvents, request, timeout=_WRITE_SECONDS))
        if written.failures:
            raise RuntimeError(f"{len(written.failures)} events were refused: {written.failures[0]}")
    return catalog


async def patiently(call: Callable[[], Awaitable[Answer]]) -> Answer:
    """Return what a call answers; on a busy machine it is made again and again, which must be harmless."""
    for attempt in range(_ATTEMPTS):
        try:
            return await call()
        except grpc.aio.AioRpcError as error:
            if error.code() not in _BUSY or attempt == _ATTEMPTS - 1:
                raise
            await asyncio.sleep(2.0**attempt)
    raise AssertionError("the last attempt returns or raises")


def _id_product(name: str, item: str, attributes: Iterable[int]) -> product_pb2.Product:
    """Return a product of which only ids are known; all have one text, so the encoder has nothing to say about them."""
    product = product_pb2.Product(id=item, title=f"{name} product", language_code="en")
    numbers = [float(a) for a in attributes][:50]
    if numbers:
        product.attributes["attribute_id"].numbers.extend(numbers)
    return product


def _named_id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _grocery_product(row: Mapping[str, str]) -> product_pb2.Product:
    """Return a product named after its category, of which there are 285: the encoder has few texts to read."""
    path = [row[k] for k in ("department", "product_category") if row[k]]
    return product_pb2.Product(
        id=row["product_id"], title=(path or ["groceries"])[-1], category_path=path, language_code="en"
    )


def _baskets(rows: Sequence[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault((row["household_id"], row["basket_id"]), []).append(row)
    yield from found.values()


def _seconds(row: Mapping[str, str]) -> float:
    return time.mktime(time.strptime(row["transaction_timestamp"][:19], "%Y-%m-%d %H:%M:%S"))


def _event(purchase: Purchase, number: int) -> user_event_pb2.UserEvent:
    event = user_event_pb2.UserEvent(
        event_id=str(number),
        type=user_event_pb2.UserEvent.TYPE_PURCHASE,
        lines=[user_event_pb2.UserEvent.Line(product_id=i) for i in purchase.products],
    )
    event.shopper.visitor_id = purchase.shopper
    event.event_time.FromNanoseconds(round(purchase.time * 1e9))
    return event


def _parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]

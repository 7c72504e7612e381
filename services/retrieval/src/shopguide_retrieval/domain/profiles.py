"""What the events of a shopper tell: a pure function of the set of events, whatever their order and repeats.

A product's weight adds up over the kinds of events on it: a purchase 1, a cart 0.6, a click 0.3, a view 0.25, each
growing with the logarithm of the number of such events, so that twenty views do not outweigh a purchase; taking a
product out of the cart takes 0.3 of the cart's share back. Age is not weighed in here, but when a profile is used;
only the taste, one vector, has it built in, counted back from the latest event.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from shopguide_retrieval.domain.digest import digest
from shopguide_retrieval.domain.events import Event, EventType, Line
from shopguide_retrieval.domain.shoppers import Interaction, Profile
from shopguide_retrieval.ports import Vector

WEIGHTS = {
    EventType.VIEW: 0.25,
    EventType.CLICK: 0.3,
    EventType.ADD_TO_CART: 0.6,
    EventType.PURCHASE: 1.0,
}
"""Weight of the first event of each kind on a product."""
TAKEN_BACK = 0.3
"""Share of the cart's weight that is lost when the product is taken out again."""
MAX_WEIGHT = 3.0

MAX_EVENTS = 1000
"""Latest events that a profile is computed from; older ones are kept and exported, but no longer count."""
MAX_INTERACTIONS = 200
MAX_PURCHASE_TIMES = 8
MAX_TASTE_PRODUCTS = 50
"""Latest products that the taste is made of."""
TASTE_HALF_LIFE = 30 * 86_400.0
"""Seconds after which a product counts half as much for the taste."""


def profile(key: str, events: Iterable[Event], event_count: int | None = None) -> Profile:
    """Return the profile of a shopper key, without its taste.

    `event_count` is how many events there are in all, where `events` are only the latest of them. Feedback does not
    count.
    """
    learned = sorted(
        {e.id: e for e in events if e.type is not EventType.FEEDBACK}.values(), key=lambda e: (e.time, e.id)
    )
    latest = learned[-MAX_EVENTS:]
    return Profile(
        key,
        _interactions(latest),
        len(learned) if event_count is None else max(event_count, len(learned)),
        latest[-1].time if latest else 0.0,
        related=tuple(sorted({k for e in latest for k in e.keys} - {key})),
        digest=_digest(key, latest),
    )


def with_taste(learned: Profile, vectors: Mapping[str, Vector]) -> Profile:
    """Return the profile with the taste that the vectors of its products (by product id) give."""
    latest = taste_products(learned)
    known = [i for i in latest if i.product_id in vectors]
    unknown = tuple(sorted(i.product_id for i in latest if i.product_id not in vectors))
    if not known:
        return replace(learned, taste=None, unknown_ids=unknown)
    mean = np.zeros_like(vectors[known[0].product_id], dtype=np.float64)
    for one in known:
        mean += one.weight * _recency(one, learned.last_time) * vectors[one.product_id]
    length = float(np.linalg.norm(mean))
    taste = (mean / length).astype(np.float32) if length > 0 else None
    return replace(learned, taste=taste, unknown_ids=unknown)


def taste_products(learned: Profile) -> tuple[Interaction, ...]:
    """Return the interactions whose products make the taste."""
    return learned.interactions[:MAX_TASTE_PRODUCTS]


def _recency(interaction: Interaction, now: float) -> float:
    return float(0.5 ** ((now - interaction.time) / TASTE_HALF_LIFE))


def _interactions(events: Sequence[Event]) -> tuple[Interaction, ...]:
    """Return what the events say of each product, the newest first; events must be ordered by time."""
    by_product: dict[str, list[tuple[Event, Line]]] = defaultdict(list)
    for event in events:
        for line in event.lines if event.type is not EventType.SEARCH else ():
            by_product[line.product_id].append((event, line))
    found = [_interaction(i, done) for i, done in by_product.items()]
    kept = sorted((i for i in found if i.weight > 0), key=lambda i: (-i.time, i.product_id))
    return tuple(kept[:MAX_INTERACTIONS])


def _interaction(product_id: str, done: Sequence[tuple[Event, Line]]) -> Interaction:
    purchases = {e.id: e.time for e, _ in done if e.type is EventType.PURCHASE}
    return Interaction(
        product_id,
        _weight(Counter(event.type for event in {e.id: e for e, _ in done}.values())),
        done[-1][0].time,
        bool(purchases),
        sum(line.quantity for e, line in done if e.type is EventType.PURCHASE),
        tuple(sorted(purchases.values())[-MAX_PURCHASE_TIMES:]),
    )


def _weight(counts: Mapping[EventType, int]) -> float:
    total = sum(weight * math.log2(1 + counts.get(kind, 0)) for kind, weight in WEIGHTS.items())
    carts = counts.get(EventType.ADD_TO_CART, 0)
    taken_out = min(carts, counts.get(EventType.REMOVE_FROM_CART, 0))
    lost = TAKEN_BACK * WEIGHTS[EventType.ADD_TO_CART] * math.log2(1 + taken_out)
    return min(MAX_WEIGHT, total - lost)


def _digest(key: str, events: Sequence[Event]) -> str:
    """Return what names a key and a set of events; the separator is a character that no id may hold."""
    if not events:
        return ""
    named = "\0".join([key, *sorted(e.id for e in events)])
    return digest(named)

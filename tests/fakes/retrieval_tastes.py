"""A shop with planted tastes: runners, gamers, coffee drinkers, and phones that are bought with cases."""

import time

from fakes.retrieval_world import product
from fakes.shopper_events import event
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.type.v1 import product_pb2

DAY = 86_400
KINDS = {
    "shoe": ("Running shoes", "running shoes model"),
    "watch": ("Sport watches", "gps sport watch model"),
    "mouse": ("Mice", "gaming mouse model"),
    "keyboard": ("Keyboards", "mechanical keyboard model"),
    "coffee": ("Coffee beans", "arabica coffee beans model"),
    "phone": ("Phones", "smart phone model"),
    "case": ("Phone cases", "protective case for phone model"),
    "lamp": ("Lamps", "desk lamp model"),
}
EACH = 6
"""Products of each kind; nobody has touched the last one."""

RUNNERS, GAMERS, DRINKERS, CALLERS = "runner", "gamer", "drinker", "caller"


def stock() -> list[product_pb2.Product]:
    """Return six products of each kind, from 60 to 110; the first of a kind are rated by the most."""
    return [
        product(
            f"{kind}{n}",
            f"{words} {n}",
            10.0 * n + 50,
            category_path=["Shop", leaf],
            rating=product_pb2.Rating(average=4.0, count=100 - 10 * n),
        )
        for kind, (leaf, words) in KINDS.items()
        for n in range(1, EACH + 1)
    ]


def bought(who: str, at: float, *product_ids: str, kind: str = "PURCHASE") -> object:
    """Return a purchase of a shopper, `at` days ago."""
    identifier = f"{who}-{kind}-{at}-{'-'.join(product_ids)}"
    return event(identifier[:64], *product_ids, kind=kind, visitor=who, at=int(time.time() - at * DAY))


def crowd(each: int = 6) -> list[object]:
    """Return what the planted groups did: each shopper leaves out one of the five tried products."""
    events = []
    for n in range(each):
        tried = [i for i in range(1, EACH) if i != n % (EACH - 1) + 1]
        for group, kinds in ((RUNNERS, ("shoe", "watch")), (GAMERS, ("mouse", "keyboard"))):
            wanted = [f"{k}{i}" for i in tried for k in kinds]
            events += [bought(f"{group}{n}", 60 - 2 * d, p) for d, p in enumerate(wanted)]
        events += [bought(f"{DRINKERS}{n}", day, "coffee1") for day in (95, 65, 35)]
        events += [bought(f"{CALLERS}{n}", 20 + n, f"phone{n % 5 + 1}", f"case{n % 5 + 1}")]
    return events


async def remember(world: object, *events: object) -> None:
    """Write events; all must be taken."""
    for start in range(0, len(events), 500):
        request = index_pb.WriteEventsRequest(catalog="catalogs/shop", events=events[start : start + 500])
        answer = await world.write.WriteEvents(request)  # type: ignore[attr-defined]
        assert not answer.failures, answer.failures

"""What is known of a shopper: the products they had to do with, and what these have in common."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.tokenizer import term_id
from shopguide_retrieval.ports import Vector

VISITOR, USER = "v:", "u:"
"""Prefixes of the keys of devices and of signed-in shoppers."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """What a shopper had to do with one product, all their events on it taken together."""

    product_id: str
    weight: float
    """How much interest it shows, in (0, 3]: 1 for one purchase, see `profiles`; not yet weighed by age."""
    time: float
    """Of the latest event, in Unix seconds."""
    bought: bool = False
    quantity: int = 0
    """Pieces bought in all."""
    purchase_times: tuple[float, ...] = ()
    """When it was bought, in Unix seconds, the oldest first; at most the latest 8 times."""


@dataclass(frozen=True, slots=True)
class Profile:
    """All that was learned from the events of one shopper key."""

    key: str
    interactions: tuple[Interaction, ...] = ()
    """The newest first, at most 200."""
    event_count: int = 0
    last_time: float = 0.0
    """Of the latest event, in Unix seconds."""
    taste: Vector | None = None
    """Mean direction of the products' vectors, weighted by interest and age; None when no product is known."""
    related: tuple[str, ...] = ()
    """Other keys on the same events, sorted: the users of a device, the devices of a user."""
    unknown_ids: tuple[str, ...] = ()
    """Products of the interactions that the catalogue did not have when `taste` was computed, sorted."""
    digest: str = ""
    """Names the key and the set of events that this profile was computed from."""


def visitor_key(visitor_id: str) -> str:
    """Return the key of a device."""
    return f"{VISITOR}{visitor_id}"


def user_key(user_id: str) -> str:
    """Return the key of a signed-in shopper."""
    return f"{USER}{user_id}"


def shopper_keys(visitor_id: str, user_id: str) -> tuple[str, ...]:
    """Return the keys that an event counts for; an empty id has none."""
    visitor = (visitor_key(visitor_id),) if visitor_id else ()
    return visitor + ((user_key(user_id),) if user_id else ())


def item_dimension(product_id: str) -> int:
    """Return the component of a product in the sparse vectors of shoppers."""
    return term_id(f"item:{product_id}")


def items_vector(weights: Mapping[str, float]) -> SparseVector:
    """Return weights by product id as a sparse vector of length 1; weights that are not positive are left out."""
    components: dict[int, float] = {}
    for product_id, weight in weights.items():
        if weight > 0:
            dimension = item_dimension(product_id)
            components[dimension] = components.get(dimension, 0.0) + weight
    length = math.sqrt(sum(w * w for w in components.values()))
    ordered = sorted(components)
    return SparseVector(tuple(ordered), tuple(components[i] / length for i in ordered))


def interest(interactions: Iterable[Interaction]) -> dict[str, float]:
    """Return the weight of each interaction by product id, not weighed by age."""
    return {i.product_id: i.weight for i in interactions}

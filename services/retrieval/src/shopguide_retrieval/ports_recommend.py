"""What recommendation needs to know of other shoppers. Adapters implement this."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from shopguide_retrieval.domain.catalog import Catalog


class Step(NamedTuple):
    """What a shopper had to do with one product, as little of it as neighbours are judged by.

    A named tuple because thousands are read for one answer.
    """

    product_id: str
    weight: float
    """As of `Interaction`."""
    time: float
    """Of the latest event, in Unix seconds."""
    purchase_times: Sequence[float] = ()
    """When it was bought, in Unix seconds, the oldest first."""

    @property
    def bought(self) -> bool:
        """Whether it was bought."""
        return bool(self.purchase_times)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another shopper: what they had to do with lately, and how alike they are."""

    key: str
    trail: Sequence[Step]
    """The newest first, at most 60."""
    similarity: float = 0.0
    """Inner product of the query's weights with the shopper's normalised interests."""


class NeighbourStore(Protocol):
    """Other shoppers and what all of them did. All methods raise Unavailable when the index is away."""

    async def neighbours(
        self, catalog: Catalog, items: Mapping[str, float], size: int, own: Collection[str]
    ) -> list[Neighbour]:
        """Return the shoppers whose interests are most alike `items` (weights by product), without the keys `own`."""
        ...

    async def buyers(self, catalog: Catalog, ids: Collection[str], size: int) -> list[Neighbour]:
        """Return shoppers who bought one of the products, the latest active first."""
        ...

    def newest(self, catalog: Catalog, size: int) -> AsyncIterator[list[Neighbour]]:
        """Yield the latest active shoppers in batches, about `size` of them in all."""
        ...

    async def shopper_count(self, catalog: Catalog) -> int:
        """Return how many shoppers are known."""
        ...

    async def item_counts(self, catalog: Catalog, *, bought: bool) -> dict[str, int]:
        """Return how many shoppers had to do with each product, or bought it; the most frequent ones at least."""
        ...

    async def activity(self, catalog: Catalog, since: float, until: float) -> dict[str, int]:
        """Return how many events each product had in [since, until), in Unix seconds; the most frequent at least."""
        ...

    async def first_time(self, catalog: Catalog) -> float | None:
        """Return the time of the first event in Unix seconds; None when there is no event."""
        ...

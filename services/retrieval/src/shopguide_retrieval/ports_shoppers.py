"""What the domain needs to keep shoppers' events and profiles. Adapters implement these."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.events import Event
from shopguide_retrieval.domain.shoppers import Profile


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What becomes of one stored profile, provided that it is still the one that was read."""

    key: str
    expected: str | None
    """Digest of the profile that is replaced; None when there was none."""
    profile: Profile | None
    """What takes its place; None deletes it."""


@dataclass(frozen=True, slots=True)
class Version:
    """Which profile is stored."""

    digest: str
    event_count: int


class EventStore(Protocol):
    """The events of catalogues, durable once written. All methods raise Unavailable when the index is away."""

    async def insert(self, catalog: Catalog, events: Sequence[Event], receipt: str) -> set[str]:
        """Write the events whose ids are not stored yet, in one step each; `receipt` names this attempt.

        The events have distinct ids. Returns the ids of those that this call wrote; the others were there already.
        """
        ...

    async def of(self, catalog: Catalog, keys: Collection[str]) -> dict[str, list[Event]]:
        """Return all events of the shopper keys, unordered, by key; feedback is left out."""
        ...

    async def latest(self, catalog: Catalog, key: str, size: int) -> list[Event]:
        """Return the latest events of one shopper key, at most `size`; feedback is left out."""
        ...

    async def count(self, catalog: Catalog, key: str) -> int:
        """Return how many events a shopper key has, feedback left out."""
        ...

    async def present(self, catalog: Catalog, ids: Collection[str]) -> int:
        """Return how many of these events are stored."""
        ...

    def everything(self, catalog: Catalog, key: str) -> AsyncIterator[list[Event]]:
        """Yield all events of a shopper key, feedback included, the oldest first, in batches."""
        ...

    def keys(self, catalog: Catalog) -> AsyncIterator[set[str]]:
        """Yield the shopper keys of all events, in batches; a key may be in several of them."""
        ...

    async def companions(self, catalog: Catalog, key: str) -> set[str]:
        """Return the other keys on the events of a shopper key."""
        ...

    async def erase(self, catalog: Catalog, key: str) -> int:
        """Delete all events of a shopper key, feedback included; returns how many there were."""
        ...


class ShopperStore(Protocol):
    """The profiles of catalogues' shoppers. All methods raise Unavailable when the index is away."""

    async def get(self, catalog: Catalog, keys: Sequence[str]) -> dict[str, Profile]:
        """Return the profiles that exist, by key."""
        ...

    async def put(self, catalog: Catalog, profile: Profile) -> None:
        """Write one profile, whatever is stored."""
        ...

    async def versions(self, catalog: Catalog, keys: Collection[str]) -> dict[str, Version]:
        """Return which profiles exist, by key."""
        ...

    async def change(self, catalog: Catalog, changes: Sequence[ProfileChange]) -> None:
        """Apply each change whose expectation still holds; the others do nothing."""
        ...

    async def waiting(self, catalog: Catalog, product_ids: Sequence[str]) -> set[str]:
        """Return the keys of profiles whose taste was computed without one of these products."""
        ...

    async def related(self, catalog: Catalog, key: str) -> set[str]:
        """Return the keys of profiles whose events also carried this key."""
        ...

    async def fit(self, catalog: Catalog) -> None:
        """Make sure that tastes have the length of the encoder's vectors; profiles are dropped when they have not."""
        ...

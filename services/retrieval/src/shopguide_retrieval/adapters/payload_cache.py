"""Payloads of points that were read lately, each under the state of its point.

A search gives the state of every point it finds: the point's version, which every write raises. So a payload can be kept
for as long as there is room, and one that was changed is never taken for the current one.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

State = float
"""What changes with every write to a point."""

Payload = Mapping[str, Any]

T = TypeVar("T")


class PayloadCache(Generic[T]):
    """The payloads used last, or what was made of them, by collection, point and state."""

    def __init__(self, capacity: int) -> None:
        """Take how many payloads to keep; 0 keeps none."""
        self._capacity = capacity
        self._kept: OrderedDict[tuple[str, str, State], T] = OrderedDict()

    def __len__(self) -> int:
        """Return how many payloads are kept."""
        return len(self._kept)

    def find(self, collection: str, states: Mapping[str, State]) -> dict[str, T]:
        """Return the payloads that are kept of these points in these states, by point id."""
        found = {}
        kept = self._kept
        for point, state in states.items():
            payload = kept.get(key := (collection, point, state))
            if payload is not None:
                kept.move_to_end(key)
                found[point] = payload
        return found

    def keep(self, collection: str, payloads: Iterable[tuple[str, State, T]]) -> None:
        """Keep payloads of points (id, state, payload), in place of those not used for longest."""
        for point, state, payload in payloads:
            self._kept[(collection, point, state)] = payload
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)

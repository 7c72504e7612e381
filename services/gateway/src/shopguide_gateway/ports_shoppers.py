"""What the gateway needs to keep about shoppers; `adapters` implement it, tests give fakes."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from shopguide_gateway.domain.shopper_data import Event, ExportedPart, Feedback, Recorded, Who


class ShopperRecords(Protocol):
    """The retrieval service's memory of shoppers.

    Every method raises ShopguideError: NotFound for an unknown catalogue, Unavailable when the service is away.
    """

    async def record(self, catalog: str, events: Sequence[Event]) -> Recorded:
        """Write events; what is counted as written is durable."""
        ...

    async def record_feedback(self, catalog: str, feedback: Feedback) -> None:
        """Write feedback; it is durable on return, and written once however often it is sent."""
        ...

    def export(self, catalog: str, who: Who) -> AsyncIterator[ExportedPart]:
        """Stream all that is held about a shopper, the oldest first."""
        ...

    async def erase(self, catalog: str, who: Who) -> int:
        """Forget a shopper; returns how many events were deleted."""
        ...

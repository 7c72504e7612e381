"""The retrieval service's memory of shoppers, in memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from shopguide_gateway.domain.shopper_data import Event, ExportedPart, Feedback, Recorded, Who
from shopguide_gateway.ports_shoppers import ShopperRecords
from shopguide_runtime.errors import NotFound, ShopguideError


@dataclass
class FakeRecords(ShopperRecords):
    """Remembers what it was given, answers what it is told, and can be told to fail."""

    answer: Recorded = field(default_factory=lambda: Recorded(1, 0))
    parts: tuple[ExportedPart, ...] = (ExportedPart(profile_json="{}"),)
    error: ShopguideError | None = None
    events: list[Event] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    asked: list[Who] = field(default_factory=list)

    def _check(self, catalog: str) -> None:
        if self.error:
            raise self.error
        if catalog != "catalogs/default":
            raise NotFound("catalog", catalog)

    async def record(self, catalog: str, events: Sequence[Event]) -> Recorded:
        self._check(catalog)
        self.events += events
        return self.answer

    async def record_feedback(self, catalog: str, feedback: Feedback) -> None:
        self._check(catalog)
        self.feedback.append(feedback)

    async def export(self, catalog: str, who: Who) -> AsyncIterator[ExportedPart]:
        self._check(catalog)
        self.asked.append(who)
        for part in self.parts:
            yield part

    async def erase(self, catalog: str, who: Who) -> int:
        self._check(catalog)
        self.asked.append(who)
        return 3

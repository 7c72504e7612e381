"""An import from beginning to end: rows to messages to the server, bad ones noted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide_client.importing.native import RowError
from shopguide_client.importing.rows import Row

M = TypeVar("M")
_BATCH = 128
_MAX_NOTED = 1000


@dataclass(frozen=True)
class Rejection:
    """A row that was not imported."""

    line: int
    """Line in the file."""
    id: str
    """Id of the item, when it has one."""
    reason: str
    """What is wrong with it."""


@dataclass
class Report:
    """What became of the rows."""

    read: int = 0
    """Rows read."""
    written: int = 0
    """Items that the server has written."""
    rejected: int = 0
    """Rows not imported."""
    rejections: list[Rejection] = field(default_factory=list)
    """The first 1,000 of them."""
    notes: list[str] = field(default_factory=list)
    """What else is worth telling."""

    def reject(self, line: int, identifier: str, reason: str) -> None:
        """Note a row that was not imported."""
        self.rejected += 1
        if len(self.rejections) < _MAX_NOTED:
            self.rejections.append(Rejection(line, identifier, reason))


class Batcher:
    """Makes batches of messages from rows, and finds the line of an item that the server refuses."""

    def __init__(self, report: Report, advance: Callable[[int], None]) -> None:
        """Take where to note rejections, and what to call with the number of rows done."""
        self._report = report
        self._advance = advance
        self._lines: list[int] = []

    def batches(
        self, rows: Iterable[Row], convert: Callable[[dict[str, Any]], M], size: int = _BATCH
    ) -> Iterator[list[M]]:
        """Yield lists of at most `size` messages; rows that cannot become one are noted and skipped."""
        batch: list[M] = []
        for row in rows:
            self._report.read += 1
            message = self._converted(row, convert)
            if message is not None:
                batch.append(message)
                self._lines.append(row.line)
            if len(batch) == size:
                yield batch
                self._advance(len(batch))
                batch = []
        if batch:
            yield batch
            self._advance(len(batch))

    def _converted(self, row: Row, convert: Callable[[dict[str, Any]], M]) -> M | None:
        if row.error:
            self._report.reject(row.line, "", row.error)
            return None
        try:
            return convert(row.values)
        except (RowError, ValueError, TypeError) as error:
            named = row.values.get("id") or row.values.get("event_id") or ""
            self._report.reject(row.line, str(named), str(error))
            return None

    def take_failures(self, failures: Iterable[index.ItemFailure], failed: int) -> None:
        """Note what the server has refused; it names the first ones and counts all."""
        named = 0
        for failure in failures:
            self.reject(failure.index, failure.id, failure.status.message)
            named += 1
        self._report.rejected += max(0, failed - named)

    def reject(self, index: int, identifier: str, reason: str) -> None:
        """Note that an item was not taken in; `index` is its position among all items sent."""
        line = self._lines[index] if index < len(self._lines) else 0
        self._report.reject(line, identifier, reason)

"""Sends rows about what shoppers did, several requests at a time: some are computed on while others go to disk."""

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_client.importing.events import event
from shopguide_client.importing.rows import Row
from shopguide_client.importing.run import Batcher, Report
from shopguide_client.sync import IndexClient

EVENTS_AT_ONCE = 500
_IN_FLIGHT = 4


def send_events(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report
) -> None:
    """Write the events of rows; repeats and products that the catalogue lacks are noted, not refused."""
    unknown: set[str] = set()
    known = sent = 0
    waiting: deque[tuple[int, Future[index.WriteEventsResponse]]] = deque()

    def take(start: int, response: index.WriteEventsResponse) -> int:
        report.written += response.written_count
        unknown.update(response.unknown_product_ids)
        for failure in response.failures:
            batcher.reject(start + failure.index, failure.id, failure.status.message)
        return int(response.duplicate_count)

    with ThreadPoolExecutor(_IN_FLIGHT) as pool:
        for batch in batcher.batches(rows, event, EVENTS_AT_ONCE):
            waiting.append((sent, _submit(pool, client, catalog, batch)))
            sent += len(batch)
            if len(waiting) == _IN_FLIGHT:
                start, future = waiting.popleft()
                known += take(start, future.result())
        for start, future in waiting:
            known += take(start, future.result())
    if known:
        report.notes.append(f"{known} were written before")
    if unknown:
        report.notes.append(f"{len(unknown)} of their products are not in the catalogue (yet)")


def _submit(
    pool: ThreadPoolExecutor, client: IndexClient, catalog: str, batch: list[UserEvent]
) -> Future[index.WriteEventsResponse]:
    return pool.submit(client.write_events, catalog, batch)

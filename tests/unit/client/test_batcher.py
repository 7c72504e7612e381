from collections.abc import Set as AbstractSet

from google.rpc import status_pb2

from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide_client.importing import native
from shopguide_client.importing.rows import Row
from shopguide_client.importing.run import Batcher, Rejection, Report


def rows(count: int, bad: AbstractSet[int] = frozenset()) -> list[Row]:
    """Return product rows from line 2 on; those on bad lines have no id."""
    return [
        Row(line, {"id": "" if line in bad else f"p{line}", "title": "t"}) for line in range(2, count + 2)
    ]


def failure(position: int, identifier: str, message: str) -> index.ItemFailure:
    """Return what the server says of an item that it refuses."""
    return index.ItemFailure(index=position, id=identifier, status=status_pb2.Status(message=message))


def test_batches_and_progress():
    """300 rows with one bad one make batches of 128, 128 and 43; progress follows what was taken."""
    report = Report()
    done: list[int] = []
    batches = [len(b) for b in Batcher(report, done.append).batches(rows(300, {5}), native.product)]
    assert batches == [128, 128, 43]
    assert done == batches
    assert (report.read, report.rejected) == (300, 1)
    assert report.rejections == [Rejection(5, "", "id: is missing")]


def test_failures_of_the_server_are_found_in_the_file():
    """The index of a failure counts what was sent, so rows refused before do not shift its line."""
    report = Report()
    batcher = Batcher(report, lambda _: None)
    list(batcher.batches([Row(1, {}, "is not JSON"), *rows(200, {3, 7})], native.product))
    batcher.take_failures([failure(0, "p2", "bad"), failure(130, "p134", "worse")], failed=5)
    assert report.rejections[-2:] == [Rejection(2, "p2", "bad"), Rejection(134, "p134", "worse")]
    assert report.rejected == 3 + 5


def test_a_failure_beyond_what_was_sent_has_no_line():
    """An index that the client never sent is noted without a line instead of breaking the import."""
    report = Report()
    batcher = Batcher(report, lambda _: None)
    list(batcher.batches(rows(1), native.product))
    batcher.take_failures([failure(9, "x", "odd")], failed=1)
    assert report.rejections == [Rejection(0, "x", "odd")]


def test_only_the_first_thousand_are_noted():
    """Everything refused is counted; a thousand reasons are kept."""
    report = Report()
    list(Batcher(report, lambda _: None).batches(rows(1500, set(range(2000))), native.product))
    assert (report.rejected, len(report.rejections)) == (1500, 1000)


def test_nothing_makes_no_batch():
    """No rows, or only bad ones, make no batch at all."""
    assert list(Batcher(Report(), lambda _: None).batches(rows(3, {2, 3, 4}), native.product)) == []

"""How fast events of shoppers are taken in: bulk requests of 500, then single events one after the other.

    python benchmarks/event_throughput.py [--products 12000] [--events 20000] [--shoppers 5000] [--callers 2]
        [--data FOLDER] [--write]

Starts a local Qdrant node and a retrieval service of its own, with a made-up catalogue; no encoder is needed. Every
answered event is durable and in the profiles of its shoppers. Products follow Zipf's law; a request of the bulk part holds
500 events of about 400 shoppers (with 5,000 of them), one in twenty of a product that the catalogue lacks. The second half
of the bulk falls on shoppers who have a history. The bar is 500 events/s in bulk and a median of 100 ms for one event.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import grpc
from local_servers import node, retrieval
from measuring import CELLS, Report, batched, cpu_seconds, distribution, machine
from synthetic_catalog import CATALOG, fill

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.retrieval.v1 import index_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2, user_event_pb2
from shopguide_client.requests import channel_options
from shopguide_devstack.stack.layout import address
from shopguide_retrieval.bootstrap_qdrant import connect
from shopguide_retrieval.config import RetrievalSettings

BAR_BULK = 500.0
BAR_SINGLE_MS = 100.0
SINGLE = 100
_KINDS = ("TYPE_VIEW", "TYPE_VIEW", "TYPE_VIEW", "TYPE_CLICK", "TYPE_ADD_TO_CART", "TYPE_PURCHASE")
_FIRST_TIME = 1_700_000_000


def made_up(count: int, shoppers: int, products: int, prefix: str) -> list[user_event_pb2.UserEvent]:
    """Return events with times in order; the same for the same arguments."""
    draw = random.Random(f"{prefix}{count}")
    return [_event(draw, f"{prefix}{number}", number, shoppers, products) for number in range(count)]


def _event(
    draw: random.Random, identifier: str, number: int, shoppers: int, products: int
) -> user_event_pb2.UserEvent:
    rank = min(products - 1, int(draw.paretovariate(0.8)))
    known = draw.random() < 0.95  # noqa: PLR2004
    message = user_event_pb2.UserEvent(
        event_id=identifier,
        type=draw.choice(_KINDS),
        shopper=query_pb2.Shopper(visitor_id=f"visitor{draw.randrange(shoppers)}"),
        lines=[user_event_pb2.UserEvent.Line(product_id=f"p{rank:07d}" if known else f"gone{rank}")],
    )
    message.event_time.FromSeconds(_FIRST_TIME + number)
    return message


async def prepare(port: int, count: int) -> None:
    """Fill the node behind `port` with the catalogue, unless it holds it."""
    settings = RetrievalSettings(qdrant_grpc_port=port, qdrant_hnsw_m=0, qdrant_timeout_seconds=120)
    client = connect(settings)
    await fill(client, settings, count)
    await client.close()


def send(stub: pb_grpc.IndexServiceStub, events: Sequence[user_event_pb2.UserEvent]) -> float:
    """Return the seconds that a request took. Exits when not every event was written."""
    started = time.perf_counter()
    request = pb.WriteEventsRequest(catalog=f"catalogs/{CATALOG}", events=events)
    response = stub.WriteEvents(request, timeout=120)
    if response.written_count != len(events):
        raise SystemExit(f"{response.written_count} of {len(events)} events were written")
    return time.perf_counter() - started


def in_bulk(
    target: str, events: Sequence[user_event_pb2.UserEvent], callers: int
) -> tuple[float, list[float]]:
    """Return the seconds that all took, and those of each request of 500, sent by so many callers at once."""
    with (
        grpc.insecure_channel(target, options=channel_options()) as channel,
        ThreadPoolExecutor(callers) as pool,
    ):
        stub = pb_grpc.IndexServiceStub(channel)
        started = time.perf_counter()
        seconds = list(pool.map(lambda part: send(stub, part), batched(events, 500)))
        return time.perf_counter() - started, seconds


def one_by_one(target: str, events: Sequence[user_event_pb2.UserEvent]) -> list[float]:
    """Return the seconds of each event in a request of its own."""
    with grpc.insecure_channel(target, options=channel_options()) as channel:
        stub = pb_grpc.IndexServiceStub(channel)
        return [send(stub, [event]) for event in events]


def run(report: Report, data: Path, arguments: argparse.Namespace) -> None:
    """Measure and say it."""
    bulk = made_up(arguments.events, arguments.shoppers, arguments.products, "b")
    single = made_up(SINGLE, arguments.shoppers, arguments.products, "s")
    half = len(bulk) // 2
    with node(data) as (port, node_pid):
        asyncio.run(prepare(port, arguments.products))
        with retrieval(port) as (service_port, service_pid):
            target = address(service_port)
            before = cpu_seconds([node_pid, service_pid])
            new, _ = in_bulk(target, bulk[:half], arguments.callers)
            known, requests = in_bulk(target, bulk[half:], arguments.callers)
            spent = cpu_seconds([node_pid, service_pid]) - before
            alone = one_by_one(target, single)
    _tell(report, arguments, (half / new, (len(bulk) - half) / known), requests, spent, alone)


def _tell(
    report: Report,
    arguments: argparse.Namespace,
    rates: tuple[float, float],
    requests: Sequence[float],
    spent: float,
    alone: Sequence[float],
) -> None:
    report.say(
        f"{arguments.events} events of {arguments.shoppers} shoppers on {arguments.products} products, "
        f"{arguments.callers} callers with 500 events a request, durable and in the profiles when answered:",
        "",
        f"- first half: {rates[0]:.0f} events/s; second half, on shoppers with a history: {rates[1]:.0f} events/s "
        f"(bar: {BAR_BULK:.0f})",
        f"- {1e3 * spent / arguments.events:.2f} ms of CPU an event, service and node together",
    )
    bulk, one = distribution([1e3 * s for s in requests]), distribution([1e3 * s for s in alone])
    report.table(CELLS, {"one request of 500, ms": bulk.cells(), "one event alone, ms": one.cells()})
    report.say(f"Bar for one event alone: a median of {BAR_SINGLE_MS:.0f} ms.")
    report.numbers |= {
        "events_per_second": {"first_half": rates[0], "second_half": rates[1]},
        "cpu_ms_per_event": 1e3 * spent / arguments.events,
        "request_ms": asdict(bulk),
        "single_ms": asdict(one),
    }


def main() -> None:
    """Measure and, with --write, keep the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--shoppers", type=int, default=5_000)
    parser.add_argument("--callers", type=int, default=2, help="requests at the same moment")
    parser.add_argument("--data", type=Path, help="folder for the node's data; a temporary one by default")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/event-throughput.*")
    arguments = parser.parse_args()
    report = Report("event-throughput", "Taking in events of shoppers", machine())
    with tempfile.TemporaryDirectory() as temporary:
        run(report, arguments.data or Path(temporary), arguments)
    if arguments.write:
        report.write()


if __name__ == "__main__":
    main()

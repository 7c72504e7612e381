"""Throughput of hybrid search with a filter, eight at a time: shopguide's service, Haystack's and LangChain's retrievers.

    python benchmarks/peers/throughput.py --python FOLDER/bin/python [--products 5000] [--write]

`FOLDER` is a virtual environment with `benchmarks/peers/requirements.txt`. All three hold the same made-up products with
the same dense and sparse vectors in the same local Qdrant node, each in a collection that its own code filled, int8 without
a graph, price and stock indexed; all talk gRPC to it; all ask the same queries under the same filter (in stock, at most
this price) for 10 products; none pays for embedding. They take turns, so that other work on the machine hits all.

What is not the same: the peers run in the caller's process with eight threads and fuse 10 + 10 candidates by rank inside
Qdrant. Our number is that of the whole service, called over gRPC from another process, and holds what it always does: 80
+ 80 candidates, weighted fusion, ranking, one product a group, both exact counts, typed products. The bar is twice the
throughput of each.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import grpc.aio
import numpy as np
from local_servers import node, retrieval
from measuring import Report, cpu_seconds, machine
from retrieval_overhead import prepare
from synthetic_catalog import CATALOG, FINGERPRINT, RandomEncoder, Words, products

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_devstack.stack.layout import address
from shopguide_retrieval.domain.bm25 import query_vector
from shopguide_retrieval.domain.document import document, payload, sparse_vector

BAR = 2.0
CALLERS = 8
PEERS = ("haystack", "langchain")
_PEER_SCRIPT = Path(__file__).with_name("peer_retrievers.py")
_AVERAGE_LENGTH = 40.0


@dataclass(frozen=True)
class Query:
    """One search: text, highest price in cents."""

    text: str
    most: int


def queries(number: int) -> list[Query]:
    """Return searches, the same every time."""
    words = Words(5)
    return [Query(words.text(4), int(words.random.integers(40, 400)) * 100) for _ in range(number)]


def write_inputs(folder: Path, size: int, asked: Sequence[Query]) -> None:
    """Write what the peers fill their collections with and ask, vectors included."""
    encoder = RandomEncoder()
    documents = [document(one) for one in products(size)]
    rows = [
        {
            "id": one.product.id,
            "text": one.text,
            "meta": {
                **payload(one, 0.0),
                "price": one.product.price.minor if one.product.price else 0,
            },
            **_sparse(sparse_vector(one.product, _AVERAGE_LENGTH)),
        }
        for one in documents
    ]
    wanted = [{"text": q.text, "most": q.most, **_sparse(query_vector(q.text))} for q in asked]
    for name, lines in (("documents", rows), ("queries", wanted)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    np.save(folder / "dense.npy", np.stack([encoder.vector(one.text) for one in documents]))
    np.save(folder / "query_dense.npy", np.stack([encoder.vector(q.text) for q in asked]))


def _sparse(vector: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - indices and values
    return {"indices": list(vector.indices), "values": list(vector.values)}


@contextmanager
def peer(python: Path, kind: str, port: int, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a peer's process; yields it once its collection is filled."""
    command = [str(python), str(_PEER_SCRIPT), kind, str(port), str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        _answer(process)
        yield process
    finally:
        process.kill()
        process.wait()


def _answer(process: "subprocess.Popen[str]") -> dict[str, float]:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise SystemExit("a peer's process ended; its error stands above")
    found: dict[str, float] = json.loads(line)
    return found


def ask_peer(process: "subprocess.Popen[str]", seconds: float) -> dict[str, float]:
    """Have a peer ask for so many seconds; returns what it counted."""
    if process.stdin:
        process.stdin.write(f"{seconds}\n")
        process.stdin.flush()
    return _answer(process)


def searches(asked: Sequence[Query]) -> list[pb.SearchRequest]:
    """Return the searches as the service takes them."""
    encoder = RandomEncoder()
    return [
        pb.SearchRequest(
            catalog=f"catalogs/{CATALOG}",
            query=one.text,
            page_size=10,
            query_vector=query_pb2.QueryVector(
                values=encoder.vector(one.text).tolist(), encoder_fingerprint=FINGERPRINT
            ),
            constraints=[
                query_pb2.Constraint(
                    condition=query_pb2.Condition(
                        field="price", range=query_pb2.NumberRange(maximum=one.most / 100)
                    ),
                    strength=query_pb2.Constraint.STRENGTH_HARD,
                    confidence=0.9,
                )
            ],
        )
        for one in asked
    ]


async def ask_service(target: str, requests: Sequence[pb.SearchRequest], seconds: float) -> dict[str, float]:
    """Ask the service with eight callers for so many seconds; returns what was counted."""
    numbers, until, started = count(), time.perf_counter() + seconds, time.perf_counter()
    async with grpc.aio.insecure_channel(target) as channel:  # without the deadlines of the contract
        stub: Any = pb_grpc.RetrievalServiceStub(channel)

        async def work() -> tuple[int, int]:
            answers = empty = 0
            while time.perf_counter() < until:
                response = await stub.Search(requests[next(numbers) % len(requests)], timeout=30)
                empty += not response.results
                answers += 1
            return answers, empty

        done = await asyncio.gather(*(work() for _ in range(CALLERS)))
    answers, empty = (sum(part) for part in zip(*done, strict=True))
    return {"answers": answers, "empty": empty, "seconds": time.perf_counter() - started}


def measure(python: Path, size: int, rounds: int, seconds: float) -> dict[str, list[dict[str, float]]]:
    """Return, by name, what each counted in every round, with the CPU seconds of its own process and of the node."""
    asked = queries(200)
    with tempfile.TemporaryDirectory() as name, node(Path(name) / "node") as (port, node_pid):
        write_inputs(Path(name), size, asked)
        asyncio.run(prepare(port, size))
        with (
            peer(python, PEERS[0], port, Path(name)) as first,
            peer(python, PEERS[1], port, Path(name)) as second,
            retrieval(port) as (served, pid),
        ):
            time.sleep(10)  # the node quantises what the peers wrote
            requests = searches(asked)
            ways: dict[str, tuple[int, Callable[[float], dict[str, float]]]] = {
                "shopguide": (pid, lambda s: asyncio.run(ask_service(address(served), requests, s))),
                PEERS[0]: (first.pid, lambda s: ask_peer(first, s)),
                PEERS[1]: (second.pid, lambda s: ask_peer(second, s)),
            }
            found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
            for number in range(rounds + 1):
                for way in sorted(ways, reverse=bool(number % 2)):
                    own, call = ways[way]
                    before = cpu_seconds([own]), cpu_seconds([node_pid])
                    counted = call(seconds)
                    spent = cpu_seconds([own]) - before[0], cpu_seconds([node_pid]) - before[1]
                    if number:  # the first round warms up
                        found[way].append({**counted, "own_cpu": spent[0], "node_cpu": spent[1]})
            return found


def report(page: Report, found: dict[str, list[dict[str, float]]], size: int) -> None:
    """Fill the page of results."""
    page.say(f"{size} products, {CALLERS} callers, {len(found['shopguide'])} rounds that take turns.")
    rates = {}
    rows = {}
    for name, rounds in found.items():
        answers = sum(one["answers"] for one in rounds)
        rates[name] = answers / sum(one["seconds"] for one in rounds)
        each = [f"{one['answers'] / one['seconds']:.0f}" for one in rounds]
        own, engine = (1e3 * sum(one[k] for one in rounds) / answers for k in ("own_cpu", "node_cpu"))
        empty = sum(one["empty"] for one in rounds)
        rows[name] = f"{rates[name]:.1f} | {', '.join(each)} | {own:.1f} | {engine:.1f} | {empty:.0f}"
    page.table("searches/s | by round | own CPU ms a search | node CPU ms a search | empty", rows)
    for name in PEERS:
        ratio = rates["shopguide"] / rates[name]
        verdict = "held" if ratio >= BAR else "missed"
        page.say(f"Against {name}: **{ratio:.2f}×**. Bar: at least {BAR:.0f}×: {verdict}.")
    page.say(
        "",
        "The peers fuse 10 + 10 candidates by rank inside Qdrant and return payloads; the service takes 100 + 100, "
        "fuses by weight, ranks, counts exactly and returns typed products over a gRPC call of its own.",
    )
    page.numbers = {"products": size, "bar": BAR, "rates": rates, "rounds": found}


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", type=Path, required=True, help="interpreter of the peers' environment")
    parser.add_argument("--products", type=int, default=5_000, help="products (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that count (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=6.0, help="seconds a turn (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = Report("peers-throughput", "Throughput against Haystack and LangChain", machine())
    report(page, measure(given.python, given.products, given.rounds, given.seconds), given.products)
    if given.write:
        page.write()


if __name__ == "__main__":
    main()

"""Latency, memory and recall of the local node as a catalogue grows.

    nice -n 10 python benchmarks/growth.py [--sizes 10000 100000 1000000] [--data FOLDER] [--write]

One size at a time, in a node process of its own: vectors of 384 components are written through the node's protocol with
the layout of a product collection (int8, no graph), with a price and a brand as payload. They are clustered, as embeddings
are: recall means something. Queries are unseen points of the same clusters; each asks for the 10 nearest as the service
does (rescored, three times oversampled), without a filter, within a price, and within a brand (2 % of the products).
Recall is the share of the 10 nearest by full vectors, which the node is asked for with `exact`. Memory is the resident
size of the node's process; what belongs to files that the kernel may drop is told apart. A size that would need more than
`--most-gb` is left out, and the page says so. With `--write` the page and `growth.svg` go to `results/`.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from growth_chart import draw
from local_servers import node
from measuring import RESULTS, Report, machine, percentile
from numpy.typing import NDArray
from qdrant_client import AsyncQdrantClient, grpc, models

from shopguide_retrieval.adapters.qdrant_messages import dense_query
from shopguide_retrieval.adapters.qdrant_reader import search_params
from shopguide_retrieval.adapters.qdrant_schema import DENSE, CollectionSettings
from shopguide_retrieval.bootstrap_qdrant import connect
from shopguide_retrieval.config import RetrievalSettings

FLOOR = 0.98
DIMENSION = 384
NEAREST = 10
_NAME = "growth"
_CHUNK = 2_000
_CLUSTERS, _SPREAD = 2_000, 0.55
_BYTES_PER_VECTOR = 4_500
"""Resident bytes a vector at most, from smaller sizes: the full vector, the int8 one, ids and payload indexes."""
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Grown:
    """What was measured at one size; seconds, milliseconds, bytes, shares."""

    vectors: int
    write_seconds: float
    quantise_seconds: float
    resident: int
    resident_files: int
    p50: dict[str, float]
    p95: dict[str, float]
    recall: dict[str, float]


class Clusters:
    """Unit vectors in clusters of uneven size."""

    def __init__(self, seed: int = 7) -> None:
        """Draw the centres and the shares of the clusters."""
        self._random = np.random.default_rng(seed)
        self._centres = self._random.normal(size=(_CLUSTERS, DIMENSION)).astype(np.float32)
        self._centres /= np.linalg.norm(self._centres, axis=1, keepdims=True)
        shares = 1.0 / np.arange(1, _CLUSTERS + 1) ** 0.7
        self._shares = shares / shares.sum()

    def draw(self, count: int) -> Vectors:
        """Return float32 [count, 384], rows L2-normalised."""
        chosen = self._random.choice(_CLUSTERS, size=count, p=self._shares)
        noise = self._random.normal(size=(count, DIMENSION)).astype(np.float32) / np.float32(DIMENSION**0.5)
        vectors: Vectors = self._centres[chosen] + np.float32(_SPREAD) * noise
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def chunks(clusters: Clusters, count: int) -> Iterator[list[grpc.PointStruct]]:
    """Yield `count` points in chunks: vector, price in cents, brand."""
    random = np.random.default_rng(11)
    for start in range(0, count, _CHUNK):
        size = min(_CHUNK, count - start)
        prices = np.exp(random.normal(9, 1.2, size)).astype(int)
        brands = random.integers(50, size=size)
        yield [
            _point(start + i, vector, int(prices[i]), int(brands[i]))
            for i, vector in enumerate(clusters.draw(size))
        ]


def _point(number: int, vector: Vectors, price: int, brand: int) -> grpc.PointStruct:
    named = grpc.NamedVectors(vectors={DENSE: grpc.Vector(dense=grpc.DenseVector(data=vector))})
    payload = {"price": grpc.Value(integer_value=price), "brand": grpc.Value(string_value=f"brand {brand}")}
    return grpc.PointStruct(id=grpc.PointId(num=number), vectors=grpc.Vectors(vectors=named), payload=payload)


def filters() -> dict[str, grpc.Filter | None]:
    """Return the three ways of asking: without a filter, within a price, within a brand."""
    cheap = grpc.FieldCondition(key="price", range=grpc.Range(lte=8_000))
    brand = grpc.FieldCondition(key="brand", match=grpc.Match(keyword="brand 7"))
    return {
        "all": None,
        "price": grpc.Filter(must=[grpc.Condition(field=cheap)]),
        "brand": grpc.Filter(must=[grpc.Condition(field=brand)]),
    }


async def grow(client: AsyncQdrantClient, clusters: Clusters, count: int) -> tuple[float, float]:
    """Write the collection; returns the seconds of writing and of quantising."""
    layout = CollectionSettings(dimension=DIMENSION, hnsw_m=0)
    await client.create_collection(_NAME, vectors_config={DENSE: layout.dense()}, **layout.creation())
    await client.create_payload_index(_NAME, "price", models.PayloadSchemaType.INTEGER)
    await client.create_payload_index(_NAME, "brand", models.PayloadSchemaType.KEYWORD)
    started = time.perf_counter()
    for points in chunks(clusters, count):
        await client.grpc_points.Upsert(grpc.UpsertPoints(collection_name=_NAME, points=points, wait=True))
    written = time.perf_counter()
    await client.grpc_collections.Update(
        grpc.UpdateCollection(collection_name=_NAME, optimizers_config=grpc.OptimizersConfigDiff()),
        timeout=3600,
    )
    return written - started, time.perf_counter() - written


async def _ask(
    client: AsyncQdrantClient, vector: Vectors, condition: grpc.Filter | None, *, exact: bool
) -> tuple[float, set[int]]:
    params = grpc.SearchParams(exact=True) if exact else search_params()
    if exact:
        params.quantization.ignore = True
    request = grpc.QueryPoints(
        collection_name=_NAME,
        query=dense_query(vector),
        using=DENSE,
        filter=condition,
        params=params,
        limit=NEAREST,
        with_payload=grpc.WithPayloadSelector(enable=False),
    )
    started = time.perf_counter()
    response = await client.grpc_points.Query(request, timeout=120)
    return 1e3 * (time.perf_counter() - started), {p.id.num for p in response.result}


async def judge(
    client: AsyncQdrantClient, queries: Vectors, exact_queries: int
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return, by way of asking, the milliseconds of each query and the recall of the first `exact_queries`."""
    times: dict[str, list[float]] = {}
    recall: dict[str, float] = {}
    for name, condition in filters().items():
        for vector in queries[:10]:
            await _ask(client, vector, condition, exact=False)
        answers = [await _ask(client, vector, condition, exact=False) for vector in queries]
        times[name] = [milliseconds for milliseconds, _ in answers]
        right = [await _ask(client, vector, condition, exact=True) for vector in queries[:exact_queries]]
        shares = [
            len(found & nearest) / len(nearest)
            for (_, found), (_, nearest) in zip(answers, right, strict=False)
        ]
        recall[name] = sum(shares) / len(shares)
    return times, recall


def _resident(pid: int) -> tuple[int, int]:
    fields = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    )
    return int(fields["VmRSS"].split()[0]) * 1024, int(fields["RssFile"].split()[0]) * 1024


def measure(data: Path, count: int, queries: int) -> Grown:
    """Return what one size takes, in a node of its own."""
    clusters = Clusters()
    with node(data, idle_seconds=3600) as (port, pid):
        settings = RetrievalSettings(qdrant_grpc_port=port, qdrant_timeout_seconds=600)

        async def run() -> tuple[float, float, dict[str, list[float]], dict[str, float]]:
            client = connect(settings)
            writing, quantising = await grow(client, clusters, count)
            asked = clusters.draw(queries)
            times, recall = await judge(client, asked, min(queries, 100))
            await client.close()
            return writing, quantising, times, recall

        writing, quantising, times, recall = asyncio.run(run())
        resident, files = _resident(pid)
    p50 = {name: percentile(values, 0.5) for name, values in times.items()}
    p95 = {name: percentile(values, 0.95) for name, values in times.items()}
    return Grown(count, writing, quantising, resident, files, p50, p95, recall)


def report(page: Report, found: Sequence[Grown], left_out: Sequence[int], most_gb: float) -> None:
    """Fill the page of results."""
    page.say("384 components, int8 in memory, no graph; one caller; 10 nearest, rescored; milliseconds.")
    heads = "p50 / p95, all | p50 / p95, price | p50 / p95, brand | recall@10 all / price / brand"
    heads += " | resident MB (of it files) | written per s | quantised in s"
    page.table(heads, {f"{one.vectors:,}": _cells(one) for one in found})
    for size in left_out:
        page.say(f"{size:,} vectors would have needed more than {most_gb:.0f} GB: left out.")
    if len(found) > 1:
        first, last = found[0], found[-1]
        each = (last.resident - first.resident) / (last.vectors - first.vectors)
        page.say(f"Resident memory grows by **{each:,.0f} bytes a vector**, {each / 1e3:.2f} GB a million.")
        page.numbers["bytes_per_vector"] = each
    worst = min(min(one.recall.values()) for one in found)
    page.say(
        f"Lowest recall: **{worst:.4f}**. Bar: at least {FLOOR}: {'held' if worst >= FLOOR else 'missed'}."
    )
    page.say("", "![Latency, memory and recall by size](growth.svg)")
    page.numbers |= {"sizes": [asdict(one) for one in found], "bar": FLOOR, "lowest_recall": worst}


def _cells(one: Grown) -> str:
    latency = [f"{one.p50[name]:.1f} / {one.p95[name]:.1f}" for name in one.p50]
    recall = " / ".join(f"{share:.3f}" for share in one.recall.values())
    memory = f"{one.resident / 1e6:.0f} ({one.resident_files / 1e6:.0f})"
    speed = f"{one.vectors / one.write_seconds:,.0f}"
    return " | ".join([*latency, recall, memory, speed, f"{one.quantise_seconds:.1f}"])


def main() -> None:
    """Measure, print and, on request, write the page and the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=200, help="queries a way of asking")
    parser.add_argument("--most-gb", type=float, default=6.0, help="memory the node may take")
    parser.add_argument("--data", type=Path, help="folder for the collections (default: a temporary one)")
    parser.add_argument("--write", action="store_true", help="write the page and the picture")
    given = parser.parse_args()
    before = machine()
    fitting = [size for size in given.sizes if size * _BYTES_PER_VECTOR <= given.most_gb * 1e9]
    left_out = [size for size in given.sizes if size not in fitting]
    found: list[Grown] = []
    for size in fitting:
        with tempfile.TemporaryDirectory(dir=given.data) as folder:
            found.append(measure(Path(folder), size, given.queries))
        # The largest size takes longest: what is known is written before it begins.
        page = Report("growth", "How the local node grows", before)
        report(page, found, left_out, given.most_gb)
        if given.write:
            page.write()
            draw([asdict(one) for one in found], RESULTS / "growth.svg")


if __name__ == "__main__":
    main()

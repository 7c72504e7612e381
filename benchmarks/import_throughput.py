"""Import through the running stack against the bare encoder, in the same run.

    python benchmarks/import_throughput.py --catalog FILE --mapping icecat [--home .shopguide] [--write]

Both sides embed the same passages: the service through `UpsertProducts` into a new catalogue, the bare side straight into
Triton's `text_encoder`, 64 texts a request, several in flight, ordered by length (its best case). Sides take turns within
each round and change who begins, so that other work on the machine hits both. The bar is a ratio of 0.85.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import grpc
import grpc.aio
from measuring import CELLS, Report, batched, cpu_seconds, distribution, machine
from memory import processes

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.retrieval.v1 import index_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import product_pb2
from shopguide_client.importing.mapping import RowMapper, load_mapping
from shopguide_client.importing.native import RowError
from shopguide_client.importing.rows import read_rows
from shopguide_client.requests import channel_options
from shopguide_devstack.stack.control import status
from shopguide_devstack.stack.layout import Home, Ports, address, default_home
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.convert.products import product as read_product
from shopguide_retrieval.domain.document import embedded_text
from shopguide_retrieval.domain.validation import check_product
from shopguide_runtime.errors import InvalidArgument
from shopguide_runtime.triton import TextEncoder

FLOOR = 0.85
BATCH = 128
WARM_UP = 256
"""Products that both sides are warmed up with, in a catalogue that is deleted again, before anything is counted."""
_SECONDS = 3600.0
_CATALOG = "catalogs/import-benchmark"


@dataclass(frozen=True)
class Round:
    """One round: products, and the seconds and CPU seconds that each side took."""

    products: int
    bare: float
    imported: float
    bare_cpu: float
    imported_cpu: float

    @property
    def ratio(self) -> float:
        """Return the speed of the import as a share of the bare encoder's."""
        return self.bare / self.imported


def read_products(path: Path, mapping: str, count: int) -> list[product_pb2.Product]:
    """Return the first `count` products of a file that the mapping and the service take, with distinct ids."""
    mapper = RowMapper(load_mapping(mapping))
    found: dict[str, product_pb2.Product] = {}
    for row in read_rows(path):
        try:
            message = mapper.product(row.values)
            check_product(read_product(message)).raise_if_any()
        except (RowError, InvalidArgument):
            continue
        found.setdefault(message.id, message)
        if len(found) == count:
            break
    return list(found.values())


class Sides:
    """The two ways to embed the same products."""

    def __init__(self, ports: Ports, pids: Sequence[int]) -> None:
        """Connect to a running stack with these processes."""
        self._pids = pids
        in_flight = RetrievalSettings().encoder_requests_in_flight
        self._encoder = TextEncoder(address(ports.triton_grpc), max_in_flight=in_flight)
        self._channel = grpc.aio.insecure_channel(
            address(ports.service("retrieval")), options=channel_options()
        )
        self._index = pb_grpc.IndexServiceStub(self._channel)

    async def bare(self, products: Sequence[product_pb2.Product]) -> float:
        """Return the seconds of embedding the products' passages."""
        texts = sorted((embedded_text(read_product(p)) for p in products), key=len, reverse=True)
        started = time.perf_counter()
        await self._encoder.embed(texts, "passage", _SECONDS)
        return time.perf_counter() - started

    async def imported(self, products: Sequence[product_pb2.Product]) -> float:
        """Return the seconds of importing the products. Exits when any was refused or had been there before."""
        requests = [
            pb.UpsertProductsRequest(catalog=_CATALOG, products=batch) for batch in batched(products, BATCH)
        ]
        started = time.perf_counter()
        response = await self._index.UpsertProducts(iter(requests), timeout=_SECONDS)
        seconds = time.perf_counter() - started
        if response.upserted_count - response.unchanged_count != len(products):
            raise SystemExit(f"not all products were new: {response}")
        return seconds

    async def round(self, products: Sequence[product_pb2.Product], *, import_first: bool) -> Round:
        """Return what both sides took for the same products."""
        took: dict[str, tuple[float, float]] = {}
        sides = {"bare": self.bare, "imported": self.imported}
        for name in sorted(sides, reverse=import_first):
            before = cpu_seconds(self._pids)
            seconds = await sides[name](products)
            took[name] = seconds, cpu_seconds(self._pids) - before
        (bare, bare_cpu), (imported, imported_cpu) = took["bare"], took["imported"]
        return Round(len(products), bare, imported, bare_cpu, imported_cpu)

    async def delete(self) -> None:
        """Delete the catalogue, if there is one."""
        try:
            await self._index.DeleteCatalog(pb.DeleteCatalogRequest(catalog=_CATALOG), timeout=60)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.NOT_FOUND:
                raise

    async def close(self) -> None:
        """Delete the catalogue and disconnect."""
        await self.delete()
        await self._encoder.close()
        await self._channel.close()


async def measure(home: Home, products: Sequence[product_pb2.Product], size: int) -> list[Round]:
    """Return one round for each `size` products of a new catalogue, after a warm-up."""
    state = status(home)
    if state is None:
        raise SystemExit(f"no stack is running in {home.path}; start it with: shopguide up")
    sides = Sides(Ports(state.base), [one.pid for one in processes(home)])
    try:
        await sides.delete()
        await sides.round(products[:WARM_UP], import_first=False)
        await sides.delete()
        return [
            await sides.round(chunk, import_first=bool(number % 2))
            for number, chunk in enumerate(batched(products, size))
        ]
    finally:
        await sides.close()


def report(page: Report, rounds: Sequence[Round], source: str) -> None:
    """Fill the page of results."""
    products = sum(one.products for one in rounds)
    bare, imported = sum(one.bare for one in rounds), sum(one.imported for one in rounds)
    page.say(f"{products} products of {source} in {len(rounds)} rounds of {rounds[0].products}.")
    rows = {
        "bare encoder, passages/s": distribution([one.products / one.bare for one in rounds]).cells(),
        "import, products/s": distribution([one.products / one.imported for one in rounds]).cells(),
        "ratio": distribution([one.ratio for one in rounds]).cells(3),
        "bare encoder, CPU ms a passage": distribution(
            [1e3 * o.bare_cpu / o.products for o in rounds]
        ).cells(),
        "import, CPU ms a product": distribution([1e3 * o.imported_cpu / o.products for o in rounds]).cells(),
    }
    page.table(CELLS, rows)
    ratio = bare / imported
    verdict = "held" if ratio >= FLOOR else "missed"
    page.say(
        f"All rounds together: import {products / imported:.1f}/s, bare {products / bare:.1f}/s, ratio "
        f"**{ratio:.3f}**. Bar: at least {FLOOR}: {verdict}."
    )
    by_cpu = sum(one.bare_cpu for one in rounds) / sum(one.imported_cpu for one in rounds)
    page.say(f"By CPU time the ratio is **{by_cpu:.3f}**.")
    page.numbers = {
        "rounds": [asdict(one) for one in rounds],
        "ratio": ratio,
        "ratio_by_cpu": by_cpu,
        "bar": FLOOR,
    }


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--catalog", type=Path, required=True, help="file of products")
    parser.add_argument("--mapping", required=True, help="mapping of the file, such as icecat")
    parser.add_argument("--home", type=Path, default=default_home(), help="state folder of the running stack")
    parser.add_argument("--rounds", type=int, default=4, help="rounds (default: %(default)s)")
    parser.add_argument("--size", type=int, default=1024, help="products a round (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = Report("import-throughput", "Import against the bare encoder", machine())
    products = read_products(given.catalog, given.mapping, given.rounds * given.size)
    rounds = asyncio.run(measure(Home(given.home.absolute()), products, given.size))
    report(page, rounds, given.catalog.parent.name)
    if given.write:
        page.write()


if __name__ == "__main__":
    main()

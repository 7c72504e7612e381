"""`python -m shopguide_retrieval.rebuild NAME`: build a catalogue anew and switch to it without downtime.

Reads the same settings as the service. Needed when the encoder was replaced (searches fail with ENCODER_MISMATCH).
"""

import argparse
import asyncio
import sys

from shopguide_retrieval.bootstrap import connect_encoder, make_rebuilder
from shopguide_retrieval.bootstrap_qdrant import connect
from shopguide_retrieval.config import RetrievalSettings
from shopguide_runtime.errors import ShopguideError
from shopguide_runtime.settings import load


async def rebuild(settings: RetrievalSettings, name: str, keep_seconds: float) -> None:
    """Rebuild a catalogue, then drop its old version once every replica has seen the new record."""
    qdrant, encoder = connect(settings), connect_encoder(settings)
    try:
        rebuilder = make_rebuilder(settings, qdrant, encoder)
        done = await rebuilder.rebuild(name)
        sys.stdout.write(
            f"{name}: version {done.old.version} -> {done.new.version}, {done.products} products, "
            f"encoder {done.new.fingerprint}\n"
        )
        await asyncio.sleep(keep_seconds)
        await rebuilder.drop(done)
    finally:
        await encoder.close()
        await qdrant.close()


def main() -> int:
    """Rebuild; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="shopguide_retrieval.rebuild", description="Build a catalogue anew."
    )
    parser.add_argument("name", help="name of the catalogue, without `catalogs/`")
    parser.add_argument(
        "--keep-seconds",
        type=float,
        default=60.0,
        help="how long the old version stays for requests in progress",
    )
    arguments = parser.parse_args()
    try:
        asyncio.run(rebuild(load(RetrievalSettings), arguments.name, arguments.keep_seconds))
    except ShopguideError as error:
        sys.stderr.write(f"{error.reason}: {error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

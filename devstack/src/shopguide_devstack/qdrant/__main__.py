"""Command line of the node: `python -m shopguide_devstack.qdrant --data DIR [--host H] [--port P] [--port-file F]`."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from shopguide_devstack.qdrant.config import NodeSettings
from shopguide_devstack.qdrant.errors import StartupError
from shopguide_devstack.qdrant.server import serve


def settings_from(arguments: list[str]) -> NodeSettings:
    """Return the settings the command line asks for; exits with a usage text when it is wrong."""
    parser = argparse.ArgumentParser(prog="shopguide_devstack.qdrant", description="A local Qdrant node.")
    parser.add_argument("--data", type=Path, required=True, help="directory of all data")
    parser.add_argument(
        "--host", default=NodeSettings.host, help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=int, default=NodeSettings.port, help="gRPC port, 0: any (default: %(default)s)"
    )
    parser.add_argument("--port-file", type=Path, help="file to write the port to once ready")
    parser.add_argument(
        "--queue-capacity",
        type=int,
        default=NodeSettings.queue_capacity,
        help="calls that may wait (default: %(default)s)",
    )
    parser.add_argument(
        "--idle-seconds",
        type=float,
        default=NodeSettings.idle_seconds,
        help="quiet time before optimizing (default: %(default)s)",
    )
    return NodeSettings(**vars(parser.parse_args(arguments)))


def main() -> int:
    """Run the node; return the exit code: 0 after a graceful stop, 1 when it could not start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(serve(settings_from(sys.argv[1:])))
    except StartupError as error:
        print(f"qdrant node: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

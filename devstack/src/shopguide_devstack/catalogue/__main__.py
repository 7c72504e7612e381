"""Regenerates the demo catalogue: `python -m shopguide_devstack.catalogue --out DIR [--seed N]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from shopguide_devstack.catalogue.generate import DEFAULT_SEED, write_catalogue


def main() -> int:
    """Write the data files and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m shopguide_devstack.catalogue", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the data files")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="default: the seed of the shipped catalogue"
    )
    arguments = parser.parse_args()
    write_catalogue(arguments.out, arguments.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

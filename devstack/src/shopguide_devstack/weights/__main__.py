"""``python -m shopguide_devstack.weights [--home DIR]``: prepares the model weights and prints what it does."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from shopguide_devstack.weights.packages import SourceError
from shopguide_devstack.weights.prepare import prepare_models


def main() -> int:
    """Prepare the weights; return 0, or 1 when a source could not be obtained."""
    parser = argparse.ArgumentParser(
        prog="shopguide_devstack.weights", description="Prepare the model weights."
    )
    default = Path(os.environ.get("SHOPGUIDE_HOME", ".shopguide"))
    parser.add_argument(
        "--home", type=Path, default=default, help="state folder (default: $SHOPGUIDE_HOME or .shopguide)"
    )
    home = parser.parse_args().home
    try:
        models = prepare_models(home, lambda line: print(line, flush=True))
    except SourceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"models: {models}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Train the heads and write them, their card and a report: python -m shopguide_training.intents --help."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from shopguide_training.intents.training import TrainingPlan, train


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description="Train the intent and sentiment heads.")
    parser.add_argument(
        "--encoder", default="127.0.0.1:7481", help="Triton gRPC address that serves text_encoder"
    )
    parser.add_argument("--data", type=Path, default=Path("training/data"))
    parser.add_argument("--output", type=Path, default=Path("services/intent/src/shopguide_intent/data"))
    parser.add_argument("--report", type=Path, default=Path("benchmarks/results/intent-heads.md"))
    parser.add_argument("--cache", type=Path, default=Path(".shopguide/cache/training"))
    parser.add_argument("--per-intent", type=int, default=400, help="sentences per intent and language")
    parser.add_argument("--seed", type=int, default=7)
    asyncio.run(train(TrainingPlan(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()

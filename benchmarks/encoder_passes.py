"""Passes one after another with all threads, against several side by side with one thread each.

    python benchmarks/encoder_passes.py --models .shopguide/models --texts texts.txt [--rounds 4] [--write]

`texts.txt` holds one product text per line. Both ways run in one process through the served model's own `Encoder`, in
turns, on a machine of its own and beside a process that keeps one core busy for half of the time, as an import does.
"""

import argparse
import importlib.util
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from measuring import CELLS, Report, distribution, machine

_MODEL = Path(__file__).parents[1] / "model_repository/cpu/text_encoder/1/encoder.py"
_TOKENS_PER_PASS = 1024
_BUSY_SECONDS = 0.02


def served_encoder() -> ModuleType:
    """Return the module of the served model."""
    spec = importlib.util.spec_from_file_location("served_encoder", _MODEL)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{_MODEL} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def one_after_another(encoder: Any, batches: Sequence[Sequence[str]]) -> None:  # noqa: ANN401 - loaded by path
    """Embed each batch, which is one pass, by itself."""
    for batch in batches:
        encoder.embed(batch, ["passage"] * len(batch))


def side_by_side(encoder: Any, batches: Sequence[Sequence[str]]) -> None:  # noqa: ANN401
    """Embed all batches in one call, which runs them as passes side by side."""
    texts = [text for batch in batches for text in batch]
    encoder.embed(texts, ["passage"] * len(texts))


def _half_busy() -> None:
    while True:
        end = time.perf_counter() + _BUSY_SECONDS
        while time.perf_counter() < end:
            pass
        time.sleep(_BUSY_SECONDS)


@contextmanager
def competitor(*, present: bool) -> Iterator[None]:
    """Keep one core busy for half of the time meanwhile."""
    process = multiprocessing.get_context("spawn").Process(target=_half_busy, daemon=True)
    if present:
        process.start()
    try:
        yield
    finally:
        if present:
            process.kill()
            process.join()


def rates(way: Callable[[Any, Any], None], encoder: Any, batches: Any) -> tuple[float, float]:  # noqa: ANN401
    """Return texts a second and texts a CPU second."""
    texts = sum(map(len, batches))
    started, cpu = time.perf_counter(), time.process_time()
    way(encoder, batches)
    return texts / (time.perf_counter() - started), texts / (time.process_time() - cpu)


def planned(module: ModuleType, encoder: Any, texts: Sequence[str]) -> list[list[str]]:  # noqa: ANN401
    """Return the texts in the passes that the encoder would plan for them."""
    lengths = [len(row) for row in encoder._tokenize(texts, ["passage"] * len(texts))]  # noqa: SLF001
    return [[texts[i] for i in chosen] for chosen in module.passes(lengths, _TOKENS_PER_PASS)]


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = Report("encoder-passes", "Passes of the encoder side by side", machine())
    module = served_encoder()
    settings = module.EncoderSettings.from_parameters(
        {
            "max_tokens.query": "128",
            "max_tokens.passage": "256",
            "tokens_per_pass": str(_TOKENS_PER_PASS),
            "threads": "0",
        }
    )
    encoder = module.Encoder(given.models / "text_encoder", settings)
    batches = planned(module, encoder, given.texts.read_text(encoding="utf-8").splitlines())
    page.say(f"{sum(map(len, batches))} texts in {len(batches)} passes, {settings.threads} threads.")
    rows = {}
    ways = {"one after another": one_after_another, "side by side": side_by_side}
    for present in (False, True):
        with competitor(present=present):
            measured = [
                {name: rates(way, encoder, batches) for name, way in ways.items()}
                for _ in range(given.rounds)
            ]
        beside = " (beside a half busy core)" if present else ""
        for name in ways:
            wall, cpu = zip(*(one[name] for one in measured), strict=True)
            rows[f"{name}, texts/s{beside}"] = distribution(wall).cells()
            rows[f"{name}, texts/CPU s{beside}"] = distribution(cpu).cells()
    page.table(CELLS, rows)
    page.numbers = {"rows": rows}
    if given.write:
        page.write()


if __name__ == "__main__":
    main()

"""Which CPU engine should serve the text encoder: latency, throughput, memory and closeness to float32.

    python benchmarks/encoder_engines.py --models .shopguide/models --texts texts.txt [--threads 1]

`texts.txt` holds one product text per line. Each candidate runs in a process of its own, so that memory is its own;
throughput is per second of CPU time, because wall time on a shared machine says little.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

BATCH = 32
ROUNDS = 3
QUERIES = (
    "towels",
    "降噪耳机",
    "waterproof hiking boots women",
    "两百以内的蓝牙耳机",
    "gift for a runner",
    "羊毛外套 女",
)
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Candidate:
    """One way to compute the encoder."""

    name: str
    storage: str
    options: dict[str, str]


CANDIDATES = (
    Candidate("float32", "float32", {"INFERENCE_PRECISION_HINT": "f32"}),
    Candidate("bf16", "float32", {"INFERENCE_PRECISION_HINT": "bf16"}),
    Candidate("int8 weights, bf16", "int8", {"INFERENCE_PRECISION_HINT": "bf16"}),
    Candidate("int8 weights and activations by 32", "int8", {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "32"}),
    Candidate("int8 weights and activations by 128", "int8", {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "128"}),
    Candidate("int8 weights and activations by 384", "int8", {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "384"}),
)


@dataclass(frozen=True)
class Outcome:
    """What one candidate reached; memory is the growth of the process's peak."""

    texts_per_cpu_second: float
    query_p50_ms: float
    query_min_ms: float
    memory_mib: float
    load_s: float


def measure(candidate: Candidate, models: Path, texts: list[str], threads: int, vectors: Path) -> Outcome:
    """Run one candidate in this process and save its vectors."""
    from tokenizers import Tokenizer

    folder = models / "text_encoder"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    with tempfile.TemporaryDirectory() as scratch:
        graph = _graph(candidate, folder, Path(scratch))
        before = _resident_mib()
        started = time.perf_counter()
        embed = _engine(graph, candidate, threads, tokenizer)
        load = time.perf_counter() - started
        np.save(vectors, _all(embed, texts))
    memory = _resident_mib() - before
    rates, latencies = [], []
    for _ in range(ROUNDS):
        cpu = time.process_time()
        _all(embed, texts)
        rates.append(len(texts) / (time.process_time() - cpu))
        latencies += [_milliseconds(embed, query) for query in QUERIES * 5]
    return Outcome(statistics.median(rates), statistics.median(latencies), min(latencies), memory, load)


def _graph(candidate: Candidate, folder: Path, scratch: Path) -> Path:
    """Build the graph in a process of its own: its arrays must not count as the engine's memory."""
    target = scratch / "encoder.xml"
    code = (
        "import json, sys, openvino; from pathlib import Path; from safetensors.numpy import load_file;"
        "from shopguide_devstack.weights.graph import build_encoder; folder = Path(sys.argv[1]);"
        "graph = build_encoder(load_file(folder / 'model.safetensors'),"
        " json.loads((folder / 'config.json').read_text()), sys.argv[2]);"
        "openvino.save_model(graph, sys.argv[3], compress_to_fp16=False)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder), candidate.storage, str(target)], check=True)
    return target


def _engine(
    graph: Path,
    candidate: Candidate,
    threads: int,
    tokenizer: Any,  # noqa: ANN401  (the method called on it is all that matters)
) -> Callable[[list[str]], Vectors]:
    import openvino

    options = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1"}
    threading = {"INFERENCE_NUM_THREADS": threads}
    request = (
        openvino.Core()
        .compile_model(str(graph), "CPU", options | threading | candidate.options)
        .create_infer_request()
    )

    def embed(texts: list[str]) -> Vectors:
        rows = tokenizer.encode_batch(texts)
        ids = np.array([row.ids for row in rows], np.int32)
        mask = np.array([row.attention_mask for row in rows], np.int32)
        request.infer([ids, mask])
        return np.array(request.get_output_tensor(0).data)

    return embed


def _all(embed: Callable[[list[str]], Vectors], texts: list[str]) -> Vectors:
    """Embed in batches of texts of similar length; rows are in length order, which is the same for every candidate."""
    ordered = sorted((f"passage: {text}" for text in texts), key=len)
    return np.concatenate([embed(ordered[start : start + BATCH]) for start in range(0, len(ordered), BATCH)])


def _milliseconds(embed: Callable[[list[str]], Vectors], query: str) -> float:
    started = time.perf_counter()
    embed([f"query: {query}"])
    return (time.perf_counter() - started) * 1000


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _run_apart(index: int, arguments: argparse.Namespace, vectors: Path) -> Outcome:
    command = [sys.executable, __file__, "--models", arguments.models, "--texts", arguments.texts]
    command += ["--threads", str(arguments.threads), "--only", str(index), "--vectors", str(vectors)]
    environment = os.environ | {"OMP_WAIT_POLICY": "passive", "TOKENIZERS_PARALLELISM": "false"}
    finished = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return Outcome(**json.loads(finished.stdout))


def _table(arguments: argparse.Namespace) -> None:
    print(
        "| engine | texts per CPU second | query p50 ms | query min ms | memory MiB | load s | cosine mean | min |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch, f"{index}.npy") for index in range(len(CANDIDATES))]
        for index, candidate in enumerate(CANDIDATES):
            outcome = _run_apart(index, arguments, files[index])
            cosine = (np.load(files[index]) * np.load(files[0])).sum(axis=1)
            numbers = [f"{value:.1f}" for value in asdict(outcome).values()]
            print(
                f"| {candidate.name} | {' | '.join(numbers)} | {cosine.mean():.5f} | {cosine.min():.5f} |",
                flush=True,
            )


def main() -> None:
    """Print the table, or one candidate's outcome as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", required=True)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--vectors", type=Path)
    arguments = parser.parse_args()
    if arguments.only is None:
        _table(arguments)
        return
    texts = Path(arguments.texts).read_text(encoding="utf-8").splitlines()
    candidate = CANDIDATES[arguments.only]
    outcome = measure(candidate, Path(arguments.models), texts, arguments.threads, arguments.vectors)
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()

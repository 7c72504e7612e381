"""What transformers makes of the same weights: the reference for the served models."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


class ReferenceEncoder:
    """The master copy of the text encoder in transformers, float32."""

    def __init__(self, directory: Path) -> None:
        from transformers import AutoTokenizer, BertModel

        self._tokenizer = AutoTokenizer.from_pretrained(directory)
        self._model = BertModel.from_pretrained(directory, add_pooling_layer=False).eval()

    def embed(self, texts: list[str], role: str, max_tokens: int) -> npt.NDArray[np.float32]:
        """Return unit vectors by the rule e5 was trained with: prefix, mean over tokens, L2 norm."""
        import torch

        prefixed = [f"{role}: {text}" for text in texts]
        batch = self._tokenizer(
            prefixed, padding=True, truncation=True, max_length=max_tokens, return_tensors="pt"
        )
        with torch.inference_mode():
            states = self._model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        vectors = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
        return np.asarray(vectors.numpy(), np.float32)


class ReferenceGenerator:
    """The generator's weights as they were shipped (not our rewrite) in transformers, float32."""

    def __init__(self, shipped: Path, tokenizer: Path) -> None:
        from gguf import GGUFReader
        from transformers import AutoTokenizer

        self._model = _llama(GGUFReader(shipped))
        self._tokenizer = AutoTokenizer.from_pretrained(tokenizer, padding_side="left")

    def greedy(self, prompts: list[str], tokens: int) -> list[str]:
        """Return, for each prompt, the text of the likeliest `tokens` tokens."""
        import torch

        batch = self._tokenizer(prompts, padding=True, return_tensors="pt")
        length = batch["input_ids"].shape[1]
        with torch.inference_mode():
            whole = self._model.generate(
                **batch, max_new_tokens=tokens, do_sample=False, pad_token_id=2, eos_token_id=2
            )
        return [
            str(text) for text in self._tokenizer.batch_decode(whole[:, length:], skip_special_tokens=True)
        ]


def _llama(reader: Any) -> Any:
    import torch
    from gguf.quants import dequantize
    from transformers import LlamaConfig, LlamaForCausalLM

    value = {name: field.contents for name, field in reader.fields.items()}
    heads, kv_heads = value["llama.attention.head_count"](), value["llama.attention.head_count_kv"]()
    config = LlamaConfig(
        vocab_size=value["llama.vocab_size"](),
        hidden_size=value["llama.embedding_length"](),
        intermediate_size=value["llama.feed_forward_length"](),
        num_hidden_layers=value["llama.block_count"](),
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        max_position_embeddings=value["llama.context_length"](),
        rms_norm_eps=value["llama.attention.layer_norm_rms_epsilon"](),
        rope_parameters={"rope_type": "default", "rope_theta": value["llama.rope.freq_base"]()},
        tie_word_embeddings=True,
    )
    state = {}
    for tensor in reader.tensors:
        values = torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).astype(np.float32))
        for part, count in (("attn_q.", heads), ("attn_k.", kv_heads)):
            values = _unpermuted(values, count) if part in tensor.name else values
        state[_hugging_face_name(tensor.name)] = values
    model = LlamaForCausalLM(config)
    missing = model.load_state_dict(state, strict=False)
    assert missing.missing_keys == ["lm_head.weight"], missing
    assert not missing.unexpected_keys, missing
    model.tie_weights()
    return model.eval()


def _unpermuted(values: Any, heads: int) -> Any:
    """Undo the order of rows that GGUF uses for rotary positions."""
    rows, columns = values.shape
    return values.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def _hugging_face_name(name: str) -> str:
    match name.split("."):
        case ["token_embd", _]:
            return "model.embed_tokens.weight"
        case ["output_norm", _]:
            return "model.norm.weight"
        case ["blk", layer, part, _]:
            return f"model.layers.{layer}.{_NAMES[part]}.weight"
    raise ValueError(name)

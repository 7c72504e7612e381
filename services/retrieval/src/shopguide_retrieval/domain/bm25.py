"""BM25 as sparse vectors: document weights here, inverse document frequency in the index (`Modifier.IDF`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shopguide_retrieval.domain.negation import absent_terms
from shopguide_retrieval.domain.tokenizer import Terms, document_terms, term_id, tokenize


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids, strictly ascending, and one weight each."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bm25:
    """Weights of Robertson's BM25 with weighted fields (term frequencies are summed over fields before saturation)."""

    average_length: float
    """Mean weighted length of a document, in terms."""
    k1: float = 1.2
    """Saturation of repeated terms."""
    b: float = 0.75
    """Strength of length normalisation in [0, 1]."""

    def document(self, fields: Iterable[tuple[str, float]], terms: Terms = document_terms) -> SparseVector:
        """Return the vector of a document given as (text, field weight) pairs; `terms` tells those of a text."""
        frequencies = weighted_frequencies(fields, terms)
        length = sum(frequencies.values())
        norm = self.k1 * (1 - self.b + self.b * length / self.average_length)
        return _vector({t: f * (self.k1 + 1) / (f + norm) for t, f in frequencies.items()})


def weighted_frequencies(
    fields: Iterable[tuple[str, float]], terms: Terms = document_terms
) -> dict[str, float]:
    """Return the frequency of each term, every field counting with its weight."""
    frequencies: dict[str, float] = {}
    for text, weight in fields:
        for term in (*terms(text), *absent_terms(text)):
            frequencies[term] = frequencies.get(term, 0.0) + weight
    return frequencies


def query_vector(text: str) -> SparseVector:
    """Return the vector of a query: weight 1 for each distinct term."""
    return weighted_vector(dict.fromkeys(tokenize(text, document=False), 1.0))


def weighted_vector(weights: Mapping[str, float]) -> SparseVector:
    """Return the vector of a query whose terms weigh differently; a negative weight counts against products."""
    return _vector(weights)


def average_length(documents: Sequence[Iterable[tuple[str, float]]]) -> float:
    """Return the mean weighted length of documents, at least 1."""
    total = sum(sum(weighted_frequencies(fields).values()) for fields in documents)
    return max(1.0, total / max(1, len(documents)))


def _vector(weights: Mapping[str, float]) -> SparseVector:
    by_id: dict[int, float] = {}
    for term, weight in weights.items():
        index = term_id(term)
        by_id[index] = by_id.get(index, 0.0) + weight
    ordered = sorted(by_id.items())
    return SparseVector(tuple(i for i, _ in ordered), tuple(w for _, w in ordered))

"""What rewriting is worth, by words alone, over the demo catalogue: a guard, not a measurement."""

import math
import statistics
from collections import Counter, defaultdict

import pytest

from shopguide_devstack.catalogue.loader import load_catalogue
from shopguide_evaluation.crossing import LANGUAGES, read_pairs
from shopguide_evaluation.ranking import ndcg
from shopguide_evaluation.typos import slips
from shopguide_retrieval.domain import lexicon
from shopguide_retrieval.domain.bm25 import weighted_frequencies
from shopguide_retrieval.domain.rewriting import plain, rewrite
from shopguide_retrieval.domain.spelling import Speller
from shopguide_retrieval.domain.tokenizer import pieces


class Shop:
    """The names of the demo products in memory, searched by BM25."""

    def __init__(self):
        self.weights, self.language, words = {}, {}, Counter()
        for product in load_catalogue().products():
            names = (product.title, product.brand, *product.category_path)
            self.weights[product.id] = weighted_frequencies([(" ".join(names), 1.0)])
            self.language[product.id] = product.id[:2]
            words.update({w for name in names for w in pieces(name)})
        frequency = Counter(term for terms in self.weights.values() for term in terms)
        self.idf = {t: math.log(1 + len(self.weights) / n) for t, n in frequency.items()}
        self.speller = Speller(dict(words), frozenset(lexicon.shipped().words()), lexicon.common_words())

    def rewrite(self, text):
        """Return a query as the service searches it."""
        return rewrite(text, (lexicon.shipped(),), self.speller)

    def score(self, terms, language, grades):
        """Return nDCG@10 of weighted terms among the products of a language."""
        scores = defaultdict(float)
        for i, weights in self.weights.items():
            if self.language[i] == language:
                for term, weight in terms.items():
                    held = weights.get(term, 0.0)
                    scores[i] += weight * self.idf.get(term, 0.0) * held / (held + 1)
        ranking = sorted(scores, key=lambda i: (-scores[i], i))
        return ndcg(ranking, grades, 10)


@pytest.fixture(scope="module")
def shop():
    """The demo products, read once."""
    return Shop()


@pytest.fixture(scope="module")
def pairs():
    """Queries in both languages with graded products."""
    return read_pairs()


def test_clean_queries_are_not_corrected(shop, pairs):
    """English queries of the demo catalogue and of the pairs are left alone, Chinese ones but for a space at most."""
    clean = [query.text for query in load_catalogue().queries()]
    clean += [pair.text[language] for pair in pairs for language in LANGUAGES]
    latin = [text for text in clean if text.isascii()]
    assert len(latin) >= 100
    assert {text: found for text in latin if (found := shop.rewrite(text).corrected)} == {}
    joined = [text for text in clean if not text.isascii() and shop.rewrite(text).corrected]
    assert len(joined) <= 1  # a space between words that jieba finds a word across


def test_slips_cost_little(shop, pairs):
    """By words alone, slipped queries reach nine tenths of what the clean ones do, and far more than uncorrected."""
    found, clean, untouched = [], [], []
    for slip in slips(pairs, seed=0)[::3]:
        grades, language = slip.pair.grades[slip.language], slip.language
        clean.append(shop.score(shop.rewrite(slip.pair.text[language]).terms, language, grades))
        found.append(shop.score(shop.rewrite(slip.typed).terms, language, grades))
        untouched.append(shop.score(plain(slip.typed).terms, language, grades))
    assert statistics.fmean(found) >= 0.9 * statistics.fmean(clean)
    assert statistics.fmean(found) >= statistics.fmean(untouched) + 0.05


def test_synonyms_cross_languages(shop, pairs):
    """By words alone, a query finds products of the other language, which its own words hardly do."""
    found, untouched = [], []
    for pair in pairs:
        for query, products in (("zh", "en"), ("en", "zh")):
            found.append(shop.score(shop.rewrite(pair.text[query]).terms, products, pair.grades[products]))
            untouched.append(shop.score(plain(pair.text[query]).terms, products, pair.grades[products]))
    assert statistics.fmean(found) >= 0.7
    assert statistics.fmean(untouched) <= 0.3

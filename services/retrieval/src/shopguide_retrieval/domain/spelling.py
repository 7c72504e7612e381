"""Spelling against the words of the catalogue: "hedphones", "wire less mouse" and "phonecase" find what is meant.

Candidates come from a symmetric-delete index (a word within k edits shares a form with up to k letters deleted), so a
query costs some dictionary look-ups. A word that the catalogue has is never changed, nor is anything with a digit: a
model number one edit away is another product.
"""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shopguide_retrieval.domain.tokenizer import ENGLISH_STOPWORDS, stem

MIN_LENGTH = 4
"""Shorter words have too many neighbours."""
SLIP_LENGTH = 6
"""Length from which an unknown word that begins as another is taken for a slip: shorter ones are often words."""
TWO_EDITS_FROM = 7
"""Length from which two edits are allowed."""
PREFIX = 7
"""Letters that deletions are made in: a bound on the size of the index."""
MAX_WORDS = 50_000
"""Most frequent words that corrections are looked for among."""
SMALL = 5_000
"""In a catalogue with more words than this, one that a single product has is no correction: it may be a slip itself."""
MIN_PART = 3
"""Length of the shortest part of a word that is split."""
RARE = 3
"""Products that a word of `known` is taken to be in: enough to be meant, not to be preferred."""
SURE = 1.0
"""Lead of the best correction over the next, in nats, from which it replaces the word."""
MAX_MAYBE = 2
"""Likely corrections that are added when none is sure."""
JOINED_SHARE = 0.1
"""A joined word is meant when it is at least this frequent, compared with the rarer of its parts."""

_LATIN = re.compile(r"[^\W\d_]+", re.ASCII)
_TOKEN = re.compile(r"\S+")
_PLACES = {
    letter: (row, column)
    for row, letters in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for column, letter in enumerate(letters)
}
_EDIT = 3.0
_NEAR = 2.0
_FIRST = 1.5
"""Cost in nats of an edit, of a likely slip, and extra of one in the first letter, which few people miss."""
_SOUND_ALIKE = ("ck", "cs", "sz", "fv", "ae", "ei", "iy", "ou", "ao", "gj")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A query after correction, and words that may be meant beside it."""

    text: str
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True)
class Speller:
    """Corrects Latin words of queries."""

    counts: Mapping[str, int]
    """How many products have each word, folded."""
    known: frozenset[str] = frozenset()
    """Further words that are right, such as those of synonyms; they may be meant but are rare."""
    common: frozenset[str] = frozenset()
    """Words that are right but are never meant by others."""
    _stems: frozenset[str] = field(init=False, repr=False)
    _deletes: Mapping[str, Sequence[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the index of deletions."""
        words = sorted((w for w in self.counts if _LATIN.fullmatch(w)), key=lambda w: (-self.counts[w], w))
        known = [w for w in self.known if _LATIN.fullmatch(w)]
        right = {*words[:MAX_WORDS], *known}
        if len(words) > SMALL:
            right = {*(w for w in words[:MAX_WORDS] if self.counts[w] > 1), *known}
        object.__setattr__(self, "_stems", frozenset(stem(w) for w in {*words, *known}))
        index: dict[str, list[str]] = defaultdict(list)
        for word in sorted(right):
            if len(word) >= MIN_LENGTH:
                for form in _deletions(word):
                    index[form].append(word)
        object.__setattr__(self, "_deletes", dict(index))

    def has(self, word: str) -> bool:
        """Return whether a word, or another form of it, is right."""
        return word in self.counts or word in self.known or word in self.common or stem(word) in self._stems

    def correct(self, text: str, right: Collection[str] = ()) -> Spelled:
        """Return a query with the words that are surely wrong replaced; those in `right` are not."""
        tokens = _TOKEN.findall(text)
        maybe: dict[str, None] = {}
        fixed = [self._fixed(token, maybe, right) for token in self._joined(tokens, maybe, right)]
        return Spelled(text if fixed == tokens else " ".join(fixed), tuple(maybe))

    def suspects(self, text: str) -> list[str]:
        """Return the words of a query that are right only if texts beside the names of products have them."""
        return [w for w in map(_word, _TOKEN.findall(text)) if w and self._suspect(w)]

    def corrections(self, word: str) -> list[tuple[float, str]]:
        """Return the words within reach and the log-odds of each up to a constant, best first."""
        reach = 2 if len(word) >= TWO_EDITS_FROM else 1
        found = {w for form in _deletions(word) for w in self._deletes.get(form, ())}
        scored = []
        for other in found:
            cost = _cost(word, other)
            if cost is not None and cost[0] <= reach:
                scored.append((math.log1p(max(RARE, self.counts.get(other, 0))) - cost[1], other))
        return sorted(scored, key=lambda s: (-s[0], s[1]))

    def _suspect(self, word: str) -> bool:
        return len(word) >= MIN_LENGTH and word not in ENGLISH_STOPWORDS and not self.has(word)

    def _joined(self, tokens: Sequence[str], maybe: dict[str, None], right: Collection[str]) -> list[str]:
        """Return the tokens with parts of one word joined where a part is no word by itself."""
        done: list[str] = []
        position = 0
        while position < len(tokens):
            pair = [_word(t) for t in tokens[position : position + 2]]
            word = "".join(pair) if len(pair) == 2 and all(pair) else ""  # noqa: PLR2004
            if word and self._is_one(word, pair):
                if all(self.has(p) or p in right for p in pair):
                    maybe[word] = None
                else:
                    done.append(word)
                    position += 2
                    continue
            done.append(tokens[position])
            position += 1
        return done

    def _is_one(self, word: str, parts: Sequence[str]) -> bool:
        frequency = self.counts.get(word, 0)
        rarer = min(self.counts.get(p, 0) for p in parts)
        return len(word) >= MIN_LENGTH and frequency > JOINED_SHARE * rarer

    def _fixed(self, token: str, maybe: dict[str, None], right: Collection[str]) -> str:
        word = _word(token)
        if not word or word in right or not self._suspect(word):
            return token
        parts = self._split(word)
        best = self.corrections(word)
        if parts and (not best or best[0][0] < self._split_score(parts)):
            return " ".join(parts)
        lead = best[0][0] - best[1][0] if len(best) > 1 else SURE
        if best and lead >= SURE and _is_slip(word, best[0][1]):
            return best[0][1]
        maybe |= dict.fromkeys(w for _, w in best[:MAX_MAYBE])
        return token

    def _split(self, word: str) -> tuple[str, str] | None:
        """Return the two frequent words that a word is written together from."""
        cuts = ((word[:i], word[i:]) for i in range(MIN_PART, len(word) - MIN_PART + 1))
        both = [c for c in cuts if all(self.counts.get(p, 0) > 1 for p in c)]
        return max(both, key=self._split_score, default=None)

    def _split_score(self, parts: Sequence[str]) -> float:
        return math.log1p(min(self.counts.get(p, 0) for p in parts)) - 1.0


def _word(token: str) -> str:
    """Return a token in lower case when it is a plain Latin word, else nothing."""
    word = token.strip(",.;:!?()'\"").lower()
    return word if _LATIN.fullmatch(word) else ""


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether a word is hardly one of its own: people miss letters inside of words, seldom the first.

    "wedding" is unknown to a shop for linen, and yet not "bedding"; nor is "beach" "beech".
    """
    same_letters = sorted(set(typed)) == sorted(set(meant))
    return typed[0] == meant[0] and (len(typed) >= SLIP_LENGTH or same_letters)


def _deletions(word: str) -> set[str]:
    """Return the forms of a word with letters of its beginning deleted, itself included."""
    stub = word[:PREFIX]
    once = {stub[:i] + stub[i + 1 :] for i in range(len(stub))}
    if len(word) < TWO_EDITS_FROM - 1:
        return {stub, *once}
    return {stub, *once, *(form[:i] + form[i + 1 :] for form in once for i in range(len(form)))}


def _cost(typed: str, meant: str) -> tuple[int, float] | None:
    """Return edits and their cost in nats between two words (optimal string alignment), None beyond two."""
    if abs(len(typed) - len(meant)) > 2:  # noqa: PLR2004 - edits
        return None
    rows: list[list[tuple[int, float]]] = [[(j, _FIRST * (j > 0) + j * _EDIT) for j in range(len(meant) + 1)]]
    for i, a in enumerate(typed, 1):
        row = [(i, _FIRST + i * _EDIT)]
        for j, b in enumerate(meant, 1):
            options = [
                _plus(rows[i - 1][j], 1, _gap(typed, i)),
                _plus(row[j - 1], 1, _gap(meant, j)),
                _plus(rows[i - 1][j - 1], int(a != b), _swap(a, b, first=i == 1 and j == 1)),
            ]
            if i > 1 and j > 1 and a == meant[j - 2] and b == typed[i - 2]:
                options.append(_plus(rows[i - 2][j - 2], 1, _NEAR))
            row.append(min(options))
        rows.append(row)
    edits, cost = rows[-1][-1]
    return (edits, cost) if edits <= 2 else None  # noqa: PLR2004


def _plus(before: tuple[int, float], edits: int, cost: float) -> tuple[int, float]:
    return before[0] + edits, before[1] + cost


def _gap(word: str, position: int) -> float:
    """Return the cost of a letter too many or too few: a doubled one is easily missed."""
    doubled = position > 1 and word[position - 1] == word[position - 2]
    return _NEAR if doubled else _EDIT


def _swap(a: str, b: str, *, first: bool) -> float:
    if a == b:
        return 0.0
    return (_NEAR if _near(a, b) else _EDIT) + (_FIRST if first else 0.0)


def _near(a: str, b: str) -> bool:
    """Return whether two letters are neighbours on a keyboard or sound alike."""
    if a + b in _SOUND_ALIKE or b + a in _SOUND_ALIKE:
        return True
    if a not in _PLACES or b not in _PLACES:
        return False
    (r1, c1), (r2, c2) = _PLACES[a], _PLACES[b]
    return abs(r1 - r2) <= 1 and abs(c1 - c2) <= 1

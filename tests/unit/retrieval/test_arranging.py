"""Variety and taste at the top of a list."""

import numpy as np
import pytest

from shopguide_retrieval.domain.arranging import TASTE_WEIGHT, Arranger, personalised
from shopguide_retrieval.domain.diversity import DEPTH, diversify
from shopguide_retrieval.domain.ranking import Candidate, Ranked
from shopguide_retrieval.domain.shoppers import Profile


def ranked(*scores: float) -> list[Ranked]:
    """Return products p0, p1, … with these scores."""
    return [Ranked(Candidate(f"p{n}", {}), score) for n, score in enumerate(scores)]


def unit(*values: float) -> np.ndarray:
    """Return a vector of length 1."""
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def ids(products: list[Ranked]) -> list[str]:
    """Return the ids in order."""
    return [one.candidate.id for one in products]


_TWINS = {"p0": unit(1, 0, 0), "p1": unit(1, 0.01, 0), "p2": unit(0, 1, 0), "p3": unit(1, 0, 0.01)}


def test_no_strength_changes_nothing():
    """0 is the ranked order."""
    listed = ranked(0.9, 0.8, 0.7, 0.6)
    assert diversify(listed, _TWINS, 0.0) == listed


def test_what_is_alike_makes_way():
    """The second is a twin of the first, so the third comes before it; the first stays."""
    assert ids(diversify(ranked(0.9, 0.8, 0.7, 0.6), _TWINS, 0.5)) == ["p0", "p2", "p1", "p3"]


@pytest.mark.parametrize("strength", [0.1, 0.5, 1.0])
def test_nothing_is_lost_and_equal_choices_are_stable(strength):
    """A permutation of the top; below it, and without vectors, the order stays."""
    listed = ranked(*(1 - n / 100 for n in range(DEPTH + 5)))
    assert ids(diversify(listed, {}, strength)) == ids(listed)
    again = diversify(listed, _TWINS, strength)
    assert sorted(ids(again)) == sorted(ids(listed))
    assert again[DEPTH:] == listed[DEPTH:]
    assert diversify(listed, _TWINS, strength) == again


def test_taste_lifts_what_fits_by_at_most_its_weight():
    """The nearest product gets the whole weight, the farthest nothing, one without a vector stays as it is."""
    listed = personalised(ranked(0.5, 0.5, 0.5), {"p0": unit(0, 1), "p1": unit(1, 0)}, unit(1, 0), 1.0)
    scores = {one.candidate.id: one.score for one in listed}
    assert scores == {"p1": pytest.approx(0.5 + TASTE_WEIGHT), "p0": 0.5, "p2": 0.5}
    assert listed[0].signals["taste"] == 1.0
    assert "MATCHES_TASTE" in listed[0].reasons
    assert all("MATCHES_TASTE" not in one.reasons for one in listed[1:])


class _Vectors:
    """The part of a product store that rearranging needs."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def vectors(self, catalog, ids):
        self.asked.append(len(ids))
        return {i: _TWINS[i] for i in ids if i in _TWINS}


class _Shoppers:
    """Profiles by key."""

    async def get(self, catalog, keys):
        known = {
            "v:likes-p2": Profile("v:likes-p2", event_count=3, taste=unit(0, 1, 0)),
            "v:new": Profile("v:new"),
        }
        return {k: known[k] for k in keys if k in known}


@pytest.mark.parametrize(
    ("keys", "personalization", "expected", "calls"),
    [
        (("v:likes-p2",), 1.0, ["p2", "p0", "p1", "p3"], 1),
        (("v:likes-p2",), 0.0, ["p0", "p1", "p2", "p3"], 0),
        (("v:new",), 1.0, ["p0", "p1", "p2", "p3"], 0),
        ((), 1.0, ["p0", "p1", "p2", "p3"], 0),
    ],
)
async def test_vectors_are_read_only_when_they_matter(keys, personalization, expected, calls):
    """Without a taste or without a wish for it there is no call at all."""
    store = _Vectors()
    listed = ranked(0.59, 0.58, 0.57, 0.56)
    found = await Arranger(store, _Shoppers()).arrange(None, listed, keys, personalization, 0.0)
    assert (ids(found), len(store.asked)) == (expected, calls)

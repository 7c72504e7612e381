"""The learned numbers of recommendation.

Made by `python -m shopguide_training.recommend` on public purchase sequences: each shopper's last but one purchase is
predicted from what came before it. The last purchases, which the evaluation asks for, had no part in it. What is said of
routine was tuned on weeks 28-35 of the groceries given weeks 1-27; the evaluation asks for weeks 36-44.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How strongly each sign counts. Every signal is scaled to [0, 1] before it is weighted."""

    recency: float = 0.7
    """What a step back in the shopper's own past leaves of an interaction's weight."""
    history_strength: float = 0.5
    """Power of an interaction's interest: 0 counts a view like a purchase."""
    after: float = 0.8
    """What a step away leaves, for products that neighbours turned to after a shared one."""
    before: float = 0.6
    """Products that neighbours turned to before a shared one, against those after it."""
    shared_count: float = 0.3
    """Power of a shared product's number of shoppers, by which its evidence is divided."""
    own_count: float = 0.0
    """Power of a candidate's number of shoppers, by which its score is divided."""
    collaborative: float = 1.0
    alike: float = 0.0
    """Of the user-based estimate: on sequences it adds nothing to the evidence of `collaborative`, whose neighbours it
    shares; it stays a signal for experiments and for reasons."""
    taste: float = 0.2
    relevance: float = 1.0
    """Of the query, when there is one."""
    popularity: float = 0.03
    trend: float = 0.03
    due: float = 3.0
    """A consumable that it is time to buy again, for a shopper who mostly buys other things."""
    expected: float = 6.0
    """Expected purchases, for a shopper who only buys what is bought again; by the share of such products in between."""
    routine_personal: float = 0.1
    """What is left of collaborative and taste for a shopper who only buys consumables: what comes next in others' trails
    says little of the weekly shopping."""
    routine_popularity: float = 0.3
    """What popularity counts more for such a shopper: of what nobody is expected to buy again, the better known first."""
    seen: float = 0.5
    """What is left of the personal signals of a product that the shopper has looked at already."""
    variety: float = 0.06
    """What each product of the same category that stands before it takes from a product."""


WEIGHTS = Weights()

NEIGHBOURS = 200
"""Shoppers read for one answer: with 100, nDCG@10 falls by .002, with 400 it gains nothing."""

REACH = 40
"""Steps around a shared product that are looked at; the weight is below 1e-3 beyond."""

LATEST = 30
"""Of the shopper's own interactions; the weight is below 1e-4 beyond."""

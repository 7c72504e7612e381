"""The few cases where the situation, not the wording, decides the intent."""

from __future__ import annotations

import re

from shopguide_intent.domain.model import RATING, DialogueState, IntentScore, Parse

RULE_CONFIDENCE = 0.9
"""Confidence of an intent that a rule decides, at least."""

SEARCHING = frozenset(("SEARCH", "RECOMMEND", "GIFT", "BUNDLE", "SIMILAR", "DEAL"))
"""Intents that look for products and carry limits from turn to turn."""

_REFINED = frozenset(("SEARCH", "RECOMMEND", "GIFT", "BUNDLE"))
_COMPARING = re.compile(
    r"区别|对比|比较|哪个|哪款|哪双|差别|不同|还是|谁更|vs|pk|\b(?:differ\w*|compare\w*|versus|better|which|or)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"多少钱|什么价|价格|怎么样|如何|介绍|说说|详细|\bhow much\b|\bprice\b|\btell me\b|\bmore about\b|\bwhat about\b",
    re.IGNORECASE,
)
_REVIEWS = re.compile(
    r"大家.{0,4}(?:评价|评论|怎么说|反馈)|(?:评价|口碑)(?:怎么样|如何|好不好|好吗)"
    r"|\bwhat (?:do|did) (?:the )?(?:reviews?|reviewers|buyers|people)\b|\breviews? say\b",
    re.IGNORECASE,
)
_PAIRING = re.compile(
    r"(?:配|搭)(?:点|些)?(?:什么|啥|哪)|(?:什么|哪些|有啥|还有|还要|还得|再).{0,8}(?:配|搭|一起买|凑一?套)"
    r"|\b(?:what|which|anything|something)\b.*\b(?:goes|go|pairs?) (?:well |nicely )?with\b"
    r"|\bwhat else\b.*\b(?:with|need)\b",
    re.IGNORECASE,
)


def ruled_intent(text: str, parse: Parse, state: DialogueState) -> str:
    """The intent that a rule decides, or empty when the wording decides.

    - Two or more shown products and a comparing word: COMPARE.
    - One shown product, a word that asks and none that compares: PRODUCT_QUESTION.
    - Words that ask for what others say: REVIEWS.
    - A shown product, and words that ask what goes with it: BUNDLE.
    - A kind of product in the order of its ratings, with nothing shown pointed at: SEARCH.
    - Two or more product roles: BUNDLE.
    - An answer to the open question, or a message that only changes limits: the search goes on.
    """
    shown = _about_shown(text, parse)
    if shown:
        return shown
    if _best_rated(parse):
        return "SEARCH"
    if len(parse.scopes) > 1:
        return "BUNDLE"
    if parse.answers_question or (parse.refines_limits and not parse.references):
        return state.last_intent if state.last_intent in _REFINED else "SEARCH"
    return "SEARCH" if parse.only_catalog_words else ""


def _about_shown(text: str, parse: Parse) -> str:
    """The intent of a message that is about products in view, or about what others say; empty otherwise."""
    pointed, compares = len(parse.references), _COMPARING.search(text) is not None
    if pointed > 1 and compares:
        return "COMPARE"
    if _REVIEWS.search(text):
        return "REVIEWS"
    if pointed and _PAIRING.search(text):
        return "BUNDLE"
    return "PRODUCT_QUESTION" if pointed == 1 and _ASKING.search(text) and not compares else ""


def _best_rated(parse: Parse) -> bool:
    """评分最高的耳机: the words about ratings say which products, not that their reviews are asked for."""
    rated = parse.ordering is not None and parse.ordering.field == RATING
    named = parse.names_product or any(word.weight >= 1 for word in parse.keywords)
    return rated and named and not parse.elliptical and not parse.references


def decided(scores: tuple[IntentScore, ...], ruled: str) -> tuple[IntentScore, ...]:
    """Scores with a ruled intent first; the others share what is left in their proportions."""
    if not ruled or (scores and scores[0].label == ruled and scores[0].confidence >= RULE_CONFIDENCE):
        return scores
    others = [s for s in scores if s.label != ruled]
    own = next((s.confidence for s in scores if s.label == ruled), 0.0)
    confidence = max(own, RULE_CONFIDENCE)
    mass = sum(s.confidence for s in others)
    scale = (1 - confidence) / mass if mass else 0.0
    return (IntentScore(ruled, confidence), *(IntentScore(s.label, s.confidence * scale) for s in others))

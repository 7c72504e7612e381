"""A second opinion on grounding: does every figure and name of an answer stand in the facts of what it is said of?

It reads the finished text, as a shopper would, against the typed facts that came with it, and shares nothing with the
checker inside the generation service. It looks at product names, brands, prices, numbers with units, percentages,
ratings, counts and times of day. It does not judge texts without figures, such as colours, or yes-or-no claims.
"""

from shopguide_evaluation.grounding.checker import Finding, Report, check
from shopguide_evaluation.grounding.evidence import TurnFacts

__all__ = ["Finding", "Report", "TurnFacts", "check"]

"""Checks statements against typed facts: every (subject, key, value, unit) must be borne out, or the text is held back."""

from shopguide_generation.domain.grounding.checker import GroundingChecker
from shopguide_generation.domain.grounding.report import Claim, Finding, Reason, Report

__all__ = ["Claim", "Finding", "GroundingChecker", "Reason", "Report"]

"""Words for plans, in each language."""

from shopguide_generation.domain.facts import AnswerContext
from shopguide_generation.domain.wording.en import EnglishVoice
from shopguide_generation.domain.wording.voice import Voice
from shopguide_generation.domain.wording.zh import ChineseVoice

__all__ = ["LANGUAGES", "Voice", "voice_for"]

LANGUAGES = {"en": EnglishVoice, "zh": ChineseVoice}


def voice_for(context: AnswerContext) -> Voice:
    """The voice of the context's language; raises KeyError for a language that no voice speaks."""
    return LANGUAGES[context.language](context)

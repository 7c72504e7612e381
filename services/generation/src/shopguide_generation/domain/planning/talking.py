"""Plans without products: small talk, declining, asking back."""

import re

from shopguide_generation.domain.facts import AnswerContext
from shopguide_generation.domain.moves import AskBack, Decline, SmallTalk
from shopguide_generation.domain.names import is_instruction
from shopguide_generation.domain.planning.steps import Plan, must

_THANKS = re.compile(r"\b(thanks?|thank you|thx|cheers)\b|谢|感谢|辛苦", re.IGNORECASE)
_FAREWELL = re.compile(r"\b(bye|goodbye|see you|good night)\b|再见|拜拜|晚安", re.IGNORECASE)
_WHO = re.compile(
    r"\b(who|what) are you\b|\bwhat can you do\b|\bare you (a )?(bot|human|real)|你是谁|你能做什么|你会什么|机器人",
    re.IGNORECASE,
)


def chitchat(context: AnswerContext) -> Plan:
    """A short answer that leads back to shopping."""
    return Plan(tuple(must(SmallTalk(_kind(context.query)))), context.slot)


def _kind(query: str) -> str:
    for kind, pattern in (("thanks", _THANKS), ("farewell", _FAREWELL), ("who", _WHO)):
        if pattern.search(query):
            return kind
    return "greeting"


def out_of_scope(context: AnswerContext) -> Plan:
    """What was asked is declined; what can be done is offered. Attacks are not argued with."""
    attack = context.attack or is_instruction(context.query)
    return Plan(tuple(must(Decline(attack))), context.slot, answered=False)


def clarify(context: AnswerContext) -> Plan:
    """One question, with answers to offer."""
    slot = context.slot
    options = tuple(option.text for option in slot.options) if slot else ()
    return Plan(tuple(must(AskBack(slot.key if slot else "", slot.label if slot else "", options))), slot)

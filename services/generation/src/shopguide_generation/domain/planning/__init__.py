"""Plans: what an answer says, in which order, decided by code before a word is written."""

from shopguide_generation.domain.facts import AnswerContext, Task
from shopguide_generation.domain.planning import answering, bundling, choosing, comparing, talking
from shopguide_generation.domain.planning.steps import Need, Plan, Step

__all__ = ["Need", "Plan", "Step", "plan"]

_PLANNERS = {
    Task.RECOMMEND: choosing.recommendation,
    Task.SIMILAR: choosing.recommendation,
    Task.GIFT: choosing.gift,
    Task.COMPARE: comparing.comparison,
    Task.PRODUCT_QUESTION: answering.product_question,
    Task.SHOP_QUESTION: answering.shop_question,
    Task.COMPLAINT: answering.complaint,
    Task.REVIEW_DIGEST: answering.review_digest,
    Task.BUNDLE: bundling.bundle,
    Task.DEAL: bundling.deal,
    Task.CHITCHAT: talking.chitchat,
    Task.OUT_OF_SCOPE: talking.out_of_scope,
    Task.CLARIFY: talking.clarify,
}


def plan(context: AnswerContext) -> Plan:
    """What the answer to this context says. Deterministic."""
    return _PLANNERS[context.task](context)

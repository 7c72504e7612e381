"""Somebody who talks with the gateway, and what every turn must be like whatever it is about."""

from dataclasses import dataclass

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import answer_pb2, product_pb2, query_pb2
from shopguide_client import Answer, Conversation

OPTIONAL = frozenset({"generator"})
"""What an answer need not wait for: without the model's wording the writer's own sentences stand."""

_ATTEMPTS = 5
_NANOS = 1_000_000_000
_ORDER = {"turn_started": 0, "understanding": 1, "products": 2, "text_delta": 3, "turn_finished": 4}


@dataclass
class Turn:
    """One turn: its messages, and the answer put together from them."""

    messages: list[pb.ChatResponse]
    answer: Answer

    @property
    def kinds(self) -> list[str]:
        """The kinds of the messages, in order."""
        return [str(message.WhichOneof("event")) for message in self.messages]

    @property
    def intent(self) -> str:
        """What the shopper was understood to want."""
        assert self.answer.understanding is not None
        return self.answer.understanding.intent

    @property
    def text(self) -> str:
        """The text."""
        return self.answer.text

    @property
    def products(self) -> list[product_pb2.Product]:
        """The products shown."""
        return [scored.product for scored in self.answer.products]

    @property
    def ids(self) -> list[str]:
        """The ids of the products shown."""
        return [product.id for product in self.products]

    @property
    def end(self) -> pb.ChatResponse.TurnFinished:
        """The end of the turn."""
        assert self.answer.finished is not None
        return self.answer.finished

    @property
    def fallbacks(self) -> dict[str, str]:
        """What was done instead, by what failed."""
        return {lost.component: lost.fallback for lost in self.end.degradations}

    @property
    def source_ids(self) -> list[str]:
        """The sources of the answer, in the order of their numbers."""
        return [source.id for source in self.end.sources]

    def outcome(self, field: str) -> query_pb2.ConstraintOutcome:
        """What became of the limit on a field."""
        return next(o for o in self.answer.outcomes if o.constraint.condition.field == field)


class Shopper:
    """A shopper in a conversation."""

    def __init__(self, talk: Conversation) -> None:
        """Take the conversation."""
        self.talk = talk

    def say(self, words: str | answer_pb2.SuggestedAnswer, *, whole: bool = True) -> Turn:
        """Take a turn and check what holds for every turn.

        With `whole` nothing may be left out but the model's wording, which is optional; on a busy machine a stage can run
        out of time, so the turn is taken again.
        """
        token = self.talk.token
        for _ in range(_ATTEMPTS):
            self.talk.token = token
            turn = Turn(list(self.talk.say(words)), self.talk.answer)
            check_turn(turn)
            if not whole or turn.fallbacks.keys() <= OPTIONAL:
                return turn
        raise AssertionError(f"left out again and again: {turn.end.degradations}")


def check_turn(turn: Turn) -> None:
    """Check the promises of the stream: one start, products before text, text, citations that point, one end."""
    kinds = turn.kinds
    ranks = [_ORDER[kind] for kind in kinds if kind in _ORDER]
    assert ranks == sorted(ranks), kinds
    assert kinds.count("turn_started") == kinds.count("turn_finished") == kinds.count("understanding") == 1
    assert kinds[-1] == "turn_finished"
    assert turn.text.strip()
    assert turn.end.conversation_token
    written, sources = turn.text.encode(), turn.source_ids
    for citation in turn.answer.citations:
        assert 0 <= citation.start_index < citation.end_index <= len(written)
        assert citation.source_ids
        assert [sources[n - 1] for n in citation.source_numbers] == list(citation.source_ids)


def price(product: product_pb2.Product) -> float:
    """Return a price in major units."""
    assert product.HasField("price"), product.id
    return float(product.price.units + product.price.nanos / _NANOS)


def texts(product: product_pb2.Product, key: str) -> list[str]:
    """Return the texts of an attribute; empty when it has none."""
    return list(product.attributes[key].texts) if key in product.attributes else []


def number(product: product_pb2.Product, key: str) -> float | None:
    """Return the first number of an attribute, or None."""
    return product.attributes[key].numbers[0] if key in product.attributes else None

"""One turn put together from its stream."""

from dataclasses import dataclass, field

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import answer_pb2, query_pb2


@dataclass
class Answer:
    """Everything that a turn has brought so far; `add` each message of the stream."""

    text: str = ""
    """The answer."""
    understanding: pb.ChatResponse.Understanding | None = None
    """What was understood."""
    products: list[query_pb2.ScoredProduct] = field(default_factory=list)
    """Products shown; the n-th one is `[n]` in the text."""
    outcomes: list[query_pb2.ConstraintOutcome] = field(default_factory=list)
    """What became of each limit."""
    citations: list[answer_pb2.Citation] = field(default_factory=list)
    """Which parts of the text rest on which sources."""
    follow_up: answer_pb2.FollowUp | None = None
    """The question back."""
    finished: pb.ChatResponse.TurnFinished | None = None
    """The end of the turn; None when the stream was cut off."""

    def add(self, message: pb.ChatResponse) -> None:
        """Take in one message; kinds that this version does not know are skipped."""
        match message.WhichOneof("event"):
            case "text_delta":
                self.text += message.text_delta
            case "understanding":
                self.understanding = message.understanding
            case "products":
                self.products = list(message.products.results)
                self.outcomes = list(message.products.constraint_outcomes)
            case "citation":
                self.citations.append(message.citation)
            case "follow_up":
                self.follow_up = message.follow_up
            case "turn_finished":
                self.finished = message.turn_finished

    @property
    def conversation_token(self) -> str:
        """Return what the next turn must bring along."""
        return self.finished.conversation_token if self.finished else ""

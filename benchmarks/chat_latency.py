"""How long a turn takes, warm: to the products, to the first verified sentence, to the end, and in which stage.

    python benchmarks/chat_latency.py --address 127.0.0.1:7400 --catalog demo [--turns 60] [--write]

Asks the conversations that `evaluation` ships, in order, each turn with the token of the one before, one at a time; the
first conversation warms everything up and is not counted. Times are taken at the client.

Overhead is what gateway, intent and retrieval add to the models and the engine: the whole turn at the client, less the
call of the generation service, less the encoder's and Qdrant's calls that the services report. It is taken over turns
whose look-ups report their calls one by one: not those for FAQ entries, reviews, single products and bundles. The bar is
a p50 of 25 ms.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources

from measuring import CELLS, Report, distribution, machine

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide_client import ApiError, AsyncClient
from shopguide_client.cli.places import catalog_name

BAR_MS = 25.0
CALLS = frozenset(
    {
        "understand.encode",
        "retrieve.encode",
        "retrieve.candidates",
        "retrieve.limits",
        "retrieve.products",
        "retrieve.examples",
    }
)
"""Stages that are a call of a model or of Qdrant: encoding, candidate lists, counts for relaxing, stored products."""

LISTS = frozenset({"retrieve.candidates", "retrieve.examples"})
"""Stages of which every look-up that reports its calls has one."""

ROLES = "retrieve.choose"
"""Stage of a bundle, whose roles are looked up at the same moment: their calls add up to more than the time they took."""

UNTIMED = frozenset({"COMPARE", "PRODUCT_QUESTION", "REVIEWS", "SHOP_QUESTION", "COMPLAINT"})
"""Intents whose look-ups do not report their calls."""


@dataclass
class Turn:
    """One turn as the client saw it; times in milliseconds since the request, None for what did not come."""

    intent: str = ""
    products: float | None = None
    sentence: float | None = None
    total: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    degradations: list[str] = field(default_factory=list)
    model_share: float = 0.0

    @property
    def overhead(self) -> float | None:
        """Return what our own code took; None when calls are not reported."""
        looked_up = self.products is not None
        unknown = (
            self.intent in UNTIMED or ROLES in self.stages or (looked_up and LISTS.isdisjoint(self.stages))
        )
        if unknown or any(not lost.startswith("generator ") for lost in self.degradations):
            return None
        calls = sum(ms for stage, ms in self.stages.items() if stage in CALLS)
        return self.total - self.stages.get("write", 0.0) - calls


def conversations() -> Iterator[list[str]]:
    """Yield the turns of each conversation that `evaluation` ships."""
    path = resources.files("shopguide_evaluation") / "data" / "turns.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        yield [turn["say"] for turn in json.loads(line)["turns"]]


async def converse(client: AsyncClient, catalog: str, words: Iterable[str], visitor: str) -> list[Turn]:
    """Take the turns of one conversation."""
    talk = client.conversation(catalog, visitor)
    turns = []
    for text in words:
        turn, started = Turn(), time.perf_counter()
        async for message in talk.say(text):
            _note(turn, message, (time.perf_counter() - started) * 1000)
        turn.total = (time.perf_counter() - started) * 1000
        turns.append(turn)
    return turns


def _note(turn: Turn, message: pb.ChatResponse, at: float) -> None:
    match message.WhichOneof("event"):
        case "understanding":
            turn.intent = message.understanding.intent
        case "products":
            turn.products = at if turn.products is None else turn.products
        case "text_delta":
            turn.sentence = at if turn.sentence is None else turn.sentence
        case "turn_finished":
            end = message.turn_finished
            turn.model_share = end.model_share
            turn.stages = {t.stage: t.duration.ToNanoseconds() / 1e6 for t in end.timings}
            turn.degradations = [f"{d.component} → {d.fallback}" for d in end.degradations]


async def measure(address: str, catalog: str, count: int) -> list[Turn]:
    """Return at least `count` turns: whole conversations, from the start again when they run out."""
    talks = list(conversations())
    turns: list[Turn] = []
    async with AsyncClient(address) as client:
        await converse(client, catalog, talks[0], "warm-up")
        number = 0
        while len(turns) < count:
            turns += await converse(client, catalog, talks[number % len(talks)], f"latency-{number}")
            number += 1
    return turns


def report(page: Report, turns: Sequence[Turn]) -> None:
    """Fill the page of results."""
    shares = [turn.model_share for turn in turns]
    page.say(
        f"{len(turns)} turns, one at a time. Share of sentences that the model wrote: {sum(shares) / len(shares):.0%}; "
        f"turns with a degradation: {sum(bool(turn.degradations) for turn in turns)}."
    )
    at_client = {
        "first products": [turn.products for turn in turns if turn.products is not None],
        "first verified sentence": [turn.sentence for turn in turns if turn.sentence is not None],
        "whole turn": [turn.total for turn in turns],
    }
    page.table(f"{CELLS} (ms)", {name: distribution(values).cells() for name, values in at_client.items()})
    page.say("By stage, as the services report it (`a.b` is a part of `a`):")
    stages = sorted({stage for turn in turns for stage in turn.stages})
    by_stage = {s: distribution([t.stages[s] for t in turns if s in t.stages]).cells() for s in stages}
    page.table(f"{CELLS} (ms)", by_stage)
    _report_overhead(page, turns)
    page.numbers |= {"turns": [vars(turn) | {"overhead": turn.overhead} for turn in turns], "bar_ms": BAR_MS}


def _report_overhead(page: Report, turns: Sequence[Turn]) -> None:
    overheads = [turn.overhead for turn in turns if turn.overhead is not None]
    if not overheads:
        page.say("Overhead: no turn reported all its calls.")
        return
    found = distribution(overheads)
    verdict = "held" if found.p50 <= BAR_MS else "missed"
    page.say(
        f"Overhead of gateway, intent and retrieval over {found.n} turns: p50 **{found.p50:.1f} ms**, "
        f"p95 {found.p95:.1f} ms. Bar: a p50 of {BAR_MS:.0f} ms: {verdict}."
    )
    page.numbers["overhead_ms"] = vars(found)


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", default="127.0.0.1:7400", help="gateway (default: %(default)s)")
    parser.add_argument("--catalog", default="demo", help="catalogue (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=60, help="least number of turns (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = Report("chat-latency", "Latency of a turn", machine())
    try:
        turns = asyncio.run(measure(given.address, catalog_name(given.catalog), given.turns))
    except ApiError as error:
        raise SystemExit(str(error)) from error
    report(page, turns)
    if given.write:
        page.write()


if __name__ == "__main__":
    main()

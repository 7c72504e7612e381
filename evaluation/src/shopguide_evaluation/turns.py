"""Has scripted conversations through the gateway's Chat, and measures what came of each turn."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.json_format import MessageToDict

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_client import Answer, ApiError, AsyncClient
from shopguide_client.aio import AsyncConversation
from shopguide_evaluation.grounding import Report, TurnFacts, check
from shopguide_evaluation.length import length_of, within_bounds

_MILLISECONDS = 1000.0
# Turns whose answer is a sentence by nature: greetings, refusals.
_SHORT_BY_NATURE = frozenset({"CHITCHAT", "OUT_OF_SCOPE"})


class ScriptError(ValueError):
    """The file of conversations is wrong; the message names the line."""


@dataclass(frozen=True)
class ScriptedTurn:
    """One message of a scripted shopper."""

    say: str
    """The message."""
    intents: tuple[str, ...]
    """Intents that are right for it, the best first."""


@dataclass(frozen=True)
class Script:
    """A conversation to be had."""

    id: str
    """Id."""
    language: str
    """`en` or `zh`."""
    turns: tuple[ScriptedTurn, ...]
    """Messages in order."""


@dataclass(frozen=True)
class TurnResult:
    """What came of a turn; times in milliseconds as the client saw them."""

    script: str
    """Id of the conversation."""
    number: int
    """Position in it, from 1."""
    language: str
    """`en` or `zh`."""
    said: str
    """What the shopper said."""
    expected: tuple[str, ...]
    """Intents that are right."""
    intent: str = ""
    """Intent understood."""
    text: str = ""
    """The answer."""
    follow_up: str = ""
    """The question back."""
    products: list[dict[str, Any]] = field(default_factory=list)
    """Products shown."""
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    """What became of each limit."""
    understanding: dict[str, Any] = field(default_factory=dict)
    """What was understood."""
    sources: list[dict[str, Any]] = field(default_factory=list)
    """Sources of the answer."""
    matched_size: int = 0
    """Products that satisfy the limits."""
    degradations: list[str] = field(default_factory=list)
    """What was made in a lesser way, as `component: fallback`."""
    error: str = ""
    """Why the turn failed; empty when it did not."""
    first_products_ms: float | None = None
    """Time to the first product list; None when none was shown."""
    first_text_ms: float | None = None
    """Time to the first text."""
    total_ms: float = 0.0
    """Time to the end of the stream."""
    stages_ms: dict[str, float] = field(default_factory=dict)
    """Time of each stage as the gateway measured it."""
    model_share: float = 0.0
    """Share of sentences that a model wrote."""
    answered: bool = False
    """Whether the answer says so of itself."""
    hand_over: bool = False
    """Whether a person is to take over."""
    length: int = 0
    """Words (en) or characters (zh) outside of tables."""
    checked: int = 0
    """Figures and names that the grounding checker looked at."""
    ungrounded: list[dict[str, str]] = field(default_factory=list)
    """Those that no fact bears out."""


def read_scripts(path: Path | None = None) -> list[Script]:
    """Return the conversations of a JSON lines file, or those that ship. Raises ScriptError."""
    shipped = resources.files("shopguide_evaluation") / "data" / "turns.jsonl"
    lines = (path or shipped).read_text(encoding="utf-8").splitlines()
    return [_script(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _script(number: int, line: str) -> Script:
    try:
        row = json.loads(line)
        turns = tuple(ScriptedTurn(t["say"], tuple(t["intents"])) for t in row["turns"])
        return Script(row["id"], row["language"], turns)
    except (ValueError, KeyError, TypeError) as error:
        raise ScriptError(f"line {number}: {type(error).__name__} {error}") from error


async def have(
    client: AsyncClient, catalog: str, scripts: Sequence[Script], brands: Sequence[str]
) -> list[TurnResult]:
    """Have all conversations one after another, so that times are those of an idle service."""
    return [result for script in scripts for result in await _conversation(client, catalog, script, brands)]


async def _conversation(
    client: AsyncClient, catalog: str, script: Script, brands: Sequence[str]
) -> list[TurnResult]:
    talk = client.conversation(catalog, f"turns-{script.id}")
    words: list[str] = []
    results = []
    for number, turn in enumerate(script.turns, 1):
        words.append(turn.say)
        results.append(await _turn(talk, script, number, words, brands))
    return results


@dataclass
class _Heard:
    """One turn while it is heard."""

    started: float
    answer: Answer = field(default_factory=Answer)
    shown: pb.ChatResponse.ProductList = field(default_factory=pb.ChatResponse.ProductList)
    first_products: float | None = None
    first_text: float | None = None

    def take(self, message: pb.ChatResponse) -> None:
        now = (time.perf_counter() - self.started) * _MILLISECONDS
        match message.WhichOneof("event"):
            case "products":
                self.shown = message.products
                self.first_products = now if self.first_products is None else self.first_products
            case "text_delta":
                self.first_text = now if self.first_text is None else self.first_text


async def _turn(
    talk: AsyncConversation, script: Script, number: int, words: Sequence[str], brands: Sequence[str]
) -> TurnResult:
    heard, error = _Heard(time.perf_counter()), ""
    try:
        async for message in talk.say(words[-1]):
            heard.take(message)
    except ApiError as failure:
        error = str(failure)
    total = (time.perf_counter() - heard.started) * _MILLISECONDS
    heard.answer = talk.answer
    report = check(heard.answer.text, facts_of(heard.answer, heard.shown, words, brands))
    return _result(script, number, heard, report, total, error)


def facts_of(
    answer: Answer, shown: pb.ChatResponse.ProductList, words: Sequence[str], brands: Sequence[str] = ()
) -> TurnFacts:
    """Return what an answer may rest on."""
    understood = answer.understanding or pb.ChatResponse.Understanding()
    return TurnFacts(
        sources=list(answer.finished.sources) if answer.finished else [],
        products=list(shown.results),
        outcomes=list(shown.constraint_outcomes),
        constraints=list(understood.constraints),
        scopes=list(understood.scopes),
        matched_size=shown.matched_size,
        total_price=shown.total_price if shown.HasField("total_price") else None,
        budget=understood.budget.total if understood.HasField("budget") else None,
        shopper_words=list(words),
        brands=brands,
    )


def _result(
    script: Script, number: int, heard: _Heard, report: Report, total: float, error: str
) -> TurnResult:
    turn, answer = script.turns[number - 1], heard.answer
    understood = answer.understanding or pb.ChatResponse.Understanding()
    end = answer.finished or pb.ChatResponse.TurnFinished()
    return TurnResult(
        script.id,
        number,
        script.language,
        turn.say,
        turn.intents,
        intent=understood.intent,
        text=answer.text,
        follow_up=answer.follow_up.question if answer.follow_up else "",
        products=[_product(p) for p in heard.shown.results],
        outcomes=[MessageToDict(o) for o in heard.shown.constraint_outcomes],
        understanding=MessageToDict(understood),
        sources=[MessageToDict(s) for s in end.sources],
        matched_size=heard.shown.matched_size,
        degradations=[f"{d.component}: {d.fallback}" for d in end.degradations],
        error=error or ("" if answer.finished else "the stream ended without turn_finished"),
        first_products_ms=heard.first_products,
        first_text_ms=heard.first_text,
        total_ms=total,
        stages_ms={t.stage: t.duration.ToNanoseconds() / 1e6 for t in end.timings},
        model_share=end.model_share,
        answered=end.answered,
        hand_over=end.hand_over,
        length=length_of(answer.text, script.language),
        checked=report.checked,
        ungrounded=[asdict(f) for f in report.findings],
    )


def _product(result: query_pb2.ScoredProduct) -> dict[str, Any]:
    product = MessageToDict(result.product)
    return {"product_id": result.product_id, "role": result.role, "score": result.score, **product}


def summarize(results: Sequence[TurnResult]) -> dict[str, Any]:
    """Return the measures over all turns and for each language."""
    summary = {"all": _measures(results)}
    for language in sorted({r.language for r in results}):
        summary[language] = _measures([r for r in results if r.language == language])
    return summary


def _measures(results: Sequence[TurnResult]) -> dict[str, Any]:
    bounded = [r for r in results if not r.error and r.expected[0] not in _SHORT_BY_NATURE]
    finished = [r for r in results if not r.error]
    stages = sorted({s for r in results for s in r.stages_ms})
    return {
        "turns": len(results),
        "failed": len(results) - len(finished),
        "degraded": sum(bool(r.degradations) for r in results),
        "degradations": dict(Counter(d for r in results for d in r.degradations).most_common()),
        "intent_hit_rate": _share(r.intent in r.expected for r in results),
        "first_products_ms": _quantiles([r.first_products_ms for r in results]),
        "first_text_ms": _quantiles([r.first_text_ms for r in results]),
        "total_ms": _quantiles([r.total_ms for r in finished]),
        "stages_p50_ms": {s: _median([r.stages_ms[s] for r in results if s in r.stages_ms]) for s in stages},
        "model_share": float(np.mean([r.model_share for r in finished])) if finished else 0.0,
        "length_within_bounds": _share(within_bounds(r.length, r.language) for r in bounded),
        "checked": sum(r.checked for r in results),
        "ungrounded": sum(len(r.ungrounded) for r in results),
        "turns_ungrounded": sum(bool(r.ungrounded) for r in results),
    }


def _share(hits: Any) -> float:  # noqa: ANN401 - an iterable of booleans
    values = list(hits)
    return sum(values) / len(values) if values else 0.0


def _median(values: Sequence[float]) -> float:
    return float(np.median(values))


def _quantiles(values: Sequence[float | None]) -> dict[str, float]:
    known = [v for v in values if v is not None]
    if not known:
        return {"n": 0.0}
    return {"p50": _median(known), "p95": float(np.percentile(known, 95)), "n": float(len(known))}


def summary_lines(summary: dict[str, Any], results: Sequence[TurnResult]) -> list[str]:
    """Return the measures, the misunderstood turns and the ungrounded statements as lines to read."""
    lines = [json.dumps(summary, ensure_ascii=False, indent=1)]
    lines += [f"failed: {r.script}#{r.number} {r.said}: {r.error}" for r in results if r.error]
    lines += [
        f"intent: {r.script}#{r.number} {r.said}: {r.intent or 'none'}, expected {'/'.join(r.expected)}"
        for r in results
        if not r.error and r.intent not in r.expected
    ]
    for result in results:
        lines += [
            f"ungrounded: {result.script}#{result.number} {f['kind']} {f['said']!r} {f['reason']}: {f['sentence']}"
            for f in result.ungrounded
        ]
    return lines

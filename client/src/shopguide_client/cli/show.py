"""How answers look in a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import answer_pb2, product_pb2, query_pb2
from shopguide_client.answer import Answer

_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_OUTCOMES = query_pb2.ConstraintOutcome.Outcome
_STRENGTHS = query_pb2.Constraint.Strength
_NANOS = 1_000_000_000
_MAX_TITLE = 60


def price_text(product: product_pb2.Product) -> str:
    """Return the price with its symbol, or a dash."""
    money = product.price
    if not money.currency_code:
        return "–"
    amount = money.units + money.nanos / _NANOS
    text = f"{amount:,.2f}".removesuffix(".00")
    return f"{_SYMBOLS.get(money.currency_code, money.currency_code + ' ')}{text}"


def rating_text(product: product_pb2.Product) -> str:
    """Return the stars, or a dash."""
    return f"{product.rating.average:.1f}★" if product.rating.count else "–"


def product_table(results: Iterable[query_pb2.ScoredProduct], scores: bool = False) -> Table:  # noqa: FBT001, FBT002
    """Return the products as a table, numbered as they are cited."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    columns = ("", "product", "brand", "price", "rating", *(("score",) if scores else ()))
    for column in columns:
        table.add_column(column, justify="right" if column in {"price", "rating", "score"} else "left")
    for number, result in enumerate(results, 1):
        product = result.product
        title = product.title[:_MAX_TITLE] + ("…" if len(product.title) > _MAX_TITLE else "")
        role = f"{result.role}: " if result.role else ""
        cells = [f"[{number}]", role + title, product.brand, price_text(product), rating_text(product)]
        table.add_row(*map(escape, cells), *((f"{result.score:.3f}",) if scores else ()))
    return table


def condition_text(condition: query_pb2.Condition) -> str:
    """Return a condition in a line, such as `price ≤ 2000`."""
    field = condition.field.removeprefix("attributes.")
    match condition.WhichOneof("test"):
        case "any_of":
            return f"{field} = {' | '.join(condition.any_of.values)}"
        case "none_of":
            return f"{field} ≠ {' | '.join(condition.none_of.values)}"
    bounds = condition.range
    if bounds.HasField("minimum") and bounds.HasField("maximum"):
        if bounds.minimum == bounds.maximum:
            return f"{field} = {bounds.minimum:g}"
        return f"{bounds.minimum:g} ≤ {field} ≤ {bounds.maximum:g}"
    return f"{field} ≥ {bounds.minimum:g}" if bounds.HasField("minimum") else f"{field} ≤ {bounds.maximum:g}"


def understanding_text(understanding: pb.ChatResponse.Understanding) -> str:
    """Return what was understood in a line."""
    parts = [understanding.intent]
    if understanding.search_query:
        parts.append(f"“{understanding.search_query}”")
    parts += [_constraint_text(c) for c in understanding.constraints]
    parts += [f"role {s.role}" for s in understanding.scopes]
    if understanding.HasField("budget"):
        total = understanding.budget.total
        parts.append(f"total ≤ {total.units} {total.currency_code}")
    return " · ".join(parts)


def _constraint_text(constraint: query_pb2.Constraint) -> str:
    strength = _STRENGTHS.Name(constraint.strength).removeprefix("STRENGTH_").lower()
    what = condition_text(constraint.condition) if constraint.HasField("condition") else constraint.evidence
    return f"{what} ({strength})"


def outcome_lines(outcomes: Iterable[query_pb2.ConstraintOutcome]) -> list[str]:
    """Return a line for each hard limit that did not simply hold."""
    lines = []
    for outcome in outcomes:
        kind = _OUTCOMES.Name(outcome.outcome).removeprefix("OUTCOME_").lower()
        if outcome.outcome == query_pb2.ConstraintOutcome.OUTCOME_APPLIED:
            continue
        asked = outcome.constraint
        what = condition_text(asked.condition) if asked.HasField("condition") else asked.evidence
        nearest = f", nearest {outcome.nearest_value:g}" if outcome.HasField("nearest_value") else ""
        lines.append(f"{kind}: {what} [{outcome.reason}{nearest}]")
    return lines


class TurnPrinter:
    """Prints a turn while it streams."""

    def __init__(self, console: Console, verbose: bool = False) -> None:  # noqa: FBT001, FBT002
        """Print to a console; `verbose` adds timings."""
        self._console = console
        self._verbose = verbose

    def show(self, messages: Iterable[pb.ChatResponse]) -> Answer:
        """Print every message as it comes; returns the whole answer."""
        answer = Answer()
        for message in messages:
            answer.add(message)
            self._message(message)
        return answer

    def _message(self, message: pb.ChatResponse) -> None:
        match message.WhichOneof("event"):
            case "understanding":
                self._dim(understanding_text(message.understanding))
            case "products":
                self._products(message.products)
            case "text_delta":
                # Markup would eat the citations: `[1]` is text here.
                self._console.print(message.text_delta, end="", markup=False, highlight=False)
            case "follow_up":
                self._follow_up(message.follow_up)
            case "turn_finished":
                self._finished(message.turn_finished)

    def _products(self, shown: pb.ChatResponse.ProductList) -> None:
        self._console.print(product_table(shown.results))
        for line in outcome_lines(shown.constraint_outcomes):
            self._dim(line)
        self._console.print()

    def _follow_up(self, follow_up: answer_pb2.FollowUp) -> None:
        answers = "".join(f" 〔{a.text}〕" for a in follow_up.suggested_answers)
        self._console.print(f"\n{follow_up.question}{answers}", end="", markup=False, highlight=False)

    def _finished(self, finished: pb.ChatResponse.TurnFinished) -> None:
        self._console.print()
        cited = [f"[{n}] {s.title[:_MAX_TITLE]}" for n, s in enumerate(finished.sources, 1)]
        if cited:
            self._dim("sources: " + " · ".join(cited[:8]) + (" …" if len(cited) > 8 else ""))  # noqa: PLR2004
        for lost in finished.degradations:
            self._dim(f"degraded: {lost.component} → {lost.fallback}")
        if finished.hand_over:
            self._dim("handed over to a person")
        if self._verbose:
            times = [f"{t.stage} {t.duration.ToNanoseconds() / 1e6:.0f} ms" for t in finished.timings]
            self._dim(f"timings: {' · '.join(times)} · model share {finished.model_share:.0%}")

    def _dim(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, highlight=False)

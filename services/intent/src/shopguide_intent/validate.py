"""What a request must be like before it is understood."""

from __future__ import annotations

from collections.abc import Sequence

from shopguide.intent.v1 import intent_service_pb2 as pb
from shopguide_runtime.validation import FIELD_OUT_OF_RANGE, FIELD_REQUIRED, Violations

MAX_CHARACTERS = 2000
MAX_TURNS = 20
MAX_SHOWN = 20
MAX_CONSTRAINTS = 64
MAX_BATCH = 64


def check(request: pb.UnderstandRequest) -> None:
    """Raise InvalidArgument naming every wrong field of a request."""
    violations = Violations()
    _check(violations, request, "")
    violations.raise_if_any()


def check_batch(requests: Sequence[pb.UnderstandRequest]) -> None:
    """Raise InvalidArgument naming every wrong field of a batch."""
    violations = Violations()
    violations.count("requests", len(requests), minimum=1, maximum=MAX_BATCH)
    for place, request in enumerate(requests[:MAX_BATCH]):
        _check(violations, request, f"requests[{place}].")
    violations.raise_if_any()


def _check(violations: Violations, request: pb.UnderstandRequest, prefix: str) -> None:
    violations.text(f"{prefix}text", request.text, max_chars=MAX_CHARACTERS)
    violations.count(f"{prefix}history", len(request.history), maximum=MAX_TURNS)
    for place, turn in enumerate(request.history[:MAX_TURNS]):
        if turn.role == pb.Turn.ROLE_UNSPECIFIED:
            violations.add(f"{prefix}history[{place}].role", "must be given", FIELD_REQUIRED)
    state = request.state
    violations.count(f"{prefix}state.shown_products", len(state.shown_products), maximum=MAX_SHOWN)
    violations.count(f"{prefix}state.constraints", len(state.constraints), maximum=MAX_CONSTRAINTS)
    if not 0 <= request.min_confidence <= 1:
        violations.add(f"{prefix}min_confidence", "must be between 0 and 1", FIELD_OUT_OF_RANGE)
    if request.currency_code and not (len(request.currency_code) == 3 and request.currency_code.isalpha()):  # noqa: PLR2004 (ISO 4217)
        violations.add(f"{prefix}currency_code", "must be an ISO 4217 code", FIELD_OUT_OF_RANGE)

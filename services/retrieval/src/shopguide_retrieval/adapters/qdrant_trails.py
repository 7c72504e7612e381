"""The trail of a shopper: the newest interactions as one string, because hundreds of them are read for one answer.

A payload of nested objects takes about a millisecond to decode for each shopper; a string takes a few microseconds.
"""

import json
from collections.abc import Sequence

from shopguide_retrieval.domain.shoppers import Interaction
from shopguide_retrieval.ports_recommend import Step

TRAIL = "trail"
"""Payload key."""

TRAIL_LENGTH = 60
"""Interactions in a trail: what lies further back says nothing about the next product."""


def encode_trail(interactions: Sequence[Interaction]) -> str:
    """Return the newest interactions as JSON: `[id, weight, time, [purchase times]]` each, the newest first."""
    rows = [
        [i.product_id, round(i.weight, 4), round(i.time), [round(t) for t in i.purchase_times]]
        for i in interactions[:TRAIL_LENGTH]
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def decode_trail(text: str) -> list[Step]:
    """Return the steps of a trail."""
    return [Step._make(row) for row in json.loads(text)]

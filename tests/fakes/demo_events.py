"""Products, events and planted truths of the demo catalogue, read from its files."""

import gzip
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from shopguide.type.v1 import product_pb2, user_event_pb2
from shopguide_client.importing import native

_DATA = resources.files("shopguide_devstack.catalogue") / "data"


def demo_products(language: str) -> list[product_pb2.Product]:
    """Return the products of `en` or `zh`."""
    return [native.product(row) for row in _rows("products") if row["id"].startswith(f"{language}-")]


def demo_events(language: str, groups: dict[str, str]) -> list[user_event_pb2.UserEvent]:
    """Return the events of these shoppers on products of one language."""
    return [
        _event(row)
        for row in _rows("events")
        if row["visitor_id"] in groups and row["lines"][0]["product_id"].startswith(f"{language}-")
    ]


def planted() -> dict[str, Any]:
    """Return what was planted: taste groups by shopper, complements."""
    return json.loads(gzip.decompress((_DATA / "truth.json.gz").read_bytes()))


def kind_of(product_id: str) -> str:
    """Return the kind that an id names: `phone-cases` of `en-phone-cases-018-v2`."""
    words = product_id.split("-")[1:]
    return "-".join(w for w in words if not w.isdigit() and not (w[0] == "v" and w[1:].isdigit()))


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    for line in gzip.decompress((_DATA / f"{kind}.jsonl.gz").read_bytes()).decode().splitlines():
        yield json.loads(line)


def _event(row: dict[str, Any]) -> user_event_pb2.UserEvent:
    event = user_event_pb2.UserEvent(event_id=row["event_id"], type=row["type"])
    event.shopper.visitor_id = row["visitor_id"]
    event.event_time.FromJsonString(row["event_time"])
    event.lines.extend(user_event_pb2.UserEvent.Line(product_id=line["product_id"]) for line in row["lines"])
    return event

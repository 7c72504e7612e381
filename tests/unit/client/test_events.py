"""Rows about what shoppers did."""

from importlib import resources

import pytest

from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_client.importing.events import event
from shopguide_client.importing.native import RowError
from shopguide_client.importing.rows import read_rows
from shopguide_devstack.catalogue.loader import load_catalogue

ROW = {"event_id": "e1", "type": "view", "visitor_id": "v1", "product_id": "p1"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"event_id": ""}, "event_id: is missing"),
        ({"type": ""}, "type"),
        ({"type": "stare"}, "type"),
        ({"type": None}, "type"),
        ({"event_time": "yesterday"}, "event_time"),
        ({"event_time": "99999999999999"}, "event_time"),
        ({"quantity": "two"}, "quantity: 'two' is not a whole number"),
        ({"unit_price": "1"}, "unit_price: has no currency"),
        ({"unit_price": "dear", "currency_code": "USD"}, "unit_price: 'dear' is not a number"),
        ({"lines": "p1"}, "lines: must be a list of objects"),
        ({"lines": ["p1"]}, "lines: must be a list of objects"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_row_names_its_field(change, said):
    """Each wrong field of a row is named."""
    with pytest.raises(RowError, match=said):
        event(ROW | change)


@pytest.mark.parametrize("kind", ["view", "VIEW", "TYPE_VIEW", " view "])
def test_types_may_be_short(kind):
    """A type is known with and without its prefix, in any case."""
    assert event(ROW | {"type": kind}).type == UserEvent.TYPE_VIEW


def test_the_message_s_own_form():
    """A row that already speaks the contract becomes that message."""
    row = {
        "event_id": "e1",
        "type": "TYPE_PURCHASE",
        "shopper": {"visitor_id": "v1", "user_id": "u1"},
        "event_time": "2026-05-02T00:21:32Z",
        "lines": [
            {"product_id": "p1", "quantity": 2, "unit_price": {"currency_code": "USD", "amount": "9.5"}}
        ],
    }
    found = event(row)
    assert (found.shopper.visitor_id, found.shopper.user_id) == ("v1", "u1")
    line = found.lines[0]
    assert (line.quantity, line.unit_price.units, line.unit_price.nanos) == (2, 9, 500_000_000)


def test_the_demo_catalogue_s_events_are_rows():
    """Every event of the demo catalogue that ships can be imported, and names a product of the catalogue."""
    with resources.as_file(resources.files("shopguide_devstack.catalogue") / "data") as folder:
        found = [event(row.values) for row in read_rows(folder / "events.jsonl.gz")]
    assert len(found) == len({e.event_id for e in found}) > 10_000
    known = {p.id for p in load_catalogue().products()}
    assert {line.product_id for e in found for line in e.lines} <= known

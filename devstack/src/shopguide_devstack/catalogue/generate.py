"""Makes the whole catalogue from a seed and writes its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shopguide_devstack.catalogue.faq import faq_entries
from shopguide_devstack.catalogue.items import Item, invent_items
from shopguide_devstack.catalogue.queries import judge_queries
from shopguide_devstack.catalogue.reviews import write_reviews
from shopguide_devstack.catalogue.shoppers import Shopper, complements, invent_shoppers, simulate_events
from shopguide_devstack.catalogue.specs import attribute_specs, categories
from shopguide_devstack.catalogue.texts import product
from shopguide_devstack.catalogue.writing import compact, json_line, json_lines, write_compressed

DEFAULT_SEED = 20261101
"""The seed of the catalogue that is shipped."""
TRUTH_FILE = "truth.json.gz"
"""What was planted, for evaluation only; no importer reads it."""


def catalogue_texts(seed: int = DEFAULT_SEED) -> dict[str, str]:
    """Return the content of every file by name; the same seed gives the same texts."""
    items = invent_items(seed)
    shoppers = invent_shoppers(items, seed)
    records: dict[str, list[Any]] = {
        "products": [product(item, seed) for item in items],
        "categories": list(categories()),
        "attributes": list(attribute_specs().values()),
        "reviews": list(write_reviews(items, seed)),
        "faq": list(faq_entries()),
        "events": list(simulate_events(shoppers, items, seed)),
        "queries": list(judge_queries(items)),
    }
    texts = {f"{name}.jsonl.gz": json_lines(asdict(row) for row in rows) for name, rows in records.items()}
    return {**texts, TRUTH_FILE: json_line(compact(truth(items, shoppers))) + "\n"}


def write_catalogue(folder: Path, seed: int = DEFAULT_SEED) -> None:
    """Write every file into `folder`, which is made if need be; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in catalogue_texts(seed).items():
        write_compressed(folder / name, text)


def truth(items: Sequence[Item], shoppers: Sequence[Shopper]) -> dict[str, Any]:
    """Return what was planted: taste groups, complementary kinds, and the aspects of every reviewed product."""
    return {
        "shopper_groups": {shopper.visitor_id: shopper.group.id for shopper in shoppers},
        "complements": [asdict(pair) for pair in complements()],
        "aspects": {
            item.id: {"loved": [a.id for a in item.loved], "disliked": [a.id for a in item.disliked]}
            for item in items
            if item.reviews
        },
    }

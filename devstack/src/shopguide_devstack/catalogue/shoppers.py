"""Simulates shoppers: groups with tastes, what they look at, put in the cart and buy together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from shopguide_devstack.catalogue.items import Item
from shopguide_devstack.catalogue.kinds import read_vocabulary
from shopguide_devstack.catalogue.model import LANGUAGES, Event, EventLine, Language
from shopguide_devstack.catalogue.reviews import LAST_DAY
from shopguide_devstack.catalogue.texts import money
from shopguide_devstack.catalogue.traits import Facts, holds

SHOPPERS = 620
"""How many shoppers there are, half of each language."""
EVENT_DAYS = 183
"""Events happened in this many days up to the last one: six months."""
OFF_TASTE = 0.12
"""Share of visits to a kind outside the taste of the group."""
CART_SHARE = 0.5
"""Share of visits that end with something in the cart."""
LATER_SHARE = 0.35
"""Share of complements that are bought on a later day instead of in the same order."""
BUY_SHARE = 0.62
"""Share of carts that are bought."""


@dataclass(frozen=True)
class TasteGroup:
    """Shoppers with a taste in common."""

    id: str
    """Name of the group, for evaluation only."""
    kinds: Mapping[str, float]
    """How often they shop for each kind."""
    tier: float
    """Price tier they prefer, from 0 to 1."""
    likes: Mapping[str, tuple[str, ...]]
    """Values they prefer, by attribute key, named in English."""


@dataclass(frozen=True)
class Complement:
    """Two kinds that are bought together."""

    anchor: str
    """Bought first."""
    partner: str
    """Bought with it or soon after."""
    share: float
    """Share of buyers of the anchor who buy the partner."""


@dataclass(frozen=True)
class Shopper:
    """One simulated shopper."""

    visitor_id: str
    """Pseudonym."""
    language: Language
    """Language of the products this shopper sees."""
    group: TasteGroup
    """Taste."""
    brands: frozenset[str]
    """Favourite brands."""


@cache
def taste_groups() -> tuple[TasteGroup, ...]:
    """Return the planted taste groups."""
    rows: dict[str, Any] = read_vocabulary("shoppers")["groups"]
    return tuple(
        TasteGroup(key, row["kinds"], row["tier"], {k: tuple(v) for k, v in row.get("likes", {}).items()})
        for key, row in rows.items()
    )


@cache
def complements() -> tuple[Complement, ...]:
    """Return the planted pairs of kinds that are bought together."""
    rows = read_vocabulary("shoppers")["complements"]
    return tuple(
        Complement(row["anchor"], partner, row["share"]) for row in rows for partner in row["partners"]
    )


def invent_shoppers(items: Sequence[Item], seed: int) -> tuple[Shopper, ...]:
    """Return the shoppers, the groups in turn so that each is equally large in each language."""
    brands = {lang: sorted({item.brand for item in items if item.language == lang}) for lang in LANGUAGES}
    shoppers = []
    for number in range(SHOPPERS):
        language = LANGUAGES[number % 2]
        group = taste_groups()[number // 2 % len(taste_groups())]
        rng = Random(f"{seed}/shoppers/{number}")
        favourites = frozenset(rng.sample(brands[language], 12))
        shoppers.append(Shopper(f"v{rng.getrandbits(40):010x}", language, group, favourites))
    return tuple(shoppers)


def simulate_events(shoppers: Sequence[Shopper], items: Sequence[Item], seed: int) -> tuple[Event, ...]:
    """Return everything the shoppers did, ordered by time and id."""
    shelf = Shelf(items, seed)
    events = [
        event
        for shopper in shoppers
        for event in Visits(shopper, shelf, Random(f"{seed}/events/{shopper.visitor_id}")).events()
    ]
    return tuple(sorted(events, key=lambda event: (event.event_time, event.event_id)))


class Shelf:
    """The products by language and kind, with their popularity."""

    def __init__(self, items: Sequence[Item], seed: int) -> None:
        """Sort the products into shelves; popularity is drawn once per product."""
        self._rows: dict[tuple[Language, str], list[Item]] = {}
        for item in items:
            self._rows.setdefault((item.language, item.kind.id), []).append(item)
        self._appeals: dict[tuple[str, str], float] = {}
        self._popularity: dict[str, float] = {
            item.id: (1.0 + item.reviews) ** 0.6
            * math.exp(Random(f"{seed}/popularity/{item.id}").gauss(0.0, 0.5))
            for item in items
        }

    def row(self, language: Language, kind: str) -> list[Item]:
        """Return the products of one kind in one language."""
        return self._rows[language, kind]

    def appeal(self, group: TasteGroup, item: Item) -> float:
        """Return how strongly a product attracts a group: popularity, price tier and preferred values."""
        key = group.id, item.id
        if key not in self._appeals:
            price_fit = math.exp(-(((item.tier - group.tier) / 0.3) ** 2))
            liking = math.pow(2.0, liked(group, item.facts))
            self._appeals[key] = self._popularity[item.id] * price_fit * liking
        return self._appeals[key]


class Visits:
    """What one shopper does."""

    def __init__(self, shopper: Shopper, shelf: Shelf, rng: Random) -> None:
        """Begin without any purchase."""
        self._shopper = shopper
        self._shelf = shelf
        self._rng = rng
        self._owned: set[str] = set()
        self._number = 0

    def events(self) -> Iterator[Event]:
        """Yield the events of all visits."""
        for _ in range(self._rng.randint(3, 11)):
            start = LAST_DAY - timedelta(days=self._rng.uniform(7, EVENT_DAYS))
            yield from self._visit(start.replace(microsecond=0))

    def _visit(self, now: datetime) -> Iterator[Event]:
        viewed = self._choose(self._kind(), self._rng.randint(1, 6), anchor=None)
        for item in viewed:
            now += timedelta(seconds=self._rng.randint(15, 240))
            yield self._event("VIEW", now, [item])
        if viewed and self._rng.random() < CART_SHARE:
            yield from self._checkout(viewed[0], now)

    def _checkout(self, item: Item, now: datetime) -> Iterator[Event]:
        now += timedelta(seconds=self._rng.randint(20, 300))
        yield self._event("ADD_TO_CART", now, [item])
        if self._rng.random() >= BUY_SHARE:
            return
        together, later = self._partners(item)
        for partner in together:
            now += timedelta(seconds=self._rng.randint(30, 300))
            yield self._event("VIEW", now, [partner])
            yield self._event("ADD_TO_CART", now + timedelta(seconds=9), [partner])
        yield self._buy([item, *together], now + timedelta(seconds=self._rng.randint(60, 600)))
        for partner in later:
            yield from self._return_for(partner, now + timedelta(hours=self._rng.randint(10, 150)))

    def _return_for(self, item: Item, now: datetime) -> Iterator[Event]:
        yield self._event("VIEW", now, [item])
        yield self._event("ADD_TO_CART", now + timedelta(seconds=40), [item])
        yield self._buy([item], now + timedelta(seconds=200))

    def _partners(self, item: Item) -> tuple[list[Item], list[Item]]:
        chosen: tuple[list[Item], list[Item]] = ([], [])
        for pair in complements():
            if pair.anchor == item.kind.id and self._rng.random() < pair.share:
                found = self._choose(pair.partner, 1, anchor=item)
                chosen[self._rng.random() < LATER_SHARE].extend(found)
        return chosen

    def _buy(self, items: list[Item], now: datetime) -> Event:
        self._owned.update(item.group_id for item in items)
        return self._event("PURCHASE", now, items)

    def _kind(self) -> str:
        kinds = self._shopper.group.kinds
        if self._rng.random() < OFF_TASTE:
            return self._rng.choice(sorted(all_kinds()))
        return self._rng.choices(list(kinds), list(kinds.values()))[0]

    def _choose(self, kind: str, count: int, anchor: Item | None) -> list[Item]:
        row = [
            item for item in self._shelf.row(self._shopper.language, kind) if item.group_id not in self._owned
        ]
        if anchor is not None:
            row = [item for item in row if fits(anchor, item)]
        drawn = self._rng.choices(row, [self._appeal(item) for item in row], k=count) if row else []
        return sorted(
            {item.id: item for item in drawn}.values(), key=lambda item: (-self._appeal(item), item.id)
        )

    def _appeal(self, item: Item) -> float:
        brand_fit = 2.5 if item.brand in self._shopper.brands else 1.0
        return self._shelf.appeal(self._shopper.group, item) * brand_fit

    def _event(self, kind: str, now: datetime, items: list[Item]) -> Event:
        self._number += 1
        paid = kind == "PURCHASE"
        return Event(
            event_id=f"{self._shopper.visitor_id}-{self._number:03d}",
            type=f"TYPE_{kind}",
            visitor_id=self._shopper.visitor_id,
            event_time=now.isoformat().replace("+00:00", "Z"),
            lines=tuple(EventLine(i.id, 1, money(i.price, i.language) if paid else None) for i in items),
        )


def all_kinds() -> frozenset[str]:
    """Return every kind that some group shops for."""
    return frozenset(kind for group in taste_groups() for kind in group.kinds)


def liked(group: TasteGroup, facts: Facts) -> int:
    """Count the attributes in which a product has a value that the group prefers."""
    return sum(any(holds(facts.get(key), value) for value in values) for key, values in group.likes.items())


def fits(anchor: Item, partner: Item) -> bool:
    """Return whether a partner can be used with the anchor: cases fit the phone, bags take the laptop."""
    made_for = partner.facts.get("fits_brand")
    if isinstance(made_for, tuple):
        return any(word.get(partner.language) == anchor.brand for word in made_for)
    room, screen = partner.facts.get("fits_inches"), anchor.facts.get("screen_inches")
    return not (isinstance(room, float) and isinstance(screen, float)) or room >= screen

# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""What is worth asking the shopper for."""

from __future__ import annotations

import re

from shopguide_intent.domain.model import CATEGORY, PRICE, Parse

_ORDER_NUMBER = re.compile(r"\d{6,}")
_ABOUT_ORDERS = re.compile(
    r"订单|快递|包裹|物流|退款|退货|换货|发货|我的货|\b(?:my (?:order|package|parcel|refund|delivery)|order|refund|delivered|shipped)\b",
    re.IGNORECASE,
)
_ASKS_NEED = frozenset(("SEARCH", "RECOMMEND"))
_ASKS_PRODUCT = frozenset(("COMPARE", "SIMILAR", "PRODUCT_QUESTION", "REVIEWS"))


def missing_slots(intent: str, parse: Parse, text: str) -> tuple[str, ...]:
    """Slots that the intent could use and the conversation has not filled, most useful first."""
    if intent in _ASKS_PRODUCT:
        return () if parse.references or parse.names_product or parse.search_query else ("product",)
    if intent in ("COMPLAINT", "SHOP_QUESTION"):
        asks = _ABOUT_ORDERS.search(text) if intent == "SHOP_QUESTION" else True
        return ("order_number",) if asks and not _ORDER_NUMBER.search(text) else ()
    if intent == "GIFT":
        return _first_empty(
            recipient=parse.need.recipient, occasion=parse.need.occasion, price=_priced(parse)
        )
    if intent == "BUNDLE":
        return _first_empty(
            budget=bool(parse.budget) or _priced(parse), occasion=parse.need.occasion or parse.need.uses
        )
    if intent in _ASKS_NEED:
        return _first_empty(
            category=_named(parse), use=parse.need.uses or parse.need.occasion, price=_priced(parse)
        )
    return ()


def _first_empty(**slots: object) -> tuple[str, ...]:
    return tuple(name for name, value in slots.items() if not value)


def _priced(parse: Parse) -> bool:
    return any(c.field == PRICE for c in parse.constraints)


def _named(parse: Parse) -> bool:
    return bool(parse.search_query) or any(c.field == CATEGORY for c in parse.constraints)

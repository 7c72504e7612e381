"""Whether a product, review or FAQ entry can be taken in; every wrong field is named."""

import re

from shopguide_retrieval.domain.model import AttributeValues, FaqEntry, Price, Product, Review
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_OUT_OF_RANGE, FIELD_REQUIRED, Violations

ATTRIBUTE_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
CURRENCY = re.compile(r"[A-Z]{3}")
CATALOG_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")

MAX_ID_BYTES = 128
MAX_TITLE_CHARS = 1_000
MAX_DESCRIPTION_CHARS = 20_000
MAX_CATEGORY_LEVELS = 10
MAX_ATTRIBUTES = 64
MAX_VALUES = 64
MAX_VALUE_CHARS = 500
MAX_URI_CHARS = 2_000
MAX_IMAGES = 50
MAX_MINOR = 2**53
"""Prices above this lose precision on their way through JSON and doubles."""


def check_product(product: Product) -> Violations:
    """Return what is wrong with a product, field by field; empty when it can be indexed."""
    found = Violations()
    _id(found, "id", product.id)
    _id(found, "group_id", product.group, required=False)
    found.text("title", product.title, max_chars=MAX_TITLE_CHARS)
    found.text("description", product.description, required=False, max_chars=MAX_DESCRIPTION_CHARS)
    found.text("brand", product.brand, required=False, max_chars=MAX_VALUE_CHARS)
    found.text("uri", product.uri, required=False, max_chars=MAX_URI_CHARS)
    found.count("image_uris", len(product.image_uris), maximum=MAX_IMAGES)
    _categories(found, product.category_path)
    _prices(found, product)
    _attributes(found, product)
    _rating(found, product)
    return found


def check_review(review: Review) -> Violations:
    """Return what is wrong with a review."""
    found = Violations()
    _id(found, "id", review.id)
    _id(found, "product_id", review.product_id)
    found.text("text", review.text, max_chars=5_000)
    if review.stars is not None:
        found.number("stars", review.stars, 1, 5)
    found.number("helpful_count", review.helpful_count, 0)
    return found


def check_faq_entry(entry: FaqEntry) -> Violations:
    """Return what is wrong with an FAQ entry."""
    found = Violations()
    _id(found, "id", entry.id)
    found.text("question", entry.question, max_chars=500)
    found.text("answer", entry.answer, max_chars=4_000)
    found.text("topic", entry.topic, required=False, max_chars=100)
    found.count("phrasings", len(entry.phrasings), maximum=20)
    for position, phrasing in enumerate(entry.phrasings):
        found.text(f"phrasings[{position}]", phrasing, max_chars=500)
    return found


def _id(found: Violations, field: str, value: str, *, required: bool = True) -> None:
    found.text(field, value, required=required, max_chars=MAX_ID_BYTES)
    if len(value.encode(errors="replace")) > MAX_ID_BYTES >= len(value):
        found.add(field, f"must be at most {MAX_ID_BYTES} UTF-8 bytes", FIELD_OUT_OF_RANGE)


def _categories(found: Violations, path: tuple[str, ...]) -> None:
    found.count("category_path", len(path), maximum=MAX_CATEGORY_LEVELS)
    for level, name in enumerate(path):
        found.text(f"category_path[{level}]", name, max_chars=MAX_VALUE_CHARS)


def _prices(found: Violations, product: Product) -> None:
    _price(found, "price", product.price)
    _price(found, "original_price", product.original_price)
    if product.original_price is None:
        return
    if product.price is None or product.price.currency != product.original_price.currency:
        found.add("original_price", "must be in the currency of price", FIELD_MALFORMED)


def _price(found: Violations, field: str, price: Price | None) -> None:
    if price is None:
        return
    if not price.currency:
        found.add(f"{field}.currency_code", "must not be empty", FIELD_REQUIRED)
    elif not CURRENCY.fullmatch(price.currency):
        found.add(f"{field}.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
    if not 0 <= price.minor < MAX_MINOR:
        found.add(field, "must not be negative or beyond 2^53 minor units", FIELD_OUT_OF_RANGE)


def _attributes(found: Violations, product: Product) -> None:
    found.count("attributes", len(product.attributes), maximum=MAX_ATTRIBUTES)
    for key, values in sorted(product.attributes.items()):
        if not ATTRIBUTE_KEY.fullmatch(key):
            found.add(f"attributes[{key[:64]!r}]", f"key must match {ATTRIBUTE_KEY.pattern}", FIELD_MALFORMED)
        _values(found, f"attributes.{key[:64]}", values)


def _values(found: Violations, field: str, values: AttributeValues) -> None:
    if bool(values.texts) == bool(values.numbers):
        found.add(field, "must have either texts or numbers", FIELD_MALFORMED)
    found.count(f"{field}.texts", len(values.texts), maximum=MAX_VALUES)
    found.count(f"{field}.numbers", len(values.numbers), maximum=MAX_VALUES)
    for position, text in enumerate(values.texts):
        found.text(f"{field}.texts[{position}]", text, max_chars=MAX_VALUE_CHARS)
    for position, number in enumerate(values.numbers):
        found.number(f"{field}.numbers[{position}]", number)


def _rating(found: Violations, product: Product) -> None:
    if product.rating is not None:
        found.number("rating.average", product.rating.average, 1, 5)
        found.number("rating.count", product.rating.count, 0)

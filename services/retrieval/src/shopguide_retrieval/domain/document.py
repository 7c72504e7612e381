"""How a product stands in the index: payload, sparse vector, text to embed, hashes."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from shopguide_retrieval.domain.bm25 import Bm25, SparseVector
from shopguide_retrieval.domain.catalog import AttributeKind, Catalog
from shopguide_retrieval.domain.digest import digest
from shopguide_retrieval.domain.discounts import discount
from shopguide_retrieval.domain.field_terms import write_terms
from shopguide_retrieval.domain.limits import number_term
from shopguide_retrieval.domain.model import AttributeValues, Availability, Price, Product, Rating
from shopguide_retrieval.domain.tokenizer import Terms, document_terms, pieces
from shopguide_runtime.text import detect_language, normalize_value

EMBEDDED_CHARS = 240
"""Latin characters of the text to embed, about 64 tokens of the encoder; Han characters count threefold."""

FIELD_WEIGHTS = {"title": 3.0, "brand": 2.0, "category": 1.0, "attributes": 0.5, "description": 0.5}
"""How much a term counts by where it stands; tuned on the English development queries."""

SATURATION = 0.8
LENGTH_NORMALISATION = 0.4
"""k1 and b of BM25 over products, tuned on the development queries of both languages: titles repeat little, and a long
text is a well described product rather than a vague one."""

INDEXED_DESCRIPTION_CHARS = 2_000
"""Longer descriptions repeat themselves; more text only lowers the weight of what stands first."""

LAYOUT = 4
"""Of the index form: payload, terms, text to embed. A new one makes the next import write every product again; vectors
of unchanged texts are kept."""

SEPARATOR = "\t"
"""Between the normalised and the shown form of an entry of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Document:
    """A product ready to be written, but for its dense vector."""

    product: Product
    text: str
    """To be embedded as a passage."""
    stored: str
    """The product as JSON."""
    text_hash: str
    """Changes when `text` does: the stored vector can be kept otherwise."""
    content_hash: str
    """Changes when anything does, the layout of the payload included."""


def document(product: Product) -> Document:
    """Return the document of a product."""
    text, stored = embedded_text(product), dump(product)
    return Document(product, text, stored, digest(text), digest(f"{LAYOUT} {stored}"))


def embedded_text(product: Product) -> str:
    """Return the text that the dense vector is made of: what fits of title, brand, last category and description.

    Attribute values take the description's place when there is none. Values beside a description, or twice the length,
    cost .01 to .02 nDCG@10 on the electronics catalogue of the development data.
    """
    leaf = product.category_path[-1] if product.category_path else ""
    brand = "" if normalize_value(product.brand) in normalize_value(product.title) else product.brand
    values = (text for key in sorted(product.attributes) for text in product.attributes[key].texts)
    rest = (product.description,) if product.description else values
    return _cut(". ".join(dict.fromkeys(p for p in (product.title, brand, leaf, *rest) if p)), EMBEDDED_CHARS)


def sparse_fields(product: Product) -> Iterator[tuple[str, float]]:
    """Yields the texts of the sparse vector with their weights."""
    yield product.title, FIELD_WEIGHTS["title"]
    yield product.brand, FIELD_WEIGHTS["brand"]
    yield " ".join(product.category_path), FIELD_WEIGHTS["category"]
    yield " ".join(_attribute_words(product)), FIELD_WEIGHTS["attributes"]
    yield product.description[:INDEXED_DESCRIPTION_CHARS], FIELD_WEIGHTS["description"]


def in_index(document: Document, average_length: float, now: float) -> tuple[SparseVector, dict[str, Any]]:
    """Return what is stored beside the dense vector (see `sparse_vector` and `payload`); each text is tokenized once."""
    terms = cache(document_terms)
    return sparse_vector(document.product, average_length, terms), payload(document, now, terms)


def sparse_vector(product: Product, average_length: float, terms: Terms = document_terms) -> SparseVector:
    """Return the BM25 vector of a product in a catalogue of this average length; `terms` tells those of a text."""
    return Bm25(average_length, SATURATION, LENGTH_NORMALISATION).document(sparse_fields(product), terms)


def payload(document: Document, now: float, terms: Terms = document_terms) -> dict[str, Any]:
    """Return everything stored with the vectors; `now` is the time of the write in Unix seconds."""
    product = document.product
    category = [normalize_value(c) for c in product.category_path]
    return {
        "id": product.id,
        "group": product.group or product.id,
        "brand": normalize_value(product.brand),
        "category": category,
        "leaf": category[-1] if category else "",
        "price": {product.price.currency.lower(): product.price.minor} if product.price else {},
        "currency": product.price.currency if product.price else "",
        "list_price": product.original_price.minor if product.original_price else None,
        "discount": discount(product),
        "availability": int(product.availability),
        "rating": product.rating.average if product.rating else None,
        "popularity": popularity(product),
        "language": product.language.split("-")[0].lower() or detect_language(product.title),
        "keys": sorted(product.attributes),
        "terms": sorted(set(_terms(product))),
        "numbers": {k: _plain_numbers(v.numbers) for k, v in product.attributes.items() if v.numbers},
        "vocabulary": sorted(set(_vocabulary(product))),
        "words": sorted(set(_spelled_words(product))),
        "field_terms": write_terms(
            product.title,
            product.brand,
            " ".join(product.category_path),
            " ".join(_attribute_words(product)),
            terms,
        ),
        "text_hash": document.text_hash,
        "content_hash": document.content_hash,
        "update_time": now,
        "product": document.stored,
    }


def popularity(product: Product) -> float:
    """Return the logarithm of how many shoppers rated a product."""
    return math.log1p(product.rating.count) if product.rating else 0.0


def kinds(product: Product, catalog: Catalog) -> dict[str, AttributeKind]:
    """Return the kind of each attribute of a product; BOOLEAN only where the catalogue's specification says so."""
    found = {}
    for key, values in product.attributes.items():
        spec = catalog.attributes.get(key)
        boolean = spec is not None and spec.kind is AttributeKind.BOOLEAN
        number = AttributeKind.BOOLEAN if boolean else AttributeKind.NUMBER
        found[key] = number if values.numbers else AttributeKind.TEXT
    return found


def dump(product: Product) -> str:
    """Return a product as compact JSON without its empty fields and without the time of its write."""
    fields = {
        "id": product.id,
        "title": product.title,
        "group": product.group,
        "description": product.description,
        "language": product.language,
        "category_path": product.category_path,
        "brand": product.brand,
        "price": _plain_price(product.price),
        "original_price": _plain_price(product.original_price),
        "availability": int(product.availability),
        "attributes": {k: _plain_values(v) for k, v in sorted(product.attributes.items())},
        "rating": [product.rating.average, product.rating.count] if product.rating else None,
        "uri": product.uri,
        "image_uris": product.image_uris,
    }
    return json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False, separators=(",", ":"))


def load(stored: str, update_time: float) -> Product:
    """Return the product that `dump` wrote."""
    raw = json.loads(stored)
    for name, kind in (("price", Price), ("original_price", Price), ("rating", Rating)):
        if name in raw:
            raw[name] = kind(*raw[name])
    raw["attributes"] = {k: _load_values(*v) for k, v in raw.get("attributes", {}).items()}
    raw["availability"] = Availability(raw.get("availability", 0))
    for name in ("category_path", "image_uris"):
        raw[name] = tuple(raw.get(name, ()))
    return Product(**raw, update_time=update_time)


def _plain_price(price: Price | None) -> list[int | str] | None:
    return [price.minor, price.currency] if price else None


def _plain_values(values: AttributeValues) -> list[Sequence[str] | Sequence[float] | str]:
    return [values.texts, values.numbers, values.unit]


def _plain_numbers(numbers: Sequence[float]) -> float | list[float]:
    """Return numbers as a filter takes them; one by itself is quicker to write and to read than in a list."""
    return numbers[0] if len(numbers) == 1 else list(numbers)


def _load_values(texts: Sequence[str], numbers: Sequence[float], unit: str) -> AttributeValues:
    return AttributeValues(tuple(texts), tuple(numbers), unit)


def _cut(text: str, room: int) -> str:
    """Cut where the room is used up, a character beyond Latin taking three times the place."""
    if len(text) * 3 <= room:
        return text
    used = 0
    for position, character in enumerate(text):
        used += 1 if character < "\u0250" else 3
        if used > room:
            return text[:position]
    return text


def _attribute_words(product: Product) -> Iterator[str]:
    for key in sorted(product.attributes):
        values = product.attributes[key]
        yield from values.texts
        if values.unit:
            yield from (number_term(n) + values.unit for n in values.numbers)


def _terms(product: Product) -> Iterator[str]:
    for key, values in product.attributes.items():
        yield from (f"{key}={normalize_value(t)}" for t in values.texts)
        yield from (f"{key}={number_term(n)}" for n in values.numbers)


def _spelled_words(product: Product) -> Iterator[str]:
    """Yield the Latin words that names are made of: what spelling is held against."""
    for text in (product.title, product.brand, *product.category_path):
        yield from (w for piece in pieces(text) for w in piece.split("-") if w.isascii() and w.isalpha())


def _vocabulary(product: Product) -> Iterator[str]:
    """Yield `field=normalised TAB shown` for texts and `attributes.key#number TAB unit` for numbers."""
    if product.brand:
        yield f"brand={normalize_value(product.brand)}{SEPARATOR}{product.brand}"
    for category in product.category_path:
        yield f"category={normalize_value(category)}{SEPARATOR}{category}"
    for key, values in product.attributes.items():
        yield from (f"attributes.{key}={normalize_value(t)}{SEPARATOR}{t}" for t in values.texts)
        yield from (f"attributes.{key}#{number_term(n)}{SEPARATOR}{values.unit}" for n in values.numbers)

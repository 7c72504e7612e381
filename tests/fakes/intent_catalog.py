"""The small vocabulary as the message that callers send."""

from __future__ import annotations

from fakes.intent_vocabulary import vocabulary
from shopguide.type.v1 import catalog_pb2

_KINDS = {
    "TEXT": catalog_pb2.AttributeSpec.KIND_TEXT,
    "NUMBER": catalog_pb2.AttributeSpec.KIND_NUMBER,
    "BOOLEAN": catalog_pb2.AttributeSpec.KIND_BOOLEAN,
}


def catalog_description(revision: str = "r1") -> catalog_pb2.CatalogDescription:
    """Everything that the vocabulary of the fakes holds."""
    words = vocabulary()
    description = catalog_pb2.CatalogDescription(
        catalog=words.catalog,
        revision=revision,
        product_count=words.product_count,
        encoder_fingerprint=words.encoder_fingerprint,
        brands=[catalog_pb2.ValueCount(value=b.value, count=b.count) for b in words.brands],
    )
    for place, code in enumerate(words.currencies):
        description.prices.add(currency_code=code, minimum=1, maximum=9999, count=100 - place)
    for category in words.categories:
        summary = description.categories.add(
            name=category.name, count=category.count, attribute_coverage=category.coverage
        )
        summary.spec.id = category.spec_id
        summary.spec.labels.add(language_code="zh", names=category.labels)
    for attribute in words.attributes:
        _add_attribute(description, attribute)
    return description


def _add_attribute(description, attribute) -> None:
    summary = description.attributes.add(count=attribute.count)
    summary.spec.key, summary.spec.unit = attribute.key, attribute.unit
    summary.spec.kind = _KINDS[attribute.kind]
    summary.spec.labels.add(language_code="zh", names=attribute.labels)
    for alias, values in attribute.aliases.items():
        summary.spec.value_aliases.add(alias=alias, values=values)
    for value in attribute.values:
        summary.values.add(value=value.value, count=value.count)
    if attribute.minimum is not None:
        summary.minimum, summary.maximum = attribute.minimum, attribute.maximum

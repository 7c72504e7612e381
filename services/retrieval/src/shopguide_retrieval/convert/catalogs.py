"""Names, specifications and descriptions of catalogues."""

from collections.abc import Iterable, Mapping

from shopguide.type.v1 import catalog_pb2
from shopguide_retrieval.domain.catalog import AttributeKind, AttributeSpec, CategorySpec
from shopguide_retrieval.domain.describe import (
    AttributeSummary,
    CategorySummary,
    Description,
)
from shopguide_retrieval.domain.validation import ATTRIBUTE_KEY, CATALOG_NAME
from shopguide_retrieval.domain.vocabulary import ValueCount
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_REQUIRED, FIELD_UNKNOWN_VALUE, Violations

PREFIX = "catalogs/"

_Pb = catalog_pb2.AttributeSpec
_KINDS = {
    _Pb.KIND_UNSPECIFIED: None,
    _Pb.KIND_TEXT: AttributeKind.TEXT,
    _Pb.KIND_NUMBER: AttributeKind.NUMBER,
    _Pb.KIND_BOOLEAN: AttributeKind.BOOLEAN,
}
_KIND_MESSAGES = {v: k for k, v in _KINDS.items()} | {AttributeKind.MIXED: _Pb.KIND_TEXT}


def catalog_name(found: Violations, resource: str, field: str = "catalog") -> str:
    """Return the name in `catalogs/<name>`; what is malformed is noted."""
    name = resource.removeprefix(PREFIX)
    if not resource:
        found.add(field, "must not be empty", FIELD_REQUIRED)
    elif name == resource or not CATALOG_NAME.fullmatch(name):
        found.add(field, f"must be {PREFIX}<name>, the name matching {CATALOG_NAME.pattern}", FIELD_MALFORMED)
    return name


def attribute_spec(found: Violations, field: str, message: catalog_pb2.AttributeSpec) -> AttributeSpec:
    """Return the specification of an attribute; what is malformed is noted."""
    found.identifier(f"{field}.key", message.key, pattern=ATTRIBUTE_KEY)
    if message.kind not in _KINDS:
        found.add(f"{field}.kind", "is not a value of the enum", FIELD_UNKNOWN_VALUE)
    return AttributeSpec(
        key=message.key,
        kind=_KINDS.get(message.kind),
        unit=found.text(f"{field}.unit", message.unit, required=False, max_chars=50),
        labels=_labels(found, f"{field}.labels", message.labels),
        higher_is_better=message.higher_is_better if message.HasField("higher_is_better") else None,
        value_aliases={
            found.text(f"{field}.value_aliases[{i}].alias", a.alias, max_chars=200): tuple(a.values)
            for i, a in enumerate(message.value_aliases)
        },
    )


def category_spec(found: Violations, field: str, message: catalog_pb2.CategorySpec) -> CategorySpec:
    """Return the specification of a category; what is malformed is noted."""
    identifier = found.text(f"{field}.id", message.id, max_chars=200)
    found.count(f"{field}.labels", len(message.labels), 1)
    return CategorySpec(identifier, _labels(found, f"{field}.labels", message.labels))


def description_message(stored: Description) -> catalog_pb2.CatalogDescription:
    """Return the message of a description."""
    return catalog_pb2.CatalogDescription(
        catalog=f"{PREFIX}{stored.catalog.name}",
        revision=stored.catalog.state,
        product_count=stored.product_count,
        prices=[
            catalog_pb2.PriceRange(
                currency_code=p.currency, minimum=p.minimum, maximum=p.maximum, count=p.count
            )
            for p in stored.prices
        ],
        brands=_counts(stored.brands),
        categories=[_category(c) for c in stored.categories],
        attributes=[_attribute(a) for a in stored.attributes],
        encoder_fingerprint=stored.catalog.fingerprint,
        languages=_counts(stored.languages),
        faq_count=stored.faq_count,
        review_count=stored.review_count,
    )


def _labels(
    found: Violations, field: str, messages: Iterable[catalog_pb2.Labels]
) -> Mapping[str, tuple[str, ...]]:
    labels: dict[str, tuple[str, ...]] = {}
    for position, message in enumerate(messages):
        at = f"{field}[{position}]"
        found.one_of(f"{at}.language_code", message.language_code, ("en", "zh"))
        found.count(f"{at}.names", len(message.names), 1, 32)
        names = (found.text(f"{at}.names[{i}]", n, max_chars=200) for i, n in enumerate(message.names))
        labels[message.language_code] = tuple(names)
    return labels


def _label_messages(labels: Mapping[str, tuple[str, ...]]) -> list[catalog_pb2.Labels]:
    return [catalog_pb2.Labels(language_code=k, names=v) for k, v in labels.items()]


def _counts(counts: Iterable[ValueCount]) -> list[catalog_pb2.ValueCount]:
    return [catalog_pb2.ValueCount(value=c.value, count=c.count) for c in counts]


def _category(summary: CategorySummary) -> catalog_pb2.CategorySummary:
    spec = summary.spec
    return catalog_pb2.CategorySummary(
        name=summary.name,
        count=summary.count,
        spec=catalog_pb2.CategorySpec(id=spec.id, labels=_label_messages(spec.labels)) if spec else None,
        attribute_coverage=summary.coverage,
    )


def _attribute(summary: AttributeSummary) -> catalog_pb2.AttributeSummary:
    spec = summary.spec
    return catalog_pb2.AttributeSummary(
        spec=catalog_pb2.AttributeSpec(
            key=spec.key,
            kind=_KIND_MESSAGES[spec.kind],
            unit=spec.unit,
            labels=_label_messages(spec.labels),
            higher_is_better=spec.higher_is_better,
            value_aliases=[catalog_pb2.ValueAlias(alias=a, values=v) for a, v in spec.value_aliases.items()],
        ),
        count=summary.count,
        minimum=summary.minimum,
        maximum=summary.maximum,
        values=_counts(summary.values),
    )

"""Typed facts from what retrieval found: the only things that an answer may say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from shopguide_gateway.domain.model import (
    Attribute,
    AttributeSpec,
    Deal,
    Fact,
    FaqMatch,
    Product,
    Review,
    Scored,
    Source,
)

CATALOG, FAQ, REVIEWS, RANKING = "catalog", "faq", "reviews", "ranking"
_MAX_DESCRIPTION = 600
_MAX_FACTS = 200
_MAX_REASONS = 10


def product_source(found: Scored, specs: Mapping[str, AttributeSpec], deal: Deal | None = None) -> Source:
    """Return the source of a product: its own fields, why it was found, then every attribute under its key."""
    product = found.product
    facts = (
        *_own_facts(product),
        *_deal_facts(deal),
        *(Fact("reason", word, RANKING) for word in found.reasons[:_MAX_REASONS]),
        *_attribute_facts(product, specs),
    )
    return Source(
        product.id,
        "PRODUCT",
        product.title,
        facts[:_MAX_FACTS],
        role=found.role,
        language=product.language,
    )


def _own_facts(product: Product) -> Iterator[Fact]:
    yield Fact("name", product.title, CATALOG)
    texts = {
        "brand": product.brand,
        "category": product.category_path[-1] if product.category_path else "",
        "description": product.description[:_MAX_DESCRIPTION],
        "availability": "" if product.availability == "UNSPECIFIED" else product.availability,
    }
    yield from (Fact(key, text, CATALOG) for key, text in texts.items() if text)
    if product.price is not None:
        yield Fact("price", product.price, CATALOG)
    if product.original_price is not None and product.original_price != product.price:
        yield Fact("list_price", product.original_price, CATALOG)
    if product.rating:
        yield Fact("rating", round(product.rating, 1), CATALOG)
    if product.rating_count:
        yield Fact("rating_count", float(product.rating_count), CATALOG)


def _deal_facts(deal: Deal | None) -> Iterator[Fact]:
    if deal is None:
        return
    if deal.saving is not None:
        yield Fact("saving", deal.saving, CATALOG)
    if deal.discount_share is not None:
        yield Fact("discount_share", deal.discount_share, CATALOG)
    if deal.cheaper_than_share is not None:
        yield Fact("cheaper_than_share", deal.cheaper_than_share, CATALOG)


def _attribute_facts(product: Product, specs: Mapping[str, AttributeSpec]) -> Iterator[Fact]:
    for key, attribute in sorted(product.attributes.items()):
        yield from _facts_of(key, attribute, specs.get(key) or AttributeSpec(key, "TEXT"))


def _facts_of(key: str, attribute: Attribute, spec: AttributeSpec) -> Iterator[Fact]:
    named = Fact(key, "", CATALOG, labels=spec.labels, higher_is_better=spec.higher_is_better)
    for text in attribute.texts:
        yield replace(named, value=text)
    for number in attribute.numbers:
        if spec.kind == "BOOLEAN":
            yield replace(named, value=bool(number))
        else:
            yield replace(named, value=float(number), unit=attribute.unit or spec.unit)


def policy_source(match: FaqMatch) -> Source:
    """Return the source of an entry of the shop's FAQ."""
    facts = (Fact("question", match.question, FAQ), Fact("answer", match.answer, FAQ))
    return Source(match.id, "POLICY", match.question, facts, language=match.language)


def review_sources(reviews: Iterable[Review]) -> tuple[Source, ...]:
    """Return one source for each review, with its text and stars."""
    return tuple(_review_source(review) for review in reviews)


def _review_source(review: Review) -> Source:
    stars = (Fact("stars", review.stars, REVIEWS),) if review.stars is not None else ()
    return Source(
        review.id,
        "REVIEW",
        review.text[:40],
        (Fact("text", review.text, REVIEWS), *stars),
        subject_id=review.product_id,
        language=review.language,
    )


def digest_source(product: Product, total: int, reviews: Sequence[Review]) -> Source:
    """Return counts over the reviews of a product: how many there are, how many of them have stars, and the mean.

    When not all of them were read, the rating that the catalogue states stands in for the mean.
    """
    stars = [r.stars for r in reviews if r.stars is not None]
    facts = [Fact("review_count", float(total), REVIEWS)]
    if len(reviews) < total:
        facts += [Fact("rating", round(product.rating, 1), CATALOG)] if product.rating else []
    elif stars:
        facts.append(Fact("rated_count", float(len(stars)), REVIEWS))
        facts.append(Fact("mean_stars", round(sum(stars) / len(stars), 1), REVIEWS))
    return Source(
        f"{product.id}#reviews", "REVIEW_DIGEST", product.title, tuple(facts), subject_id=product.id
    )

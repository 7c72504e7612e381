"""What must hold of the reviews and the help pages."""

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest

from shopguide_devstack.catalogue import Catalogue
from shopguide_devstack.catalogue.kinds import kinds
from shopguide_devstack.catalogue.model import Product, Review
from shopguide_devstack.catalogue.ratings import apportion, stars_histogram
from shopguide_devstack.catalogue.reviews import sentence_case

HAN = re.compile(r"[\u4e00-\u9fff]")


def test_floor_and_ids(reviews: list[Review]) -> None:
    """There are at least four thousand reviews, each with an id of its own."""
    assert len({review.id for review in reviews}) == len(reviews) >= 4000


def test_reviews_belong_to_products_of_their_language(products: list[Product], reviews: list[Review]) -> None:
    """Every review names a product and is written in its language."""
    language = {product.id: product.language_code for product in products}
    assert all(language[review.product_id] == review.language_code for review in reviews)
    assert all(bool(HAN.search(review.text)) == (review.language_code == "zh-Hans") for review in reviews)


def test_texts_are_filled_and_varied(reviews: list[Review]) -> None:
    """No placeholder is left, nearly all texts differ, and none stands twice under one product."""
    assert not [review.id for review in reviews if re.search(r"[{}|]|None", review.text)]
    assert len({review.text for review in reviews}) > 0.97 * len(reviews)
    repeated = Counter((review.product_id, review.text) for review in reviews)
    assert max(repeated.values()) == 1


def test_ratings_agree_with_reviews(products: list[Product], reviews: list[Review]) -> None:
    """A product has at least as many ratings as reviews, and with ten reviews or more the means agree."""
    stars = defaultdict(list)
    for review in reviews:
        stars[review.product_id].append(review.stars)
    ratings = {product.id: product.rating for product in products}
    for product_id, given in stars.items():
        rating = ratings[product_id]
        assert rating is not None
        assert rating.count >= len(given)
        assert len(given) < 10 or abs(rating.average - sum(given) / len(given)) <= 0.25


def test_some_products_are_unrated(products: list[Product]) -> None:
    """A few products are new: they have no rating at all, and no product has a rating of nobody."""
    unrated = [product for product in products if product.rating is None]
    assert 3 <= len(unrated) <= 0.1 * len(products)
    assert all(1 <= p.rating.average <= 5 and p.rating.count > 0 for p in products if p.rating)


def test_reviews_are_spread_over_eighteen_months(reviews: list[Review]) -> None:
    """The reviews cover between 17 and 18 and a half months."""
    times = [datetime.fromisoformat(review.create_time) for review in reviews]
    assert timedelta(days=510) <= max(times) - min(times) <= timedelta(days=560)


def test_planted_aspects_dominate(catalogue: Catalogue, reviews: list[Review]) -> None:
    """Clauses that praise a planted aspect are the most frequent praise of the product that has most reviews."""
    planted = catalogue.truth()["aspects"]["zh-hair-dryers-001"]
    kind = next(kind for kind in kinds() if kind.id == "hair_dryers")
    texts = [review.text for review in reviews if review.product_id == "zh-hair-dryers-001"]
    praised: Counter[str] = Counter()
    blamed: Counter[str] = Counter()
    for aspect in kind.aspects:
        praised[aspect.id] = sum(any(said in text for said in aspect.praise["zh"]) for text in texts)
        blamed[aspect.id] = sum(any(said in text for said in aspect.complaint["zh"]) for text in texts)
    assert {aspect for aspect, _ in praised.most_common(3)} == set(planted["loved"])
    assert {aspect for aspect, _ in blamed.most_common(2)} == set(planted["disliked"])


def test_no_review_contradicts_itself(reviews: list[Review]) -> None:
    """No review praises and blames the same aspect of a hair dryer."""
    kind = next(kind for kind in kinds() if kind.id == "hair_dryers")
    for review in (review for review in reviews if review.product_id == "en-hair-dryers-001"):
        text = review.text.lower()
        for aspect in kind.aspects:
            praised = any(said.lower() in text for said in aspect.praise["en"])
            assert not (praised and any(said.lower() in text for said in aspect.complaint["en"])), review.text


def test_stars_agree_with_the_mood(reviews: list[Review]) -> None:
    """Closings of angry reviews never stand under five stars, closings of happy ones never under one."""
    assert not [
        r.id for r in reviews if r.stars == 5 and re.search("钱白花了|不会再买|Waste of money", r.text)
    ]
    assert not [r.id for r in reviews if r.stars == 1 and re.search("会推荐给朋友|Would buy again", r.text)]


@pytest.mark.parametrize(("mean", "count"), [(4.6, 312), (3.1, 10), (4.95, 7), (3.5, 0)])
def test_histogram_has_the_count_and_the_mean(mean: float, count: int) -> None:
    """A histogram of stars has as many ratings as asked and their mean, as closely as whole numbers allow."""
    histogram = stars_histogram(mean, count)
    assert sum(histogram) == count
    if count:
        found = sum(stars * n for stars, n in enumerate(histogram, start=1)) / count
        assert abs(found - mean) <= 1.5 / count + 0.01


def test_apportion_prefers_the_largest_remainder() -> None:
    """Seats that are left over go to the largest remainders."""
    assert apportion([0.5, 0.26, 0.24], 10) == (5, 3, 2)


def test_sentences_begin_with_capitals() -> None:
    """Every sentence of an English review begins with a capital, abbreviations of numbers stay as they are."""
    assert sentence_case("great value. 30 % left! also 3.5 mm.") == "Great value. 30 % left! Also 3.5 mm."


def test_help_pages_come_in_pairs(catalogue: Catalogue) -> None:
    """There are at least forty topics, each in both languages, with several phrasings."""
    topics = defaultdict(dict)
    for entry in catalogue.faq():
        topics[entry.topic][entry.language_code] = entry
        assert len(entry.phrasings) >= 3
        assert bool(HAN.search(entry.question + entry.answer)) == (entry.language_code == "zh-Hans")
    assert len(topics) >= 40
    assert all(pair.keys() == {"zh-Hans", "en"} for pair in topics.values())


def test_help_answers_are_concrete(catalogue: Catalogue) -> None:
    """At least nine in ten answers state a number: days, hours or fees."""
    answers = [entry.answer for entry in catalogue.faq()]
    assert sum(bool(re.search(r"\d", answer)) for answer in answers) >= 0.9 * len(answers)


def test_help_questions_are_distinct(catalogue: Catalogue) -> None:
    """No question or phrasing stands under two topics."""
    asked = Counter(text for entry in catalogue.faq() for text in (entry.question, *entry.phrasings))
    assert [text for text, n in asked.items() if n > 1] == []

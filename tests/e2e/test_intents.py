"""Every job of the guide, end to end, in both languages."""

import pytest

from fakes.shopper import price, texts

RECOMMENDED = {"SEARCH", "RECOMMEND", "GIFT", "DEAL", "BUNDLE", "SIMILAR"}


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("想买个吹风机", "吹风机"),
        ("降噪耳机", "耳机"),
        ("summer dress", "Dresses"),
        ("headphones for running", "Headphones"),
    ],
)
def test_a_search_shows_what_was_named(shopper, words, category):
    """A search shows products of the category that was named, and speaks of them with citations."""
    turn = shopper().say(words)
    assert turn.intent in RECOMMENDED
    assert {product.category_path[-1] for product in turn.products} == {category}
    assert len(turn.products) == 3
    assert set(turn.answer.citations[0].source_ids) <= set(turn.ids)


@pytest.mark.parametrize("words", ["给我推荐一副通勤用的耳机", "recommend me headphones for the office"])
def test_a_recommendation_shows_products(shopper, words):
    """Asking for advice brings products and a text about them."""
    turn = shopper().say(words)
    assert turn.intent in {"RECOMMEND", "SEARCH"}
    assert turn.products
    assert turn.answer.citations


@pytest.mark.parametrize("words", ["送妈妈的吹风机", "gift for my girlfriend, a nice clutch"])
def test_gift_advice_shows_products(shopper, words):
    """Asking for a gift is understood as that and brings products."""
    turn = shopper().say(words)
    assert turn.intent == "GIFT"
    assert turn.products


@pytest.mark.parametrize("words", ["耳机有什么优惠", "best deals on headphones"])
def test_deals_are_cheaper_than_their_list_price(shopper, words):
    """Asking for deals brings products that cost less than before."""
    turn = shopper().say(words)
    assert turn.intent == "DEAL"
    assert turn.products
    for product in turn.products:
        assert product.original_price.units > product.price.units


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("头戴式降噪耳机", "有没有跟第一个差不多的"),
        ("over-ear headphones", "anything similar to the first one?"),
    ],
)
def test_similar_products_are_of_the_same_kind_and_others(shopper, first, then):
    """Products similar to one in view are of its category, and it is not among them."""
    person = shopper()
    seen = person.say(first)
    turn = person.say(then)
    assert turn.intent == "SIMILAR"
    assert turn.products
    assert seen.ids[0] not in turn.ids
    assert {p.category_path[-1] for p in turn.products} == {seen.products[0].category_path[-1]}


@pytest.mark.parametrize(
    ("first", "then"),
    [("头戴式降噪耳机", "第一个和第二个有什么区别"), ("over-ear headphones", "compare the first two")],
)
def test_a_comparison_is_about_the_products_pointed_at(shopper, first, then):
    """Comparing two products in view cites both and no other."""
    person = shopper()
    seen = person.say(first)
    turn = person.say(then)
    assert turn.intent == "COMPARE"
    assert turn.ids == seen.ids[:2]
    cited = {source for citation in turn.answer.citations for source in citation.source_ids}
    assert cited == set(seen.ids[:2])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("头戴式降噪耳机", "第一个续航多久"),
        ("over-ear headphones", "how long is the battery life of the first one?"),
    ],
)
def test_a_question_about_a_product_is_answered_with_its_fact(shopper, shop, first, then):
    """The answer to a question about a product states its value from the catalogue."""
    person = shopper()
    seen = person.say(first)
    turn = person.say(then)
    assert turn.intent == "PRODUCT_QUESTION"
    assert turn.ids == seen.ids[:1]
    hours = shop.products[seen.ids[0]].attributes["battery_hours"].numbers[0]
    assert f"{hours:g}" in turn.text


@pytest.mark.parametrize(
    ("words", "topic"),
    [("退货邮费谁出", "faq-return-postage-zh"), ("who pays return shipping?", "faq-return-postage-en")],
)
def test_a_question_about_the_shop_cites_its_help_page(shopper, words, topic):
    """A question about the shop is answered from its FAQ, with a citation of the entry, and sells nothing."""
    turn = shopper().say(words)
    assert turn.intent == "SHOP_QUESTION"
    assert not turn.products
    assert topic in {source for citation in turn.answer.citations for source in citation.source_ids}


@pytest.mark.parametrize(
    "words", ["吹风机寄来就是坏的，已经第二次了", "blender arrived with a cracked jar. third time."]
)
def test_a_complaint_sells_nothing_and_goes_to_a_person_when_repeated(shopper, words):
    """A complaint gets no products, and a repeated one is handed over."""
    turn = shopper().say(words)
    assert turn.intent == "COMPLAINT"
    assert not turn.products
    assert turn.end.hand_over


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reviews_are_summed_up_from_the_reviews(shopper, shop, language):
    """A question about what buyers say is answered from the reviews of the product named."""
    reviewed = {review.product_id for review in shop.reviews}
    product = next(
        p for p in shop.products.values() if p.id in reviewed and p.language_code.startswith(language)
    )
    title = " ".join(product.title.split()[:3])
    turn = shopper().say(
        f"{title} 大家评价怎么样" if language == "zh" else f"what do reviews say about {title}?"
    )
    assert turn.intent == "REVIEWS"
    kinds = [source.kind for source in turn.end.sources]
    assert len(kinds) > 1
    assert turn.end.sources[1].subject_id == turn.end.sources[0].id


@pytest.mark.parametrize("words", ["你好", "hi there"])
def test_small_talk_is_answered_without_products(shopper, words):
    """Small talk gets an answer and no products."""
    turn = shopper().say(words)
    assert turn.intent == "CHITCHAT"
    assert not turn.products


@pytest.mark.parametrize(
    ("words", "total", "currency"),
    [("outfit for a beach wedding: dress, sandals and a clutch, 250 total", 250, "USD")],
)
def test_a_bundle_stays_within_its_total(shopper, words, total, currency):
    """A wish with several roles gets one product for each, and together they cost no more than was said."""
    turn = shopper().say(words)
    assert [product.category_path[-1] for product in turn.products] == ["Dresses", "Sandals", "Clutches"]
    assert {product.price.currency_code for product in turn.products} == {currency}
    spent = sum(map(price, turn.products))
    assert spent <= total
    shown = next(m.products for m in turn.messages if m.WhichOneof("event") == "products")
    assert shown.total_price.units + shown.total_price.nanos / 1e9 == pytest.approx(spent)


def test_a_colour_that_is_wished_for_comes_first(shopper):
    """A wish that is no limit ranks what has it first."""
    turn = shopper().say("black over-ear headphones")
    assert texts(turn.products[0], "color") == ["black"]

# ruff: noqa: E501 (tables read better unbroken)
"""From words to constraints on the catalogue's fields."""

import pytest

from fakes.intent_messages import PLAIN, limits, parse
from shopguide_intent.domain.model import Strength


@pytest.mark.parametrize(
    ("text", "field", "bounds"),
    [
        ("至少16GB内存的笔记本", "attributes.memory_gb", (16, None)),
        ("内存16以上的笔记本", "attributes.memory_gb", (16, None)),
        ("laptop with at least 16gb ram", "attributes.memory_gb", (16, None)),
        ("laptop with 1TB ssd or more", "attributes.storage_gb", (1000, None)),
        ("笔记本 硬盘不超过1TB", "attributes.storage_gb", (None, 1024)),
        ("40+ hours of battery headphones", "attributes.battery_hours", (40, None)),
        ("续航40小时以上的耳机", "attributes.battery_hours", (40, None)),
        ("headphones with over 2400 minutes battery life", "attributes.battery_hours", (40, None)),
        ("蓝牙5.3以上的耳机", "attributes.bluetooth_version", (5.3, None)),
        ("bluetooth 5.2 or higher headphones", "attributes.bluetooth_version", (5.2, None)),
        ("6.5寸以上的手机", "attributes.screen_inches", (6.5, None)),
        ("手机厚度不超过0.9厘米", "attributes.thickness", (None, 9)),
        ("laptop lighter than 1.5 kg", "attributes.weight", (None, 1500)),
        ("比1.5公斤轻的笔记本", "attributes.weight", (None, 1500)),
        ("耳机重量250克以下", "attributes.weight", (None, 250)),
        ("笔记本 3斤以内", "attributes.weight", (None, 1500)),
        ("手机 5000毫安以上", "attributes.battery_mah", (5000, None)),
        ("headphones rated 4.5 or higher", "rating", (4.5, None)),
        ("评分4.5以上的耳机", "rating", (4.5, None)),
        ("phones (4.5+ star rating)", "rating", (4.5, None)),
        ("laptop between 1 and 2 kg", "attributes.weight", (1000, 2000)),
    ],
)
def test_a_number_limit_finds_its_attribute_and_unit(
    text: str, field: str, bounds: tuple[float | None, float | None]
) -> None:
    """A limit with a unit or a name becomes hard bounds in the catalogue's unit."""
    assert limits(parse(text)) == {field: bounds}


@pytest.mark.parametrize(
    "text", ["128gb phone", "15 inch laptop", "3 foot cable", "phone 6.5寸", "headphones 5.0"]
)
def test_a_number_without_a_comparator_is_no_limit(text: str) -> None:
    """A size that is merely named stays in the query."""
    found = parse(text)
    assert limits(found) == {}
    assert found.search_query == text


def test_a_quantity_the_catalogue_lacks_is_unsupported() -> None:
    """A limit that no attribute can express is said, not guessed, and its words stay."""
    found = parse("laptop with at least 144 hz")
    assert limits(found) == {}
    assert limits(found, Strength.UNSUPPORTED)
    assert "144 hz" in found.search_query


def test_memory_is_not_taken_for_storage() -> None:
    """Two attributes share the unit: without a name, plausible values decide; with one, the name does."""
    assert limits(parse("手机 至少512G存储")) == {"attributes.storage_gb": (512, None)}
    assert limits(parse("笔记本 至少16GB")) == {"attributes.memory_gb": (16, None)}


def test_review_counts_are_unsupported_and_leave_the_query() -> None:
    """The number of reviews is no field of a condition."""
    found = parse("phones with at least 300 reviews under $200")
    assert limits(found) == {"price": (None, 200)}
    assert found.search_query == "phones"
    assert limits(found, Strength.UNSUPPORTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "降噪耳机，不要入耳式的",
            {"attributes.noise_cancelling": (1, 1), "attributes.form": ("not", "入耳式", "in-ear")},
        ),
        ("手机 不要苹果", {"brand": ("not", "Apple")}),
        ("phones, no Apple or Sony", {"brand": ("not", "Apple", "Sony")}),
        ("别给我推荐索尼和华为的耳机", {"brand": ("not", "Sony", "华为")}),
        ("除了苹果，还有什么手机", {"brand": ("not", "Apple")}),
        ("sandals, not leather", {"attributes.material": ("not", "leather")}),
        ("phones except Samsung", {"brand": ("not", "Samsung")}),
        ("headphones without vibration", {"attributes.vibration": (None, 0)}),
        ("手机，别推荐华为", {"brand": ("not", "华为")}),
        ("anything but Lenovo laptops", {"brand": ("not", "Lenovo")}),
    ],
)
def test_a_negation_that_grounds_is_hard(text: str, expected: dict[str, object]) -> None:
    """What is denied and known to the catalogue is excluded."""
    assert limits(parse(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "envelopes without window", "knife sets without block", "dewalt tool cases without tools", "outdoor ceiling fan without light",
        "wall lamp without cord", "pure monkfruit sweetener without erythritol", "paper bags without handles",
    ],
)  # fmt: skip
def test_a_negation_that_does_not_ground_stays_in_the_query(text: str) -> None:
    """Unknown words are searched as they are and reported as unsupported."""
    found = parse(text)
    assert found.search_query == text
    assert limits(found) == {}
    assert len(limits(found, Strength.UNSUPPORTED)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "watch the game not your phone tshirt",
        "无线耳机",
        "不锈钢锅",
        "not too expensive dress",
        "有没有手机",
        "non stick pan",
        "要不要买手机",
        "no problem",
    ],
)
def test_what_only_looks_like_a_negation_denies_nothing(text: str) -> None:
    """Idioms, words and questions are no wishes to exclude."""
    found = parse(text)
    assert not [c for c in found.constraints if c.condition is None or c.condition.none_of]


def test_a_named_brand_ranks_unless_it_is_the_only_one_wanted() -> None:
    """A brand is soft; "only" makes it hard."""
    assert limits(parse("苹果手机"), Strength.SOFT)["brand"] == ("Apple",)
    assert limits(parse("苹果手机")) == {}
    assert limits(parse("只要苹果的手机")) == {"brand": ("Apple",)}
    assert limits(parse("only Samsung phones")) == {"brand": ("Samsung",)}


def test_an_everyday_word_is_not_its_brand() -> None:
    """苹果 by the pound is fruit."""
    assert "brand" not in limits(parse("苹果 10斤 新鲜"), Strength.SOFT)
    assert "brand" not in limits(parse("fresh apple juice"), Strength.SOFT)


def test_a_value_is_hard_where_the_category_always_states_it() -> None:
    """Colour is stated by all dresses and by few laptops."""
    assert limits(parse("red dress")) == {"attributes.color": ("red", "dark red")}
    assert limits(parse("red laptop")) == {}
    assert limits(parse("red laptop"), Strength.SOFT)["attributes.color"] == ("red", "dark red")
    assert limits(parse("something red")) == {}


def test_a_category_is_soft_and_holds_all_its_names() -> None:
    """A category ranks; both stored names count."""
    assert limits(parse("earphones"), Strength.SOFT) == {"category": ("耳机", "Headphones")}


def test_currencies_follow_the_words_then_the_language() -> None:
    """A written currency decides; a number alone takes the language's; a foreign one cannot be applied."""
    assert [
        c.condition.currency for c in parse("手机 2000以内").constraints if c.field == "price" and c.condition
    ] == ["CNY"]
    assert [
        c.condition.currency
        for c in parse("phone under 200").constraints
        if c.field == "price" and c.condition
    ] == ["USD"]
    assert [
        c.condition.currency for c in parse("手机 $200以内").constraints if c.field == "price" and c.condition
    ] == ["USD"]
    assert limits(parse("手机 €200 以内"), Strength.UNSUPPORTED)


def test_without_a_vocabulary_prices_are_still_read() -> None:
    """Nothing is grounded, nothing is lost."""
    found = parse("两千以内的降噪耳机，不要入耳式的", parser=PLAIN)
    assert limits(found) == {"price": (None, 2000)}
    assert "降噪耳机" in found.search_query


@pytest.mark.parametrize(
    ("text", "field", "descending"),
    [
        ("最便宜的降噪耳机", "price", False), ("cheapest phone", "price", False), ("评分最高的耳机", "rating", True),
        ("highest rated headphones", "rating", True), ("lightest laptop", "attributes.weight", False), ("续航最长的耳机", "attributes.battery_hours", True),
        ("headphones with longest battery life", "attributes.battery_hours", True), ("最轻的笔记本", "attributes.weight", False),
    ],
)  # fmt: skip
def test_an_ordering_wish_names_its_field(text: str, field: str, descending: bool) -> None:
    """Superlatives become an order, not a limit."""
    found = parse(text)
    assert found.ordering is not None
    assert (found.ordering.field, found.ordering.descending) == (field, descending)
    assert "price" not in limits(found)


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("laptop with 16 GB memory", "attributes.memory_gb", (16, None)),
        ("笔记本 16G内存", "attributes.memory_gb", (16, None)),
        ("5000毫安的手机", "attributes.battery_mah", (5000, 5000)),
        ("14 inch laptop", "attributes.screen_inches", (14, 14)),
    ],
)
def test_a_number_that_is_merely_named_ranks(
    text: str, field: str, wanted: tuple[float, float | None]
) -> None:
    """It is a soft wish, open upwards where more is better, and its words stay."""
    found = parse(text)
    assert limits(found, Strength.SOFT)[field] == wanted
    assert limits(found) == {}
    assert found.search_query == text


def test_what_a_product_must_fit_is_not_what_is_looked_for() -> None:
    """The category behind "for" or 能放 is another product."""
    assert limits(parse("bag for a laptop"), Strength.SOFT)["category"] == ("包", "Bags")
    assert "category" not in limits(parse("sleeve for a laptop"), Strength.SOFT)
    assert limits(parse("能放笔记本的包"), Strength.SOFT)["category"] == ("包", "Bags")


@pytest.mark.parametrize("text", ["face cream without fragrance", "face cream fragrance free", "无香的面霜"])
def test_a_lack_that_is_an_attribute_of_its_own_is_asked_for(text: str) -> None:
    """Being "fragrance free" is stated by the catalogue, so its absence is a yes."""
    assert limits(parse(text)) == {"attributes.fragrance_free": (1, 1)}


def test_a_list_of_exclusions_ends_where_its_first_member_is_unknown() -> None:
    """The words "non gmo … and red dress" exclude no red."""
    assert limits(parse("non gmo bamboo and red dress")) == {"attributes.color": ("red", "dark red")}


def test_a_message_of_nothing_but_limits_still_has_a_query() -> None:
    """The words of a limit are better than no words."""
    assert parse("内存16以上").search_query

# ruff: noqa: E501 (tables read better unbroken)
"""Follow-ups, references, answers, new topics."""

import pytest

from fakes.intent_messages import after_headphones, limits, parse
from shopguide_intent.domain.model import Strength


@pytest.mark.parametrize("text", ["便宜点的", "cheaper ones", "有没有更便宜的", "太贵了"])
def test_cheaper_means_below_the_cheapest_shown(text: str) -> None:
    """The limit is just below the lowest price in view, and the search goes on."""
    found = parse(text, after_headphones())
    assert limits(found)["price"] == (None, 698.99)
    assert found.search_query == "降噪耳机"
    assert not found.topic_changed


def test_cheaper_than_one_of_them_means_below_that_one() -> None:
    """A product that is pointed at sets the limit."""
    assert limits(parse("比第二款便宜点的", after_headphones()))["price"] == (None, 1798.99)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("第一个和第三个有啥区别", ["p1", "p3"]), ("the second one", ["p2"]), ("第二款续航多久", ["p2"]), ("Lite 有防水吗", ["p3"]), ("Q7和H900哪个好", ["p1", "p2"]),
        ("那个红色的呢", ["p2"]), ("does it work with the PS5?", ["p1"]), ("最后一个怎么样", ["p3"]), ("compare the first and third", ["p1", "p3"]),
        ("the red one", ["p2"]), ("the cheaper one", ["p3"]), ("前两款哪个好", ["p1", "p2"]), ("option 3", ["p3"]), ("刚才那个防水吗", ["p1"]),
        ("第九个", []), ("退货邮费谁出", []),
    ],
)  # fmt: skip
def test_words_point_at_shown_products(text: str, ids: list[str]) -> None:
    """Ordinals, names, colours and pronouns give ids; a place that does not exist gives none."""
    assert [r.product_id for r in parse(text, after_headphones()).references] == ids


def test_nothing_is_pointed_at_when_nothing_was_shown() -> None:
    """Without products in view no reference is made."""
    assert parse("第一个和第三个有啥区别").references == ()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [("要白色的", "attributes.color", ("白色",)), ("换成头戴的", "attributes.form", ("头戴式", "over-ear"))],
)
def test_a_bare_quality_refines_the_search(text: str, field: str, value: tuple[str, ...]) -> None:
    """Limits of earlier turns hold, and the new word joins the query."""
    found = parse(text, after_headphones())
    assert limits(found, Strength.SOFT)[field] == value
    assert limits(found)["price"] == (None, 2000)
    assert "降噪耳机" in found.search_query


def test_a_new_limit_takes_the_place_of_the_old_one() -> None:
    """1500 replaces 2000."""
    assert limits(parse("1500以内的呢", after_headphones())) == {"price": (None, 1500)}


def test_a_limit_can_be_lifted() -> None:
    """价格不限 drops the price and nothing else."""
    found = parse("价格不限", after_headphones())
    assert limits(found) == {}
    assert "category" in limits(found, Strength.SOFT)


@pytest.mark.parametrize("text", ["连衣裙", "华为的手机", "show me sandals"])
def test_another_product_is_another_topic(text: str) -> None:
    """Limits of the old topic do not leak into the new one."""
    found = parse(text, after_headphones())
    assert found.topic_changed
    assert "price" not in limits(found)


@pytest.mark.parametrize("text", ["通勤", "办公室", "坐飞机"])
def test_an_offered_answer_is_an_answer(text: str) -> None:
    """A button's text answers the open question and joins the query."""
    found = parse(text, after_headphones("use", ("通勤", "办公室", "坐飞机")))
    assert found.answers_question
    assert found.need.uses
    assert found.search_query.startswith("降噪耳机")
    assert limits(found)["price"] == (None, 2000)


def test_a_number_answers_a_question_about_the_price() -> None:
    """The words "一千五吧" is a limit when the price was asked for."""
    assert limits(parse("一千五吧", after_headphones("price")))["price"] == (None, 1500)


@pytest.mark.parametrize("text", ["退货邮费谁出", "Q7和H900哪个好", "有没有更便宜的", "连衣裙"])
def test_another_message_does_not_answer_the_open_question(text: str) -> None:
    """Questions, comparisons and new topics are what they are."""
    assert not parse(text, after_headphones("use", ("通勤",))).answers_question


@pytest.mark.parametrize(
    ("text", "roles", "total"),
    [
        (
            "outfit for a beach wedding: dress, sandals and a clutch, 250 total",
            ["dress", "sandals", "clutch"],
            (250, "USD"),
        ),
        ("笔记本+鼠标+包 8000以内", ["笔记本", "鼠标", "包"], (8000, "CNY")),
        ("买一套：连衣裙、凉鞋、包，一共不超过一千", ["连衣裙", "凉鞋", "包"], (1000, "CNY")),
        ("dress under 100, sandals under 50, total 140", ["dress", "sandals"], (140, "USD")),
    ],
)
def test_a_list_of_products_becomes_roles_with_one_budget(
    text: str, roles: list[str], total: tuple[float, str]
) -> None:
    """Each product is its own scope; the total is no price limit."""
    found = parse(text)
    assert [s.role for s in found.scopes] == roles
    assert found.budget is not None
    assert (found.budget.total.value, found.budget.total.currency) == total
    assert "price" not in limits(found)


def test_a_limit_inside_a_role_is_that_role_s_own() -> None:
    """Each member keeps its limit."""
    found = parse("dress under 100, sandals under 50, total 140")
    prices = [
        c.condition.bounds.maximum
        for s in found.scopes
        for c in s.constraints
        if c.condition and c.condition.bounds
    ]
    assert prices == [100, 50]


@pytest.mark.parametrize(
    "text",
    [
        "reusable spoon and fork combo",
        "mens socks black and white",
        "i need a heavy duty, height adjustable office chair",
        "a set of leak proof, bpa free jars",
        "samsung s8+ protective cases",
    ],
)
def test_a_description_is_not_a_list(text: str) -> None:
    """Adjectives and sets are one product."""
    assert parse(text).scopes == ()


@pytest.mark.parametrize(
    ("text", "recipient", "uses", "occasion"),
    [
        ("送爸妈的手机", "父母", (), ""), ("birthday gift for my dad", "father", (), "birthday"), ("跑步戴哪个", "", ("跑步",), ""),
        ("beach wedding dress", "", (), "beach wedding"), ("laptop for college", "", ("study",), ""), ("七夕送女朋友", "女朋友", (), "情人节"),
        ("儿童手表", "", (), ""), ("给孩子买的平板上网课用", "孩子", ("学习",), ""),
    ],
)  # fmt: skip
def test_the_need_is_told_from_the_product(
    text: str, recipient: str, uses: tuple[str, ...], occasion: str
) -> None:
    """For whom, for what and when."""
    need = parse(text).need
    assert (need.recipient, need.uses, need.occasion) == (recipient, uses, occasion)


@pytest.mark.parametrize(
    ("text", "count"),
    [("blender arrived with a cracked jar. third time.", 3), ("第三次坏了", 3), ("坏了", 0)],
)
def test_a_repeated_trouble_is_counted(text: str, count: int) -> None:
    """The words "third time" and 第三次 count."""
    assert parse(text).need.repeat_count == count


@pytest.mark.parametrize(
    "text", ["不要白色", "不想要红色的", "除了红色都行", "别要黑色", "not red", "not in red", "不要索尼"]
)
def test_a_refusal_alone_goes_on_with_the_search(text: str) -> None:
    """What is not wanted, without another product named, is one more limit of the search before."""
    found = parse(text, after_headphones())
    assert found.search_query == "降噪耳机"
    assert not found.topic_changed
    assert [c for c in found.constraints if c.condition and c.condition.none_of]

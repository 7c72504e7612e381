from collections import Counter

import pytest

from fakes.grounding_turns import answers
from shopguide.type.v1 import answer_pb2, product_pb2, query_pb2
from shopguide_devstack.catalogue.loader import load_catalogue
from shopguide_evaluation.grounding import TurnFacts, check

KIND = answer_pb2.Source.Kind


@pytest.fixture(scope="module", params=["zh", "en"])
def true_answers(request):
    """Return true answers over the demo catalogue in one language."""
    return answers(load_catalogue(), request.param, seed=5, count=12)


def test_true_statements_pass(true_answers):
    """Of at least 200 true figures and names, at most one in fifty is objected to."""
    reports = [check(answer.text, answer.facts) for answer in true_answers]
    assert sum(r.checked for r in reports) >= 200
    findings = [f for r in reports for f in r.findings]
    assert len(findings) <= 0.02 * sum(r.checked for r in reports), findings


def test_planted_lies_are_caught(true_answers):
    """Of at least 200 lies, one planted in each answer, 98 in 100 are caught, and no kind of lie is overlooked."""
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for answer in true_answers:
        for kind, text in answer.lies():
            planted[kind] += 1
            caught[kind] += not check(text, answer.facts).grounded
    assert planted.total() >= 200
    assert caught.total() >= 0.98 * planted.total(), planted - caught
    assert {kind for kind in planted if caught[kind] < 0.9 * planted[kind]} == set()


def product(
    source_id: str, title: str, brand: str, price: int, **numbers: tuple[float, str]
) -> answer_pb2.Source:
    """Return a product in yuan as a source."""
    facts = [answer_pb2.Fact(key="name", text=title), answer_pb2.Fact(key="brand", text=brand)]
    facts.append(answer_pb2.Fact(key="price", money={"currency_code": "CNY", "units": price}))
    facts += [answer_pb2.Fact(key=k, number=n, unit=u) for k, (n, u) in numbers.items()]
    return answer_pb2.Source(id=source_id, kind=KIND.KIND_PRODUCT, title=title, facts=facts)


Q7 = product(
    "q7", "声谷 Q7 头戴式耳机", "声谷", 1299, battery_hours=(40, "h"), weight_g=(256, "g"), rating=(4.7, "")
)
LITE = product(
    "lite",
    "声谷 Lite 头戴式耳机",
    "声谷",
    699,
    battery_hours=(30, "h"),
    weight_g=(198, "g"),
    rating=(4.5, ""),
)
LITE.facts.add(key="water_resistance", text="IPX4")
PAIR = TurnFacts(sources=[Q7, LITE], matched_size=14, shopper_words=["两千以内的降噪耳机"])


def said_wrongly(text: str, facts: TurnFacts = PAIR) -> list[str]:
    """Return what a check objects to."""
    return [finding.said for finding in check(text, facts).findings]


@pytest.mark.parametrize(
    "text",
    [
        "¥2,000 以内的耳机有 14 款，首选声谷 Q7 [1]：¥1,299，续航 40 小时。",
        "声谷 Lite [2] 轻 58 克，续航短 10 小时，便宜 ¥600。",
        "声谷 Q7 [1] 和声谷 Lite [2] 的价格分别是 ¥1,299 和 ¥699。",
        "比声谷 Q7 [1] 便宜 ¥600 的是声谷 Lite [2]，只要 ¥699。",
        "两款里，声谷 Lite [2] 有 IPX4；Q7 [1] 的页面没有写 IPX4。",
        "声谷 Q7 [1] 重 0.256 千克，离您的预算还差 ¥701。",
        "| | 声谷 Q7 [1] | 声谷 Lite [2] |\n|---|---|---|\n| 价格 | ¥1,299 | ¥699 |\n| 防水 | 无说明 | IPX4 |",
    ],
)
def test_ways_of_saying_what_is_true(text):
    """Limits, counts, differences, units, lists of two and tables are borne out when they are true."""
    assert said_wrongly(text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("声谷 Q7 [1] 和声谷 Lite [2] 的价格分别是 ¥699 和 ¥1,299。", ["¥699", "¥1,299"]),
        ("声谷 Q7 [1] 轻 58 公斤。", ["58 公斤"]),
        ("声谷 Q7 [1] 和声谷 Lite [2] 都有 40 小时续航。", ["40 小时"]),
        ("声谷 Lite [2] 便宜 ¥500。", ["¥500"]),
        ("声谷 Lite [1] 只要 ¥1,299。", ["声谷 Lite [1]"]),
        ("声谷 Q7 [1] 有 IPX4 防水。", ["IPX4"]),
        ("声谷 Q7 [3] 值得看。", ["声谷 Q7 [3]"]),
        ("云鲸 Q7 [1] 值得看。", ["云鲸 Q7 [1]"]),
        ("| | 声谷 Q7 [1] | 声谷 Lite [2] |\n|---|---|---|\n| 防水 | IPX4 | IPX4 |", ["IPX4"]),
        (
            "| | 声谷 Q7 [1] | 声谷 Lite [2] |\n|---|---|---|\n| 重量 | 198 克 | 256 克 |",
            ["198 克", "256 克"],
        ),
    ],
)
def test_ways_of_saying_what_is_false(text, wrong):
    """A true figure in the wrong place is objected to, and nothing else of the sentence is."""
    assert [said.strip() for said in said_wrongly(text)] == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("声谷 Q7 [1] 比同类 58% 的商品价格低。", []),
        ("声谷 Q7 [1] costs less than 58% of its category.", []),
        ("声谷 Q7 [1] 比同类 70% 的商品价格低。", ["70%"]),
        ("声谷 Lite [2] costs less than 58% of its category.", ["58%"]),
        ("声谷 Q7 [1] 的好评率是 58%。", ["58%"]),
        ("Both [1][2] are wireless.", []),
        ("Barth [1][2] are wireless.", ["Barth"]),
    ],
)
def test_deals_are_told_by_the_share_of_the_dearer(text, wrong):
    """A percentage of dearer products is borne out by its own fact alone; "both" names nobody, another word does."""
    cheap = answer_pb2.Source()
    cheap.CopyFrom(Q7)
    cheap.facts.add(key="cheaper_than_share", number=0.587)
    found = said_wrongly(text, TurnFacts(sources=[cheap, LITE]))
    assert [said.strip() for said in found] == wrong


def test_words_of_another_language_are_no_names():
    """An English sentence may name a Chinese product, a Chinese one may hold a value in English that is a limit."""
    limit = query_pb2.Condition(field="attributes.form", none_of=query_pb2.TextSet(values=["in-ear"]))
    facts = TurnFacts(sources=[Q7, LITE], constraints=[query_pb2.Constraint(condition=limit)])
    assert said_wrongly("With 声谷 Q7 头戴式耳机 [1] at ¥1,299, its page states 40 hours.", facts) == []
    assert said_wrongly("非 in-ear 的首选声谷 Q7 [1]：¥1,299。", facts) == []
    assert said_wrongly("非 over-ear 的首选声谷 Q7 [1]：¥1,299。", facts) == ["over-ear"]


def test_a_name_that_is_cut_off():
    """The rest of a shortened name makes no claim; a figure after it does."""
    long = product("l", "山楂 10 Max 智能手机 8GB+128GB 6.4英寸 藏青色", "山楂", 2049, screen=(6.4, "in"))
    facts = TurnFacts(sources=[long])
    assert said_wrongly("建议先看山楂 10 Max 智能手机 8GB+128GB 6… [1]：¥2,049，屏幕 6.4 英寸。", facts) == []
    assert said_wrongly("建议先看山楂 10 Max 智能手机 8GB+128GB 6… [1]：¥2,094。", facts) == ["¥2,094"]


def test_reviews_are_counted_by_their_citations():
    """How many reviews mention something is how many are cited."""
    reviews = [
        answer_pb2.Source(
            id=f"r{n}",
            kind=KIND.KIND_REVIEW,
            title="",
            subject_id="q7",
            facts=[answer_pb2.Fact(key="text", text="Works with my PS5.")],
        )
        for n in range(3)
    ]
    facts = TurnFacts(sources=[Q7, *reviews], shopper_words=["does it work with the PS5?"])
    assert said_wrongly("Two of its reviews mention PS5 [2][3].", facts) == []
    assert said_wrongly("Seven of its reviews mention PS5 [2][3].", facts) == ["Seven of its reviews"]


def test_a_brand_of_the_catalogue_that_no_source_has():
    """A brand that the catalogue knows may not appear when no source has it."""
    facts = TurnFacts(sources=[Q7], brands=["声谷", "山楂"])
    assert said_wrongly("山楂的耳机也不错。", facts) == ["山楂"]


def test_totals_of_a_bundle():
    """The total, what is left of the budget and the total after a swap are borne out; another sum is not."""
    dress, clutch, silk = (
        product(i, t, "Mirela", p)
        for i, t, p in [
            ("d", "Mirela dress", 129),
            ("c", "Mirela clutch", 38),
            ("s", "Mirela silk dress", 147),
        ]
    )
    shown = [
        query_pb2.ScoredProduct(
            product_id=i, product=product_pb2.Product(id=i, price={"currency_code": "CNY", "units": p})
        )
        for i, p in (("d", 129), ("c", 38))
    ]
    total, budget = ({"currency_code": "CNY", "units": n} for n in (167, 250))
    facts = TurnFacts(
        sources=[dress, clutch, silk],
        products=shown,
        total_price=product_pb2.Product(price=total).price,
        budget=product_pb2.Product(price=budget).price,
    )
    assert (
        said_wrongly(
            "For ¥167 together: Mirela dress [1], ¥129; Mirela clutch [2], ¥38. That leaves ¥83 of the ¥250.",
            facts,
        )
        == []
    )
    assert said_wrongly("With Mirela silk dress [3] instead of [1], the sum would be ¥185.", facts) == []
    assert said_wrongly("For ¥176 together: Mirela dress [1], ¥129; Mirela clutch [2], ¥38.", facts) == [
        "¥176"
    ]

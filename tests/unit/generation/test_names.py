"""What products are called: short, apart from each other, never cut inside a phrase without a mark."""

import pytest

from shopguide_generation.domain.facts import AnswerContext, Fact, Source, SourceKind, Task
from shopguide_generation.domain.grounding import GroundingChecker
from shopguide_generation.domain.names import display_name, display_names


def product(title: str, brand: str = "", **texts: str) -> Source:
    """A product with a title, a brand and text attributes."""
    facts = [Fact("name", title), *([Fact("brand", brand)] if brand else [])]
    facts += [Fact(key, text) for key, text in texts.items()]
    return Source(title, SourceKind.PRODUCT, title, tuple(facts))


@pytest.mark.parametrize(
    ("title", "brand", "name"),
    [
        ("Norte M3 开放式主动降噪蓝牙耳机 8小时续航 黑色", "Norte", "Norte M3"),
        ("澄耳 Pro 3 头戴式主动降噪蓝牙双模耳机 33小时续航", "澄耳", "澄耳 Pro 3"),
        ("声谷Q7头戴式降噪耳机", "声谷", "声谷Q7"),
        ("声谷 Lite 头戴式主动降噪蓝牙耳机 45小时续航 IPX4防水", "声谷", "声谷 Lite"),
        ("鸣汀 静界 3 贴耳式主动降噪蓝牙双模耳机", "鸣汀", "鸣汀 静界 3"),
        ("和悦 40 Max 长辈模式5G智能手机 4GB+512GB", "和悦", "和悦 40 Max"),
        ("挽云 午后 帆布斜挎女包 棕色", "挽云", "挽云 午后 帆布斜挎女包"),
        ("满格兔 岩 适用山楂硅胶防摔手机壳 1.5米防摔 紫色", "满格兔", "满格兔 岩 适用山楂硅胶防摔手机壳"),
        ("Soundvale Calm 4 Wireless Over-ear Headphones, 45 h Battery", "Soundvale", "Soundvale Calm 4"),
        ("Rhubarb Folio 1 13.3-inch Gaming Laptop, 16 GB RAM", "Rhubarb", "Rhubarb Folio 1"),
        ("Apple iPhone 15 Pro Max 256GB Blue", "Apple", "Apple iPhone 15 Pro Max"),
        ("Stanley 12-Cup Coffee Maker, Black", "Stanley", "Stanley 12-Cup Coffee Maker"),
        ("KitchenAid 5 Quart Mixer", "KitchenAid", "KitchenAid 5 Quart Mixer"),
        ("Lane Ripple Leather Block Heel Sandals Set, 5 cm Heel", "Lane", "Lane Ripple Leather Block Heel Sandals Set"),
        ("Norte S2 Wireless Over-ear Noise Cancelling Headphones and more", "", "Norte S2 Wireless Over-ear Noise…"),
    ],
)  # fmt: skip
def test_a_title_that_begins_with_its_brand_is_shortened_to_brand_and_model(title, brand, name):
    """Brand and model where there is one, else the title up to where it pauses; a cut inside a phrase is marked."""
    assert display_name(product(title, brand)) == name


def test_variants_are_told_apart_by_what_differs():
    """Products with one model get their colours; without a telling attribute, more of their titles."""
    title = "Norte Lite 6 Wireless Headphones, {}"
    colours = [product(title.format(c), "Norte", color=c, form="over-ear") for c in ("Navy", "Light Blue")]
    assert display_names(tuple(colours)) == ("Norte Lite 6 in navy", "Norte Lite 6 in light blue")
    zh = [product(f"澄耳 Pro 3 头戴式耳机 {c}", "澄耳", color=c) for c in ("白色", "灰色")]
    assert display_names(tuple(zh)) == ("澄耳 Pro 3 白色", "澄耳 Pro 3 灰色")
    bare = (product("Norte S2 Headphones", "Norte"), product("Norte S2 Speaker", "Norte"))
    assert display_names(bare) == ("Norte S2 Headphones", "Norte S2 Speaker")


def test_the_check_knows_short_names_and_keeps_variants_apart():
    """A variant's name with the other variant's citation is caught."""
    variants = tuple(
        product(f"Norte Lite 6 Headphones, {c}", "Norte", color=c, form=f)
        for c, f in (("Navy", "over-ear"), ("Grey", "in-ear"))
    )
    checker = GroundingChecker(AnswerContext(Task.RECOMMEND, "en", sources=variants))
    assert checker.check("Norte Lite 6 in navy [1] is over-ear.").grounded
    assert not checker.check("Norte Lite 6 in navy [2] is in-ear.").grounded
    assert not checker.check("Norte Lite 6 in navy [1] is in-ear.").grounded

"""What must hold of the products, their attributes and the category tree."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from shopguide_devstack.catalogue import Catalogue
from shopguide_devstack.catalogue.items import Item
from shopguide_devstack.catalogue.kinds import kinds
from shopguide_devstack.catalogue.model import Product

HAN = re.compile(r"[\u4e00-\u9fff]")


def leaf_coverage(products: list[Product], language_code: str) -> Iterator[tuple[str, str, float]]:
    """Yield leaf category, attribute key and the share of its products that state the attribute."""
    by_leaf = defaultdict(list)
    for product in products:
        if product.language_code == language_code:
            by_leaf[product.category_path[-1]].append(product)
    for leaf, members in by_leaf.items():
        counts = Counter(key for product in members for key in product.attributes)
        yield from ((leaf, key, count / len(members)) for key, count in counts.items())


def test_floors(products: list[Product]) -> None:
    """There are over a thousand products in at least sixteen leaf categories of both languages."""
    leaves = {(p.language_code, p.category_path[-1]) for p in products}
    assert len(products) >= 1000
    assert len({p.group_id for p in products}) >= 1000
    assert min(sum(code == language for code, _ in leaves) for language in ("zh-Hans", "en")) >= 16


def test_languages_are_halved(products: list[Product]) -> None:
    """Each language has 45 to 55 percent of the products."""
    share = sum(p.language_code == "en" for p in products) / len(products)
    assert 0.45 <= share <= 0.55


def test_ids_are_unique_and_short(products: list[Product]) -> None:
    """No two products share an id, and ids fit the limit of the contract."""
    ids = [p.id for p in products]
    assert len(set(ids)) == len(ids)
    assert max(len(i.encode()) for i in ids) <= 128


def test_titles_are_unique(products: list[Product]) -> None:
    """No two products of one language have the same title."""
    titles = Counter((p.language_code, p.title) for p in products)
    assert [title for title, n in titles.items() if n > 1] == []


def test_selling_price_never_exceeds_list_price(products: list[Product]) -> None:
    """Prices are positive, at most the list price, and about a third of the products are discounted."""
    pairs = [(Decimal(p.price.amount), Decimal(p.original_price.amount)) for p in products]
    assert all(0 < price <= listed for price, listed in pairs)
    assert 0.28 <= sum(price < listed for price, listed in pairs) / len(pairs) <= 0.42


def test_currency_follows_language(products: list[Product]) -> None:
    """Chinese items are priced in yuan, English ones in dollars, list price included."""
    expected = {"zh-Hans": "CNY", "en": "USD"}
    found = {(p.language_code, p.price.currency_code, p.original_price.currency_code) for p in products}
    assert found == {(code, currency, currency) for code, currency in expected.items()}


def test_texts_are_in_one_language(products: list[Product]) -> None:
    """English items contain no Chinese character; Chinese items have them in title, description and category."""
    for product in products:
        values = [text for value in product.attributes.values() for text in value.texts]
        texts = [product.title, product.description, product.brand, *product.category_path, *values]
        if product.language_code == "en":
            assert not HAN.search(" ".join(texts)), product.id
        else:
            assert all(
                HAN.search(text) for text in (product.title, product.description, *product.category_path)
            )


def test_no_placeholder_is_left(products: list[Product]) -> None:
    """Every pattern was filled: no brace, no double space, no empty bullet."""
    for product in products:
        assert not re.search(r"[{}|#?]|  |None|：$", product.title + product.description), product.id


def test_descriptions_say_something(products: list[Product]) -> None:
    """A description has several sentences and one line per stated fact."""
    for product in products:
        prose, *lines = product.description.split("\n")
        assert len(re.findall(r"[。.!]", prose)) >= 3, product.id
        assert len(lines) == len(product.attributes)


def test_attributes_follow_their_specification(products: list[Product], catalogue: Catalogue) -> None:
    """Every key is specified; values have its kind and unit; booleans are 0 or 1."""
    specs = {spec.key: spec for spec in catalogue.attributes()}
    for product in products:
        for key, value in product.attributes.items():
            spec = specs[key]
            assert re.fullmatch(r"[a-z][a-z0-9_]{0,62}", key)
            assert bool(value.texts) != bool(value.numbers)
            assert bool(value.texts) == (spec.kind == "KIND_TEXT")
            assert value.unit == spec.unit
            assert spec.kind != "KIND_BOOLEAN" or value.numbers[0] in (0.0, 1.0)


def test_every_specified_key_is_used(products: list[Product], catalogue: Catalogue) -> None:
    """No specification describes a key that no product carries."""
    used = {key for product in products for key in product.attributes}
    assert {spec.key for spec in catalogue.attributes()} == used


def test_value_aliases_lead_to_stored_values(products: list[Product], catalogue: Catalogue) -> None:
    """An alias stands for at least one value that some product has, and every value has its translation."""
    stored = defaultdict(set)
    for product in products:
        for key, value in product.attributes.items():
            stored[key].update(value.texts)
    for spec in catalogue.attributes():
        for alias, values in spec.value_aliases.items():
            assert alias == alias.lower()
            assert stored[spec.key] & set(values), (spec.key, alias)


@pytest.mark.parametrize(
    ("key", "alias", "expected"),
    [
        ("form", "over-ear", {"头戴式", "over-ear"}),
        ("form", "入耳", {"入耳式", "in-ear"}),
        ("recipient", "爸妈", {"父母", "parents"}),
        ("material", "leather", {"真皮", "leather"}),
        (
            "color",
            "blue",
            {"藏青色", "navy", "浅蓝色", "light blue", "雾霾蓝", "dusty blue", "雾蓝色", "misty blue"},
        ),
    ],
)
def test_aliases_cross_languages(catalogue: Catalogue, key: str, alias: str, expected: set[str]) -> None:
    """A word of either language stands for the stored values of both."""
    spec = next(spec for spec in catalogue.attributes() if spec.key == key)
    assert set(spec.value_aliases[alias]) == expected


def test_important_attributes_are_covered(products: list[Product]) -> None:
    """Within each leaf at least three attributes are stated by 90 percent of the products."""
    for code in ("zh-Hans", "en"):
        dense = Counter(leaf for leaf, _, share in leaf_coverage(products, code) if share >= 0.9)
        assert min(dense.values()) >= 3


def test_some_facts_are_missing_on_purpose(products: list[Product]) -> None:
    """Some headphones state a water resistance and most do not, so that a page can be silent."""
    shares = {key: share for leaf, key, share in leaf_coverage(products, "en") if leaf == "Headphones"}
    assert 0.2 <= shares["water_resistance"] <= 0.7


def test_category_paths_stand_in_the_tree(products: list[Product], catalogue: Catalogue) -> None:
    """A product's path is the chain of names from a root to a leaf, in its language."""
    nodes = {node.id: node for node in catalogue.categories()}
    parents = {node.parent for node in nodes.values()}
    for language, code in (("zh", "zh-Hans"), ("en", "en")):
        paths = set()
        for node in (node for node in nodes.values() if node.id not in parents):
            chain = [node]
            while chain[0].parent:
                chain.insert(0, nodes[chain[0].parent])
            paths.add(tuple(link.labels[language][0] for link in chain))
        assert {p.category_path for p in products if p.language_code == code} == paths


def test_variants_differ_in_one_attribute(products: list[Product]) -> None:
    """Products of a group share brand, category and rating and differ in exactly one attribute."""
    groups = defaultdict(list)
    for product in products:
        groups[product.group_id].append(product)
    variants = [group for group in groups.values() if len(group) > 1]
    assert len(variants) >= 100
    for first, *others in variants:
        for other in others:
            assert (first.brand, first.category_path, first.rating) == (
                other.brand,
                other.category_path,
                other.rating,
            )
            assert sum(first.attributes[key] != other.attributes[key] for key in first.attributes) == 1


def test_availability_varies(products: list[Product]) -> None:
    """Most products are in stock, some are sold out and some can be preordered."""
    counts = Counter(p.availability for p in products)
    assert counts["AVAILABILITY_IN_STOCK"] > 0.8 * len(products)
    assert counts["AVAILABILITY_OUT_OF_STOCK"] >= 50
    assert counts["AVAILABILITY_PREORDER"] >= 20


def test_better_facts_cost_more_on_average(items: tuple[Item, ...]) -> None:
    """Within a kind the dearer half of the laptops has more memory than the cheaper half."""
    laptops = [item for item in items if item.kind.id == "laptops" and item.language == "en"]
    memory = [item.facts["ram_gb"] for item in sorted(laptops, key=lambda item: item.price)]
    half = len(memory) // 2
    assert sum(memory[half:]) > sum(memory[:half])


def test_brand_that_is_a_common_noun(products: list[Product]) -> None:
    """One brand in each language is also an ordinary word of the catalogue: a flavour of tea."""
    for word, flavour in (("山楂", "山楂"), ("Rhubarb", "rhubarb")):
        assert any(p.brand == word for p in products)
        assert any(flavour in p.attributes["flavor"].texts for p in products if "flavor" in p.attributes)


def test_every_kind_exists_in_both_languages(products: list[Product]) -> None:
    """Each kind has products in Chinese and in English."""
    found = {(p.category_path[-1], p.language_code) for p in products}
    for kind in kinds():
        assert {(kind.label.zh, "zh-Hans"), (kind.label.en, "en")} <= found


def test_category_names_are_unambiguous(catalogue: Catalogue) -> None:
    """No word names two categories."""
    names = Counter(
        word.lower()
        for node in catalogue.categories()
        for word in {word for words in node.labels.values() for word in words}
    )
    assert [name for name, n in names.items() if n > 1] == []

"""IndexService over a real channel."""

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2
from google.type import money_pb2

from fakes.retrieval_world import CATALOG, ids, limit, money, product, shop
from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as read_pb
from shopguide.type.v1 import catalog_pb2, product_pb2, query_pb2
from shopguide_runtime.errors import InvalidArgument, Unavailable, from_rpc_error

pytestmark = pytest.mark.anyio


async def refused(call):
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "retrieval")


def violations(failure):
    """Return the fields named by an item's failure."""
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in failure.status.details)
    return {v.field for v in bad.field_violations}


def full(**changes):
    """Return a product with every field set."""
    values = {
        "id": "full",
        "title": "Teapot",
        "group_id": "g",
        "description": "Holds tea.",
        "language_code": "en",
        "category_path": ["Kitchen", "Tea"],
        "brand": "Pot & Co",
        "price": money(19.99, "USD"),
        "original_price": money(25, "USD"),
        "availability": product_pb2.Product.AVAILABILITY_PREORDER,
        "rating": product_pb2.Rating(average=4.5, count=12),
        "uri": "https://example.com/teapot",
        "image_uris": ["https://example.com/1.jpg", "https://example.com/2.jpg"],
        "attributes": {
            "color": product_pb2.AttributeValues(texts=["red", "蓝色"]),
            "volume": product_pb2.AttributeValues(numbers=[0.75], unit="l"),
        },
    }
    return product_pb2.Product(**values | changes)


async def stored(world, identifier):
    """Return a stored product."""
    request = read_pb.BatchGetProductsRequest(
        catalog=CATALOG, product_ids=[identifier], view=query_pb2.PRODUCT_VIEW_FULL
    )
    return (await world.read.BatchGetProducts(request)).products[0]


async def test_a_product_comes_back_as_it_was_sent(empty):
    """Every field survives; only the time of the write is added."""
    await empty.fill([full()])
    found = await stored(empty, "full")
    assert found.update_time.seconds > 0
    found.ClearField("update_time")
    assert found == full()


async def test_writing_twice_changes_nothing(empty):
    """The second time everything is unchanged and nothing is embedded."""
    first = await empty.fill(shop())
    embedded = empty.encoder.embedded
    second = await empty.fill(shop())
    assert (first.upserted_count, first.unchanged_count) == (len(shop()), 0)
    assert (second.upserted_count, second.unchanged_count) == (len(shop()), len(shop()))
    assert empty.encoder.embedded == embedded


async def test_a_new_price_is_not_embedded_again(empty):
    """The vector of an unchanged text is kept; limits see the new price at once."""
    await empty.fill(shop())
    embedded = empty.encoder.embedded
    changed = next(p for p in shop() if p.id == "h2")
    changed.price.CopyFrom(money(99))
    await empty.fill([changed])
    assert empty.encoder.embedded == embedded
    assert ids((await empty.search("WH-CH520", limit("price", high=100))).results)[0] == "h2"


async def test_a_new_title_is_found_at_once(empty):
    """A changed text is embedded and indexed anew, the old words are gone."""
    await empty.fill(shop())
    await empty.fill([product("b2", "Waxed canvas rucksack", 120)])
    assert ids((await empty.search("rucksack")).results)[0] == "b2"
    assert (await stored(empty, "b2")).brand == ""


async def test_the_last_of_repeated_ids_wins(empty):
    """Within a message and across messages of one stream."""
    many = [product("same", f"Mug number {i}", 5) for i in range(600)]
    response = await empty.fill(many)
    assert response.upserted_count == 600
    assert (await stored(empty, "same")).title == "Mug number 599"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 129}, "id"),
        ({"id": "茶" * 50}, "id"),
        ({"title": ""}, "title"),
        ({"title": "tea\x07pot"}, "title"),
        ({"title": "x" * 1001}, "title"),
        ({"description": "x" * 20_001}, "description"),
        ({"category_path": ["a"] * 11}, "category_path"),
        ({"category_path": ["a", ""]}, "category_path[1]"),
        ({"price": money_pb2.Money(units=3)}, "price.currency_code"),
        ({"price": money_pb2.Money(currency_code="usd", units=3)}, "price.currency_code"),
        ({"price": money_pb2.Money(currency_code="USD", units=-3)}, "price"),
        ({"price": money_pb2.Money(currency_code="USD", units=3, nanos=-1)}, "price"),
        ({"original_price": money(3, "CNY")}, "original_price"),
        ({"availability": 9}, "availability"),
        ({"attributes": {"Bad Key": product_pb2.AttributeValues(texts=["x"])}}, "attributes['Bad Key']"),
        ({"attributes": {"a": product_pb2.AttributeValues()}}, "attributes.a"),
        ({"attributes": {"a": product_pb2.AttributeValues(texts=["x"], numbers=[1])}}, "attributes.a"),
        (
            {"attributes": {"a": product_pb2.AttributeValues(numbers=[float("nan")])}},
            "attributes.a.numbers[0]",
        ),
        (
            {"attributes": {f"a{i}": product_pb2.AttributeValues(texts=["x"]) for i in range(65)}},
            "attributes",
        ),
        ({"rating": product_pb2.Rating(average=7, count=1)}, "rating.average"),
        ({"rating": product_pb2.Rating(average=4, count=-1)}, "rating.count"),
    ],
)
async def test_a_malformed_product_is_reported_and_the_others_written(empty, changes, field):
    """The failure has the position, the id and the field; its neighbours are written."""
    response = await empty.fill([product("a", "Cup", 1), full(**changes), product("b", "Cup", 1)])
    assert (response.upserted_count, response.failed_count) == (2, 1)
    assert response.failures[0].index == 1
    assert field in violations(response.failures[0])


async def test_failures_are_listed_up_to_a_hundred_and_counted_in_all(empty):
    """A stream of rubbish does not make a huge answer."""
    response = await empty.fill([product(f"p{i}", "") for i in range(130)] + [product("good", "Cup")])
    assert (response.upserted_count, response.failed_count, len(response.failures)) == (1, 130, 100)


async def test_a_stream_must_name_its_catalog(empty):
    """An empty stream or a nameless first message is INVALID_ARGUMENT."""
    for messages in ([], [pb.UpsertProductsRequest(products=[product("a", "Cup")])]):
        error = await refused(empty.write.UpsertProducts(iter(messages)))
        assert isinstance(error, InvalidArgument)
        assert error.violations[0].field == "catalog"


async def test_a_message_holds_at_most_500(empty):
    """More is INVALID_ARGUMENT."""
    request = pb.UpsertProductsRequest(catalog=CATALOG, products=[product(str(i), "Cup") for i in range(501)])
    assert isinstance(await refused(empty.write.UpsertProducts(iter([request]))), InvalidArgument)


async def test_without_the_encoder_nothing_is_written(empty):
    """Indexing needs vectors: UNAVAILABLE, to be tried again."""
    empty.encoder.error = Unavailable("text_encoder")
    assert (await refused(empty.fill(shop()))).code is grpc.StatusCode.UNAVAILABLE


async def test_a_catalog_of_another_encoder_is_not_mixed(world):
    """Products embedded by another model are refused."""
    world.encoder.name = "other@1/384/e5"
    assert (await refused(world.fill(shop()))).reason == "ENCODER_MISMATCH"


async def test_deleting(world):
    """Deleted products are gone, unknown ids are counted."""
    request = pb.DeleteProductsRequest(catalog=CATALOG, product_ids=["b2", "nothing"])
    response = await world.write.DeleteProducts(request)
    assert (response.deleted_count, response.missing_count) == (1, 1)
    assert "b2" not in ids((await world.search("canvas tote bag")).results)


async def test_catalogs_come_and_go(world):
    """A catalogue is listed with its count and encoder, deleted with all it holds, and can be made again."""
    listed = (await world.write.ListCatalogs(pb.ListCatalogsRequest())).catalogs
    assert [(c.name, c.product_count, c.encoder_fingerprint) for c in listed] == [
        (CATALOG, len(shop()), world.encoder.name)
    ]
    response = await world.write.DeleteCatalog(pb.DeleteCatalogRequest(catalog=CATALOG))
    assert response.deleted_product_count == len(shop())
    assert (await refused(world.search("shoes"))).code is grpc.StatusCode.NOT_FOUND
    await world.fill([product("a", "Cup", 1)])
    assert ids((await world.search("")).results) == ["a"]


async def test_pages_of_catalogs(empty):
    """Catalogues are listed by name, page by page."""
    for name in ("aa", "bb", "cc"):
        request = pb.UpsertProductsRequest(catalog=f"catalogs/{name}", products=[product("a", "Cup")])
        await empty.write.UpsertProducts(iter([request]))
    first = await empty.write.ListCatalogs(pb.ListCatalogsRequest(page_size=2))
    second = await empty.write.ListCatalogs(
        pb.ListCatalogsRequest(page_size=2, page_token=first.next_page_token)
    )
    names = [c.name for c in (*first.catalogs, *second.catalogs)]
    assert names == ["catalogs/aa", "catalogs/bb", "catalogs/cc"]
    assert not second.next_page_token


async def test_specifications_change_what_words_mean(world):
    """A category's other name and a value's alias find the products."""
    labels = catalog_pb2.Labels
    request = pb.UpdateCatalogSpecsRequest(
        catalog=CATALOG,
        attributes=[
            catalog_pb2.AttributeSpec(
                key="color",
                labels=[labels(language_code="zh", names=["颜色"])],
                value_aliases=[catalog_pb2.ValueAlias(alias="黑", values=["black"])],
            )
        ],
        categories=[
            catalog_pb2.CategorySpec(id="Headphones", labels=[labels(language_code="zh", names=["耳机"])])
        ],
    )
    before = (await describe(world)).revision
    revision = (await world.write.UpdateCatalogSpecs(request)).revision
    assert revision != before
    filtered = await world.search(
        "", limit("category", any_of=["耳机"]), limit("attributes.color", any_of=["黑"])
    )
    assert set(ids(filtered.results)) == {"h1", "h3"}
    description = await describe(world)
    color = next(a for a in description.attributes if a.spec.key == "color")
    assert color.spec.labels[0].names == ["颜色"]
    assert next(c for c in description.categories if c.name == "Headphones").spec.id == "Headphones"


async def test_bad_specifications_name_the_field(world):
    """A malformed key or a label without a name is refused."""
    request = pb.UpdateCatalogSpecsRequest(
        catalog=CATALOG, attributes=[catalog_pb2.AttributeSpec(key="Not A Key")]
    )
    error = await refused(world.write.UpdateCatalogSpecs(request))
    assert error.violations[0].field == "attributes[0].key"


async def describe(world, **fields):
    """Return a description."""
    request = read_pb.DescribeCatalogRequest(catalog=CATALOG, **fields)
    return (await world.read.DescribeCatalog(request)).description


async def test_a_description_is_the_vocabulary(world):
    """Counts, prices, brands, categories, attributes with kinds, units, ranges and coverage."""
    description = await describe(world)
    assert description.product_count == len(shop())
    assert [(p.currency_code, p.minimum, p.maximum) for p in description.prices] == [("CNY", 29.9, 6999.0)]
    assert description.brands[0].value == "Apple"
    phones = next(c for c in description.categories if c.name == "Phones")
    assert (phones.count, phones.attribute_coverage["storage"]) == (3, 1.0)
    attributes = {a.spec.key: a for a in description.attributes}
    assert (attributes["battery"].minimum, attributes["battery"].maximum) == (20, 50)
    assert attributes["battery"].spec.unit == "h"
    assert attributes["battery"].spec.kind == catalog_pb2.AttributeSpec.KIND_NUMBER
    assert {v.value: v.count for v in attributes["color"].values}["black"] == 5
    assert {v.value for v in description.languages} == {"en", "zh"}


async def test_a_part_is_described_by_itself(world):
    """A filter narrows the vocabulary."""
    condition = query_pb2.Condition(field="category", any_of=query_pb2.TextSet(values=["手机"]))
    description = await describe(world, filter=query_pb2.Filter(conditions=[condition]))
    assert {b.value for b in description.brands} == {"小米", "华为"}
    assert [(p.minimum, p.maximum) for p in description.prices] == [(3999.0, 5499.0)]


async def test_an_unchanged_description_is_not_sent_again(world):
    """The caller's revision is confirmed until a product changes."""
    revision = (await describe(world)).revision
    request = read_pb.DescribeCatalogRequest(catalog=CATALOG, if_revision_not=revision)
    assert (await world.read.DescribeCatalog(request)).unchanged
    await world.fill([product("new", "Kettle", 10)])
    response = await world.read.DescribeCatalog(request)
    assert not response.unchanged
    assert response.description.product_count == len(shop()) + 1


@pytest.mark.parametrize("method", ["SummarizeReviews"])
async def test_planned_reads_are_unimplemented(world, method):
    """Said openly, with the method's name."""
    request = getattr(read_pb, f"{method}Request")(catalog=CATALOG)
    error = await refused(getattr(world.read, method)(request))
    assert error.code is grpc.StatusCode.UNIMPLEMENTED
    assert method in error.message


async def test_a_range_on_numbers_without_an_index_finds_what_it_must(world):
    """Too few products carry the attribute for an index of its own: those within the range are found all the same."""
    wanted = [product(f"p{i}", "Lamp") for i in range(100)]
    for position, reach in enumerate((2.0, 5.0)):
        wanted[position].attributes["reach"].numbers.append(reach)
    await world.fill(wanted)
    found = await world.search("lamp", limit("attributes.reach", low=3, high=9))
    assert ids(found.results) == ["p1"]

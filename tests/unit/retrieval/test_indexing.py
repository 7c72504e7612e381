"""What the record of a catalogue learns from the products that come in."""

import pytest

from shopguide_retrieval.domain.catalog import AttributeKind, Catalog
from shopguide_retrieval.domain.indexing import MAX_INDEXED_NUMBERS, CatalogWriter, ProductWriter
from shopguide_retrieval.domain.model import AttributeValues, Product

pytestmark = pytest.mark.anyio
ONE = AttributeValues(numbers=(1.0,))


class Records(CatalogWriter):
    """Keeps one record in memory."""

    def __init__(self) -> None:
        self.catalog = Catalog("shop", "f")

    async def change(self, name, change):
        """Return the record after a change."""
        self.catalog = change(self.catalog)
        return self.catalog


@pytest.fixture
def records():
    """An empty catalogue's record."""
    return Records()


@pytest.fixture
def writer(records):
    """What takes products in; nothing is written here."""
    return ProductWriter(records, None, None)


def carrying(count, carriers, key="rare"):
    """Return products that all have a weight, the first `carriers` of them also `key`."""
    rare = {key: ONE}
    return [
        Product(id=str(i), title="Lamp", attributes={"weight": ONE} | (rare if i < carriers else {}))
        for i in range(count)
    ]


@pytest.mark.parametrize(("carriers", "indexed"), [(2, {"weight"}), (3, {"weight", "rare"})])
async def test_only_numbers_that_many_products_have_get_an_index(writer, records, carriers, indexed):
    """Three in a hundred are enough; the record knows the attribute in any case."""
    catalog, keys = await writer.take_in("shop", carrying(100, carriers))
    assert catalog.indexed_numbers == indexed
    assert keys == [f"numbers.{key}" for key in sorted(indexed)]
    assert catalog.kind("rare") is AttributeKind.NUMBER


@pytest.mark.parametrize(("carriers", "new"), [(9, []), (10, ["numbers.rare"])])
async def test_later_indexes_need_more_products(writer, carriers, new):
    """A later chunk names only what is new to it and worth building anew; what is indexed stays so."""
    await writer.take_in("shop", carrying(100, 2))
    catalog, keys = await writer.take_in("shop", carrying(100, carriers))
    assert keys == new
    assert catalog.indexed_numbers >= {"weight"}
    _, again = await writer.take_in("shop", carrying(100, carriers))
    assert again == []


async def test_indexes_have_a_limit_and_the_most_frequent_come_first(writer):
    """A catalogue with very many attributes keeps its writes cheap."""
    many = {f"a{n}": ONE for n in range(2 * MAX_INDEXED_NUMBERS)}
    chunk = [*carrying(9, 0), Product(id="all", title="Lamp", attributes=many | {"weight": ONE})]
    catalog, _ = await writer.take_in("shop", chunk)
    assert len(catalog.indexed_numbers) == MAX_INDEXED_NUMBERS
    assert "weight" in catalog.indexed_numbers

"""Records of catalogues under writers in several processes: none takes back what another one did."""

import asyncio
from dataclasses import replace

import pytest
from qdrant_client import AsyncQdrantClient

from shopguide_retrieval.adapters.qdrant_catalogs import QdrantCatalogStore
from shopguide_retrieval.adapters.qdrant_schema import CollectionSettings
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_runtime.errors import Aborted

pytestmark = pytest.mark.anyio
WRITERS = 8


@pytest.fixture
async def store():
    """A store with the record of a new catalogue, in its first edition."""
    made = QdrantCatalogStore(AsyncQdrantClient(":memory:"), CollectionSettings())
    await made.put(Catalog("shop", "fake@000000000000/384/none"))
    return made


async def test_a_record_that_was_changed_meanwhile_is_not_overwritten(store):
    """A writer that read an older edition is refused, and the served version stays what the faster one made it."""
    read = await store.get("shop")
    await store.put(replace(read, version=2))
    with pytest.raises(Aborted):
        await store.put(replace(read, currencies=frozenset({"USD"})))
    stored = await store.get("shop")
    assert (stored.version, stored.currencies, stored.edition) == (2, frozenset(), 2)


async def test_a_second_creation_is_refused(store):
    """Two processes that both find no catalogue do not both create it."""
    with pytest.raises(Aborted):
        await store.put(Catalog("shop", "other@000000000000/384/none"))


async def test_changes_of_many_processes_all_last(store):
    """Each of eight directories, which share no lock, adds a currency at the same moment: all are there."""

    async def add(number):
        def added(catalog):
            return replace(catalog, currencies=catalog.currencies | {f"C{number:02}"})

        await CatalogDirectory(store).change("shop", added)

    await asyncio.gather(*(add(number) for number in range(WRITERS)))
    assert len((await store.get("shop")).currencies) == WRITERS


async def test_a_change_that_changes_nothing_is_not_written(store):
    """Looking at a record leaves its edition as it is."""
    await CatalogDirectory(store).change("shop", lambda catalog: catalog)
    assert (await store.get("shop")).edition == 1

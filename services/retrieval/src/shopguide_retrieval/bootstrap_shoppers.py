"""Wires what the service knows about shoppers; with `bootstrap`, the only place that names concrete classes."""

from dataclasses import dataclass

from qdrant_client import AsyncQdrantClient

from shopguide_retrieval.adapters.qdrant_events import QdrantEventStore
from shopguide_retrieval.adapters.qdrant_schema import CollectionSettings
from shopguide_retrieval.adapters.qdrant_shopper_schema import ShopperCollections
from shopguide_retrieval.adapters.qdrant_shoppers import QdrantShopperStore
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.recording import EventRecorder, ShopperFile
from shopguide_retrieval.domain.settling import ProfileKeeper
from shopguide_retrieval.ports import CatalogStore, ProductStore
from shopguide_retrieval.shopper_servicer import ShopperSide


@dataclass(frozen=True)
class ShopperParts:
    """The parts that know shoppers."""

    events: QdrantEventStore
    shoppers: QdrantShopperStore
    keeper: ProfileKeeper

    def side(self, directory: CatalogDirectory, products: ProductStore) -> ShopperSide:
        """Return the use cases about shoppers."""
        return ShopperSide(
            EventRecorder(directory, self.events, products, self.keeper),
            ShopperFile(directory, self.events, self.shoppers, self.keeper),
        )


def make_shoppers(
    qdrant: AsyncQdrantClient, settings: CollectionSettings, catalogs: CatalogStore, products: ProductStore
) -> ShopperParts:
    """Return the parts that know shoppers, over a client of Qdrant."""

    async def is_catalog(name: str) -> bool:
        return await catalogs.get(name) is not None

    collections = ShopperCollections(qdrant, settings, is_catalog)
    events, shoppers = QdrantEventStore(qdrant, collections), QdrantShopperStore(qdrant, collections)
    return ShopperParts(events, shoppers, ProfileKeeper(events, shoppers, products))

"""Wires recommendation; with `bootstrap`, the only place that names concrete classes."""

from qdrant_client import AsyncQdrantClient

from shopguide_retrieval.adapters.qdrant_neighbours import QdrantNeighbourStore
from shopguide_retrieval.adapters.qdrant_shopper_schema import ShopperCollections
from shopguide_retrieval.adapters.qdrant_shoppers import QdrantShopperStore
from shopguide_retrieval.bootstrap_qdrant import layout
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.bundles import BundleFinder
from shopguide_retrieval.domain.crowd import Crowd
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.encoding import QueryEncoder
from shopguide_retrieval.domain.recommend import Recommender
from shopguide_retrieval.domain.search import Searcher
from shopguide_retrieval.domain.trend_listing import TrendLister
from shopguide_retrieval.ports import CatalogStore, ProductStore
from shopguide_retrieval.recommend_servicer import RecommendSide


def make_recommend_side(
    settings: RetrievalSettings,
    qdrant: AsyncQdrantClient,
    catalogs: CatalogStore,
    directory: CatalogDirectory,
    products: ProductStore,
    searcher: Searcher,
    queries: QueryEncoder,
) -> RecommendSide:
    """Return the use cases of recommendation."""

    async def is_catalog(name: str) -> bool:
        return await catalogs.get(name) is not None

    collections = ShopperCollections(qdrant, layout(settings, settings.encoder_dimension), is_catalog)
    shoppers = QdrantShopperStore(qdrant, collections)
    others = QdrantNeighbourStore(qdrant, collections)
    crowd = Crowd(products, others, settings.crowd_cache_seconds)
    recommender = Recommender(
        products, searcher, queries, shoppers, others, crowd, settings.recommend_exploration
    )
    return RecommendSide(
        directory,
        searcher,
        recommender,
        BundleFinder(products, searcher, others, crowd),
        TrendLister(products, others),
    )

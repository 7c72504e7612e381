"""Wires the service together; the only module that names concrete classes."""

from functools import partial

from qdrant_client import AsyncQdrantClient
from qdrant_client.grpc import PointsStub

from shopguide.retrieval.v1 import index_service_pb2_grpc, retrieval_service_pb2_grpc
from shopguide_retrieval.adapters.qdrant_calls import ready
from shopguide_retrieval.adapters.qdrant_catalogs import QdrantCatalogStore
from shopguide_retrieval.adapters.qdrant_products import QdrantProductStore
from shopguide_retrieval.adapters.qdrant_reader import PointReader
from shopguide_retrieval.adapters.qdrant_texts import QdrantTextStore
from shopguide_retrieval.adapters.ranker_files import load_ranker
from shopguide_retrieval.adapters.triton_encoder import TritonEncoder
from shopguide_retrieval.bootstrap_qdrant import connect, layout, open_channel, reading
from shopguide_retrieval.bootstrap_recommend import make_recommend_side
from shopguide_retrieval.bootstrap_shoppers import make_shoppers
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.arranging import Arranger
from shopguide_retrieval.domain.counting import RecentCounts
from shopguide_retrieval.domain.deals import DealFinder
from shopguide_retrieval.domain.describe import Describer
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.encoding import QueryEncoder
from shopguide_retrieval.domain.indexing import CatalogWriter, ProductWriter
from shopguide_retrieval.domain.offers import OfferWriter
from shopguide_retrieval.domain.ranker import Ranker
from shopguide_retrieval.domain.rebuild import Rebuilder
from shopguide_retrieval.domain.scope_search import ScopeSearcher
from shopguide_retrieval.domain.search import Searcher
from shopguide_retrieval.domain.similar import SimilarFinder
from shopguide_retrieval.domain.texts import FaqBook, ReviewShelf
from shopguide_retrieval.domain.tokenizer import tokenize
from shopguide_retrieval.domain.wordbook import WordBook
from shopguide_retrieval.index_servicer import IndexServicer, WriteSide
from shopguide_retrieval.ports import Encoder
from shopguide_retrieval.servicer import ReadSide, RetrievalServicer
from shopguide_runtime.cursor import PageTokens
from shopguide_runtime.health import Check
from shopguide_runtime.server import App
from shopguide_runtime.triton import TextEncoder

SERVICES = ("shopguide.retrieval.v1.RetrievalService", "shopguide.retrieval.v1.IndexService")


async def build(settings: RetrievalSettings) -> App:
    """Return the service over Qdrant and Triton at their addresses."""
    qdrant, encoder, channel = connect(settings), connect_encoder(settings), open_channel(settings)
    read, write = make_servicers(settings, qdrant, encoder, PointsStub(channel))  # type: ignore[no-untyped-call]

    async def warm_up() -> None:
        tokenize("warm 暖", document=True)

    async def close() -> None:
        await encoder.close()
        await channel.close()
        await qdrant.close()

    return App(
        [
            partial(retrieval_service_pb2_grpc.add_RetrievalServiceServicer_to_server, read),
            partial(index_service_pb2_grpc.add_IndexServiceServicer_to_server, write),
        ],
        SERVICES,
        # Without its encoder the service still answers, by words alone; without Qdrant it cannot.
        [
            Check("qdrant", partial(ready, qdrant.get_collections)),
            Check("text_encoder", encoder.ready, required=False),
        ],
        warm_up=warm_up,
        close=close,
    )


def connect_encoder(settings: RetrievalSettings) -> TritonEncoder:
    """Return the encoder behind Triton; it connects when first used."""
    return TritonEncoder(
        TextEncoder(settings.triton_address, max_in_flight=settings.max_concurrent_requests),
        TextEncoder(
            settings.triton_address,
            max_in_flight=settings.encoder_requests_in_flight,
            batch_size=settings.encoder_batch,
        ),
        settings.encode_query_timeout_seconds,
        settings.encode_passages_timeout_seconds,
    )


def make_servicers(
    settings: RetrievalSettings,
    qdrant: AsyncQdrantClient,
    encoder: Encoder,
    points: PointsStub | None = None,
) -> tuple[RetrievalServicer, IndexServicer]:
    """Return both servicers over a client of Qdrant and an encoder; `points` is the read path's own stub, if it has one."""
    store = QdrantCatalogStore(qdrant, layout(settings, settings.encoder_dimension))
    directory = CatalogDirectory(store, settings.catalog_cache_seconds)
    reader = PointReader(points or qdrant.grpc_points, reading(settings))
    products = QdrantProductStore(qdrant, reader)
    reviews, faq = QdrantTextStore(qdrant, "reviews", reader), QdrantTextStore(qdrant, "faq", reader)
    queries = QueryEncoder(encoder, settings.encoder_dimension)
    wishes = QueryEncoder(encoder, settings.encoder_dimension, WordBook(products))
    shoppers = make_shoppers(qdrant, layout(settings, settings.encoder_dimension), store, products)
    ranker, arranger = Ranker(load_ranker(settings.ranker)), Arranger(products, shoppers.shoppers)
    searcher = Searcher(products, wishes, settings.candidates, ranker, arranger)
    catalogs = CatalogWriter(directory, products, encoder)
    book, shelf = FaqBook(faq, encoder, queries), ReviewShelf(reviews, encoder, queries)
    tokens = PageTokens(settings.page_token_key.encode())
    read = ReadSide(
        directory,
        products,
        RecentCounts(products, settings.catalog_cache_seconds),
        searcher,
        ScopeSearcher(searcher, wishes),
        SimilarFinder(products, searcher),
        Describer(products, reviews, faq),
        book,
        shelf,
        tokens,
        DealFinder(products, searcher),
        make_recommend_side(settings, qdrant, store, directory, products, searcher, queries),
    )
    write = WriteSide(
        directory,
        products,
        catalogs,
        ProductWriter(catalogs, products, encoder, arrived=shoppers.keeper.arrived),
        book,
        shelf,
        tokens,
        OfferWriter(directory, catalogs, products),
        shoppers.side(directory, products),
    )
    return RetrievalServicer(read), IndexServicer(write)


def make_search(
    settings: RetrievalSettings, qdrant: AsyncQdrantClient, encoder: Encoder
) -> tuple[CatalogDirectory, Searcher]:
    """Return what finds a catalogue and what searches it, for those who train and judge the ranking."""
    store = QdrantCatalogStore(qdrant, layout(settings, settings.encoder_dimension))
    products = QdrantProductStore(qdrant, PointReader(qdrant.grpc_points, reading(settings)))
    wishes = QueryEncoder(encoder, settings.encoder_dimension, WordBook(products))
    return CatalogDirectory(store, settings.catalog_cache_seconds), Searcher(
        products, wishes, settings.candidates
    )


def make_rebuilder(settings: RetrievalSettings, qdrant: AsyncQdrantClient, encoder: Encoder) -> Rebuilder:
    """Return what builds catalogues anew, over a client of Qdrant and an encoder."""
    store = QdrantCatalogStore(qdrant, layout(settings, settings.encoder_dimension))
    directory, products = CatalogDirectory(store, ttl=0.0), QdrantProductStore(qdrant)
    reviews, faq = QdrantTextStore(qdrant, "reviews"), QdrantTextStore(qdrant, "faq")
    queries = QueryEncoder(encoder, settings.encoder_dimension)
    writer = ProductWriter(CatalogWriter(directory, products, encoder), products, encoder)
    shoppers = make_shoppers(qdrant, layout(settings, settings.encoder_dimension), store, products)
    return Rebuilder(
        directory,
        store,
        products,
        writer,
        (reviews, ReviewShelf(reviews, encoder, queries)),
        (faq, FaqBook(faq, encoder, queries)),
        encoder,
        switched=shoppers.keeper.refresh,
    )

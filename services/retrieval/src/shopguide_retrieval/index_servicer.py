"""`shopguide.retrieval.v1.IndexService`: requests to use cases and back, nothing else."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.retrieval.v1 import index_service_pb2_grpc as pb_grpc
from shopguide_retrieval.convert.catalogs import PREFIX, attribute_spec, catalog_name, category_spec
from shopguide_retrieval.convert.products import faq_entry, item, review
from shopguide_retrieval.convert.requests import ids
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.indexing import (
    CatalogWriter,
    Failure,
    Item,
    ProductWriter,
    Summary,
)
from shopguide_retrieval.domain.model import FaqEntry, Review
from shopguide_retrieval.domain.offers import OfferWriter
from shopguide_retrieval.domain.texts import FaqBook, ReviewShelf
from shopguide_retrieval.domain.validation import check_faq_entry, check_review
from shopguide_retrieval.metrics import ITEMS
from shopguide_retrieval.offer_servicer import OfferMethods
from shopguide_retrieval.ports import ProductStore
from shopguide_retrieval.shopper_servicer import ShopperMethods, ShopperSide
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.cursor import PageTokens, request_digest
from shopguide_runtime.errors import InvalidArgument
from shopguide_runtime.status import encode
from shopguide_runtime.validation import Violations

MAX_ITEMS = 500
"""Items of one message of a stream."""

T = TypeVar("T", Review, FaqEntry)


class _Batch(Protocol):
    """A message of an import stream."""

    catalog: str


B = TypeVar("B", bound=_Batch)


@dataclass(frozen=True)
class WriteSide:
    """The use cases of the write path."""

    directory: CatalogDirectory
    products: ProductStore
    catalogs: CatalogWriter
    writer: ProductWriter
    faq: FaqBook
    reviews: ReviewShelf
    tokens: PageTokens
    offers: OfferWriter
    shoppers: ShopperSide


class IndexServicer(OfferMethods, ShopperMethods, pb_grpc.IndexServiceServicer):
    """The write path."""

    def __init__(self, use: WriteSide) -> None:
        """Take the use cases."""
        self._use = use
        self._shoppers = use.shoppers

    async def UpsertProducts(
        self,
        request_iterator: AsyncIterator[pb.UpsertProductsRequest],
        context: RpcContext,  # noqa: ARG002
    ) -> pb.UpsertProductsResponse:
        """Write a stream of products."""
        name, messages = await _opened(request_iterator)

        async def batches() -> AsyncIterator[Sequence[Item]]:
            async for message in messages:
                _check_size("products", len(message.products))
                yield [item(p) for p in message.products]

        summary = await self._use.writer.write(name, batches())
        return pb.UpsertProductsResponse(
            upserted_count=summary.written,
            unchanged_count=summary.unchanged,
            failures=[_failure_message(f) for f in summary.failures],
            failed_count=summary.failed,
        )

    async def DeleteProducts(
        self,
        request: pb.DeleteProductsRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.DeleteProductsResponse:
        """Delete products."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        wanted = ids(found, "product_ids", list(request.product_ids), 1, 1000)
        found.raise_if_any()
        deleted = await self._use.catalogs.delete_products(name, wanted)
        return pb.DeleteProductsResponse(deleted_count=deleted, missing_count=len(wanted) - deleted)

    async def UpdateCatalogSpecs(
        self,
        request: pb.UpdateCatalogSpecsRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.UpdateCatalogSpecsResponse:
        """Take in what attributes and categories are called."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        found.count("attributes", len(request.attributes), maximum=500)
        found.count("categories", len(request.categories), maximum=2000)
        attributes = [attribute_spec(found, f"attributes[{i}]", a) for i, a in enumerate(request.attributes)]
        categories = [category_spec(found, f"categories[{i}]", c) for i, c in enumerate(request.categories)]
        found.raise_if_any()
        catalog = await self._use.catalogs.describe(name, attributes, categories)
        return pb.UpdateCatalogSpecsResponse(revision=catalog.state)

    async def DeleteCatalog(
        self,
        request: pb.DeleteCatalogRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.DeleteCatalogResponse:
        """Delete a catalogue."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        found.raise_if_any()
        return pb.DeleteCatalogResponse(deleted_product_count=await self._use.catalogs.delete(name))

    async def ListCatalogs(
        self,
        request: pb.ListCatalogsRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.ListCatalogsResponse:
        """Return a page of catalogues by name."""
        found = Violations()
        size = found.page_size("page_size", request.page_size, 100, 1000)
        found.raise_if_any()
        digest = request_digest(request)
        after = str(self._use.tokens.open(request.page_token, digest)["after"]) if request.page_token else ""
        names = [n for n in await self._use.directory.names() if n > after]
        response = pb.ListCatalogsResponse(catalogs=[await self._listed(n) for n in names[:size]])
        if len(names) > size:
            response.next_page_token = self._use.tokens.issue({"after": names[size - 1]}, digest)
        return response

    async def _listed(self, name: str) -> pb.ListCatalogsResponse.Catalog:
        catalog = await self._use.directory.find(name)
        return pb.ListCatalogsResponse.Catalog(
            name=f"{PREFIX}{name}",
            product_count=await self._use.products.count(catalog, []),
            encoder_fingerprint=catalog.fingerprint,
        )

    async def ImportReviews(
        self,
        request_iterator: AsyncIterator[pb.ImportReviewsRequest],
        context: RpcContext,  # noqa: ARG002
    ) -> pb.ImportReviewsResponse:
        """Write a stream of reviews."""
        name, messages = await _opened(request_iterator)
        catalog = await self._use.catalogs.ensure(name)
        summary = Summary()
        async for message in messages:
            _check_size("reviews", len(message.reviews))
            good = _good([review(r) for r in message.reviews], check_review, summary, "review")
            await self._use.reviews.write(catalog, good)
        await self._finished(catalog, summary)
        failures = [_failure_message(f) for f in summary.failures]
        return pb.ImportReviewsResponse(
            imported_count=summary.written, failures=failures, failed_count=summary.failed
        )

    async def ImportFaq(
        self,
        request_iterator: AsyncIterator[pb.ImportFaqRequest],
        context: RpcContext,  # noqa: ARG002
    ) -> pb.ImportFaqResponse:
        """Write a stream of FAQ entries."""
        name, messages = await _opened(request_iterator)
        catalog = await self._use.catalogs.ensure(name)
        summary = Summary()
        async for message in messages:
            _check_size("entries", len(message.entries))
            good = _good([faq_entry(e) for e in message.entries], check_faq_entry, summary, "faq")
            await self._use.faq.write(catalog, good)
        await self._finished(catalog, summary)
        failures = [_failure_message(f) for f in summary.failures]
        return pb.ImportFaqResponse(
            imported_count=summary.written, failures=failures, failed_count=summary.failed
        )

    async def _finished(self, catalog: Catalog, summary: Summary) -> None:
        if summary.written:
            await self._use.catalogs.touch(catalog.name)


async def _opened(stream: AsyncIterator[B]) -> tuple[str, AsyncIterator[B]]:
    """Return the catalogue that the first message names, and the stream from its beginning."""
    found = Violations()
    first = await anext(stream, None)
    if first is None:
        found.add("catalog", "the stream has no message", "FIELD_REQUIRED")
    name = catalog_name(found, first.catalog) if first is not None else ""
    found.raise_if_any()

    async def again() -> AsyncIterator[B]:
        if first is not None:
            yield first
        async for message in stream:
            yield message

    return name, again()


def _check_size(field: str, count: int) -> None:
    found = Violations()
    found.count(field, count, maximum=MAX_ITEMS)
    found.raise_if_any()


def _good(items: Sequence[T], check: Callable[[T], Violations], summary: Summary, kind: str) -> list[T]:
    """Return the valid items, the last of each id; note the others."""
    start = summary.written + summary.failed
    good: dict[str, T] = {}
    for index, one in enumerate(items, start):
        try:
            check(one).raise_if_any()
        except InvalidArgument as error:
            summary.refuse(Failure(index, one.id[:128], error))
            ITEMS.labels(kind, "refused").inc()
            continue
        summary.written += 1
        good[one.id] = one
    ITEMS.labels(kind, "written").inc(len(good))
    return list(good.values())


def _failure_message(failure: Failure) -> pb.ItemFailure:
    return pb.ItemFailure(id=failure.id, status=encode(failure.error), index=failure.index)

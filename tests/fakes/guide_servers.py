"""GuideService and IndexService in memory behind real sockets, for the SDK and the command line."""

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide.retrieval.v1 import index_service_pb2_grpc as index_grpc
from shopguide.type.v1 import answer_pb2, catalog_pb2, product_pb2, query_pb2

MOUSE = product_pb2.Product(
    id="m1",
    title="Norte [Pro] mouse",
    brand="Norte",
    price={"currency_code": "USD", "units": 57, "nanos": 500_000_000},
    rating=product_pb2.Rating(average=4.5, count=12),
)
BELOW_60 = query_pb2.Condition(field="price", range=query_pb2.NumberRange(maximum=60))
HARD = query_pb2.Constraint(condition=BELOW_60, strength=query_pb2.Constraint.STRENGTH_HARD)
UNDERSTOOD = pb.ChatResponse.Understanding(
    intent="SEARCH", confidence=0.9, search_query="mouse", constraints=[HARD], language_code="en"
)


def refuse(context: grpc.ServicerContext, code: int, message: str, *details) -> None:
    """End a call with a rich status."""
    packed = []
    for detail in details:
        packed.append(Any())
        packed[-1].Pack(detail)
    status = status_pb2.Status(code=code, message=message, details=packed)
    context.abort_with_status(rpc_status.to_status(status))


def refuse_as_asked(context: grpc.ServicerContext, word: str) -> None:
    """Fail in the way that a word of the request names; go on for every other word."""
    info = error_details_pb2.ErrorInfo
    match word:
        case "invalid":
            violation = error_details_pb2.BadRequest.FieldViolation(
                field="query", description="must not be empty"
            )
            details = (
                info(reason="FIELD_REQUIRED"),
                error_details_pb2.BadRequest(field_violations=[violation]),
            )
            refuse(context, code_pb2.INVALID_ARGUMENT, "The request is wrong.", *details)
        case "busy":
            wait = error_details_pb2.RetryInfo(retry_delay=Duration(seconds=1, nanos=500_000_000))
            refuse(
                context,
                code_pb2.RESOURCE_EXHAUSTED,
                "Too many requests.",
                info(reason="QUOTA_EXCEEDED"),
                wait,
            )
        case "plain":
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no catalog catalogs/none")


@dataclass
class FakeGuide(pb_grpc.GuideServiceServicer):
    """Answers every turn with one mouse, and remembers what it was asked."""

    turns: list[pb.ChatRequest] = field(default_factory=list)
    searches: list[pb.SearchRequest] = field(default_factory=list)
    recommended: list[pb.RecommendRequest] = field(default_factory=list)

    def Chat(self, request, context):
        self.turns.append(request)
        refuse_as_asked(context, request.text)
        number = len(self.turns)
        yield pb.ChatResponse(
            turn_started=pb.ChatResponse.TurnStarted(turn_id=f"t{number}", turn_number=number)
        )
        yield pb.ChatResponse(understanding=UNDERSTOOD)
        yield pb.ChatResponse(products=self._products())
        yield pb.ChatResponse()  # a kind of event that this version does not know
        yield pb.ChatResponse(text_delta="Take the Norte ")
        if request.text == "break":
            context.abort(grpc.StatusCode.UNAVAILABLE, "the generation service is gone")
        yield pb.ChatResponse(text_delta="[1].")
        yield pb.ChatResponse(
            citation=answer_pb2.Citation(end_index=18, source_ids=["m1"], source_numbers=[1])
        )
        offered = [answer_pb2.SuggestedAnswer(text="wireless")]
        yield pb.ChatResponse(follow_up=answer_pb2.FollowUp(question="Wired?", suggested_answers=offered))
        source = answer_pb2.Source(id="m1", kind=answer_pb2.Source.KIND_PRODUCT, title=MOUSE.title)
        lesser = answer_pb2.Degradation(component="generation", fallback="TEMPLATE_ANSWER")
        yield pb.ChatResponse(
            turn_finished=pb.ChatResponse.TurnFinished(
                conversation_token=f"token {number}", sources=[source], degradations=[lesser], answered=True
            )
        )

    @staticmethod
    def _products() -> pb.ChatResponse.ProductList:
        relaxed = query_pb2.ConstraintOutcome(
            constraint=HARD,
            outcome=query_pb2.ConstraintOutcome.OUTCOME_RELAXED,
            reason="NO_MATCH",
            nearest_value=57.5,
        )
        shown = query_pb2.ScoredProduct(product_id="m1", product=MOUSE, score=0.5)
        return pb.ChatResponse.ProductList(results=[shown], constraint_outcomes=[relaxed], matched_size=14)

    def Search(self, request, context):
        self.searches.append(request)
        refuse_as_asked(context, request.query)
        found = query_pb2.ScoredProduct(product_id="m1", product=MOUSE, score=0.25)
        return pb.SearchResponse(results=[found], understanding=UNDERSTOOD, matched_size=1, total_size=9)

    def Recommend(self, request, context):
        self.recommended.append(request)
        refuse_as_asked(context, request.shopper.visitor_id)
        found = query_pb2.ScoredProduct(
            product_id="m1", product=MOUSE, score=0.25, reasons=["BOUGHT_TOGETHER"]
        )
        lesser = answer_pb2.Degradation(component="shoppers", fallback="NOT_PERSONAL")
        return pb.RecommendResponse(results=[found], attribution_token="a1", degradations=[lesser])

    def DescribeCatalog(self, request, context):
        spec = catalog_pb2.AttributeSpec(key="dpi", kind=catalog_pb2.AttributeSpec.KIND_NUMBER, unit="DPI")
        about = catalog_pb2.CatalogDescription(
            catalog=request.catalog,
            product_count=3,
            prices=[catalog_pb2.PriceRange(currency_code="USD", minimum=5, maximum=99.5, count=3)],
            brands=[catalog_pb2.ValueCount(value="Norte", count=2)],
            attributes=[catalog_pb2.AttributeSummary(spec=spec, count=3, minimum=800, maximum=26000)],
        )
        return pb.DescribeCatalogResponse(description=about)


@dataclass
class FakeIndex(index_grpc.IndexServiceServicer):
    """Takes whatever comes, but no product called `refused`."""

    catalogs: list[str] = field(default_factory=list)
    products: list[product_pb2.Product] = field(default_factory=list)
    specs: list[index.UpdateCatalogSpecsRequest] = field(default_factory=list)
    offers: list[index.Offer] = field(default_factory=list)
    streams: int = 0

    def UpsertProducts(self, request_iterator, context):
        self.streams += 1
        failures, position = [], 0
        for request in request_iterator:
            self.catalogs.append(request.catalog)
            for product in request.products:
                if product.title == "refused":
                    status = status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message="title: is not wanted")
                    failures.append(index.ItemFailure(id=product.id, index=position, status=status))
                else:
                    self.products.append(product)
                position += 1
        taken = position - len(failures)
        return index.UpsertProductsResponse(
            upserted_count=taken, failures=failures, failed_count=len(failures)
        )

    def UpdateOffers(self, request, context):
        """Take offers, but none for `nope`, and none of `free` products."""
        self.offers += request.offers
        status = status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message="price: must be above zero")
        failures = [
            index.ItemFailure(id=o.product_id, index=i, status=status)
            for i, o in enumerate(request.offers)
            if o.product_id == "free"
        ]
        missing = [o.product_id for o in request.offers if o.product_id == "nope"]
        taken = len(request.offers) - len(failures) - len(missing)
        return index.UpdateOffersResponse(updated_count=taken, missing_ids=missing, failures=failures)

    def UpdateCatalogSpecs(self, request, context):
        self.specs.append(request)
        return index.UpdateCatalogSpecsResponse(revision=f"r{len(self.specs)}")

    def ListCatalogs(self, request, context):
        page = int(request.page_token or 0)
        named = index.ListCatalogsResponse.Catalog(name=f"catalogs/c{page}", product_count=page)
        return index.ListCatalogsResponse(
            catalogs=[named], next_page_token="" if page == 2 else str(page + 1)
        )


@contextmanager
def serving(guide: FakeGuide, index_service: FakeIndex) -> Iterator[str]:
    """Serve both fakes on a free port; yields the address."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    pb_grpc.add_GuideServiceServicer_to_server(guide, server)
    index_grpc.add_IndexServiceServicer_to_server(index_service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()

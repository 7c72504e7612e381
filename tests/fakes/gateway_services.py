"""The services behind the gateway, in memory: they remember what they were asked and can be told to fail."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from shopguide_gateway.domain.model import (
    AnswerRequest,
    Attribute,
    AttributeSpec,
    BasketResult,
    BundleResult,
    Catalogue,
    Citation,
    Deal,
    DealResult,
    FaqMatch,
    FollowUp,
    Money,
    Outcome,
    Product,
    RecommendResult,
    Review,
    ReviewResult,
    RoleResult,
    Scored,
    SearchResult,
    Shopper,
    State,
    SuggestedAnswer,
    Understanding,
    WriterEvent,
    WriterFinish,
)
from shopguide_gateway.ports import Retriever, Understander, Writer
from shopguide_runtime.errors import NotFound, ShopguideError


def product(number: int, **changes) -> Product:
    """Return the `number`-th product of the fake catalogue."""
    values = {
        "id": f"p{number}",
        "title": f"Norte H{number}00 headphones",
        "language": "en",
        "brand": "Norte",
        "price": Money("USD", Decimal(40 + number)),
        "original_price": Money("USD", Decimal(80)),
        "attributes": {
            "color": Attribute(texts=("red", "blue")[number % 2 :]),
            "battery_hours": Attribute(numbers=(20.0 + number,)),
        },
        "rating": 4.5,
        "rating_count": 12,
    }
    return Product(**(values | changes))


@dataclass
class FakeUnderstander(Understander):
    """Understands whatever it is told to."""

    answer: Understanding = field(default_factory=lambda: Understanding("SEARCH", 0.9, "headphones", "en"))
    error: ShopguideError | None = None
    asked: list[tuple[str, State]] = field(default_factory=list)

    async def understand(
        self, text: str, shopper: Shopper, state: State, catalogue: Catalogue | None
    ) -> Understanding:
        self.asked.append((text, state))
        if self.error:
            raise self.error
        return self.answer


@dataclass
class FakeRetriever(Retriever):
    """Holds one catalogue with a handful of products."""

    products_held: tuple[Product, ...] = tuple(product(n) for n in range(1, 7))
    faq: tuple[FaqMatch, ...] = (
        FaqMatch("f1", "Who pays for returns?", "We do, within 30 days.", "en", 0.9),
    )
    outcomes: tuple[Outcome, ...] = ()
    error: ShopguideError | None = None
    lost: dict[str, ShopguideError] = field(default_factory=dict)
    """What single methods fail with."""
    personal: bool = False
    calls: list[str] = field(default_factory=list)
    arguments: list[dict] = field(default_factory=list)

    def _note(self, name: str, catalog: str, **arguments) -> None:
        self.calls.append(name)
        self.arguments.append(arguments)
        if catalog != "catalogs/default":
            raise NotFound("catalog", catalog)
        if self.error and name != "describe":
            raise self.error
        if name in self.lost:
            raise self.lost[name]

    async def describe(self, catalog, held):
        self._note("describe", catalog)
        spec = AttributeSpec("color", "TEXT", labels={"en": ("colour",)})
        return held or Catalogue(catalog, "r1", {"color": spec}, ("USD",))

    async def describe_part(self, catalog, conditions):
        self._note("describe_part", catalog)
        return Catalogue(catalog, "r1")

    async def search(self, catalog, query, **arguments):
        self._note("search", catalog, query=query, **arguments)
        found = tuple(Scored(p, 1 / n) for n, p in enumerate(self.products_held, 1))
        return SearchResult(found, self.outcomes, (), 6, 6, attribution_token="a1")

    async def search_scopes(self, catalog, scopes, **arguments):
        self._note("search_scopes", catalog, scopes=scopes, **arguments)
        found = [
            (s.role, replace(p, title=f"{p.title} {s.role}"))
            for s, p in zip(scopes, self.products_held, strict=False)
        ]
        spare = replace(self.products_held[-1], title=f"Another {scopes[0].role}")
        roles = tuple(
            RoleResult(role, Scored(p), (Scored(spare),) if role == scopes[0].role else ())
            for role, p in found
        )
        return BundleResult(roles, Money("USD", Decimal(83)), attribution_token="a2")

    async def find_similar(self, catalog, product_ids, constraints, conditions, page_size):
        self._note("find_similar", catalog, product_ids=product_ids)
        return SearchResult(tuple(Scored(p) for p in self.products_held if p.id not in product_ids))

    async def recommend(self, catalog, query, **arguments):
        self._note("recommend", catalog, query=query, **arguments)
        found = tuple(Scored(p, reasons=("TRENDING",)) for p in self.products_held[2:])
        return RecommendResult(SearchResult(found, attribution_token="a3"), self.personal)

    async def list_trending(self, catalog, conditions, page_size):
        self._note("list_trending", catalog, conditions=conditions)
        found = tuple(Scored(p, reasons=("TRENDING",)) for p in self.products_held)
        return SearchResult(found, attribution_token="a6")

    async def find_bundle(self, catalog, product_ids, **arguments):
        self._note("find_bundle", catalog, product_ids=product_ids, **arguments)
        reasons = (f"COMPLEMENTS:{product_ids[0]}",)
        found = tuple(Scored(p, reasons=reasons) for p in self.products_held if p.id not in product_ids)[:2]
        return BasketResult(SearchResult(found, attribution_token="a4"), Money("USD", Decimal(83)))

    async def find_deals(self, catalog, query, **arguments):
        self._note("find_deals", catalog, query=query, **arguments)
        found = tuple(Scored(p) for p in self.products_held[:2])
        deal = Deal(Money("USD", Decimal(39)), 0.49, 0.8)
        return DealResult(SearchResult(found, attribution_token="a5"), {found[0].product.id: deal})

    async def products(self, catalog, product_ids: Sequence[str]):
        self._note("products", catalog, product_ids=product_ids)
        held = {p.id: p for p in self.products_held}
        return tuple(held[i] for i in product_ids if i in held)

    async def search_faq(self, catalog, query, language, vector):
        self._note("search_faq", catalog, query=query)
        return self.faq

    async def search_reviews(self, catalog, query, product_ids, page_size):
        self._note("search_reviews", catalog, product_ids=product_ids)
        return ReviewResult((Review("r1", product_ids[0], "Works with my PS5.", "en", 5.0, 3),), 1)


@dataclass
class FakeWriter(Writer):
    """Writes two sentences, or fails before or between them."""

    fail_before: ShopguideError | None = None
    fail_between: ShopguideError | None = None
    requests: list[AnswerRequest] = field(default_factory=list)
    closed: int = 0

    async def write(self, request: AnswerRequest, timeout: float) -> AsyncGenerator[WriterEvent, None]:
        self.requests.append(request)
        try:
            if self.fail_before:
                raise self.fail_before
            yield "First. "
            yield Citation(0, 6, ("p1",), (1,))
            if self.fail_between:
                raise self.fail_between
            yield "Second."
            yield FollowUp("Which colour?", (SuggestedAnswer("red"),), "attributes.color")
            yield WriterFinish(10, 5, model_sentences=1, template_sentences=1)
        finally:
            self.closed += 1

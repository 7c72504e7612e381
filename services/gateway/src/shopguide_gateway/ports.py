"""What the gateway needs of the world; `adapters` implement these, tests give fakes."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from shopguide_gateway.domain.model import (
    AnswerRequest,
    BasketResult,
    BundleResult,
    Catalogue,
    Condition,
    Constraint,
    DealResult,
    FaqMatch,
    Money,
    Ordering,
    Product,
    QueryVector,
    RecommendResult,
    ReviewResult,
    Scope,
    SearchResult,
    Shopper,
    State,
    Understanding,
    View,
    WriterEvent,
)


class Understander(Protocol):
    """The intent service."""

    async def understand(
        self, text: str, shopper: Shopper, state: State, catalogue: Catalogue | None
    ) -> Understanding:
        """Return what the shopper wants. Raises ShopguideError when the service cannot say."""
        ...


class Retriever(Protocol):
    """The retrieval service. Every method raises ShopguideError; NotFound for an unknown catalogue."""

    async def describe(self, catalog: str, held: Catalogue | None) -> Catalogue:
        """Return what can be asked of the catalogue, `held` itself while it is still current."""
        ...

    async def describe_part(self, catalog: str, conditions: Sequence[Condition]) -> Catalogue:
        """Return what can be asked of the products that pass the conditions."""
        ...

    async def search(
        self,
        catalog: str,
        query: str,
        *,
        shopper: Shopper,
        constraints: Sequence[Constraint] = (),
        conditions: Sequence[Condition] = (),
        vector: QueryVector | None = None,
        ordering: Ordering | None = None,
        page_size: int = 20,
        page_token: str = "",
        view: View = "FULL",
    ) -> SearchResult:
        """Return one page of products."""
        ...

    async def search_scopes(
        self,
        catalog: str,
        scopes: Sequence[Scope],
        *,
        shopper: Shopper,
        budget: Money | None,
        shared: Sequence[Constraint],
        conditions: Sequence[Condition],
    ) -> BundleResult:
        """Return one product a role, chosen together within the budget."""
        ...

    async def find_similar(
        self,
        catalog: str,
        product_ids: Sequence[str],
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        page_size: int,
    ) -> SearchResult:
        """Return products like the given ones."""
        ...

    async def recommend(
        self,
        catalog: str,
        query: str,
        *,
        shopper: Shopper,
        seen_ids: Sequence[str],
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        vector: QueryVector | None,
        page_size: int,
    ) -> RecommendResult:
        """Return products for this shopper; `seen_ids` are those of this visit, the latest last."""
        ...

    async def list_trending(
        self, catalog: str, conditions: Sequence[Condition], page_size: int
    ) -> SearchResult:
        """Return what shoppers turn to now more than they used to, then what is popular."""
        ...

    async def find_bundle(
        self,
        catalog: str,
        product_ids: Sequence[str],
        *,
        budget: Money | None,
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        most: int,
    ) -> BasketResult:
        """Return at most `most` products that go with the given ones, within the budget for what is added."""
        ...

    async def find_deals(
        self,
        catalog: str,
        query: str,
        *,
        shopper: Shopper,
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        vector: QueryVector | None,
        page_size: int,
    ) -> DealResult:
        """Return products with good prices, best deal first."""
        ...

    async def products(self, catalog: str, product_ids: Sequence[str]) -> tuple[Product, ...]:
        """Return the products that exist, in the order asked."""
        ...

    async def search_faq(
        self, catalog: str, query: str, language: str, vector: QueryVector | None
    ) -> tuple[FaqMatch, ...]:
        """Return entries of the shop's FAQ, best first."""
        ...

    async def search_reviews(
        self, catalog: str, query: str, product_ids: Sequence[str], page_size: int
    ) -> ReviewResult:
        """Return reviews of the products, best first."""
        ...


class Writer(Protocol):
    """The generation service."""

    def write(self, request: AnswerRequest, timeout: float) -> AsyncGenerator[WriterEvent, None]:
        """Stream checked text within `timeout` seconds; the last event is a WriterFinish. Raises ShopguideError."""
        ...


class TokenVault(Protocol):
    """Keeps conversation states with the clients, unreadable and unchangeable for them."""

    def seal(self, state: State, owner: str) -> str:
        """Return a token that only `owner` (catalogue and visitor) can continue with."""
        ...

    def open(self, token: str, owner: str) -> State | None:
        """Return the state, or None when the token is tampered with, expired or somebody else's."""
        ...

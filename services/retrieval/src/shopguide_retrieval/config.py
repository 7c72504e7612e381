"""Settings of the retrieval service."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_retrieval.qdrant_settings import QdrantSettings
from shopguide_runtime.settings import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class RetrievalSettings(QdrantSettings):
    """What the retrieval service can be told."""

    port: int = setting(7402, minimum=0, maximum=65535)
    """gRPC port; 0 picks a free one."""

    metrics_port: int = setting(7502, minimum=0, maximum=65535)
    """Port of the Prometheus endpoint; 0 picks a free one."""

    max_receive_bytes: int = setting(32 * 1024 * 1024, minimum=1024)
    """Largest request message: 500 products with long descriptions fit."""

    max_connection_age_grace_seconds: float = setting(3600.0, minimum=0)
    """Time that calls on an aged connection still get: as long as an import may take."""

    triton_address: str = "127.0.0.1:7481"
    """gRPC address of the Triton server with the `text_encoder` model."""

    encoder_dimension: int = setting(384, minimum=1)
    """Length of the encoder's vectors."""

    encode_query_timeout_seconds: float = setting(0.8, minimum=0.01)
    """Longest a query may take to embed; after it the search goes on without its dense half."""

    encode_passages_timeout_seconds: float = setting(600.0, minimum=1)
    """Longest a chunk of 500 products may take to embed, behind those before it; an import tries again after it."""

    encoder_requests_in_flight: int = setting(3, minimum=1)
    """Requests that an import keeps at the encoder at the same moment: one at work and two waiting."""

    encoder_batch: int = setting(16, minimum=1, maximum=64)
    """Texts of each such request. Shoppers' queries wait behind these: raise it where nobody waits."""

    candidates: int = setting(100, minimum=10, maximum=1000)
    """Most products that each of the dense and sparse lists contributes to a search; eight for each product of a page, if
    those are fewer."""

    ranker: str = "shipped"
    """What orders the candidates: `shipped` (fused scores, corrected by the trained model of this package), `untrained`,
    or the path of a model that `shopguide_training.ranker` has written."""

    catalog_cache_seconds: float = setting(2.0, minimum=0)
    """How old the cached record of a catalogue may be: other replicas' changes are seen after this time."""

    crowd_cache_seconds: float = setting(30.0, minimum=0)
    """How old the counts, habits and trends of all shoppers may be that recommendations use; a shopper's own profile
    is always read."""

    recommend_exploration: float = setting(0.1, minimum=0, maximum=1)
    """Share of a recommendation's places kept for products that nobody has tried yet, unless a request says it."""

    page_token_key: str = "shopguide-page-token-key"  # noqa: S105 - signs positions, guards nothing
    """Key that signs page tokens, at least 16 characters; the same on all replicas. Positions are no secrets."""

    def problems(self) -> Iterator[str]:
        """Yield one line for each contradiction between fields."""
        yield from super().problems()
        if len(self.page_token_key.encode()) < 16:  # noqa: PLR2004 - as PageTokens demands
            yield f"{PREFIX}PAGE_TOKEN_KEY must have at least 16 characters"

"""Every metric of the retrieval service; labels come from closed sets, never from requests."""

from prometheus_client import Counter, Histogram

from shopguide_runtime.metrics import COUNT_BUCKETS, LATENCY_BUCKETS

STAGE_SECONDS = Histogram(
    "shopguide_retrieval_stage_seconds",
    "Seconds of each stage of a search: encode, limits, candidates, rank, products, counts.",
    ("stage",),
    buckets=LATENCY_BUCKETS,
)
QDRANT_SECONDS = Histogram(
    "shopguide_retrieval_qdrant_seconds",
    "Seconds of each call to Qdrant, by operation.",
    ("operation",),
    buckets=LATENCY_BUCKETS,
)
QDRANT_ERRORS = Counter(
    "shopguide_retrieval_qdrant_errors_total", "Calls to Qdrant that failed, by operation.", ("operation",)
)
CANDIDATES = Histogram(
    "shopguide_retrieval_candidates", "Candidates of a search before ranking.", buckets=COUNT_BUCKETS
)
EMPTY_RESULTS = Counter(
    "shopguide_retrieval_empty_results_total", "Lists returned without a product, by method.", ("method",)
)
CONSTRAINTS = Counter(
    "shopguide_retrieval_constraints_total", "Constraints of shoppers, by what became of them.", ("outcome",)
)
DEGRADED = Counter(
    "shopguide_retrieval_degraded_total", "Answers made in a lesser way, by fallback.", ("fallback",)
)
ITEMS = Counter(
    "shopguide_retrieval_indexed_items_total",
    "Items taken in by kind (product, offer, review, faq) and result (written, unchanged, refused).",
    ("kind", "result"),
)
EMBEDDED_TEXTS = Counter("shopguide_retrieval_embedded_texts_total", "Texts embedded for the index.")

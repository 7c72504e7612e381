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
PAYLOADS = Counter(
    "shopguide_retrieval_payloads_total",
    "Payloads of candidates, by where they came from: kept in memory or read from Qdrant.",
    ("source",),
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
EVENTS = Counter(
    "shopguide_retrieval_events_total",
    "Events of shoppers by type (UNKNOWN when it is none) and outcome (written, duplicate, refused).",
    ("type", "outcome"),
)
UNKNOWN_PRODUCTS = Counter(
    "shopguide_retrieval_event_unknown_products_total",
    "Products of written events that the catalogue did not have.",
)
PROFILES = Counter(
    "shopguide_retrieval_profiles_total",
    "Profiles of shoppers by what became of them: written, retried because another writer was faster.",
    ("outcome",),
)
ERASED_EVENTS = Counter(
    "shopguide_retrieval_erased_events_total", "Events deleted because a shopper was to be forgotten."
)

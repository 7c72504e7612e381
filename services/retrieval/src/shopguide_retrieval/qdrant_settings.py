"""Settings of the retrieval service about Qdrant: how to reach it, how collections are laid out, how they are read.

Settings of collections hold for collections made from then on; `python -m shopguide_retrieval.rebuild` makes a
catalogue's anew. docs/operations.md says which to use when.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_runtime.settings import PREFIX, ServerSettings, setting

QUANTIZATIONS = ("scalar", "binary", "none")
CONSISTENCIES = ("majority", "quorum", "all")
TENANT_KEYS = ("", "brand", "category", "leaf", "language", "group")


@dataclass(frozen=True, kw_only=True)
class QdrantSettings(ServerSettings):
    """What the retrieval service can be told about Qdrant."""

    qdrant_host: str = "127.0.0.1"
    """Host of Qdrant's gRPC endpoint."""

    qdrant_grpc_port: int = setting(6334, minimum=1, maximum=65535)
    """Port of Qdrant's gRPC endpoint; 7434 for the local node."""

    qdrant_api_key: str = ""
    """API key of Qdrant; none when empty. Needs `qdrant_tls` unless Qdrant is on this machine."""

    qdrant_tls: bool = False
    """Speak TLS with Qdrant."""

    qdrant_timeout_seconds: float = setting(10.0, minimum=0.1)
    """Longest a call to Qdrant may take; the time left of the request shortens it."""

    qdrant_shards: int = setting(1, minimum=1)
    """Shards of a new collection; it cannot be changed later except by a rebuild."""

    qdrant_replicas: int = setting(1, minimum=1)
    """Copies of each shard of a new collection; 2 or more in production."""

    qdrant_write_consistency: int = setting(1, minimum=1)
    """Copies that must have a write before it is acknowledged; at most `qdrant_replicas`."""

    qdrant_read_consistency: str = "1"
    """Copies that must agree on what is read: a number, or `majority`, `quorum` or `all`."""

    qdrant_read_affinity: bool = True
    """Send the reads of one shopper to the same copies (Qdrant 1.19; earlier ones and the local node ignore it)."""

    qdrant_quantization: str = "scalar"
    """Of dense vectors: `scalar` (int8, a quarter), `binary` (1 bit; for 1,024 components and more), or `none`."""

    qdrant_quantization_in_memory: bool = True
    """Keep quantised vectors in memory, wherever the vectors themselves are."""

    qdrant_rescore: bool = True
    """Score candidates by the full vectors after the quantised ones have chosen them."""

    qdrant_oversampling: float = setting(3.0, minimum=1, maximum=100)
    """How many times the candidates asked for are chosen by quantised vectors before rescoring."""

    qdrant_hnsw_m: int = setting(16, minimum=0, maximum=128)
    """Links per vector of the HNSW graph; 0 scans quantised vectors, which is faster to build and fast below 200,000."""

    qdrant_hnsw_payload_m: int = setting(0, minimum=0, maximum=128)
    """Links per vector of the graph that is built for each value of an indexed payload key; 0: as `qdrant_hnsw_m`."""

    qdrant_hnsw_ef_construct: int = setting(100, minimum=4, maximum=10_000)
    """Neighbours looked at when a vector is put into the graph: more is slower to build and finds more."""

    qdrant_hnsw_ef: int = setting(0, minimum=0, maximum=10_000)
    """Neighbours looked at when the graph is searched; 0 leaves it to Qdrant (as many as `ef_construct`)."""

    qdrant_acorn: bool = False
    """Search through filtered-out neighbours (Qdrant 1.16): finds more under several narrow limits, and is slower."""

    qdrant_acorn_max_selectivity: float = setting(0.4, minimum=0, maximum=1)
    """Share of products within the limits from which on ACORN is not used."""

    qdrant_tenant_key: str = ""
    """Payload key whose index is a tenant index: nearly every search names one value of it. None when empty."""

    qdrant_strict_mode: bool = False
    """Have Qdrant refuse requests far beyond what this service sends. The local node does not have it."""

    qdrant_max_memory_percent: int = setting(0, minimum=0, maximum=100)
    """With strict mode, share of a node's memory from which on writes are refused (Qdrant 1.18); 0: no limit."""

    qdrant_on_disk_payload: bool = True
    """Leave payloads on disk; the keys that are filtered by stand in indexes in memory all the same."""

    qdrant_on_disk_vectors: bool = False
    """Leave full vectors on disk: only rescoring reads them when quantised ones are in memory."""

    qdrant_indexing_threshold_kb: int = setting(10_000, minimum=0)
    """Vectors of a segment, in kB, from which on they are indexed and quantised; 0 never does."""

    payload_cache: int = setting(20_000, minimum=0)
    """Payloads of products kept in memory, about 4 kB each, and as many products that were shown; 0 reads them for every
    search."""

    def problems(self) -> Iterator[str]:
        """Yield one line for each contradiction between fields."""
        yield from super().problems()
        if self.qdrant_quantization not in QUANTIZATIONS:
            yield f"{PREFIX}QDRANT_QUANTIZATION must be one of {', '.join(QUANTIZATIONS)}"
        if self.qdrant_tenant_key not in TENANT_KEYS:
            yield f"{PREFIX}QDRANT_TENANT_KEY must be empty or one of {', '.join(TENANT_KEYS[1:])}"
        if self.qdrant_write_consistency > self.qdrant_replicas:
            yield f"{PREFIX}QDRANT_WRITE_CONSISTENCY must not exceed {PREFIX}QDRANT_REPLICAS"
        if not _is_consistency(self.qdrant_read_consistency):
            yield f"{PREFIX}QDRANT_READ_CONSISTENCY must be a number from 1 or one of {', '.join(CONSISTENCIES)}"
        if self.qdrant_max_memory_percent and not self.qdrant_strict_mode:
            yield f"{PREFIX}QDRANT_MAX_MEMORY_PERCENT needs {PREFIX}QDRANT_STRICT_MODE"


def _is_consistency(value: str) -> bool:
    return value in CONSISTENCIES or (value.isascii() and value.isdigit() and int(value) >= 1)

"""Qdrant as the settings say: the client, the layout of collections, how points are read."""

import grpc.aio
from qdrant_client import AsyncQdrantClient

from shopguide_retrieval.adapters.qdrant_reader import ReadSettings, read_consistency, search_params
from shopguide_retrieval.adapters.qdrant_schema import CollectionSettings
from shopguide_retrieval.qdrant_settings import QdrantSettings


def connect(settings: QdrantSettings) -> AsyncQdrantClient:
    """Return a client of Qdrant's gRPC endpoint; it connects when first used."""
    return AsyncQdrantClient(
        host=settings.qdrant_host,
        grpc_port=settings.qdrant_grpc_port,
        prefer_grpc=True,
        https=settings.qdrant_tls,
        api_key=settings.qdrant_api_key or None,
        timeout=max(1, round(settings.qdrant_timeout_seconds)),
        check_compatibility=False,
    )


def open_channel(settings: QdrantSettings) -> grpc.aio.Channel:
    """Return a channel to Qdrant for the read path; it connects when first used.

    The client's own channels run an interceptor in a task of its own for every call, which costs a search more than the
    conversion of its answer.
    """
    target = f"{settings.qdrant_host}:{settings.qdrant_grpc_port}"
    options = [
        ("grpc.max_send_message_length", -1),
        ("grpc.max_receive_message_length", -1),
        ("grpc.use_local_subchannel_pool", 1),
    ]
    if settings.qdrant_tls:
        return grpc.aio.secure_channel(target, grpc.ssl_channel_credentials(), options)
    return grpc.aio.insecure_channel(target, options)


def layout(settings: QdrantSettings, dimension: int) -> CollectionSettings:
    """Return how new collections are laid out; `dimension` is that of the dense vectors."""
    return CollectionSettings(
        dimension=dimension,
        hnsw_m=settings.qdrant_hnsw_m,
        shards=settings.qdrant_shards,
        replicas=settings.qdrant_replicas,
        write_consistency=settings.qdrant_write_consistency,
        hnsw_payload_m=settings.qdrant_hnsw_payload_m,
        hnsw_ef_construct=settings.qdrant_hnsw_ef_construct,
        quantization=settings.qdrant_quantization,
        quantization_in_memory=settings.qdrant_quantization_in_memory,
        on_disk_vectors=settings.qdrant_on_disk_vectors,
        on_disk_payload=settings.qdrant_on_disk_payload,
        indexing_threshold_kb=settings.qdrant_indexing_threshold_kb,
        tenant_key=settings.qdrant_tenant_key,
        strict_mode=settings.qdrant_strict_mode,
        max_memory_percent=settings.qdrant_max_memory_percent,
    )


def reading(settings: QdrantSettings) -> ReadSettings:
    """Return how points are read."""
    return ReadSettings(
        search=search_params(
            rescore=settings.qdrant_rescore,
            oversampling=settings.qdrant_oversampling,
            quantized=settings.qdrant_quantization != "none",
            ef=settings.qdrant_hnsw_ef,
            acorn=settings.qdrant_acorn_max_selectivity if settings.qdrant_acorn else None,
        ),
        consistency=read_consistency(settings.qdrant_read_consistency),
        affinity=settings.qdrant_read_affinity,
        copies=settings.qdrant_replicas,
        payload_cache=settings.payload_cache,
        metadata=(("api-key", settings.qdrant_api_key),) if settings.qdrant_api_key else (),
    )

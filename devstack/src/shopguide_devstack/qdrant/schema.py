"""The configuration of a collection: checked, made into the engine's, and described to clients.

HNSW graphs are never built (`m = 0`): exact search is fast enough for the sizes a local node serves, gives exact
results, and building graphs would hold the process for minutes. The graph parameters a client asks for are kept and
reported. Scalar quantization is honoured; other quantizations are refused rather than ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import qdrant_edge as edge
from qdrant_client.grpc import collections_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest, Unsupported
from shopguide_devstack.qdrant.values import EngineVector, is_multi

_NAME_LENGTH = 255
_VECTOR_NAME_BYTES = 200
_MAX_DIMENSION = 65_536
_FORBIDDEN = '<>:"/\\|?*\x00\x1f'
_NO_GRAPH = edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000)


@dataclass(frozen=True)
class DenseSchema:
    """What a dense vector of a collection must look like."""

    size: int
    """Number of components."""
    multi: bool
    """Whether a point holds several such vectors."""


@dataclass(frozen=True)
class VectorSchema:
    """Which vectors the points of a collection may have."""

    dense: Mapping[str, DenseSchema]
    sparse: frozenset[str]

    def check(self, vectors: Mapping[str, EngineVector]) -> None:
        """Check the vectors of one point.

        The engine checks them too, but only while it writes: points before a bad one would already be stored.

        Raises:
            InvalidRequest: an unknown name, the wrong kind or the wrong number of components.
        """
        for name, vector in vectors.items():
            if name in self.dense:
                self._check_dense(self.dense[name], vector)
            elif name not in self.sparse:
                raise InvalidRequest(f"Wrong input: Not existing vector name error: {name}")
            elif not isinstance(vector, edge.SparseVector):
                raise InvalidRequest(f"Wrong input: vector `{name}` must be sparse")

    def _check_dense(self, schema: DenseSchema, vector: EngineVector) -> None:
        if isinstance(vector, edge.SparseVector):
            raise InvalidRequest("Wrong input: a sparse vector was given for a dense one")
        if is_multi(vector) and not schema.multi:
            raise InvalidRequest("Wrong input: a multi-vector was given for a single one")
        for row in vector if is_multi(vector) else [vector]:
            if len(row) != schema.size:
                expected = f"expected dim: {schema.size}, got {len(row)}"
                raise InvalidRequest(f"Wrong input: Vector dimension error: {expected}")


def check_creation(request: collections_pb2.CreateCollection) -> None:
    """Check a request to create a collection.

    Raises:
        InvalidRequest: a name or size outside Qdrant's rules, or no vectors of any kind.
        Unsupported: custom sharding, strict mode, deferred points, quantization other than scalar.
    """
    check_name(request.collection_name)
    if request.sharding_method == collections_pb2.ShardingMethod.Custom:
        raise Unsupported("custom sharding")
    if request.strict_mode_config.enabled:
        raise Unsupported("strict mode")
    if request.optimizers_config.prevent_unoptimized:
        raise Unsupported("`prevent_unoptimized`")
    dense, sparse = dense_params(request), request.sparse_vectors_config.map
    if not dense and not sparse:
        raise InvalidRequest("Wrong input: a collection needs at least one dense or sparse vector")
    for name, params in dense.items():
        _check_vector_name(name)
        if not 1 <= params.size <= _MAX_DIMENSION:
            raise InvalidRequest(
                f"Wrong input: vector size {params.size} is invalid, must be from 1 to {_MAX_DIMENSION}"
            )
    for name in sparse:
        _check_vector_name(name)
        if not name:
            raise InvalidRequest("Wrong input: Sparse vector name cannot be empty")


def check_name(name: str) -> None:
    """Check the name of a new collection or alias.

    Raises:
        InvalidRequest: empty, too long or with a character Qdrant forbids.
    """
    if not name or name in {".", ".."} or len(name) > _NAME_LENGTH:
        raise InvalidRequest(
            f"Wrong input: collection name {name[:40]!r} must have 1 to {_NAME_LENGTH} characters"
        )
    for character in _FORBIDDEN:
        if character in name:
            raise InvalidRequest(f"Wrong input: collection name cannot contain {character!r} char")


def _check_vector_name(name: str) -> None:
    if len(name.encode()) > _VECTOR_NAME_BYTES or any(character in name for character in _FORBIDDEN):
        raise InvalidRequest(f"Wrong input: Invalid vector name `{name[:40]}`")


def dense_params(request: collections_pb2.CreateCollection) -> dict[str, collections_pb2.VectorParams]:
    """Return the parameters of the dense vectors by name; the unnamed vector has the name ""."""
    if request.vectors_config.WhichOneof("config") == "params":
        return {"": request.vectors_config.params}
    return dict(request.vectors_config.params_map.map)


def vector_schema(request: collections_pb2.CreateCollection) -> VectorSchema:
    """Return which vectors the points of a collection created by `request` may have."""
    dense = {
        name: DenseSchema(params.size, params.HasField("multivector_config"))
        for name, params in dense_params(request).items()
    }
    return VectorSchema(dense, frozenset(request.sparse_vectors_config.map))


def wants_optimization(request: collections_pb2.CreateCollection) -> bool:
    """Tell whether a collection asks for quantized vectors, which only an optimizer run builds."""
    dense = dense_params(request).values()
    return request.HasField("quantization_config") or any(p.HasField("quantization_config") for p in dense)


def engine_config(request: collections_pb2.CreateCollection) -> edge.EdgeConfig:
    """Return the engine's configuration of a collection.

    Raises:
        Unsupported: a distance, datatype or quantization the engine does not have.
    """
    shared = request.quantization_config if request.HasField("quantization_config") else None
    return edge.EdgeConfig(
        vectors={name: _dense(params, shared) for name, params in dense_params(request).items()},
        sparse_vectors={name: _sparse(p) for name, p in request.sparse_vectors_config.map.items()},
        hnsw_config=_NO_GRAPH,
        optimizers=_optimizers(request.optimizers_config),
        wal_enabled=True,
    )


def _dense(
    params: collections_pb2.VectorParams, shared: collections_pb2.QuantizationConfig | None
) -> edge.EdgeVectorParams:
    quantization = params.quantization_config if params.HasField("quantization_config") else shared
    return edge.EdgeVectorParams(
        size=params.size,
        distance=_named(edge.Distance, collections_pb2.Distance.Name(params.distance)),
        multivector_config=_multivector(params),
        datatype=_datatype(params.datatype) if params.HasField("datatype") else None,
        quantization_config=None if quantization is None else _quantization(quantization),
        hnsw_config=_NO_GRAPH,
    )


def _sparse(params: collections_pb2.SparseVectorParams) -> edge.EdgeSparseVectorParams:
    idf = params.modifier == collections_pb2.Modifier.Idf
    datatype = _datatype(params.index.datatype) if params.index.HasField("datatype") else None
    return edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf if idf else None, datatype=datatype)


def _multivector(params: collections_pb2.VectorParams) -> edge.MultiVectorConfig | None:
    if not params.HasField("multivector_config"):
        return None
    return edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim)


def _datatype(value: int) -> edge.VectorStorageDatatype | None:
    if value == collections_pb2.Datatype.Default:
        return None
    datatype: edge.VectorStorageDatatype = _named(
        edge.VectorStorageDatatype,
        collections_pb2.Datatype.Name(value),  # type: ignore[arg-type] # the stub has a type of its own
    )
    return datatype


def _quantization(message: collections_pb2.QuantizationConfig) -> edge.ScalarQuantizationConfig:
    kind = message.WhichOneof("quantization")
    if kind != "scalar":
        raise Unsupported(f"`{kind}` quantization")
    scalar = message.scalar
    return edge.ScalarQuantizationConfig(
        type=edge.ScalarType.Int8,
        quantile=scalar.quantile if scalar.HasField("quantile") else None,
        always_ram=scalar.always_ram if scalar.HasField("always_ram") else None,
    )


_OPTIMIZER_FIELDS = (
    "deleted_threshold",
    "vacuum_min_vector_number",
    "default_segment_number",
    "max_segment_size",
    "indexing_threshold",
)


def _optimizers(message: collections_pb2.OptimizersConfigDiff) -> edge.EdgeOptimizersConfig:
    chosen = {name: getattr(message, name) for name in _OPTIMIZER_FIELDS if message.HasField(name)}  # type: ignore[arg-type]
    return edge.EdgeOptimizersConfig(**chosen)


def _named(enum: Any, name: str) -> Any:  # noqa: ANN401 - enums of an extension module
    try:
        return getattr(enum, name)
    except AttributeError:
        raise Unsupported(f"`{name}`") from None


def described_config(request: collections_pb2.CreateCollection) -> collections_pb2.CollectionConfig:
    """Return the configuration of a collection as clients see it: as asked for, with the node's own values filled in."""
    params = collections_pb2.CollectionParams(
        shard_number=1,
        on_disk_payload=request.on_disk_payload,
        replication_factor=1,
        write_consistency_factor=1,
    )
    if request.HasField("vectors_config"):
        params.vectors_config.CopyFrom(request.vectors_config)
    if request.HasField("sparse_vectors_config"):
        params.sparse_vectors_config.CopyFrom(request.sparse_vectors_config)
    config = collections_pb2.CollectionConfig(
        params=params,
        hnsw_config=collections_pb2.HnswConfigDiff(m=0, ef_construct=100, full_scan_threshold=10_000),
        optimizer_config=collections_pb2.OptimizersConfigDiff(
            deleted_threshold=0.2,
            vacuum_min_vector_number=1000,
            default_segment_number=0,
            flush_interval_sec=0,
        ),
        wal_config=collections_pb2.WalConfigDiff(wal_capacity_mb=32, wal_segments_ahead=0),
        metadata=request.metadata,
    )
    config.hnsw_config.MergeFrom(request.hnsw_config)
    config.optimizer_config.MergeFrom(request.optimizers_config)
    if request.HasField("quantization_config"):
        config.quantization_config.CopyFrom(request.quantization_config)
    return config

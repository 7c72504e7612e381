"""A local Qdrant node: Qdrant's own gRPC protocol served from qdrant-edge shards.

The node exists so that development and production share one code path: `AsyncQdrantClient(host, grpc_port=…,
prefer_grpc=True)` talks to it unchanged. It runs in a process of its own because qdrant-edge holds the GIL for
the whole of every call. Start it with `python -m shopguide_devstack.qdrant --data DIR`.

What is served is computed by the real engine; what the engine lacks is either emulated exactly (groups,
examples by id, aliases) or refused with UNIMPLEMENTED. Parameters that only describe a cluster or a memory layout
(shard number, replication, read consistency, write ordering, HNSW graphs) are accepted and reported, because one
node with exact search meets every promise they make.
"""

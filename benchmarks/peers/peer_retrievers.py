"""One peer's hybrid retriever over a Qdrant node, driven line by line; runs in the peers' own virtual environment.

    python peer_retrievers.py haystack|langchain PORT FOLDER

`FOLDER` holds what the other side wrote: `documents.jsonl`, `queries.jsonl`, `dense.npy` and `query_dense.npy`. Fills a
collection through the framework, prints `{"filled": seconds}`, then for every number of seconds on a line of standard
input asks as fast as eight threads can and prints `{"answers": …, "seconds": …, "empty": …}`.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from haystack.dataclasses import Document, SparseEmbedding
from haystack_integrations.components.retrievers.qdrant import QdrantHybridRetriever
from haystack_integrations.document_stores.qdrant import QdrantDocumentStore
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_qdrant import QdrantVectorStore, RetrievalMode, SparseEmbeddings
from langchain_qdrant.sparse_embeddings import SparseVector
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models

THREADS, TOP = 8, 10
OUT_OF_STOCK = 2
INT8 = models.ScalarQuantization(
    scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
)
Row = dict[str, Any]
Vectors = NDArray[np.float32]


class Retriever(Protocol):
    """A filled collection and the peer's way to ask it."""

    def ask(self, number: int) -> int:
        """Ask the query of this number; returns how many documents came."""
        ...


class Haystack:
    """`QdrantHybridRetriever` over `QdrantDocumentStore`."""

    def __init__(
        self, port: int, documents: list[Row], dense: Vectors, queries: list[Row], asked: Vectors
    ) -> None:
        """Fill a collection with the documents."""
        store = QdrantDocumentStore(
            host="127.0.0.1",
            grpc_port=port,
            prefer_grpc=True,
            timeout=120,
            index="haystack",
            embedding_dim=dense.shape[1],
            use_sparse_embeddings=True,
            sparse_idf=True,
            return_embedding=False,
            progress_bar=False,
            hnsw_config=models.HnswConfigDiff(m=0),
            quantization_config=INT8,  # passed on to the client, whose models it must be over gRPC
            payload_fields_to_index=[
                {"field_name": "meta.price", "field_schema": models.PayloadSchemaType.INTEGER},
                {"field_name": "meta.availability", "field_schema": models.PayloadSchemaType.INTEGER},
            ],
            client_kwargs={"check_compatibility": False},
        )
        store.write_documents(
            [
                Document(
                    id=row["id"],
                    content=row["text"],
                    meta=row["meta"],
                    embedding=vector.tolist(),
                    sparse_embedding=SparseEmbedding(row["indices"], row["values"]),
                )
                for row, vector in zip(documents, dense, strict=True)
            ]
        )
        self._retriever = QdrantHybridRetriever(store, top_k=TOP)
        self._queries = [
            {
                "query_embedding": vector.tolist(),
                "query_sparse_embedding": SparseEmbedding(row["indices"], row["values"]),
                "filters": {
                    "operator": "AND",
                    "conditions": [
                        {"field": "meta.price", "operator": "<=", "value": row["most"]},
                        {"field": "meta.availability", "operator": "!=", "value": OUT_OF_STOCK},
                    ],
                },
            }
            for row, vector in zip(queries, asked, strict=True)
        ]

    def ask(self, number: int) -> int:
        """Ask the query of this number; returns how many documents came."""
        return len(self._retriever.run(**self._queries[number % len(self._queries)])["documents"])


class Known(Embeddings):
    """Vectors made beforehand, by text: no peer pays for embedding."""

    def __init__(self, rows: list[Row], dense: Vectors) -> None:
        """Take rows with texts and sparse vectors, and their dense vectors."""
        self._dense = {row["text"]: vector.tolist() for row, vector in zip(rows, dense, strict=True)}
        self._sparse = {
            row["text"]: SparseVector(indices=row["indices"], values=row["values"]) for row in rows
        }

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the dense vectors of texts."""
        return [self._dense[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the dense vector of a text."""
        return self._dense[text]


class KnownSparse(SparseEmbeddings):
    """The sparse side of `Known`."""

    def __init__(self, known: Known) -> None:
        """Take the vectors."""
        self._known = known

    def embed_documents(self, texts: list[str]) -> list[SparseVector]:
        """Return the sparse vectors of texts."""
        return [self._known._sparse[text] for text in texts]  # noqa: SLF001

    def embed_query(self, text: str) -> SparseVector:
        """Return the sparse vector of a text."""
        return self._known._sparse[text]  # noqa: SLF001


class LangChain:
    """`QdrantVectorStore` in mode HYBRID."""

    def __init__(
        self, port: int, documents: list[Row], dense: Vectors, queries: list[Row], asked: Vectors
    ) -> None:
        """Fill a collection with the documents."""
        client = QdrantClient(
            host="127.0.0.1", grpc_port=port, prefer_grpc=True, timeout=120, check_compatibility=False
        )
        client.create_collection(
            "langchain",
            vectors_config={
                "dense": models.VectorParams(
                    size=dense.shape[1],
                    distance=models.Distance.COSINE,
                    hnsw_config=models.HnswConfigDiff(m=0),
                    quantization_config=INT8,
                )
            },
            sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )
        for field in ("metadata.price", "metadata.availability"):
            client.create_payload_index("langchain", field, models.PayloadSchemaType.INTEGER)
        known = Known([*documents, *queries], np.concatenate([dense, asked]))
        self._store = QdrantVectorStore(
            client,
            "langchain",
            embedding=known,
            sparse_embedding=KnownSparse(known),
            retrieval_mode=RetrievalMode.HYBRID,
            vector_name="dense",
            sparse_vector_name="sparse",
            validate_embeddings=False,
            validate_collection_config=False,
        )
        self._store.add_documents(
            [LangChainDocument(page_content=row["text"], metadata=row["meta"]) for row in documents],
            batch_size=256,
        )
        self._queries = [(row["text"], _filter(row["most"])) for row in queries]

    def ask(self, number: int) -> int:
        """Ask the query of this number; returns how many documents came."""
        text, condition = self._queries[number % len(self._queries)]
        return len(self._store.similarity_search(text, k=TOP, filter=condition))


def _filter(most: int) -> models.Filter:
    return models.Filter(
        must=[models.FieldCondition(key="metadata.price", range=models.Range(lte=most))],
        must_not=[
            models.FieldCondition(key="metadata.availability", match=models.MatchValue(value=OUT_OF_STOCK))
        ],
    )


def run(retriever: Retriever, seconds: float) -> dict[str, float]:
    """Ask with eight threads for so many seconds."""
    numbers, until = count(), time.perf_counter() + seconds
    started = time.perf_counter()

    def work(_: int) -> tuple[int, int]:
        answers = empty = 0
        while time.perf_counter() < until:
            empty += retriever.ask(next(numbers)) == 0
            answers += 1
        return answers, empty

    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(work, range(THREADS)))
    return {
        "answers": sum(answers for answers, _ in done),
        "empty": sum(empty for _, empty in done),
        "seconds": time.perf_counter() - started,
    }


def main() -> None:
    """Fill, then answer lines until the input ends."""
    kind, port, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    rows = [
        [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("documents.jsonl", "queries.jsonl")
    ]
    vectors = [np.load(folder / name) for name in ("dense.npy", "query_dense.npy")]
    started = time.perf_counter()
    peer = {"haystack": Haystack, "langchain": LangChain}[kind]
    retriever = peer(port, rows[0], vectors[0], rows[1], vectors[1])
    print(json.dumps({"filled": time.perf_counter() - started}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(retriever, float(line))), flush=True)


if __name__ == "__main__":
    main()

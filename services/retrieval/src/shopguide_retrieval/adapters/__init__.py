"""The outside systems of retrieval: Qdrant and the text encoder."""

"""Generated package `shopguide.retrieval.v1` of the contract."""

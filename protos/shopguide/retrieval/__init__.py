"""Generated package `shopguide.retrieval` of the contract."""

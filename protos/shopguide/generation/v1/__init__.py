"""Generated package `shopguide.generation.v1` of the contract."""

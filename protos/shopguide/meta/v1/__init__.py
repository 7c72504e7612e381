"""Generated package `shopguide.meta.v1` of the contract."""

"""Generated package `shopguide.type.v1` of the contract."""

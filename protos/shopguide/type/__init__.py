"""Generated package `shopguide.type` of the contract."""

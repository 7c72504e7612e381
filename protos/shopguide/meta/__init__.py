"""Generated package `shopguide.meta` of the contract."""

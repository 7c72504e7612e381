"""Generated package `shopguide.gateway` of the contract."""

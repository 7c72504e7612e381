"""Generated package `shopguide.gateway.v1` of the contract."""

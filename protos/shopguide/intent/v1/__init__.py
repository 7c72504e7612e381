"""Generated package `shopguide.intent.v1` of the contract."""

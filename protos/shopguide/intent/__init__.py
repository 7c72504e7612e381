"""Generated package `shopguide.intent` of the contract."""

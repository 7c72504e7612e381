"""Generated package `shopguide` of the contract."""

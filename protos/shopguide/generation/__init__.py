"""Generated package `shopguide.generation` of the contract."""

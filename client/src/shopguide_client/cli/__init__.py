"""The `shopguide` command line."""

"""Adapters: the outside systems behind the ports."""

"""Judges the running services from outside, so that anyone can score any catalogue."""

__version__ = "0.1.0"

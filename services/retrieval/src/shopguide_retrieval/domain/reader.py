"""Whom the reads of a request are for: a shopper who pages through a list should not see two copies of it in turn."""

import hashlib
from contextvars import ContextVar

_key: ContextVar[str] = ContextVar("shopguide_retrieval_reader", default="")


def read_for(*identifiers: str) -> None:
    """Say, for the request in progress, that its reads are for a shopper: the first identifier that is not empty."""
    identifier = next(filter(None, identifiers), "")
    _key.set(hashlib.blake2b(identifier.encode(), digest_size=8).hexdigest() if identifier else "")


def reader_key() -> str:
    """Return what is the same for all reads of one shopper and tells nobody who it is; empty when not known."""
    return _key.get()

"""Names for contents: what is the same has the same digest."""

import hashlib


def digest(text: str) -> str:
    """Return the first 128 bits of the SHA-256 of a text, as 32 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]

"""Conversation tokens: state encrypted and signed with Fernet, keys rotated, an expiry in every token."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shopguide_gateway.domain.model import (
    Condition,
    Constraint,
    Money,
    Shown,
    State,
    SuggestedAnswer,
)

_FORMAT = 1
_MAX_STATE_BYTES = 256 * 1024
"""Bound on what a token may decompress to; only a holder of the key could make a larger one."""


class FernetVault:
    """Seals states with the first key and opens those sealed with any key (MultiFernet).

    The owner (catalogue and visitor) is bound in as a hash, so that one shopper's token is useless to another.
    """

    def __init__(self, keys: Sequence[str], ttl_seconds: float) -> None:
        """Take url-safe base64 keys, newest first, and how long a token lives. Raises ValueError for a bad key."""
        if not keys:
            raise ValueError("at least one conversation key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._ttl = int(ttl_seconds)

    def seal(self, state: State, owner: str) -> str:
        """Return a token that only `owner` can continue with."""
        body = {"v": _FORMAT, "o": _digest(owner), "s": asdict(state)}
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)
        return self._fernet.encrypt(zlib.compress(text.encode())).decode()

    def open(self, token: str, owner: str) -> State | None:
        """Return the state, or None when the token is tampered with, expired, somebody else's or of another format."""
        try:
            packed = self._fernet.decrypt(token, ttl=self._ttl)
            unpacked = zlib.decompressobj().decompress(packed, _MAX_STATE_BYTES)
            body = json.loads(unpacked)
        except (InvalidToken, zlib.error, ValueError):
            return None
        if body.get("v") != _FORMAT or body.get("o") != _digest(owner):
            return None
        return _state(body["s"])


def new_key() -> str:
    """Return a new random key."""
    return Fernet.generate_key().decode()


def _digest(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:32]


def _state(data: dict[str, Any]) -> State:
    return State(
        turn_number=data["turn_number"],
        last_intent=data["last_intent"],
        search_query=data["search_query"],
        language=data["language"],
        constraints=tuple(_constraint(c) for c in data["constraints"]),
        shown=tuple(_shown(s) for s in data["shown"]),
        open_slot=data["open_slot"],
        offered=tuple(SuggestedAnswer(a["text"], _condition(a["condition"])) for a in data["offered"]),
        history=tuple((role, text) for role, text in data["history"]),
    )


def _condition(data: dict[str, Any] | None) -> Condition | None:
    if data is None:
        return None
    return Condition(**{**data, "any_of": tuple(data["any_of"]), "none_of": tuple(data["none_of"])})


def _constraint(data: dict[str, Any]) -> Constraint:
    return Constraint(**{**data, "condition": _condition(data["condition"])})


def _shown(data: dict[str, Any]) -> Shown:
    price = data["price"]
    money = Money(price["currency"], Decimal(price["amount"])) if price else None
    return Shown(**{**data, "price": money})

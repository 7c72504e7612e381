"""Page tokens: opaque, signed, and bound to the request that they continue."""

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf.message import Message

from shopguide_runtime.errors import FieldViolation, InvalidArgument

PAGE_TOKEN_MISMATCH = "PAGE_TOKEN_MISMATCH"  # noqa: S105 - a reason, not a secret

_MIN_KEY_BYTES = 16
_DIGEST_BYTES = 16
_MAC_BYTES = 16
_MAX_TOKEN_CHARS = 4096


def request_digest(request: Message, ignored: Collection[str] = ("page_token", "page_size")) -> bytes:
    """Return a hash of all fields of a request except the ignored ones, which may change between pages."""
    kept = type(request)()
    kept.CopyFrom(request)
    for name in ignored:
        if name in kept.DESCRIPTOR.fields_by_name:
            kept.ClearField(name)
    return hashlib.sha256(kept.SerializeToString(deterministic=True)).digest()[:_DIGEST_BYTES]


class PageTokens:
    """Makes and opens page tokens with one secret key (at least 16 bytes), which all replicas share."""

    def __init__(self, key: bytes, field: str = "page_token") -> None:
        """Take the key and the request field to name in errors; raises ValueError for a short key."""
        if len(key) < _MIN_KEY_BYTES:
            raise ValueError(f"the key of page tokens must have at least {_MIN_KEY_BYTES} bytes")
        self._key = key
        self._field = field

    def issue(self, position: Mapping[str, Any], digest: bytes) -> str:
        """Return the token for a position (JSON values) in the result of the request with this digest."""
        payload = json.dumps(position, separators=(",", ":"), sort_keys=True).encode()
        body = digest + payload
        return base64.urlsafe_b64encode(self._mac(body) + body).rstrip(b"=").decode()

    def open(self, token: str, digest: bytes) -> dict[str, Any]:
        """Return the position; raises InvalidArgument for a token that is not ours or of another request."""
        raw = self._decode(token)
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise self._refused("is damaged or was not issued here")
        if not hmac.compare_digest(body[:_DIGEST_BYTES], digest):
            raise self._refused("belongs to another request; all fields but page_size must stay the same")
        position: dict[str, Any] = json.loads(body[_DIGEST_BYTES:])
        return position

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).digest()[:_MAC_BYTES]

    def _decode(self, token: str) -> bytes:
        if len(token) > _MAX_TOKEN_CHARS:
            raise self._refused("is too long")
        try:
            return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise self._refused("is damaged or was not issued here") from None

    def _refused(self, description: str) -> InvalidArgument:
        return InvalidArgument([FieldViolation(self._field, description, PAGE_TOKEN_MISMATCH)])

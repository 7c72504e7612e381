"""Page tokens: they come back as issued, and only for the request that they were issued for."""

import base64

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from shopguide_runtime.cursor import PageTokens, request_digest
from shopguide_runtime.errors import InvalidArgument

TOKENS = PageTokens(b"0123456789abcdef0123456789abcdef")
DIGEST = b"d" * 16


def reason_of(token, digest=DIGEST, tokens=TOKENS):
    """Return the reason with which a token is refused."""
    with pytest.raises(InvalidArgument) as caught:
        tokens.open(token, digest)
    (violation,) = caught.value.violations
    assert violation.field == "page_token"
    return violation.reason


@given(
    st.dictionaries(
        st.text(max_size=5), st.integers() | st.floats(allow_nan=False) | st.text(max_size=9), max_size=4
    )
)
def test_position_survives(position):
    """A token gives back the position that it was issued with."""
    assert TOKENS.open(TOKENS.issue(position, DIGEST), DIGEST) == position


@given(st.data())
def test_every_changed_bit_is_noticed(data):
    """A token with any byte changed is refused."""
    token = TOKENS.issue({"offset": 20}, DIGEST)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    assert reason_of(base64.urlsafe_b64encode(raw).decode().rstrip("=")) == "PAGE_TOKEN_MISMATCH"


@pytest.mark.parametrize(
    "token", ["", "x", "!!!!", "é", "A" * 5000, base64.urlsafe_b64encode(b"x" * 8).decode()]
)
def test_foreign_tokens_are_refused(token):
    """What was never a token is refused, not a crash."""
    assert reason_of(token) == "PAGE_TOKEN_MISMATCH"


def test_token_of_another_request_is_refused():
    """A token is of use for the request it belongs to only."""
    assert reason_of(TOKENS.issue({"offset": 20}, DIGEST), b"e" * 16) == "PAGE_TOKEN_MISMATCH"


def test_token_of_another_key_is_refused():
    """A token signed with another key is refused."""
    other = PageTokens(b"another key of 32 bytes .........")
    assert reason_of(other.issue({"offset": 20}, DIGEST)) == "PAGE_TOKEN_MISMATCH"


def test_short_key_is_refused():
    """A key that is too short to sign with is refused."""
    with pytest.raises(ValueError, match="16 bytes"):
        PageTokens(b"short")


def test_digest_covers_all_but_the_ignored_fields():
    """The digest of a request depends on every field except the ignored ones."""
    from shopguide.retrieval.v1.retrieval_service_pb2 import SearchRequest

    base = SearchRequest(query="laptop", page_size=10, page_token="a")
    same = SearchRequest(query="laptop", page_size=20, page_token="b")
    other = SearchRequest(query="laptops", page_size=10, page_token="a")
    assert request_digest(base) == request_digest(same)
    assert request_digest(base) != request_digest(other)
    assert (base.page_size, base.page_token) == (10, "a")


def test_digest_does_not_depend_on_map_order():
    """Maps give the same digest in whatever order they were filled."""
    first, second = Struct(), Struct()
    first.update({"a": 1, "b": 2})
    second.update({"b": 2, "a": 1})
    assert request_digest(first) == request_digest(second)

"""Conversation tokens: what goes in comes out, for its owner and in time only."""

from decimal import Decimal

import pytest

from shopguide_gateway.adapters.vault import FernetVault, new_key
from shopguide_gateway.domain.model import (
    Condition,
    Constraint,
    Money,
    Shown,
    State,
    SuggestedAnswer,
)

STATE = State(
    turn_number=3,
    last_intent="SEARCH",
    search_query="降噪耳机",
    language="zh",
    constraints=(Constraint(Condition("price", maximum=2000.0, currency="CNY"), "HARD", "两千以内", 0.9),),
    shown=(Shown("p1", "声谷 Q7", "声谷", Money("CNY", Decimal("1299.50")), "黑色"), Shown("p2", "Lite")),
    open_slot="attributes.color",
    offered=(SuggestedAnswer("红", Condition("attributes.color", any_of=("红色",))), SuggestedAnswer("都行")),
    history=(("SHOPPER", "两千以内的降噪耳机"), ("GUIDE", "有 14 款")),
)


def test_a_state_comes_back_unchanged():
    """Every field of a state survives sealing, money to the cent."""
    vault = FernetVault([new_key()], 60)
    assert vault.open(vault.seal(STATE, "me"), "me") == STATE


def test_a_token_tells_nothing():
    """No word of the shopper can be read in a token."""
    token = FernetVault([new_key()], 60).seal(STATE, "me")
    assert "降噪" not in token
    assert "SHOPPER" not in token


def test_keys_rotate():
    """A token sealed with the old key opens while that key is still listed, and not after."""
    old, new = new_key(), new_key()
    token = FernetVault([old], 60).seal(STATE, "me")
    assert FernetVault([new, old], 60).open(token, "me") == STATE
    assert FernetVault([new], 60).open(token, "me") is None


def test_somebody_elses_token_is_useless():
    """A token opens for the visitor and catalogue it was sealed for only."""
    vault = FernetVault([new_key()], 60)
    assert vault.open(vault.seal(STATE, "catalogs/a\nv1"), "catalogs/a\nv2") is None


def test_a_vault_needs_good_keys():
    """No key, or one that is none, is refused at start."""
    with pytest.raises(ValueError, match="key"):
        FernetVault([], 60)
    with pytest.raises(ValueError, match="32"):
        FernetVault(["short"], 60)

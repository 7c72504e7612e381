import socket
import stat

import pytest

from shopguide_devstack.stack.layout import HOST, Home, Ports
from shopguide_devstack.stack.parts import conversation_key, make_parts


@pytest.fixture
def home(tmp_path) -> Home:
    """Return an empty state folder."""
    return Home(tmp_path / "home")


def test_ports_do_not_meet():
    """All ports of a stack are different and lie within the block that the base checks."""
    numbers = [port for _, port in Ports(7400).named()]
    assert len(set(numbers)) == len(numbers) == 12
    assert (min(numbers), max(numbers)) == (7400, 7503)


@pytest.mark.parametrize("base", [0, 80, 65_433, -1])
def test_a_base_without_room(base):
    """A base whose ports would be privileged or past the last one is refused."""
    with pytest.raises(ValueError, match="port base must lie in 1024…65432"):
        Ports(base)


def test_taken_ports_are_named():
    """A port that something listens on is told with what it is for."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        base = other.getsockname()[1] - 34
        assert ("qdrant", base + 34) in Ports(base).taken()


def test_the_key_is_made_once(home):
    """Conversations outlive the stack: the key stays, and nobody else may read it."""
    key = conversation_key(home)
    assert conversation_key(home) == key
    assert stat.S_IMODE(home.conversation_key.stat().st_mode) == 0o600


def test_parts_come_before_those_that_need_them(home, tmp_path):
    """Stopping in reverse order stops the dependent ones first, because each part follows what it depends on."""
    seen: set[str] = set()
    for part in make_parts(home, Ports(7400), tmp_path):
        assert set(part.depends_on) <= seen, part.name
        seen.add(part.name)
    assert seen == {"qdrant", "triton", "intent", "retrieval", "generation", "gateway"}


def test_settings_of_the_caller_do_not_leak(home, tmp_path, monkeypatch):
    """A part gets its own settings only; the rest of the environment is handed on."""
    monkeypatch.setenv("SHOPGUIDE_PORT", "1")
    monkeypatch.setenv("SHOPGUIDE_ODD", "1")
    monkeypatch.setenv("LANG", "C.UTF-8")
    parts = {part.name: part for part in make_parts(home, Ports(7400), tmp_path)}
    assert parts["intent"].environment["SHOPGUIDE_PORT"] == "7401"
    assert "SHOPGUIDE_ODD" not in parts["intent"].environment
    assert not [name for name in parts["qdrant"].environment if name.startswith("SHOPGUIDE_")]
    assert parts["qdrant"].environment["LANG"] == "C.UTF-8"


def test_the_gateway_alone_is_given_the_key(home, tmp_path):
    """The key that seals conversations reaches the gateway, and no other part."""
    *others, gateway = make_parts(home, Ports(7400), tmp_path)
    assert gateway.environment["SHOPGUIDE_CONVERSATION_KEYS"] == conversation_key(home)
    assert not [part.name for part in others if "SHOPGUIDE_CONVERSATION_KEYS" in part.environment]

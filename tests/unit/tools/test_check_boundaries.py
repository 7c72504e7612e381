import pytest

from check_boundaries import check

GATEWAY = "services/gateway/src/shopguide_gateway"
CLIENT = "client/src/shopguide_client"


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        (f"{GATEWAY}/config.py", "import shopguide_intent.config", "may not import shopguide_intent"),
        (
            f"{GATEWAY}/config.py",
            "def f():\n    from shopguide_intent import x",
            "may not import shopguide_intent",
        ),
        (f"{GATEWAY}/config.py", "from shopguide_client import x", "may not import shopguide_client"),
        (
            "runtime/src/shopguide_runtime/a.py",
            "import shopguide_gateway",
            "may not import shopguide_gateway",
        ),
        (f"{CLIENT}/a.py", "import shopguide_runtime", "may not import shopguide_runtime"),
        (f"{GATEWAY}/domain/plan.py", "import grpc.aio", "domain/ may not import grpc.aio"),
        (
            f"{GATEWAY}/domain/plan.py",
            "from qdrant_client import models",
            "domain/ may not import qdrant_client",
        ),
        (
            f"{GATEWAY}/domain/deep/plan.py",
            "from google.type import money_pb2",
            "domain/ may not import google",
        ),
        (
            f"{GATEWAY}/domain/plan.py",
            "from shopguide.type.v1 import query_pb2",
            "domain/ may not import shopguide",
        ),
        (
            f"{GATEWAY}/domain/plan.py",
            "from ..adapters.intent import Intent",
            "may not import shopguide_gateway.ad",
        ),
        (f"{GATEWAY}/servicer.py", "from .adapters import intent", "only bootstrap.py names adapters"),
        (f"{GATEWAY}/servicer.py", "from . import adapters", "only bootstrap.py names adapters"),
        (f"{GATEWAY}/ports.py", "from shopguide.intent.v1 import intent_service_pb2", "adapters/ only"),
        (f"{GATEWAY}/config.py", "from google.protobuf import json_format", "adapters/ only"),
    ],
)
def test_forbidden_import_is_reported(plant, path, source, message):
    """An import that breaks a rule is reported once, with its file and line."""
    violations = check(plant(path, source))
    assert len(violations) == 1
    assert str(violations[0]).startswith(f"{path}:{source.count(chr(10)) + 1}: ")
    assert message in str(violations[0])


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            f"{GATEWAY}/bootstrap.py",
            "from .adapters.intent import Intent\nfrom shopguide.type.v1 import query_pb2",
        ),
        (f"{GATEWAY}/adapters/intent.py", "import grpc\nfrom shopguide.intent.v1 import intent_service_pb2"),
        (f"{GATEWAY}/bootstrap_events.py", "from .adapters.intent import Intent"),
        (f"{GATEWAY}/adapters/search.py", "from .intent import Intent"),
        (f"{GATEWAY}/chat_servicer.py", "from shopguide.gateway.v1 import guide_service_pb2_grpc"),
        (f"{GATEWAY}/convert.py", "from google.protobuf import duration_pb2"),
        (f"{GATEWAY}/convert/money.py", "from google.type import money_pb2"),
        (
            f"{GATEWAY}/domain/plan.py",
            "from shopguide_runtime.errors import NotFound\nfrom ..ports import Intent",
        ),
        (f"{CLIENT}/shop.py", "from shopguide.gateway.v1 import guide_service_pb2"),
        ("training/src/shopguide_training/a.py", "import shopguide_intent"),
    ],
)
def test_permitted_import_passes(plant, path, source):
    """Imports at the places meant for them are no violations."""
    assert check(plant(path, source)) == []

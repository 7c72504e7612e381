import importlib
import re
from collections.abc import Sequence
from typing import Any

import pytest
from google.api import field_behavior_pb2
from google.protobuf.descriptor_pb2 import FieldOptions

from buf import check_breaking, check_format, lint, make_workspace
from check_stubs import differences
from generate_stubs import PROTO_ROOT, proto_files
from make_api_docs import REFERENCE, load_contract, load_extras, render

_BEHAVIOURS = {
    "REQUIRED": "Required",
    "OPTIONAL": "Optional",
    "OUTPUT_ONLY": "Output only",
    "IMMUTABLE": "Immutable",
}


@pytest.fixture(scope="module")
def contract():
    """Return the contract with its comments."""
    return load_contract(PROTO_ROOT)


@pytest.fixture(scope="module")
def methods(contract):
    """Return the full names of all services and methods."""
    services = [
        (f"{item.file.package}.{service.name}", service) for item in contract for service in item.file.service
    ]
    return {name for name, _ in services} | {
        f"{n}/{method.name}" for n, service in services for method in service.method
    }


def test_stubs_are_up_to_date():
    """The committed stubs are what the generator makes from the .proto files."""
    assert differences(PROTO_ROOT) == []


def test_stubs_import():
    """Every generated module can be imported together with the installed protobuf and gRPC."""
    for path in proto_files(PROTO_ROOT):
        importlib.import_module(".".join([*path.parent.parts, f"{path.stem}_pb2"]))


@pytest.mark.parametrize("check", [lint, check_format, check_breaking])
def test_contract_satisfies_buf(check, tmp_path):
    """The contract is well named, commented and formatted, and breaks no client of the recorded one."""
    make_workspace(PROTO_ROOT, tmp_path)
    assert check(tmp_path) == (0, "")


def test_reference_is_up_to_date(contract):
    """docs/api.md is what is made from the contract."""
    assert REFERENCE.read_text(encoding="utf-8") == render(contract, load_extras(PROTO_ROOT))


def test_data_files_name_real_methods(methods):
    """Deadlines and unimplemented methods are stated for methods that exist."""
    extras = load_extras(PROTO_ROOT)
    assert set(extras.unimplemented) <= methods
    assert {name for name in extras.deadlines if name.startswith("shopguide.")} <= methods


def test_every_method_has_a_deadline(methods):
    """Each method of ours has a default deadline, its own or its service's."""
    deadlines = load_extras(PROTO_ROOT).deadlines
    assert not [name for name in methods if "/" in name and not {name, name.split("/")[0]} & set(deadlines)]


def test_comments_open_with_the_annotated_behaviour(contract):
    """A field annotated REQUIRED, say, has a comment that opens with that word."""
    wrong = []
    for item in contract:
        for index, message in enumerate(item.file.message_type):
            for position, field in enumerate(message.field):
                comment = item.at(4, index, 2, position)
                words = [_BEHAVIOURS[name] for name in behaviours(field.options) if name in _BEHAVIOURS]
                if words and not comment.startswith(tuple(words)):
                    wrong.append(f"{item.file.package}.{message.name}.{field.name}: {comment[:30]!r}")
    assert wrong == []


def behaviours(options: FieldOptions) -> list[str]:
    """Return the names of the behaviours a field is annotated with."""
    extension: Any = field_behavior_pb2.field_behavior  # typed differently by the two packages of stubs
    values: Sequence[int] = options.Extensions[extension]
    return [field_behavior_pb2.FieldBehavior.Name(value) for value in values]


def test_enums_begin_with_unspecified(contract):
    """The zero value of every enum means that nothing was said."""
    enums = [enum for item in contract for enum in item.file.enum_type]
    assert enums
    assert not [enum.name for enum in enums if not re.fullmatch(r"[A-Z_]+_UNSPECIFIED", enum.value[0].name)]

from pathlib import Path

import pytest

from check_stubs import differences
from generate_stubs import GenerationError, generate, generated_files

PACKAGE = Path("shopguide/echo/v1")


def test_generation_writes_messages_services_and_packages(contract):
    """A .proto with a service gives messages, typed gRPC stubs and importable packages up to the top."""
    written = generate(contract, contract)
    stubs = {PACKAGE / f"echo_service_pb2{suffix}" for suffix in (".py", ".pyi", "_grpc.py", "_grpc.pyi")}
    packages = {Path("shopguide") / name / "__init__.py" for name in (".", "echo", "echo/v1")}
    assert set(written) == stubs | packages | {Path("shopguide/py.typed")}


def test_messages_alone_get_no_grpc_stubs(contract):
    """A .proto without a service gets no gRPC files."""
    source = 'syntax = "proto3";\npackage shopguide.echo.v1;\nmessage Word {\n  string text = 1;\n}\n'
    (contract / PACKAGE / "echo_service.proto").write_text(source)
    generate(contract, contract)
    assert not [path for path in generated_files(contract) if "_grpc" in path.name]


def test_fresh_stubs_have_no_differences(contract):
    """Stubs that were just made agree with their .proto."""
    generate(contract, contract)
    assert differences(contract) == []


def test_changed_contract_is_reported(contract):
    """A field renamed without making the stubs again is reported for the files it changes."""
    generate(contract, contract)
    proto = contract / PACKAGE / "echo_service.proto"
    proto.write_text(proto.read_text().replace("int32 volume", "int32 loudness"))
    assert f"differs: {PACKAGE / 'echo_service_pb2.py'}" in differences(contract)


def test_missing_and_orphaned_stubs_are_reported(contract):
    """A deleted stub and a stub without a .proto are both named."""
    generate(contract, contract)
    (contract / PACKAGE / "echo_service_pb2.pyi").unlink()
    (contract / PACKAGE / "gone_pb2.py").write_text("")
    assert differences(contract) == [
        f"missing: {PACKAGE / 'echo_service_pb2.pyi'}",
        f"no .proto makes this: {PACKAGE / 'gone_pb2.py'}",
    ]


def test_broken_proto_is_refused_with_the_compilers_words(contract):
    """A .proto that does not compile raises an error that names file and line."""
    proto = contract / PACKAGE / "echo_service.proto"
    proto.write_text(proto.read_text().replace("string text = 1;", "strnig text = 1;", 1))
    with pytest.raises(GenerationError, match=r"echo_service\.proto:16"):
        generate(contract, contract)

"""Make docs/api.md, the reference of the contract, from the .proto files and the data files beside them.

Comments become the text; `grpc_service_config.json` gives each method's deadline; `unimplemented.json` names
what is declared but answers UNIMPLEMENTED today.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    MethodOptions,
    ServiceDescriptorProto,
)

from generate_stubs import PROTO_ROOT, GenerationError, proto_files, protoc

REFERENCE = PROTO_ROOT.parent / "docs" / "api.md"
PACKAGE_ORDER = ("gateway", "meta", "intent", "retrieval", "generation", "type")

_FILE_MESSAGES, _FILE_ENUMS, _FILE_SERVICES = 4, 5, 6
_MESSAGE_FIELDS, _MESSAGE_NESTED, _MESSAGE_ENUMS = 2, 3, 4
_ENUM_VALUES, _SERVICE_METHODS = 2, 2
"""Field numbers of descriptor.proto, of which the paths to comments are made."""

_INTRODUCTION = """\
# API reference

Made by `make docs` from the `.proto` files: edit those. Packages are versioned; within `v1`, fields and
methods are only added. Text is UTF-8, money is `google.type.Money`, times are `google.protobuf.Timestamp`.
An error carries `google.rpc.ErrorInfo` with the domain `shopguide` and a `reason`, and
`google.rpc.BadRequest` when fields are at fault.
"""


@dataclass(frozen=True)
class Commented:
    """One .proto file and the comments in it."""

    file: FileDescriptorProto
    """The descriptor, with source information."""
    comments: Mapping[tuple[int, ...], str]
    """Leading comment by descriptor path, stripped."""

    def at(self, *path: int) -> str:
        """Return the comment of the element at `path`, a line for each paragraph; empty when none."""
        paragraphs = self.comments.get(path, "").split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


@dataclass(frozen=True)
class Extras:
    """What the data files beside the contract say about its methods."""

    deadlines: Mapping[str, str]
    """`package.Service/Method` or `package.Service` → deadline such as `10s`."""
    unimplemented: Mapping[str, str]
    """`package.Service/Method` → reason, for methods that answer UNIMPLEMENTED."""


def load_contract(root: Path) -> list[Commented]:
    """Return the files of the contract in the order of the reference.

    Raises:
        GenerationError: protoc refused the .proto files.
    """
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "contract.binpb"
        protoc(root, ["--include_source_info", f"--descriptor_set_out={target}"], proto_files(root))
        files = FileDescriptorSet.FromString(target.read_bytes()).file
    return sorted((_commented(file) for file in files), key=_order)


def _commented(file: FileDescriptorProto) -> Commented:
    locations = file.source_code_info.location
    return Commented(file, {tuple(item.path): _unindented(item.leading_comments) for item in locations})


def _unindented(comment: str) -> str:
    return "\n".join(line.strip() for line in comment.strip().splitlines())


def _order(item: Commented) -> tuple[int, str]:
    return PACKAGE_ORDER.index(item.file.package.split(".")[1]), item.file.name


def load_extras(root: Path) -> Extras:
    """Read the deadlines and the list of unimplemented methods that lie beside the contract of `root`."""
    config = json.loads((root / "shopguide" / "grpc_service_config.json").read_text(encoding="utf-8"))
    deadlines = {
        "/".join(filter(None, (name.get("service"), name.get("method")))): entry["timeout"]
        for entry in config["methodConfig"]
        if "timeout" in entry
        for name in entry["name"]
    }
    unimplemented = json.loads((root / "shopguide" / "unimplemented.json").read_text(encoding="utf-8"))
    return Extras(deadlines, unimplemented)


def render(contract: Sequence[Commented], extras: Extras) -> str:
    """Return the whole reference as Markdown."""
    parts = [_INTRODUCTION, *_unimplemented(extras)]
    package = ""
    for item in contract:
        if item.file.package != package:
            package = item.file.package
            parts.append(f"## Package `{package}`\n")
        for index, service in enumerate(item.file.service):
            parts += _service(item, service, (_FILE_SERVICES, index), extras)
        for index, message in enumerate(item.file.message_type):
            parts += _message(item, message, package, (_FILE_MESSAGES, index))
        for index, enum in enumerate(item.file.enum_type):
            parts += _enum(item, enum, package, (_FILE_ENUMS, index))
    return "\n".join(parts).rstrip() + "\n"


def _unimplemented(extras: Extras) -> Iterator[str]:
    yield "## Declared, not served yet\n"
    if not extras.unimplemented:
        yield "Nothing: every method is served.\n"
        return
    yield "These methods answer `UNIMPLEMENTED`.\n"
    yield _table(("Method", "Why"), [(f"`{name}`", reason) for name, reason in extras.unimplemented.items()])


def _service(
    item: Commented, service: ServiceDescriptorProto, path: tuple[int, ...], extras: Extras
) -> Iterator[str]:
    name = f"{item.file.package}.{service.name}"
    yield f"### Service `{service.name}`\n"
    yield f"{item.at(*path)}\n"
    for index, method in enumerate(service.method):
        yield f"#### `{service.name}.{method.name}`\n"
        request = _method_type(method.input_type, method.client_streaming)
        yield f"{request} → {_method_type(method.output_type, method.server_streaming)}\n"
        yield f"{item.at(*path, _SERVICE_METHODS, index)}\n"
        yield f"{' '.join(_method_notes(name, method, extras))}\n"


def _method_type(name: str, streaming: bool) -> str:  # noqa: FBT001 - protoc's flag, handed on
    return ("stream of " if streaming else "") + _type_link(name)


def _method_notes(service: str, method: MethodDescriptorProto, extras: Extras) -> Iterator[str]:
    name = f"{service}/{method.name}"
    deadline = extras.deadlines.get(name, extras.deadlines.get(service))
    if deadline:
        yield f"Default deadline {deadline.removesuffix('s')} s."
    if method.options.idempotency_level == MethodOptions.NO_SIDE_EFFECTS:
        yield "No side effects: may be retried."
    elif method.options.idempotency_level == MethodOptions.IDEMPOTENT:
        yield "Idempotent: may be retried."
    if name in extras.unimplemented:
        yield f"**Answers `UNIMPLEMENTED`**: {extras.unimplemented[name]}"


def _message(item: Commented, message: DescriptorProto, scope: str, path: tuple[int, ...]) -> Iterator[str]:
    if message.options.map_entry:
        return
    name = f"{scope}.{message.name}"
    yield _heading(item, name)
    yield f"{item.at(*path)}\n"
    entries = {f".{name}.{nested.name}": nested for nested in message.nested_type if nested.options.map_entry}
    rows = [
        _field(message, field, item.at(*path, _MESSAGE_FIELDS, index), entries)
        for index, field in enumerate(message.field)
    ]
    if rows:
        yield _table(("Field", "Type", "Description"), rows)
    for index, nested in enumerate(message.nested_type):
        yield from _message(item, nested, name, (*path, _MESSAGE_NESTED, index))
    for index, enum in enumerate(message.enum_type):
        yield from _enum(item, enum, name, (*path, _MESSAGE_ENUMS, index))


def _heading(item: Commented, name: str) -> str:
    return f'<a id="{name}"></a>\n\n### `{name.removeprefix(item.file.package + ".")}`\n'


def _field(
    message: DescriptorProto,
    field: FieldDescriptorProto,
    comment: str,
    entries: Mapping[str, DescriptorProto],
) -> tuple[str, str, str]:
    kind = _field_type(field, entries)
    if field.HasField("oneof_index") and not field.proto3_optional:
        kind += f", one of `{message.oneof_decl[field.oneof_index].name}`"
    return f"`{field.name}`", kind, comment


def _field_type(field: FieldDescriptorProto, entries: Mapping[str, DescriptorProto]) -> str:
    if field.type_name in entries:
        key, value = entries[field.type_name].field
        return f"map of {_field_type(key, {})} to {_field_type(value, {})}"
    kind = _type_link(field.type_name) if field.type_name else _scalar(field)
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return f"repeated {kind}"
    return f"optional {kind}" if field.proto3_optional else kind


def _scalar(field: FieldDescriptorProto) -> str:
    return FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()


def _enum(item: Commented, enum: EnumDescriptorProto, scope: str, path: tuple[int, ...]) -> Iterator[str]:
    yield _heading(item, f"{scope}.{enum.name}")
    yield f"{item.at(*path)}\n"
    rows = [
        (f"`{value.name}`", str(value.number), item.at(*path, _ENUM_VALUES, index))
        for index, value in enumerate(enum.value)
    ]
    yield _table(("Value", "Number", "Description"), rows)


def _type_link(name: str) -> str:
    plain = name.removeprefix(".")
    if not plain.startswith("shopguide."):
        return f"`{plain}`"
    return f"[`{plain.split('.v1.', 1)[-1]}`](#{plain})"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(text) for text in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("\n\n", "<br>").replace("|", "\\|")


def main() -> int:
    """Write the reference, or with `--check` return 1 when the committed one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail when docs/api.md is out of date"
    )
    arguments = parser.parse_args()
    try:
        text = render(load_contract(PROTO_ROOT), load_extras(PROTO_ROOT))
    except GenerationError as error:
        print(error, file=sys.stderr)
        return 1
    if not arguments.check:
        REFERENCE.write_text(text, encoding="utf-8")
    elif not REFERENCE.exists() or REFERENCE.read_text(encoding="utf-8") != text:
        print("docs/api.md is out of date: run `make docs` and commit the result", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Small contracts and source trees in which the checkers must find what was planted."""

from collections.abc import Callable
from pathlib import Path

import pytest

CONTRACT = """\
syntax = "proto3";

package shopguide.echo.v1;

// Repeats what it hears.
service EchoService {
  // Repeats once.
  rpc Echo(EchoRequest) returns (stream EchoResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
}

// Request message for `EchoService.Echo`.
message EchoRequest {
  // Required. What to say.
  string text = 1;

  // Optional. How loud.
  optional int32 volume = 2;

  // Optional. Words by language.
  map<string, Mood> moods = 3;
}

// Response message for `EchoService.Echo`.
message EchoResponse {
  // Either text or silence.
  oneof content {
    // What was said.
    string text = 1;

    // That nothing | no one was heard.
    bool silence = 2;
  }
}

// How it sounded.
enum Mood {
  // Not said.
  MOOD_UNSPECIFIED = 0;

  // Cheerful.
  MOOD_CHEERFUL = 1;
}
"""


RULES = "version: v2\nlint: {use: [STANDARD, COMMENTS]}\nbreaking: {use: [WIRE_JSON]}\n"


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """Return a folder that holds a small contract with its data files and buf's rules."""
    root = tmp_path / "protos"
    package = root / "shopguide" / "echo" / "v1"
    package.mkdir(parents=True)
    (package / "echo_service.proto").write_text(CONTRACT, encoding="utf-8")
    (root / "buf.yaml").write_text(RULES)
    config = '{"methodConfig": [{"name": [{"service": "shopguide.echo.v1.EchoService"}], "timeout": "2s"}]}'
    (root / "shopguide" / "grpc_service_config.json").write_text(config)
    (root / "shopguide" / "unimplemented.json").write_text(
        '{"shopguide.echo.v1.EchoService/Echo": "Planned."}'
    )
    return root


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes one source file into an empty repository and returns the repository."""

    def write(path: str, source: str) -> Path:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source, encoding="utf-8")
        return tmp_path

    return write

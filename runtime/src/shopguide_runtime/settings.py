"""Settings: a frozen dataclass, filled from `SHOPGUIDE_<FIELD>` variables, all problems reported at once.

Each service subclasses `ServerSettings` and writes a docstring under each field; `describe` reads them for
the documentation.
"""

import ast
import dataclasses
import inspect
import itertools
import os
import textwrap
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

Value: TypeAlias = Any
"""The value of a setting: text, number, truth value, path or a tuple of these."""

TypeHint: TypeAlias = Any
"""The annotation of a field."""

PREFIX = "SHOPGUIDE_"

SHARED_NAMES = frozenset({"SHOPGUIDE_HOME", "SHOPGUIDE_DATA", "SHOPGUIDE_MODELS"})
"""Variables of the whole suite that are no setting of one server; they are allowed and not read here."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class SettingsError(ValueError):
    """Raised when settings are unknown, malformed or contradictory; `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        """Hold all problems; the message shows every one of them."""
        super().__init__("\n".join(["invalid settings:", *(f"  - {p}" for p in problems)]))
        self.problems = problems


def setting(default: Value, *, minimum: float | None = None, maximum: float | None = None) -> Value:
    """Return a dataclass field with bounds; a value outside [minimum, maximum] is reported by `load`."""
    return dataclasses.field(default=default, metadata={"minimum": minimum, "maximum": maximum})


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """What every server of the suite can be told."""

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` or `[::]` in a container."""

    port: int = setting(0, minimum=0, maximum=65535)
    """gRPC port; 0 picks a free one, which is logged and written to `port_file`."""

    metrics_host: str = "127.0.0.1"
    """Address of the Prometheus endpoint."""

    metrics_port: int = setting(0, minimum=0, maximum=65535)
    """Port of the Prometheus endpoint; 0 picks a free one."""

    port_file: Path | None = None
    """File that receives `{"port": …, "metrics_port": …, "pid": …}` once the server listens."""

    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""

    log_exception_text: bool = False
    """Also log the messages of unexpected exceptions, which can quote a shopper: for development only."""

    default_deadline_seconds: float = setting(30.0, minimum=0.001)
    """Deadline of a call whose client sent none."""

    max_concurrent_requests: int = setting(64, minimum=1)
    """Calls that run at the same moment; more wait. Health, reflection and ServerInfo do not count."""

    max_queued_requests: int = setting(128, minimum=0)
    """Calls that may wait for a permit; more are refused with RESOURCE_EXHAUSTED."""

    queue_timeout_seconds: float = setting(1.0, minimum=0)
    """Longest wait for a permit before the call is refused with RESOURCE_EXHAUSTED."""

    overload_retry_seconds: float = setting(1.0, minimum=0)
    """The retry hint that a refused call carries."""

    drain_seconds: float = setting(5.0, minimum=0)
    """After SIGTERM: time between NOT_SERVING and refusing new calls, so that load balancers notice."""

    grace_seconds: float = setting(60.0, minimum=0)
    """After the drain: longest time that calls in progress may take to finish."""

    max_receive_bytes: int = setting(4 * 1024 * 1024, minimum=1024)
    """Largest request message."""

    max_send_bytes: int = setting(16 * 1024 * 1024, minimum=1024)
    """Largest response message."""

    keepalive_seconds: float = setting(60.0, minimum=1)
    """Interval of HTTP/2 pings on idle connections."""

    keepalive_timeout_seconds: float = setting(20.0, minimum=1)
    """Time to wait for the answer to a ping before the connection is closed."""

    min_ping_interval_seconds: float = setting(10.0, minimum=1)
    """Clients that ping more often than this are sent away (`too_many_pings`)."""

    max_connection_age_seconds: float = setting(300.0, minimum=1)
    """A connection is closed after this time (gRPC adds 10 % jitter), so that clients find new replicas."""

    max_connection_age_grace_seconds: float = setting(120.0, minimum=0)
    """Time that calls on such a connection still get; must exceed the longest stream."""

    max_concurrent_streams: int = setting(1000, minimum=1)
    """Calls at the same moment on one connection."""

    reflection: bool = True
    """Offer gRPC server reflection; turn off where the API must not be listed."""

    otel_endpoint: str = ""
    """OTLP gRPC endpoint for traces, such as `http://collector:4317`; empty turns tracing off."""

    revision: str = ""
    """Commit that the server was built from; shown by ServerInfo."""

    def problems(self) -> Iterator[str]:
        """Yield one line for each contradiction between fields; subclasses extend it."""
        if self.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            yield f"{PREFIX}LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, is {self.log_level!r}"
        if self.max_connection_age_grace_seconds < self.default_deadline_seconds:
            yield (
                f"{PREFIX}MAX_CONNECTION_AGE_GRACE_SECONDS ({self.max_connection_age_grace_seconds:g}) "
                f"must be at least {PREFIX}DEFAULT_DEADLINE_SECONDS ({self.default_deadline_seconds:g}), "
                "or streams are cut off"
            )


S = TypeVar("S", bound=ServerSettings)


def load(cls: type[S], environ: Mapping[str, str] | None = None) -> S:
    """Return `cls` filled from `SHOPGUIDE_<FIELD>` variables (default: of this process).

    Raises SettingsError with every unknown name, malformed value, bound and contradiction.
    """
    source = os.environ if environ is None else environ
    hints = typing.get_type_hints(cls)
    fields = {_name(f): f for f in dataclasses.fields(cls)}
    problems = _unknown_names(source, fields)
    values: dict[str, Any] = {}
    for name in sorted(fields.keys() & source.keys()):
        field = fields[name]
        try:
            values[field.name] = _parse(source[name], hints[field.name])
            problems += _bound_problems(name, values[field.name], field.metadata)
        except ValueError as error:
            problems.append(f"{name} {error}")
    settings = cls(**values)
    problems += settings.problems()
    if problems:
        raise SettingsError(problems)
    return settings


def _name(field: dataclasses.Field[Any]) -> str:
    return f"{PREFIX}{field.name.upper()}"


def _unknown_names(source: Mapping[str, str], known: Mapping[str, object]) -> list[str]:
    return [
        f"{name} is not a setting of this server"
        + (
            "; Kubernetes added it for a Service: set `enableServiceLinks: false` in the pod"
            if _is_service_link(name)
            else ""
        )
        for name in sorted(source)
        if name.startswith(PREFIX) and name not in known and name not in SHARED_NAMES
    ]


def _is_service_link(name: str) -> bool:
    return "_SERVICE_HOST" in name or "_SERVICE_PORT" in name or "_PORT_" in name or name.endswith("_PORT")


def _bound_problems(name: str, value: object, metadata: Mapping[str, Any]) -> list[str]:
    low, high = metadata.get("minimum"), metadata.get("maximum")
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return []
    if low is not None and value < low:
        return [f"{name} must be at least {low:g}, is {value:g}"]
    if high is not None and value > high:
        return [f"{name} must be at most {high:g}, is {value:g}"]
    return []


def _parse_bool(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered not in _TRUE | _FALSE:
        raise ValueError(f"must be true or false, is {text!r}")
    return lowered in _TRUE


def _parse_number(kind: type[int] | type[float], text: str) -> float:
    try:
        value = kind(text)
    except ValueError:
        expected = "a whole number" if kind is int else "a number"
        raise ValueError(f"must be {expected}, is {text!r}") from None
    if value - value != 0:
        raise ValueError(f"must be finite, is {text!r}")
    return value


_PARSERS: dict[object, Callable[[str], Any]] = {
    str: str,
    int: lambda text: _parse_number(int, text),
    float: lambda text: _parse_number(float, text),
    bool: _parse_bool,
    Path: Path,
}


def _parse(text: str, hint: TypeHint) -> Value:
    origin: object = typing.get_origin(hint)
    if origin is types.UnionType:
        inner = next(a for a in typing.get_args(hint) if a is not type(None))
        return _parse(text, inner) if text else None
    if origin is tuple:
        element = typing.get_args(hint)[0]
        return tuple(_parse(part.strip(), element) for part in text.split(",") if part.strip())
    if hint not in _PARSERS:
        raise TypeError(f"settings of type {hint} are not supported")
    return _PARSERS[hint](text)


@dataclass(frozen=True)
class SettingDescription:
    """One setting for the documentation: variable name, type, default and what it means."""

    name: str
    type: str
    default: str
    text: str


def describe(cls: type[ServerSettings]) -> list[SettingDescription]:
    """Return every setting of `cls` with the docstring that stands under its field."""
    texts = _field_docstrings(cls)
    hints = typing.get_type_hints(cls)
    return [
        SettingDescription(_name(f), _type_name(hints[f.name]), str(f.default), texts.get(f.name, ""))
        for f in dataclasses.fields(cls)
    ]


def _type_name(hint: TypeHint) -> str:
    return (
        hint.__name__
        if isinstance(hint, type) and not typing.get_args(hint)
        else str(hint).replace("pathlib.", "")
    )


def _field_docstrings(cls: type) -> dict[str, str]:
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if dataclasses.is_dataclass(base):
            found |= _class_docstrings(base)
    return found


def _class_docstrings(cls: type) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    body = typing.cast(ast.ClassDef, tree).body
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }

"""JSON logs: one line per event, and never what a shopper wrote.

The formatter writes the event (the message template, never its arguments), the call it belongs to, and only
those extra values whose key was declared. A key that was not declared is named under `undeclared` and its
value left out.
"""

import json
import logging
import sys
import time
import traceback
from typing import IO

from shopguide_runtime import context

_declared: set[str] = {
    "address", "attempt", "code", "count", "dependency", "duration_ms", "error", "error_id", "error_reason",
    "grace_seconds", "kind", "messages_received", "messages_sent", "metrics_port", "path", "port",
    "revision", "seconds", "setting", "signal", "stage", "status", "version",
}  # fmt: skip
"""Keys that may appear in a log line."""

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_MAX_CHARS = 300


def declare(*keys: str) -> None:
    """Allow further keys in log lines; their values must never hold text of a shopper."""
    _declared.update(keys)


def _safe(value: object) -> str | float | None:
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return str(value)[:_MAX_CHARS]


def _frames(error: BaseException) -> list[str]:
    """Return where the error came from, without any value: `file:line function`, outermost first."""
    own = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    members = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return own + [frame for member in members for frame in (type(member).__qualname__, *_frames(member))]


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON that holds declared keys only."""

    def __init__(self, service: str, *, exception_text: bool = False) -> None:
        """Take the name of the service; `exception_text` adds exception messages (development only)."""
        super().__init__()
        self._service = service
        self._exception_text = exception_text

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        extra = {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        line: dict[str, object] = {
            "time": self._time(record.created),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "event": str(record.msg)[:_MAX_CHARS],
            **self._call(),
            **{k: _safe(v) for k, v in extra.items() if k in _declared},
        }
        if undeclared := sorted(extra.keys() - _declared):
            line["undeclared"] = undeclared
        if record.exc_info and record.exc_info[1] is not None:
            line |= self._exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _time(created: float) -> str:
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(created))
        return f"{whole}.{int(created % 1 * 1000):03d}Z"

    @staticmethod
    def _call() -> dict[str, str]:
        known = {"request_id": context.request_id(), "method": context.method(), **context.trace_ids()}
        return {key: value for key, value in known.items() if value}

    def _exception(self, error: BaseException) -> dict[str, object]:
        found: dict[str, object] = {"exception": type(error).__qualname__, "traceback": _frames(error)}
        if error.__cause__ is not None:
            found["cause"] = type(error.__cause__).__qualname__
        if self._exception_text:
            found["exception_text"] = str(error)
        return found


def configure(
    service: str, level: str = "INFO", *, exception_text: bool = False, stream: IO[str] | None = None
) -> None:
    """Send all logs as JSON lines to `stream` (default: standard error); other packages from WARNING on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(service, exception_text=exception_text))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("shopguide_runtime", f"shopguide_{service}"):
        logging.getLogger(name).setLevel(level)

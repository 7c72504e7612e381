"""Log lines: JSON, with declared keys only, and never a value that a shopper may have written."""

import io
import json
import logging

import pytest

from shopguide_runtime import context, logs

SECRET = "我对花生过敏 13800138000"


@pytest.fixture
def stream():
    """Logs of the process go to this stream during a test."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.configure("probe", "DEBUG", stream=stream)
    yield stream
    root.handlers[:], _ = before
    root.setLevel(before[1])


def lines(stream):
    """Return the log lines as dictionaries."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_line_has_event_level_and_declared_values(stream):
    """A line holds the event, its level, its logger and declared values with their types."""
    logging.getLogger("shopguide_probe").info("call finished", extra={"code": "OK", "duration_ms": 1.5})
    (line,) = lines(stream)
    assert {key: line[key] for key in ("event", "level", "service", "logger", "code", "duration_ms")} == {
        "event": "call finished",
        "level": "INFO",
        "service": "probe",
        "logger": "shopguide_probe",
        "code": "OK",
        "duration_ms": 1.5,
    }


def test_undeclared_values_are_left_out(stream):
    """A value under an undeclared key is not written; the key is named, so that the mistake is seen."""
    logging.getLogger("shopguide_probe").info("understood", extra={"query": SECRET})
    assert SECRET not in stream.getvalue()
    assert lines(stream)[0]["undeclared"] == ["query"]


def test_declared_key_is_written(stream, monkeypatch):
    """A service can declare keys of its own."""
    monkeypatch.setattr(logs, "_declared", set(logs._declared))
    logs.declare("intent")
    logging.getLogger("shopguide_probe").info("understood", extra={"intent": "SEARCH"})
    assert lines(stream)[0]["intent"] == "SEARCH"


def test_arguments_of_the_message_are_not_written(stream):
    """The template of a message is written, its arguments are not: libraries put data there."""
    logging.getLogger("httpx").warning("request to %s failed", SECRET)
    assert lines(stream)[0]["event"] == "request to %s failed"
    assert SECRET not in json.dumps(lines(stream), ensure_ascii=False)


def test_exception_is_logged_without_its_text(stream):
    """An exception gives its type, the place, the cause's type, and no text."""

    def fail():
        raise ValueError(SECRET) from KeyError(SECRET)

    try:
        fail()
    except ValueError:
        logging.getLogger("shopguide_probe").exception("failed")
    (line,) = lines(stream)
    assert (line["exception"], line["cause"]) == ("ValueError", "KeyError")
    assert "test_exception_is_logged_without_its_text" in line["traceback"][0]
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_exception_text_can_be_turned_on():
    """For development the text of exceptions can be written."""
    record = logging.LogRecord(
        "x", logging.ERROR, "f", 1, "failed", None, (ValueError, ValueError("why"), None)
    )
    assert (
        json.loads(logs.JsonFormatter("probe", exception_text=True).format(record))["exception_text"] == "why"
    )


def test_line_names_the_call_it_belongs_to(stream):
    """Inside of a call every line carries request id and method."""
    import contextvars

    def inside():
        context.bind("req-1", "/probe/Do")
        logging.getLogger("shopguide_probe").info("working")

    contextvars.copy_context().run(inside)
    logging.getLogger("shopguide_probe").info("idle")
    working, idle = lines(stream)
    assert (working["request_id"], working["method"]) == ("req-1", "/probe/Do")
    assert "request_id" not in idle


def test_line_stays_one_line(stream):
    """Line breaks in values cannot forge a second log line."""
    logging.getLogger("shopguide_probe").info("odd", extra={"error": 'x\n{"event": "forged"}'})
    assert len(lines(stream)) == 1

"""Errors on the wire: suite errors become rich statuses, everything else becomes INTERNAL without its text."""

import asyncio
import json
import logging
from typing import cast

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from fakes.probe_service import ask
from shopguide_runtime import errors, logs

pytestmark = pytest.mark.anyio

SECRET = "皮肤过敏 my-private-words"

CASES = [
    (errors.InvalidArgument([errors.FieldViolation("query", "must be set", "REQUIRED")]), error_details_pb2.BadRequest),
    (errors.NotFound("catalog", "shoes"), error_details_pb2.ResourceInfo),
    (errors.FailedPrecondition("CATALOG_NOT_INDEXED", "It has no index."), error_details_pb2.PreconditionFailure),
    (errors.ResourceExhausted("TENANT_QUOTA", "Quota used up.", 3, subject="tenant-1"), error_details_pb2.QuotaFailure),
    (errors.Unavailable("qdrant", retry_after=2.5), error_details_pb2.RetryInfo),
    (errors.DeadlineExceeded("retrieval"), error_details_pb2.ErrorInfo),
    (errors.Unimplemented("Recommend"), error_details_pb2.ErrorInfo),
    (errors.Unauthenticated("TOKEN_EXPIRED", "The token has expired."), error_details_pb2.ErrorInfo),
    (errors.PermissionDenied("SCOPE_MISSING", "The key may not write."), error_details_pb2.ErrorInfo),
    (errors.Aborted("REBUILD_IN_PROGRESS", "The index is being rebuilt."), error_details_pb2.RetryInfo),
    (errors.Internal("The index is damaged."), error_details_pb2.ErrorInfo),
]  # fmt: skip


def raising(error):
    """Return an action that raises `error`."""

    async def act(_text: str) -> str:
        raise error

    return act


async def failure(channel, kind, *texts, **options) -> grpc.aio.AioRpcError:
    """Return the error of a call that must fail."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(channel, kind, *(texts or ("hello",)), **options)
    return caught.value


def details_of(error):
    """Return the unpacked details of a failed call, by type name."""
    status = rpc_status.from_call(cast(grpc.Call, _Finished(error)))
    assert status is not None
    found = {}
    for packed in status.details:
        name = packed.TypeName().rpartition(".")[2]
        found[name] = getattr(error_details_pb2, name)()
        packed.Unpack(found[name])
    return found


class _Finished:
    """Shows an AioRpcError as the finished call that grpc_status reads."""

    def __init__(self, error):
        self.code, self.details, self.trailing_metadata = error.code, error.details, error.trailing_metadata


@pytest.mark.parametrize(
    ("error", "detail"), CASES, ids=lambda v: type(v).__name__ if isinstance(v, Exception) else ""
)
async def test_suite_error_carries_its_details(probe, kind, error, detail):
    """Every suite error reaches the client with code, message, ErrorInfo, RequestInfo and the detail of its kind."""
    async with probe(raising(error)) as channel:
        raised = await failure(channel, kind, metadata=(("x-request-id", "req-7"),))
    details = details_of(raised)
    assert (raised.code(), raised.details()) == (error.code, error.message)
    assert details["ErrorInfo"].reason == error.reason
    assert details["ErrorInfo"].domain == "shopguide"
    assert dict(details["ErrorInfo"].metadata) == error.metadata
    assert details["RequestInfo"].request_id == "req-7"
    assert detail.DESCRIPTOR.name in details


@pytest.mark.parametrize("error", [case[0] for case in CASES], ids=lambda e: type(e).__name__)
async def test_suite_error_survives_the_wire(probe, error):
    """A client gets back the type, reason, message, metadata and retry hint that a suite error was raised with."""
    async with probe(raising(error)) as channel:
        back = errors.from_rpc_error(await failure(channel, "unary"), "probe")
    assert type(back) is type(error)
    assert (back.reason, back.message, back.metadata) == (error.reason, error.message, error.metadata)
    assert back.retry_after == error.retry_after


async def test_violations_survive_the_wire(probe):
    """A client gets back each field violation."""
    violations = [
        errors.FieldViolation("a", "is bad", "BAD"),
        errors.FieldViolation("b", "is worse", "WORSE"),
    ]
    async with probe(raising(errors.InvalidArgument(violations))) as channel:
        back = errors.from_rpc_error(await failure(channel, "unary"), "probe")
    assert isinstance(back, errors.InvalidArgument)
    assert list(back.violations) == violations


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), KeyError(SECRET), ExceptionGroup(SECRET, [RuntimeError(SECRET)])]
)
async def test_unexpected_exception_does_not_leak(probe, kind, error, capsys, restored_logging):
    """An unexpected exception is INTERNAL with an error id; its text is neither sent nor logged, its place is logged."""
    logs.configure("test")
    async with probe(raising(error)) as channel:
        raised = await failure(channel, kind)
    assert raised.code() is grpc.StatusCode.INTERNAL
    sent = repr((raised.details(), raised.trailing_metadata()))
    error_id = details_of(raised)["ErrorInfo"].metadata["error_id"]
    logged = capsys.readouterr().err
    assert not any(word in text for word in SECRET.split() for text in (sent, logged))
    line = next(json.loads(row) for row in logged.splitlines() if "error_id" in row)
    assert line["error_id"] == error_id
    assert any("test_errors.py" in frame for frame in line["traceback"])


async def test_group_gives_its_suite_error(probe):
    """A suite error raised by one of several concurrent tasks is what the client sees."""
    group = ExceptionGroup(
        "tasks", [ValueError("x"), ExceptionGroup("inner", [errors.Unavailable("qdrant")])]
    )
    async with probe(raising(group)) as channel:
        raised = await failure(channel, "unary")
    assert raised.code() is grpc.StatusCode.UNAVAILABLE


OVERSIZED = [
    errors.InvalidArgument([errors.FieldViolation("字段" * 200, "很长" * 500, "FIELD_TOO_LONG")] * 500),
    errors.NotFound("catalog", "目录" * 5000),
    errors.FailedPrecondition("CATALOG_NOT_INDEXED", "没有" * 5000, metadata={"subject": "目" * 50}),
    errors.ResourceExhausted(
        "TENANT_QUOTA", "用完" * 5000, subject="tenant-1", metadata={"tenant": "租户" * 5000}
    ),
]


@pytest.mark.parametrize("error", OVERSIZED, ids=lambda e: type(e).__name__)
async def test_any_error_fits_into_the_trailers(probe, error):
    """However long the texts of an error are, the client gets its status with details: gRPC drops trailers over 8 KiB."""
    async with probe(raising(error)) as channel:
        raised = await failure(channel, "unary", metadata=(("x-request-id", "x" * 64),))
    assert raised.code() is error.code
    assert details_of(raised)["ErrorInfo"].reason == error.reason
    wire = 3 * len((raised.details() or "").encode()) + sum(
        len(key) + len(value) * 4 // 3 for key, value in raised.trailing_metadata() or ()
    )
    assert wire < 8192


async def test_error_after_messages_ends_the_stream(probe):
    """A stream that fails half way delivers what it sent and then the status."""
    texts: list[str] = []

    async def third_fails(text: str) -> str:
        texts.append(text)
        if len(texts) == 3:
            raise errors.Unavailable("triton")
        return text

    async with probe(third_fails) as channel:
        call = channel.unary_stream("/shopguide.probe.v1.ProbeService/ServerStream")(b"")
        assert await call.read() == await call.read()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"\x0a\x02\xc3\x28"], ids=["protobuf", "utf8"])
async def test_undecodable_request_is_invalid_argument(probe, kind, raw):
    """Bytes that are no message of the method, or text that is not UTF-8, are the caller's mistake."""
    async with probe() as channel:
        raised = await failure(channel, kind, raw)
    assert raised.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert details_of(raised)["ErrorInfo"].reason == "REQUEST_UNDECODABLE"


@pytest.mark.parametrize("method", ["/shopguide.probe.v1.ProbeService/Nothing", "/nobody.v1.Service/Do"])
async def test_unknown_method_is_unimplemented(probe, kind, method):
    """A method that does not exist is UNIMPLEMENTED, with details."""
    async with probe() as channel:
        raised = await failure(channel, kind, method=method)
    assert raised.code() is grpc.StatusCode.UNIMPLEMENTED
    assert details_of(raised)["ErrorInfo"].metadata["method"] == method


async def test_foreign_errors_keep_only_what_a_caller_can_act_on(probe):
    """A failed call of another system's server is translated without its text; what is our mistake becomes Internal."""
    address_of_nobody = "127.0.0.1:1"
    async with grpc.aio.insecure_channel(address_of_nobody) as channel:
        unreachable = errors.from_rpc_error(await failure(channel, "unary"), "qdrant")
    assert isinstance(unreachable, errors.Unavailable)
    assert unreachable.message == "qdrant cannot be reached."
    foreign = grpc.aio.AioRpcError(
        grpc.StatusCode.INVALID_ARGUMENT, grpc.aio.Metadata(), grpc.aio.Metadata(), details=SECRET
    )
    translated = errors.from_rpc_error(foreign, "qdrant")
    assert isinstance(translated, errors.Internal)
    assert SECRET not in translated.message


async def test_foreign_details_are_not_taken_for_ours():
    """An error whose ErrorInfo names another domain keeps nothing of its text, even when its code is one of ours."""
    status = status_pb2.Status(code=5, message=SECRET)
    status.details.add().Pack(
        error_details_pb2.ErrorInfo(reason="X", domain="example.com", metadata={"name": SECRET})
    )
    trailing = grpc.aio.Metadata(("grpc-status-details-bin", status.SerializeToString()))
    foreign = grpc.aio.AioRpcError(grpc.StatusCode.NOT_FOUND, grpc.aio.Metadata(), trailing, details=SECRET)
    translated = errors.from_rpc_error(foreign, "qdrant")
    assert isinstance(translated, errors.Internal)
    assert SECRET not in repr((translated.message, translated.metadata))


async def test_untranslated_call_failure_is_translated(probe):
    """A handler that lets the error of a call it made pass answers with its meaning, not with INTERNAL."""
    error = grpc.aio.AioRpcError(
        grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), details=SECRET
    )
    async with probe(raising(error)) as channel:
        raised = await failure(channel, "unary")
    assert raised.code() is grpc.StatusCode.UNAVAILABLE
    assert SECRET not in (raised.details() or "")


async def test_client_that_goes_away_is_no_error(probe, kind, caplog):
    """When the client cancels, the handler is cancelled and nothing is reported as an unexpected exception."""
    entered, left = asyncio.Event(), asyncio.Event()

    async def hang(_text: str) -> str:
        entered.set()
        try:
            await asyncio.sleep(30)
        finally:
            left.set()
        return ""

    async with probe(hang) as channel:
        calling = asyncio.create_task(ask(channel, kind, "hello"))
        await entered.wait()
        calling.cancel()
        await asyncio.wait_for(left.wait(), 10)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]

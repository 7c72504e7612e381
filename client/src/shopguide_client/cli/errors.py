"""Failures as a person should read them: one line, no traceback."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from shopguide_client.errors import ApiError
from shopguide_client.importing.mapping import MappingError
from shopguide_client.importing.rows import UnreadableFileError

P = ParamSpec("P")
R = TypeVar("R")

_HINTS = {
    "UNAVAILABLE": "Is the stack up? Try: shopguide status",
    "NOT_FOUND": "See what there is with: shopguide catalogs",
}


def explain(error: ApiError) -> str:
    """Return a failed call in a line: what went wrong, in which fields, what to try."""
    fields = [f"{v.field}: {v.description}" for v in error.violations if v.description not in error.message]
    wait = f"Try again in {error.retry_after:g} s." if error.retry_after else ""
    parts = (str(error), "; ".join(fields), wait, _HINTS.get(error.code.name, ""))
    return " ".join(part for part in parts if part)


def friendly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what a command raises into a message and exit status 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ApiError as error:
            raise click.ClickException(explain(error)) from error
        except (UnreadableFileError, MappingError) as error:
            raise click.ClickException(str(error)) from error
        except ImportError as error:
            missing = error.name or str(error)
            raise click.ClickException(
                f"{missing} is not installed; this command needs the whole repository: make setup"
            ) from error

    return run

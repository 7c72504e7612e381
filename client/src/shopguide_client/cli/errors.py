"""Failures as a person should read them: one line, no traceback."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from shopguide_client.errors import ApiError

P = ParamSpec("P")
R = TypeVar("R")

_HINTS = {
    "UNAVAILABLE": "Is the stack up? Try: shopguide status",
    "NOT_FOUND": "See what there is with: shopguide catalogs",
}


def friendly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what a command raises into a message and exit status 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ApiError as error:
            hint = _HINTS.get(error.code.name, "")
            raise click.ClickException(f"{error}{' ' + hint if hint else ''}") from error
        except ImportError as error:
            missing = error.name or str(error)
            raise click.ClickException(
                f"{missing} is not installed; this command needs the whole repository: make setup"
            ) from error

    return run

"""Where commands find things: the running stack's addresses, the repository, the catalogue's name."""

from dataclasses import dataclass
from pathlib import Path

import click

_DEFAULT_BASE = 7400


@dataclass(frozen=True)
class Places:
    """What the options of the command line say."""

    home: Path
    """State folder of the one-machine stack."""
    gateway: str
    """Address of the gateway; empty: that of the running stack."""
    index: str
    """Address of the retrieval service; empty: that of the running stack."""

    def gateway_address(self) -> str:
        """Return the gateway's address."""
        return self.gateway or f"127.0.0.1:{self._base()}"

    def index_address(self) -> str:
        """Return the retrieval service's address."""
        return self.index or f"127.0.0.1:{self._base() + 2}"

    def _base(self) -> int:
        try:
            from shopguide_devstack.stack.control import status
            from shopguide_devstack.stack.layout import Home
        except ImportError:
            return _DEFAULT_BASE
        state = status(Home(self.home))
        return state.base if state else _DEFAULT_BASE


def catalog_name(value: str) -> str:
    """Return the full name of a catalogue given with or without `catalogs/`."""
    return value if value.startswith("catalogs/") else f"catalogs/{value}"


def find_repository() -> Path:
    """Return the CPU model repository: below the current folder or one of its parents, or below the installed source.

    Raises click.ClickException when there is none.
    """
    here = Path.cwd()
    roots = [here, *here.parents, *Path(__file__).resolve().parents]
    for root in roots:
        if (root / "model_repository" / "cpu").is_dir():
            return root / "model_repository" / "cpu"
    raise click.ClickException(
        "there is no model_repository/cpu here; run this inside the shopguide repository"
    )

"""`python -m shopguide_devstack.stack`: the supervisor process itself; people use `shopguide up`."""

import argparse
from pathlib import Path

from shopguide_devstack.stack.layout import DEFAULT_BASE, Home, Ports, default_home
from shopguide_devstack.stack.parts import make_parts
from shopguide_devstack.stack.supervisor import supervise


def main() -> int:
    """Supervise until SIGTERM; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="shopguide_devstack.stack", description="Run the one-machine stack."
    )
    parser.add_argument("--home", type=Path, default=default_home(), help="state folder")
    parser.add_argument(
        "--port-base", type=int, default=DEFAULT_BASE, help="first port (default: %(default)s)"
    )
    parser.add_argument(
        "--repository", type=Path, default=Path("model_repository/cpu"), help="model repository"
    )
    given = parser.parse_args()
    home, ports = Home(given.home.absolute()), Ports(given.port_base)
    return supervise(home, ports, lambda: make_parts(home, ports, given.repository.absolute()))


if __name__ == "__main__":
    raise SystemExit(main())

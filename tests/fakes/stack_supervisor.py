"""The real supervisor over stand-in parts: `python stack_supervisor.py HOME PORT_BASE`; door needs brain needs store."""

import os
import sys
from pathlib import Path

from shopguide_devstack.stack.layout import Home, Ports, address
from shopguide_devstack.stack.parts import Part
from shopguide_devstack.stack.supervisor import supervise

PARTS = (("store", ()), ("brain", ("store",)), ("door", ("brain", "store")))


def parts(home: Home, ports: Ports) -> list[Part]:
    """Return three parts at the first three ports."""
    script = str(Path(__file__).with_name("stack_part.py"))
    journal = str(home.path / "journal")
    return [
        Part(
            name,
            (sys.executable, script, name, str(ports.base + offset), journal),
            dict(os.environ),
            address(ports.base + offset),
            ("readiness",),
            depends_on=needs,
        )
        for offset, (name, needs) in enumerate(PARTS)
    ]


if __name__ == "__main__":
    HOME, PORTS = Home(Path(sys.argv[1])), Ports(int(sys.argv[2]))
    raise SystemExit(supervise(HOME, PORTS, lambda: parts(HOME, PORTS)))

"""`python -m shopguide_gateway`: serves until SIGTERM."""

from shopguide_gateway.bootstrap import build
from shopguide_gateway.config import GatewaySettings
from shopguide_runtime import server


def main() -> int:
    """Serve; returns the exit status."""
    return server.main("gateway", GatewaySettings, build)


if __name__ == "__main__":
    raise SystemExit(main())

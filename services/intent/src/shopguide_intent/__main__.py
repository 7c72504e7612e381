"""`python -m shopguide_intent`: serves until SIGTERM."""

from shopguide_intent.bootstrap import build
from shopguide_intent.config import IntentSettings
from shopguide_runtime import server


def main() -> int:
    """Serve; returns the exit status."""
    return server.main("intent", IntentSettings, build)


if __name__ == "__main__":
    raise SystemExit(main())

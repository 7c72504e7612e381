"""`python -m shopguide_generation`: serves until SIGTERM."""

from shopguide_generation.bootstrap import build
from shopguide_generation.config import GenerationSettings
from shopguide_runtime import server


def main() -> int:
    """Serve; returns the exit status."""
    return server.main("generation", GenerationSettings, build)


if __name__ == "__main__":
    raise SystemExit(main())

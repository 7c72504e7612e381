"""`python -m shopguide_retrieval`: serves until SIGTERM."""

from shopguide_retrieval.bootstrap import build
from shopguide_retrieval.config import RetrievalSettings
from shopguide_runtime import server


def main() -> int:
    """Serve; returns the exit status."""
    return server.main("retrieval", RetrievalSettings, build)


if __name__ == "__main__":
    raise SystemExit(main())

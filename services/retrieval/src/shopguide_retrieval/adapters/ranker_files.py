"""The learned ranker's file: the one that ships with the service, or one that the platform has trained."""

from importlib import resources
from pathlib import Path

from shopguide_retrieval.domain.ranker import LearnedModel, ModelError, read_model

UNTRAINED = "untrained"
"""Setting: rank by the fused scores alone."""

SHIPPED = "shipped"
"""Setting: the model in this package."""


def load_ranker(setting: str) -> LearnedModel | None:
    """Return the model that a setting names: `untrained` (None), `shipped`, or a path.

    Raises ModelError when the file cannot be read or does not fit this service.
    """
    if setting == UNTRAINED:
        return None
    if setting == SHIPPED:
        return read_model(
            resources.files("shopguide_retrieval").joinpath("data", "ranker.json").read_text("utf-8")
        )
    try:
        return read_model(Path(setting).read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"the ranking model {setting!r} cannot be read: {error.strerror}") from error

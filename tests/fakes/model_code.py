"""Imports the helper modules of a served model, whose folder is called `1`."""

import importlib
import sys
import types
from pathlib import Path
from types import ModuleType

REPOSITORY = Path(__file__).resolve().parents[2] / "model_repository" / "cpu"


def model_module(model: str, module: str) -> ModuleType:
    """Import `model_repository/cpu/<model>/1/<module>.py` under a name that Python accepts."""
    package = f"served_{model}"
    if package not in sys.modules:
        parent = types.ModuleType(package)
        parent.__path__ = [str(REPOSITORY / model / "1")]
        sys.modules[package] = parent
    return importlib.import_module(f"{package}.{module}")

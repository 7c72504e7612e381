"""Make docs/settings.md, the list of every server's settings, from their `config.py` modules."""

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from shopguide_runtime.settings import ServerSettings, SettingDescription, describe

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
SERVICES = ("gateway", "intent", "retrieval", "generation")

_INTRODUCTION = """\
# Settings

Made by `make docs` from the services' `config.py`: edit those. All are environment variables; lists are separated by
commas. [operations.md](operations.md) tells how they are used.
"""


def settings_class(service: str) -> type[ServerSettings]:
    """Return the settings class that `shopguide_<service>.config` defines."""
    module = importlib.import_module(f"shopguide_{service}.config")
    (found,) = [
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, ServerSettings) and item.__module__ == module.__name__
    ]
    return found


def render(services: dict[str, type[ServerSettings]]) -> str:
    """Return the list as Markdown: shared settings once, then what each service adds or changes."""
    shared = {item.name: item for item in describe(ServerSettings)}
    parts = [_INTRODUCTION, "## Every server\n", _table(shared.values().__iter__())]
    for name, cls in services.items():
        own = (item for item in describe(cls) if shared.get(item.name) != item)
        parts += [f"## {name.capitalize()}\n", _table(own)]
    return "\n".join(parts)


def _table(settings: Iterator[SettingDescription]) -> str:
    rows = [
        (f"`{item.name}`", item.type, f"`{item.default}`", " ".join(item.text.split())) for item in settings
    ]
    lines = [("Variable", "Type", "Default", "Meaning"), ("---",) * 4, *rows]
    return "".join(f"| {' | '.join(text.replace('|', chr(92) + '|') for text in line)} |\n" for line in lines)


def main() -> int:
    """Write the list, or with `--check` return 1 when the committed one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail when docs/settings.md is out of date"
    )
    arguments = parser.parse_args()
    text = render({name: settings_class(name) for name in SERVICES})
    if not arguments.check:
        REFERENCE.write_text(text, encoding="utf-8")
    elif not REFERENCE.exists() or REFERENCE.read_text(encoding="utf-8") != text:
        print("docs/settings.md is out of date: run `make docs` and commit the result", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

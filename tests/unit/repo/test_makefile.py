import re

import pytest


@pytest.fixture(scope="module")
def targets(repository):
    """Return {target: words shown by `make help`} of the Makefile; no words where there are none."""
    text = (repository / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"^([a-z-]+):(?!=)(.*)$", text, re.MULTILINE)
    return {name: rest.partition("##")[2].strip() for name, rest in rules}


def test_every_target_is_explained(targets):
    """`make help` shows every target but the synonym `venv`."""
    assert [name for name, words in targets.items() if not words] == ["venv"]


def test_every_target_is_phony(targets, repository):
    """No target is mistaken for a file or folder of its name, such as docs/ or protos/."""
    phony = re.search(r"^\.PHONY: (.*)$", (repository / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(targets)


def test_documents_name_real_targets(targets, tracked):
    """Each `make …` that a document shows can be run."""
    shown = {
        (path.name, name)
        for path in tracked
        if path.suffix == ".md"
        for command in re.findall(
            r"(?:^|`)make ((?:[a-z-]+ ?)+)(?=`|$|\s*#)", path.read_text("utf-8"), re.MULTILINE
        )
        for name in command.split()
    }
    assert shown
    assert {item for item in shown if item[1] not in targets} == set()

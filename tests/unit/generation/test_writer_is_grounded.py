from random import Random

import pytest

from fakes.generation_facts import context
from shopguide_generation.domain.facts import Task
from shopguide_generation.domain.grounding import GroundingChecker
from shopguide_generation.domain.writer import write


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("task", list(Task))
def test_every_sentence_of_the_writer_passes_the_check(language, task):
    """Whatever the facts, the checker bears out each sentence the writer makes of them."""
    rng = Random(f"{language}{task}")
    for _ in range(10):
        facts = context(rng, language, task)
        for sentence in write(facts).sentences:
            report = GroundingChecker(facts, sentence.derived).check(sentence.text)
            assert report.grounded, (sentence.text, report.findings)

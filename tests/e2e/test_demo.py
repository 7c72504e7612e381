"""The questions of `make demo`."""

import pytest

from shopguide_client.cli.demo import QUESTIONS

INTENTS = {
    "search with hard limits": {"SEARCH", "RECOMMEND"},
    "follow-up: compare two of them": {"COMPARE"},
    "question about the shop": {"SHOP_QUESTION"},
    "nothing satisfies all": {"SEARCH", "RECOMMEND"},
    "several roles, one budget": {"BUNDLE"},
    "out of scope": {"OUT_OF_SCOPE"},
}


@pytest.mark.parametrize("position", range(len(QUESTIONS)), ids=lambda n: QUESTIONS[n].about)
def test_each_question_gets_an_answer_of_its_kind(shopper, position):
    """Every question, after those it leans on, is understood as what it shows."""
    start = max(i for i in range(position + 1) if not QUESTIONS[i].goes_on)
    person = shopper()
    for question in QUESTIONS[start:position]:
        person.say(question.text)
    turn = person.say(QUESTIONS[position].text)
    assert turn.intent in INTENTS[QUESTIONS[position].about]
    assert turn.end.answered == (QUESTIONS[position].about != "out of scope")

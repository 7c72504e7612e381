"""Real shopping queries: no limit is invented, no word is lost."""

import pytest

from fakes.public_queries import DATA, esci, icecat, queries
from shopguide_intent.domain.matcher import Matcher
from shopguide_intent.domain.model import Strength
from shopguide_intent.domain.parser import ParseContext, Parser
from shopguide_intent.domain.utterance import utterance
from shopguide_intent.domain.vocabulary import Vocabulary

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.exists(), reason=f"public development data is not at {DATA}"),
]


@pytest.mark.parametrize(
    ("vocabulary", "path"),
    [
        (esci, "esci150/qrels_dev.csv.gz"),
        (icecat, "icecat_chorus/qrels_dev.csv.gz"),
        (Vocabulary, "zh_multicpr_mini/qrels_dev.csv.gz"),
    ],
)
def test_a_query_without_limits_keeps_every_word_and_gets_no_limit(vocabulary, path: str) -> None:
    """None of these queries states a limit that their catalogues can express."""
    parser = Parser(Matcher(vocabulary()))
    for query in queries(path):
        found = parser.parse(query, ParseContext())
        assert found.search_query == utterance(query).shown, query
        assert not [c for c in found.constraints if c.strength is Strength.HARD], query
        assert not found.scopes, query
        assert found.budget is None, query


def test_stated_price_and_rating_limits_are_found() -> None:
    """Conversational queries: wherever a dollar amount or a star rating is compared, it becomes a limit."""
    parser = Parser(Matcher(esci()))
    for query in queries("esci_cellphone_conversational/queries_dev.csv.gz"):
        fields = {
            c.field for c in parser.parse(query, ParseContext()).constraints if c.strength is Strength.HARD
        }
        assert ("price" in fields) == ("$" in query), query
        assert "rating" not in fields or "rat" in query.lower() or "star" in query.lower(), query


def test_shopping_goals_get_almost_no_limit() -> None:
    """Of two thousand long wishes that hardly ever state a limit, none gets an exclusion or a number limit by accident."""
    parser = Parser(Matcher(esci()))
    wrong = [
        (goal, constraint)
        for goal in queries("webshop_goals/human_goals_dev.csv.gz", "goal")[::3]
        for constraint in parser.parse(goal, ParseContext()).constraints
        if constraint.strength is Strength.HARD and constraint.field != "price"
    ]
    assert wrong == []

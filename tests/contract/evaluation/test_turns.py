import json
from collections import Counter

import pytest
from click.testing import CliRunner

from fakes.guide_servers import FakeGuide, FakeIndex, serving
from shopguide_evaluation.__main__ import main
from shopguide_evaluation.turns import ScriptError, TurnResult, read_scripts, summarize

INTENTS = {
    *("SEARCH", "RECOMMEND", "SIMILAR", "BUNDLE", "COMPARE", "PRODUCT_QUESTION", "SHOP_QUESTION"),
    *("DEAL", "GIFT", "COMPLAINT", "REVIEWS", "CHITCHAT", "OUT_OF_SCOPE"),
}


def test_the_script_covers_every_intent_in_both_languages():
    """At least 60 turns, 30 in each language, conversations with follow-ups, every intent in both languages."""
    scripts = read_scripts()
    turns = [(script.language, turn) for script in scripts for turn in script.turns]
    languages = Counter(language for language, _ in turns)
    assert len(turns) >= 60
    assert min(languages["zh"], languages["en"]) >= 30
    assert len({script.id for script in scripts}) == len(scripts)
    assert sum(len(script.turns) > 1 for script in scripts) >= 10
    for language in ("zh", "en"):
        assert {turn.intents[0] for spoken, turn in turns if spoken == language} == INTENTS
    assert {intent for _, turn in turns for intent in turn.intents} == INTENTS


@pytest.mark.parametrize(
    "line", ["{", '{"id": "a", "turns": []}', '{"id": "a", "language": "en", "turns": [{"say": "x"}]}']
)
def test_bad_scripts_are_named_by_line(tmp_path, line):
    """What is no conversation is refused with its line."""
    path = tmp_path / "turns.jsonl"
    path.write_text('{"id": "a", "language": "en", "turns": []}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ScriptError, match="line 2"):
        read_scripts(path)


def test_turns_through_a_gateway(tmp_path):
    """Each turn is had and measured: token carried on, intent, degradation, grounding and failure of each one."""
    says = [("a mouse", "SEARCH"), ("something else", "GIFT"), ("break", "SEARCH")]
    script = {"id": "s", "language": "en", "turns": [{"say": s, "intents": [i]} for s, i in says]}
    path, out = tmp_path / "turns.jsonl", tmp_path / "out" / "turns.json"
    path.write_text(json.dumps(script) + "\n", encoding="utf-8")
    guide = FakeGuide()  # type: ignore[abstract] # the methods that no test calls are UNIMPLEMENTED
    with serving(guide, FakeIndex()) as address:  # type: ignore[abstract] # as above
        words = [
            "turns",
            "--address",
            address,
            "--catalog",
            "catalogs/demo",
            "--file",
            str(path),
            "--json",
            str(out),
        ]
        result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert [turn.conversation_token for turn in guide.turns] == ["", "token 1", "token 2"]
    found = json.loads(out.read_text(encoding="utf-8"))
    summary = found["summary"]["all"]
    assert (summary["turns"], summary["failed"], summary["degraded"]) == (3, 1, 2)
    assert summary["degradations"] == {"generation: TEMPLATE_ANSWER": 2}
    assert summary["intent_hit_rate"] == pytest.approx(2 / 3)
    assert (summary["first_products_ms"]["n"], summary["total_ms"]["n"]) == (3, 2)
    first = found["turns"][0]
    assert (first["text"], first["follow_up"], first["matched_size"]) == ("Take the Norte [1].", "Wired?", 14)
    assert first["products"][0]["product_id"] == "m1"
    assert first["sources"][0]["title"] == "Norte [Pro] mouse"
    assert "the generation service is gone" in found["turns"][2]["error"]
    assert "intent: s#2" in result.output


def turn(**changes) -> TurnResult:
    """Return a turn without anything remarkable."""
    values = {
        "script": "s",
        "number": 1,
        "language": "en",
        "said": "a",
        "expected": ("SEARCH",),
        "intent": "SEARCH",
        "length": 50,
    }
    return TurnResult(**(values | changes))


def test_measures_by_hand():
    """Quantiles, shares and means are those of the turns; greetings do not count for the length."""
    turns = [
        turn(total_ms=100.0, first_text_ms=10.0, model_share=1.0, stages_ms={"write": 4.0}),
        turn(
            total_ms=300.0,
            length=130,
            intent="GIFT",
            stages_ms={"write": 8.0},
            ungrounded=[{}, {}],
            checked=5,
        ),
        turn(total_ms=200.0, length=5, expected=("CHITCHAT",), intent="CHITCHAT", language="zh"),
    ]
    found = summarize(turns)
    assert found["all"]["total_ms"] == {"p50": 200.0, "p95": pytest.approx(290.0), "n": 3.0}
    assert found["all"]["first_text_ms"] == {"p50": 10.0, "p95": 10.0, "n": 1.0}
    assert found["all"]["first_products_ms"] == {"n": 0.0}
    assert found["all"]["stages_p50_ms"] == {"write": 6.0}
    assert found["all"]["length_within_bounds"] == 0.5
    assert found["all"]["model_share"] == pytest.approx(1 / 3)
    assert (found["all"]["ungrounded"], found["all"]["turns_ungrounded"], found["all"]["checked"]) == (
        2,
        1,
        5,
    )
    assert (found["en"]["intent_hit_rate"], found["zh"]["intent_hit_rate"]) == (0.5, 1.0)

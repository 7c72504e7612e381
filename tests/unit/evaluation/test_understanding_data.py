import json
from collections import Counter
from typing import Any

import pytest

from shopguide_devstack.catalogue.loader import load_catalogue
from shopguide_evaluation.markup import MarkupError, parse_markup
from shopguide_evaluation.understanding_data import (
    INTENTS,
    LANGUAGES,
    SLOTS,
    DataError,
    check_unique,
    read_dialogues,
    read_limits,
    read_utterances,
)

UTTERANCE: dict[str, Any] = {
    "id": "u",
    "language": "en",
    "intents": ["SEARCH"],
    "sentiment": 0,
    "text": "a [lamp|product_type] under $50",
}
PRICE: dict[str, Any] = {
    "field": "price",
    "max": 50,
    "currency": "USD",
    "strength": "HARD",
    "evidence": "under $50",
}
EXPRESSION: dict[str, Any] = {
    "id": "l",
    "language": "en",
    "currency": "USD",
    "text": "a lamp under $50",
    "limits": [PRICE],
}
TURN: dict[str, Any] = {
    "text": "the second",
    "expect": {"intents": ["SEARCH"], "limits": [{k: v for k, v in PRICE.items() if k != "evidence"}]},
}
SHOWN = [{"id": "p1", "title": "Lamp", "price": 49, "currency": "USD"}]


@pytest.fixture(scope="module")
def utterances():
    """Return the utterances by split."""
    return {"dev": read_utterances("dev"), "test": read_utterances("test")}


@pytest.fixture(scope="module")
def expressions():
    """Return the limit expressions by split."""
    return {"dev": read_limits("dev"), "test": read_limits("test")}


@pytest.fixture(scope="module")
def dialogues():
    """Return the dialogues by split."""
    return {"dev": read_dialogues("dev"), "test": read_dialogues("test")}


@pytest.fixture(scope="module")
def catalogue():
    """Return the demo catalogue."""
    return load_catalogue()


def write(folder, name, *rows):
    """Write rows as JSON lines."""
    (folder / name).write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )


def test_spans_are_in_bytes():
    """Offsets count bytes of UTF-8, the marks are gone, and an escaped mark is a character."""
    marked = parse_markup(r"买[耳机|product_type] \[急\] [¥5|price]", SLOTS)
    assert marked.text == "买耳机 [急] ¥5"
    assert [(s.label, s.text) for s in marked.spans] == [("product_type", "耳机"), ("price", "¥5")]
    assert [marked.text.encode()[s.start : s.end].decode() for s in marked.spans] == ["耳机", "¥5"]
    assert (marked.spans[0].start, marked.spans[0].end) == (3, 9)


@pytest.mark.parametrize(
    "text",
    [
        "[a|colour]",
        "[a",
        "a]",
        "a|b",
        "[|brand]",
        "[ |brand]",
        "[a [b|brand]|brand]",
        "[a]",
        "[a|brand|brand]",
    ],
)
def test_malformed_marks_are_refused(text):
    """A span that is open, empty, nested or labelled wrongly, and a lone mark, raise MarkupError."""
    with pytest.raises(MarkupError):
        parse_markup(text, SLOTS)


@pytest.mark.parametrize(
    "change",
    [
        {"intents": ["BUY"]},
        {"intents": []},
        {"intents": ["SEARCH", "SEARCH"]},
        {"intents": ["SEARCH", "DEAL", "GIFT"]},
        {"language": "fr"},
        {"sentiment": 2},
        {"text": " "},
        {"text": "a [lamp|thing]"},
        {"limits": [PRICE | {"evidence": "below $50"}]},
        {"history": [{"role": "system", "text": "hi"}]},
        {"note": "x"},
    ],
)
def test_malformed_utterances_are_refused(tmp_path, change):
    """A row that breaks a convention raises DataError with its file and line; the good row before it does not."""
    write(tmp_path, "utterances.dev.jsonl", UTTERANCE, UTTERANCE | change)
    with pytest.raises(DataError, match=r"utterances\.dev\.jsonl:2: "):
        read_utterances("dev", tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"field": "cost"},
        {"strength": "MUST"},
        {"min": 60},
        {"max": None},
        {"currency": ""},
        {"any_of": ["x"]},
        {"strength": "UNSUPPORTED"},
        {"field": "brand", "currency": ""},
        {"field": "rating"},
        {"evidence": ""},
        {"maximum": 1},
    ],
)
def test_malformed_limits_are_refused(tmp_path, change):
    """A limit whose field, test, currency and strength do not fit together, or without its words, raises DataError."""
    write(tmp_path, "limits.test.jsonl", EXPRESSION, EXPRESSION | {"limits": [PRICE | change]})
    with pytest.raises(DataError, match=r"limits\.test\.jsonl:2: "):
        read_limits("test", tmp_path)


def test_missing_key_is_named(tmp_path):
    """A row without a required key is refused by the name of the key."""
    write(tmp_path, "limits.dev.jsonl", {k: v for k, v in EXPRESSION.items() if k != "currency"})
    with pytest.raises(DataError, match="'currency' is missing"):
        read_limits("dev", tmp_path)


def test_references_point_at_what_is_shown(tmp_path):
    """A turn may point at products shown before or with it, not at others, and a dialogue has 3 to 6 turns."""
    pointing = TURN | {"expect": TURN["expect"] | {"references": ["p1"]}}
    good = {"id": "d", "language": "en", "turns": [TURN | {"shown": SHOWN}, pointing, TURN]}
    write(tmp_path, "dialogues.dev.jsonl", good)
    assert read_dialogues("dev", tmp_path)[0].turns[1].references == ("p1",)
    for turns in ([pointing, TURN, TURN], [TURN, TURN], [TURN] * 7):
        write(tmp_path, "dialogues.dev.jsonl", good | {"turns": turns})
        with pytest.raises(DataError):
            read_dialogues("dev", tmp_path)


@pytest.mark.parametrize("pair", [[("a", "x"), ("a", "y")], [("a", "Red  lamp"), ("b", "red lamp")]])
def test_twins_are_refused(pair):
    """Two rows with one id, or with one text but for case and spaces, raise DataError."""
    with pytest.raises(DataError):
        check_unique(pair)


def test_nothing_stands_twice(utterances, expressions, dialogues):
    """No id and no text occurs twice, neither inside a split nor across dev and test."""
    check_unique((u.id, f"{u.history}{u.marked.text}") for rows in utterances.values() for u in rows)
    check_unique((e.id, e.text) for rows in expressions.values() for e in rows)
    check_unique((d.id, "\n".join(t.text for t in d.turns)) for rows in dialogues.values() for d in rows)


def test_floors_of_utterances(utterances):
    """600 in each language, a third of them dev, 35 of each intent and 80 out of scope, 100 with two intents."""
    everything = [u for rows in utterances.values() for u in rows]
    languages = Counter(u.language for u in everything)
    intents = Counter((u.language, intent) for u in everything for intent in u.intents)
    assert all(languages[language] >= 600 for language in LANGUAGES)
    assert 0.3 <= len(utterances["dev"]) / len(everything) <= 0.37
    assert all(intents[language, intent] >= 35 for language in LANGUAGES for intent in INTENTS)
    assert all(intents[language, "OUT_OF_SCOPE"] >= 80 for language in LANGUAGES)
    assert sum(len(u.intents) == 2 for u in everything) >= 100


def test_every_label_is_in_both_splits(utterances):
    """Each split has every intent, slot and sentiment in each language, so that all can be tuned and measured."""
    for rows in utterances.values():
        for language in LANGUAGES:
            mine = [u for u in rows if u.language == language]
            assert {i for u in mine for i in u.intents} == INTENTS
            assert {s.label for u in mine for s in u.marked.spans} == SLOTS
            assert {u.sentiment for u in mine} == {-1, 0, 1}


def test_floors_of_limits(expressions):
    """300 expressions in each language, half of them dev; orders, budgets, quantities, contradictions and none at all."""
    everything = [e for rows in expressions.values() for e in rows]
    languages = Counter(e.language for e in everything)
    assert all(languages[language] >= 300 for language in LANGUAGES)
    assert 0.45 <= len(expressions["dev"]) / len(everything) <= 0.55
    for rows in expressions.values():
        for language in LANGUAGES:
            mine = [e for e in rows if e.language == language]
            assert any(e.order for e in mine)
            assert any(e.budget for e in mine)
            assert any(e.quantity for e in mine)
            assert any(e.contradictory for e in mine)
            assert any(not e.limits for e in mine)
            assert {limit.strength for e in mine for limit in e.limits} == {"HARD", "SOFT", "UNSUPPORTED"}


def test_floors_of_dialogues(dialogues):
    """75 dialogues in each language, a third of them dev, with references and changes of topic in both splits."""
    languages = Counter(d.language for rows in dialogues.values() for d in rows)
    assert all(languages[language] >= 75 for language in LANGUAGES)
    assert 0.3 <= len(dialogues["dev"]) / languages.total() <= 0.37
    for rows in dialogues.values():
        for language in LANGUAGES:
            turns = [t for d in rows if d.language == language for t in d.turns]
            assert any(t.references for t in turns)
            assert any(t.topic_changed for t in turns)


def test_limits_name_what_the_catalogue_has(utterances, expressions, dialogues, catalogue):
    """Every attribute and category exists in the demo catalogue, numbers are in its units, texts only on text attributes."""
    specs = {a.key: a for a in catalogue.attributes()}
    turns = [t for rows in dialogues.values() for d in rows for t in d.turns]
    assert {t.category for t in turns} - {""} <= {c.id for c in catalogue.categories()}
    limits = [limit for rows in utterances.values() for u in rows for limit in u.limits or ()]
    limits += [limit for rows in expressions.values() for e in rows for limit in e.limits]
    limits += [limit for t in turns for limit in t.limits]
    for limit in limits:
        if limit.field.startswith("attributes."):
            spec = specs[limit.field.removeprefix("attributes.")]
            assert limit.unit == (spec.unit if spec.kind != "KIND_TEXT" else "")
            assert bool(limit.any_of or limit.none_of) == (spec.kind == "KIND_TEXT")


def test_contradictions_are_marked(expressions):
    """Two hard ranges on one field that do not meet are marked as contradictory, and only then."""
    for rows in expressions.values():
        for expression in rows:
            empty = False
            for a in expression.limits:
                for b in expression.limits:
                    both_hard = a.field == b.field and a.strength == b.strength == "HARD"
                    empty |= (
                        both_hard
                        and a.minimum is not None
                        and b.maximum is not None
                        and a.minimum > b.maximum
                    )
                    empty |= both_hard and bool(set(a.any_of) & set(b.none_of))
            assert empty == expression.contradictory, expression.id

"""The need behind a wish: what is denied is no need."""

import pytest

from fakes.intent_messages import parse


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("laptop for work, not gaming", ()),
        ("laptop not for gaming or video editing", ()),
        ("shoes for running, not hiking or camping", ("running",)),
        ("not only for gaming, also for office", ("gaming", "office")),
        ("笔记本，不打游戏，办公用", ("办公",)),
        ("耳机不用来跑步，通勤戴", ("通勤",)),
        ("不要游戏和剪辑的电脑，学习用", ("学习",)),
        ("要不要买个跑步用的耳机", ("跑步",)),
        ("无线耳机，通勤用", ("通勤",)),
    ],
)
def test_a_denied_use_is_no_use(text: str, uses: tuple[str, ...]) -> None:
    """A use that the words deny, alone or in a list, is not given as the need; the others are."""
    assert parse(text).need.uses == uses


@pytest.mark.parametrize(
    ("text", "qualities"),
    [
        ("不太便宜的包", ()),
        ("特别防水的手表", ("防水",)),
        ("不伤眼的台灯", ("不伤眼",)),
        ("非常轻便的书包", ("轻便",)),
    ],
)
def test_a_denied_quality_is_no_quality(text: str, qualities: tuple[str, ...]) -> None:
    """A denial is told from words that merely begin or end like one."""
    assert parse(text).need.qualities == qualities


def test_who_is_denied_is_no_recipient() -> None:
    """A gift that is not for somebody has no recipient."""
    assert parse("gift for my mom").need.recipient == "mother"
    assert parse("gift, not for my mom").need.recipient == ""

"""Several products in one wish: which words are a role, and which say what all of them are for."""

import pytest

from fakes.intent_messages import parse


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("参加海边婚礼，想要一条连衣裙、一双凉鞋和一个手拿包，一共一千五以内", ("连衣裙", "凉鞋", "手拿包")),
        ("连衣裙、凉鞋和手拿包，海边婚礼穿，一共一千五以内", ("连衣裙", "凉鞋", "手拿包")),
        ("手机、充电宝和手机壳，送爸妈，总共3000", ("手机", "充电宝", "手机壳")),
        ("连衣裙、高跟鞋和加湿器，总共2000", ("连衣裙", "高跟鞋", "加湿器")),
        ("手机加耳机配个充电宝，一共5000", ("手机", "耳机", "充电宝")),
        ("for a camping trip I need a tent, a sleeping bag and a stove, 300 total", ("tent", "sleeping bag", "stove")),
        ("outfit for a beach wedding: dress, sandals and a clutch, 250 total", ("dress", "sandals", "clutch")),
    ],
)  # fmt: skip
def test_only_products_are_roles(text: str, roles: tuple[str, ...]) -> None:
    """Every product that is listed is a role; the occasion, the recipient and how one asks are none."""
    found = parse(text)
    assert tuple(scope.role for scope in found.scopes) == roles
    assert found.budget is not None
    assert not any(c.field == "price" for c in found.constraints)


def test_what_all_roles_are_for_is_searched_with_each() -> None:
    """The occasion beside the list goes into the query of every role."""
    found = parse("参加海边婚礼，想要一条连衣裙、一双凉鞋和一个手拿包，一共一千五以内")
    assert [scope.query for scope in found.scopes] == ["海边婚礼 连衣裙", "海边婚礼 凉鞋", "海边婚礼 手拿包"]
    assert found.need.occasion == "海边婚礼"


def test_qualities_are_no_roles() -> None:
    """A list of qualities of one product under a total stays one product."""
    assert parse("防水、轻便的手机，总共3000").scopes == ()

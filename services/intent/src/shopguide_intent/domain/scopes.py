"""Several product roles in one wish: "dress, sandals and a clutch", 笔记本+鼠标+包."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shopguide_intent.domain.chatter import without_chatter
from shopguide_intent.domain.matcher import Match, Sense
from shopguide_intent.domain.needs import need_spans
from shopguide_intent.domain.numbers import NUMBER, parse_number
from shopguide_intent.domain.spans import Span, cut, mask
from shopguide_intent.domain.utterance import Utterance

MAX_ROLES = 8
"""More members than this are a description, not a list of products."""

_MAX_WORDS, _MAX_HAN = 5, 10
_TOGETHER = re.compile(
    r"\b(?:outfits?|together|everything for|to go with|bundle of)\b|一套|全套|搭配|整套|套餐|组合|穿搭|配齐|凑齐|一身|一起买"
)
_PLUS = re.compile(r"[\u4e00-\u9fff]\s?[+＋]\s?[\u4e00-\u9fff]|[a-z]{3,} \+ [a-z]{3,}")
_SEPARATOR = re.compile(
    r"\s*(?:[,，、;；+＋\n]|\b(?:and|plus|as well as)\b|(?<![温柔暖])和(?![田面服])|以及|还有|再加|加上|"
    r"(?<![参增添附])加(?![湿热绒大长厚工])|(?<![搭适])配上?(?!件)|外加|(?<![高低粗细平中坡厚])跟(?!鞋))+\s*"
)
"""What stands between members; not where it is part of a word (参加, 加湿器, 高跟鞋)."""
_HIDDEN = "\x01"
"""Stands for a limit: neither a space nor a separator, so that the limit stays inside its role."""
_LEAD = re.compile(r"^[^:：]*[:：]")
_COUNT = re.compile(
    rf"^(?P<n>{NUMBER})\s?(?:个|件|双|条|只|台|部|把|张|支|套|本|瓶|pairs? of\b|x\b)?\s?(?=\D)"
)
_ARTICLE = re.compile(
    r"^(?:an?|some|the|my|pair of|one|then|also|一[个件双条只台部把张支套]|个)\s?(?![a-z0-9]*$)"
)
_ASKING = re.compile(
    r"^.*(?:\b(?:i|we)(?:'d| would)? (?:need|want|like)(?: to (?:buy|get|have))?\b|\blooking for\b"
    r"|[想需]要|[想要]买|打算买)\s?(?=\S)"
)
"""What goes before the first member in a sentence: "for a trip I need" a tent."""
_AROUND_NEED = re.compile(
    r"参加|出席|场合|时候?|穿|戴|用|去|要|给|送|的|适合|一?点|\b(?:for|to|at|in|on|a|an|the|my|our|wear|go(?:ing)?|use[ds]?|attend(?:ing)?|suitable|as|gifts?)\b"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORDY = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Role:
    """One member of the list: its words without limits, and where it stands."""

    name: str
    span: Span
    quantity: int


def find_roles(
    message: Utterance, limits: Sequence[Span], matches: Sequence[Match], *, total: bool
) -> tuple[Role, ...]:
    """Roles that a message lists, or nothing when it names one product.

    Args:
        message: the message.
        limits: places of limits, which are no part of a role's name.
        matches: the catalogue's words in the message.
        total: whether a total budget was stated, which makes any list a list of products.
    """
    added = bool(_PLUS.search(message.text))
    if not (total or added or _TOGETHER.search(message.text)):
        return ()
    roles = [role for role in _members(message, limits) if not _only_need(role)]
    names = [role.name for role in roles]
    if not 2 <= len(roles) <= MAX_ROLES or len(set(names)) != len(names):  # noqa: PLR2004 (a list has two)
        return ()
    if not all(_short(role.name) for role in roles) or any(_only_value(role, matches) for role in roles):
        return ()
    return (
        tuple(roles)
        if total or _categories(roles, matches) > 1 or (added and _HAN.search(message.text))
        else ()
    )


def _members(message: Utterance, limits: Sequence[Span]) -> Iterator[Role]:
    text = mask(message.text, limits).replace("\n", _HIDDEN)
    lead = _LEAD.match(text)
    at = lead.end() if lead else 0
    for separator in [*_SEPARATOR.finditer(text, at), None]:
        end = separator.start() if separator else len(text)
        role = _role(message, Span(at, end), limits)
        if role is not None:
            yield role
        at = separator.end() if separator else at


def _role(message: Utterance, span: Span, limits: Sequence[Span]) -> Role | None:
    inside = [
        Span(s.start - span.start, s.end - span.start)
        for s in limits
        if span.start <= s.start and s.end <= span.end
    ]
    name = without_chatter(message.shown[span.start : span.end], inside)
    asking = _ASKING.match(name.lower())
    name = name[asking.end() :] if asking else name
    count = _COUNT.match(name.lower())
    quantity = parse_number(count["n"]) if count else None
    if count and quantity and quantity == int(quantity):
        name = name[count.end() :]
    name = name[_article_length(name) :].strip()
    return Role(name, span, int(quantity or 1) or 1) if _WORDY.search(name) else None


def _article_length(name: str) -> int:
    found = _ARTICLE.match(name.lower())
    return found.end() if found else 0


def _short(name: str) -> bool:
    return len(_HAN.findall(name)) <= _MAX_HAN and len(name.split()) <= _MAX_WORDS


def _only_need(role: Role) -> bool:
    """Whether a member says what the others are for, such as 参加海边婚礼, and names nothing by itself."""
    name = role.name.lower()
    needs = need_spans(name)
    return bool(needs) and not _WORDY.search(_AROUND_NEED.sub(" ", cut(name, needs)))


def _inside(match: Match, role: Role) -> bool:
    return role.span.start <= match.span.start and match.span.end <= role.span.end


def _categories(roles: Sequence[Role], matches: Sequence[Match]) -> int:
    return sum(any(m.of(Sense.CATEGORY) and _inside(m, role) for m in matches) for role in roles)


def _only_value(role: Role, matches: Sequence[Match]) -> bool:
    """Whether a member is a mere quality, such as "waterproof" in a list of wishes."""
    return any(
        _inside(m, role)
        and len(m.span) >= len(role.name)
        and not m.of(Sense.CATEGORY)
        and (m.of(Sense.VALUE) or m.of(Sense.FLAG))
        for m in matches
    )

# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""Words that talk to the guide and say nothing about the product."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shopguide_intent.domain.spans import Span

_GAP = "\x00"
"""Stands where words were cut, so that particles left beside it can go too."""

_LEAD_ZH = (
    r"请问(?:一下)?|你好[呀啊]?|您好|哈[喽啰]|亲[,，~]|在吗|麻烦(?:你|您)?|劳驾|那么|那(?=有没有|给|帮|再|换)|再?帮(?:我|忙)(?:再)?|请(?:给|帮|推荐)我?|"
    r"给我(?:来|找|看看|推荐|介绍)?(?:一下)?|我?(?:就|还|也)?(?:现在|最近|今天)?(?:想要|想买|想看看|想看|想找|想换|想入手?|需要|要买|打算买|准备买|要找|想选|想挑|想给)(?:[一几]?(?:个|款|件|双|台|部|条|只|些|套))?|"
    r"我(?:要|想|在找|正在找|找|看看)(?:[一几]?(?:个|款|件|双|台|部|条|只|些|套))?|只(?:要|看|买|考虑|想要)|求推荐|求(?=一?[款个双])|推荐(?:一下|[一几]?(?:个|款|件|双|台|部|条|只|些|套)|点|给我)?|"
    r"还?有(?:没有|啥|什么|哪些)(?:好用的?|好的|值得买的?|适合的?|推荐的?)?|有没有(?:那种)?|(?:哪|什么)(?:个|款|种|些|双|台)(?=.{2})|搜(?:索|一下|一搜)|"
    r"找(?:一下|[一几]?(?:个|款|件|双|台|部|条|只|些|套)|找)|看看(?:有没有)?|挑(?:一?(?:个|款|件|双|台))|选(?:一?(?:个|款|件|双|台))|"
    r"来(?:[一几]?(?:个|款|件|双|台|部|条|只|套))|买(?:[一几]?(?:个|款|件|双|台|部|条|只|些|套)|点)|[一几](?:个|款|件|双|台|部|条|只|些|套)(?=.{2})"
)
_TRAIL_ZH = (
    r"(?:现在|最近|今天)?(?:都|正在)?(?:有(?:没有|什么|啥|哪些)?|在做?|搞)(?:优惠|折扣|打折|促销|活动|特价)(?:活动)?的?(?:吗|么)?|有(?:没有|什么|啥|哪些)?(?:推荐|好的|合适的|值得买的)?的?(?:吗|么)|(?:求|有什么|有啥|给个|来点|可以)?推荐(?:一下|[一几]?[款个双台])?(?:吗|么|吧)?|哪[个款种一](?:更|比较)?(?:个|款)?(?:更|比较)?(?:好|合适|值得买|好用|推荐)(?:一?些|一?点)?|"
    r"怎么(?:选|挑|买)|买哪[个款种]|选哪[个款种]|有哪些|有没有|(?:谢谢|多谢|感谢)(?:你|您|啦|了)?|可以吗|行吗|好吗|吗|呢|吧|呀|啊|哦|哈|么|啦|的话|就行|就可以|就好|都行|都可以"
)
_LEAD_EN = (
    r"(?:what |which )?(?:are |is )?(?:there )?(?:any |the )?(?:best |good |great |current )?(?:deals?|discounts?|sales?|offers?|promotions?) (?:on|for)|"
    r"hi(?: there)?|hello(?: there)?|hey(?: there)?|good (?:morning|evening|afternoon)|(?:can|could|would|will) you(?: please| kindly)?(?: help me)?|please|pls|ok(?:ay)?(?: so)?|so|well|"
    r"(?:show|find|get|give|recommend|suggest|send|bring|buy|grab) (?:me|us)(?: up| out)?|recommend|do (?:a|another) search for|search (?:for|up)|looking (?:for|to buy|to get|to purchase)|"
    r"i(?:'?m| am)? ?(?:also |currently |really |just |only )?(?:looking (?:for|to buy|to get|to purchase|to find)|searching (?:for)?|shopping for|hunting for|in (?:the )?(?:need|search|market) (?:of|for)|interested in(?: buying| purchasing)?|after|trying to find)|"
    r"i(?:'?d| would)? ?(?:also |really |just )?(?:need|want|like|love|prefer)(?: to (?:buy|get|find|purchase|order|have|see))?(?: me)?|"
    r"(?:do|does|would) you(?: guys)? (?:have|sell|carry|stock)|have you got|got any|are there|is there|help me (?:find|choose|pick|get)|"
    r"only show(?: me| results| ones| products| items)*(?: that| which| with)?|"
    r"what(?:'s| is| are)|which(?: is| are)?|where can i (?:find|get|buy)|any (?:good |recommendations for |suggestions for )?(?=[a-z]{3})"
)
_TRAIL_EN = r"please|pls|plz|thanks(?: a lot| so much)?|thank you(?: so much)?|thx|for me|do you have|do you recommend|would you recommend|any (?:recommendations|suggestions|ideas)|recommendations|if possible|asap"
_ARTICLE = re.compile(r"^(?:an?|some|the|any|a pair of|a set of)\s+(?=\S)", re.IGNORECASE)
_LEAD = re.compile(
    rf"^[\s{_GAP}]*(?:(?:{_LEAD_EN})(?![a-z0-9'-])|{_LEAD_ZH})[\s,，!！:：{_GAP}]*", re.IGNORECASE
)
_TRAIL = re.compile(rf"[\s,，{_GAP}]*(?:\b(?:{_TRAIL_EN})|{_TRAIL_ZH})[\s.。?？!！~{_GAP}]*$", re.IGNORECASE)
_CLAUSES = re.compile(r"([,，。;；!！?？\n]|\.\s|\.$)")
_LINKS_EN = (
    "and|but|or|with|for|of|at|in|from|to|is|are|be|that(?:'s| is| are)?|which(?: is| are)?|having|have|has|it|priced|price[sd]?|cost(?:s|ing)?|"
    "ratings?|should be|must be|not|no|the|a|an|budget|my|also|under|ones?|i don'?t|want|any"
)
_BEFORE_GAP = re.compile(
    rf"(?:(?:^|(?<=[\s,(]))(?:{_LINKS_EN})\s*|[价格预算在的和但且,，(（]\s*){{1,8}}{_GAP}", re.IGNORECASE
)
_AFTER_GAP = re.compile(
    rf"{_GAP}(?:\s*(?:and|but|or|of|(?:that|which)(?: is| are| has| have)?)\b(?=\s|$)|\s*[的)）,，和但、](?![\w]{{0,12}}{_GAP})){{1,8}}",
    re.IGNORECASE,
)
_STRAY = re.compile(r"\s+[:：]\s*")
_VAGUE = re.compile(
    r"(?:点|些|个|一些|一点|什么|啥|东西|商品|产品|好东西|好物|好的|合适的|好看的|好用的|给我|的|我|吧|呗|来|买|看|逛|随便|有|没有|适合)+"
    r"|(?:\b(?:something|anything|stuff|things?|products?|items?|some|any|good|nice|great|new|else|for|to|me|us|buy|get|today|here|i|might|may|would|like)\b\s*)+",
    re.IGNORECASE,
)
"""Words that name nothing to search for."""
_EDGES = " \t,，。.;；:：!！?？~、"


def without_chatter(text: str, removed: Iterable[Span]) -> str:
    """`text` with `removed` words and chatter gone; empty when nothing else was said."""
    marked = _mark(text, removed)
    kept = [_clean(part) for part in _CLAUSES.split(marked)[::2]]
    return " ".join(part for part in kept if part)


def names_nothing(query: str) -> bool:
    """Whether a query has only words such as "something" and 东西."""
    return _VAGUE.fullmatch(query.strip()) is not None


def _mark(text: str, removed: Iterable[Span]) -> str:
    chars = list(text)
    for span in removed:
        for at in range(span.start, min(span.end, len(chars))):
            chars[at] = _GAP
    return re.sub(rf"{_GAP}+", _GAP, "".join(chars))


def _clean(clause: str) -> str:
    before = None
    while clause != before:
        before = clause
        clause = _AFTER_GAP.sub(_GAP, _BEFORE_GAP.sub(_GAP, clause))
    whole = " ".join(_peeled(clause).replace(_GAP, " ").split())
    return _STRAY.sub(" ", whole).strip(_EDGES)


def _peeled(clause: str) -> str:
    before, led = None, False
    while clause != before:
        before = clause
        shorter = _LEAD.sub("", clause)
        led = led or shorter != clause
        clause = _TRAIL.sub("", shorter)
    clause = clause.strip(f"{_EDGES}{_GAP}")
    return _ARTICLE.sub("", clause) if led else clause

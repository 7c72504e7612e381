# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""The need behind a wish: for whom, for what use, for which occasion, with which qualities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shopguide_intent.domain.model import Need
from shopguide_intent.domain.spans import Span

_RECIPIENTS = {
    "父母": "爸妈 父母 爸爸妈妈 我爸妈 爹妈",
    "妈妈": "妈妈 老妈 母亲 我妈 岳母 婆婆",
    "爸爸": "爸爸 老爸 父亲 我爸 岳父 公公",
    "长辈": "长辈 老人 老人家 爷爷奶奶 爷爷 奶奶 外公 外婆 姥姥 姥爷",
    "女朋友": "女朋友 女友 对象 女生朋友",
    "男朋友": "男朋友 男友",
    "老婆": "老婆 妻子 媳妇 太太 爱人",
    "老公": "老公 丈夫 先生",
    "孩子": "孩子 小孩 小朋友 宝宝 儿童 娃 小学生",
    "儿子": "儿子 侄子 外甥",
    "女儿": "女儿 闺女 侄女",
    "朋友": "朋友 好友 哥们 兄弟",
    "闺蜜": "闺蜜 姐妹",
    "同事": "同事 领导 老板 客户",
    "老师": "老师",
    "室友": "室友 舍友",
    "学生": "学生 大学生 初中生 高中生",
    "parents": "parents|mom and dad|my folks|in-laws",
    "mother": "mom|mum|mother|mommy|mother-in-law",
    "father": "dad|father|daddy|father-in-law",
    "grandparents": "grandma|grandpa|grandmother|grandfather|grandparents|granny|elderly|seniors?",
    "girlfriend": "girlfriend|gf|fiancee",
    "boyfriend": "boyfriend|bf|fiance",
    "wife": "wife",
    "husband": "husband|hubby",
    "child": "kids?|child|children|toddlers?|baby|babies|nephew|niece|grandson|granddaughter|grandchild",
    "son": "son",
    "daughter": "daughter",
    "brother": "brother|bro",
    "sister": "sister|sis",
    "friend": "friends?|best friend|bestie|buddy",
    "coworker": "coworkers?|co-workers?|colleagues?|boss|manager|client",
    "teacher": "teachers?",
    "roommate": "roommates?",
    "student": "students?|college student",
}
_USES = {
    "通勤": "通勤 上下班 上班路上 坐地铁 挤地铁", "办公": "办公 上班 办公室 工作用 商务", "跑步": "跑步 慢跑 晨跑 马拉松",
    "健身": "健身 撸铁 健身房", "游戏": "打游戏 玩游戏 游戏 电竞 吃鸡", "学习": "学习 上网课 网课 上课 考研 做作业",
    "出差": "出差", "旅行": "旅行 旅游 出游 自驾", "露营": "露营 野营", "徒步": "徒步 登山 爬山 户外", "骑行": "骑行 骑车",
    "游泳": "游泳", "瑜伽": "瑜伽", "剪辑": "剪视频 剪辑 视频剪辑", "编程": "写代码 编程 敲代码", "设计": "做设计 画图 修图 建模",
    "拍照": "拍照 拍视频 摄影 vlog", "直播": "直播", "影音": "看剧 追剧 看电影 听歌", "睡眠": "睡觉 睡眠 午睡", "飞行": "坐飞机 长途飞行 飞机上",
    "驾驶": "开车 车上用", "宿舍": "宿舍 寝室", "家用": "家用 居家 家里用", "篮球": "打篮球", "做饭": "做饭 烘焙 煮面",
    "commuting": "commut(?:e|ing)|subway|train rides?", "office": "office|work from home|work use|business use", "running": "running|jogging|marathon",
    "gym": "gym|workouts?|working out|fitness", "gaming": "gaming|playing games", "study": "school|college|studying|online classes|homework",
    "travel": "travel(?:l?ing)?|trips?|vacation", "camping": "camping", "hiking": "hiking|trekking|backpacking", "cycling": "cycling|biking",
    "swimming": "swimming", "yoga": "yoga", "video editing": "video editing|editing videos?", "programming": "coding|programming", "design": "graphic design|drawing",
    "photography": "photography|taking photos|vlogging", "streaming": "streaming", "movies": "watching movies|movies", "sleep": "sleeping|sleep",
    "flights": "flights?|flying|plane|airplane", "driving": "driving", "dorm": "dorm(?: room)?", "home": "home use", "cooking": "cooking|baking",
}  # fmt: skip
_OCCASIONS = {
    "海边婚礼": "海边婚礼 沙滩婚礼", "婚礼": "婚礼 结婚 新婚", "生日": "生日 过生日", "情人节": "情人节 七夕", "圣诞节": "圣诞节 圣诞",
    "春节": "春节 过年 年货 拜年", "中秋节": "中秋节 中秋", "端午节": "端午", "母亲节": "母亲节", "父亲节": "父亲节", "教师节": "教师节", "儿童节": "儿童节 六一",
    "毕业": "毕业", "乔迁": "乔迁 搬新家 搬家", "满月": "满月 百日宴", "周年": "周年纪念 纪念日 周年", "约会": "约会", "面试": "面试", "年会": "年会",
    "聚会": "聚会 派对", "开学": "开学", "beach wedding": "beach wedding", "wedding": "wedding", "birthday": "birthday|bday|b-day",
    "valentine's day": "valentine'?s?(?: day)?", "christmas": "christmas|xmas|secret santa", "anniversary": "anniversary", "graduation": "graduation",
    "mother's day": "mother'?s day", "father's day": "father'?s day", "housewarming": "house ?warming", "baby shower": "baby shower", "date night": "date night",
    "interview": "job interview|interview", "party": "party", "halloween": "halloween", "new year": "new year'?s?(?: eve)?", "thanksgiving": "thanksgiving",
    "back to school": "back to school", "retirement": "retirement",
}  # fmt: skip
_QUALITIES = {
    "操作简单": "操作简单 简单易用 好操作 容易上手 简单好用 上手快", "轻便": "轻便 轻巧 轻一点 轻薄", "耐用": "耐用 结实 抗造 耐造 经久耐用", "静音": "静音 安静 噪音小 不吵",
    "性价比高": "性价比高 性价比 划算 高性价比", "好看": "好看 颜值高 漂亮 高颜值 时尚", "舒适": "舒服 舒适", "大屏": "大屏 屏幕大 字大", "长续航": "长续航 续航长 续航久 续航好 待机长",
    "保暖": "保暖 暖和", "透气": "透气", "便宜": "便宜 实惠 平价", "高端": "高端 高档 上档次 有面子", "小巧": "小巧 便携 迷你 好携带", "百搭": "百搭 好搭配", "显瘦": "显瘦 遮肉",
    "质量好": "质量好 品质好 做工好", "防水": "防水", "实用": "实用", "不伤眼": "护眼 不伤眼", "适合敏感肌": "敏感肌",
    "easy to use": "easy[- ]to[- ]use|simple to use|user[- ]friendly|simple", "lightweight": "light ?weight", "durable": "durable|sturdy|tough|heavy[- ]duty|rugged",
    "quiet": "quiet|silent|noiseless", "good value": "good value|value for money|bang for (?:the|your) buck", "stylish": "stylish|good[- ]looking|fashionable|cute|pretty",
    "comfortable": "comfortable|comfy", "long battery life": "long battery(?: life)?|long[- ]lasting battery", "warm": "warm", "breathable": "breathable",
    "cheap": "cheap|affordable|inexpensive|budget[- ]friendly", "premium": "premium|high[- ]end|luxury", "compact": "compact|portable|small size", "waterproof": "waterproof|water[- ]resistant",
    "high quality": "high[- ]quality|good quality|well[- ]made", "beginner friendly": "beginner[- ]friendly|for beginners",
    "practical": "practical", "large display": "big screen|large screen|large display|large text|big buttons",
}  # fmt: skip
_GIVING_ZH = r"(?:送给?|给|买给|帮|替|为)(?:我|俺|咱)?(?:家)?(?:的)?"
_GIVING_EN = r"\b(?:for|to)\s(?:my|our|a|an|the|his|her|your)?\s?(?:\d+[- ]year[- ]old\s)?"
_SHAPES_PRODUCT = frozenset(
    ["孩子", "儿子", "女儿", "学生", "长辈", "child", "son", "daughter", "student", "grandparents"]
)
"""Recipients that decide which products fit, so that a search needs the word."""
_REPEAT = {
    r"第([二三四五六七八九])次": 0, r"([两二三四五六])次了": 0, r"\bthird time|three times|3rd time\b": 3, r"\bsecond time|twice|2nd time\b": 2, r"\bfourth time|four times\b": 4,
    r"\bfifth time|five times\b": 5,
}  # fmt: skip
_DENIED = re.compile(
    r"(?:(?<![要想用需是便])不|(?<!特)别|(?<!除)非|无需|没有?|不是)(?:太|很|用来|用于|拿来|为了?|要|需|是|会|想|打算|适合|追求|给|送|打|玩|看)*$"
    r"|(?:\b(?:not|non|no|never|without|cannot|(?:is|are|do|does|will|wo|ca|need)n'?t)\b[ -]?)"
    r"(?:(?:be|being|meant|intended|used?|it|them|need|want|like|care|about|looking|for|too|very|so|really|that|an?|any|the)\b ?)*$"
)
"""What stands before a word of need that is denied: 不打, "not for"."""
_ALSO = re.compile(r"\s?(?:和|或者?|跟|与|及|、|/|\bor\b|\band\b|\bnor\b)\s?")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def _alternation(words: str) -> str:
    if words.isascii():
        return rf"\b(?:{words})\b"
    return "|".join(re.escape(w) for w in sorted(words.split(), key=len, reverse=True))


def _compile(table: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(_alternation(words))) for name, words in table.items())


_COMPILED_USES, _COMPILED_OCCASIONS, _COMPILED_QUALITIES = map(_compile, (_USES, _OCCASIONS, _QUALITIES))
_COMPILED_RECIPIENTS = tuple(
    (
        name,
        re.compile(
            rf"(?P<give>{_GIVING_EN if words.isascii() else _GIVING_ZH})?(?P<who>{_alternation(words)})"
        ),
    )
    for name, words in _RECIPIENTS.items()
)
_COMPILED_REPEATS = tuple((re.compile(pattern), count) for pattern, count in _REPEAT.items())


@dataclass(frozen=True, slots=True)
class NeedReading:
    """The need, and the words that only name a recipient ("送爸妈的"), which a search can do without."""

    need: Need
    recipient_span: Span | None = None


def find_need(text: str) -> NeedReading:
    """The need behind folded `text`; every facet is in the shopper's language."""
    recipient, span = _recipient(text)
    occasions = _named(_COMPILED_OCCASIONS, text)
    need = Need(
        recipient=recipient,
        uses=_named(_COMPILED_USES, text),
        occasion=occasions[0] if occasions else "",
        qualities=_named(_COMPILED_QUALITIES, text),
        repeat_count=_repeats(text),
    )
    return NeedReading(need, span)


def need_spans(text: str) -> list[Span]:
    """Places of all words of need in folded `text`."""
    tables = (_COMPILED_USES, _COMPILED_OCCASIONS, _COMPILED_QUALITIES)
    found = [m.span() for table in tables for _, pattern in table for m in pattern.finditer(text)]
    given = [m.span() for _, pattern in _COMPILED_RECIPIENTS for m in pattern.finditer(text) if m["give"]]
    return [Span(*place) for place in (*found, *given)]


def _named(table: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> tuple[str, ...]:
    found = sorted(
        (match.start(), match.end(), name) for name, pattern in table for match in pattern.finditer(text)
    )
    named, denied_to = [], -1
    for start, end, name in found:
        listed = denied_to >= 0 and _ALSO.fullmatch(text, denied_to, start) is not None
        if listed or _DENIED.search(text, 0, start):
            denied_to = end
        else:
            named.append(name)
    return tuple(dict.fromkeys(named))


def _recipient(text: str) -> tuple[str, Span | None]:
    """First recipient that something is given to; a bare mention ("儿童手表") is no recipient."""
    found = [
        (len(match["who"]), name, Span(match.start(), match.end()))
        for name, pattern in _COMPILED_RECIPIENTS
        for match in pattern.finditer(text)
        if match["give"] and not _DENIED.search(text, 0, match.start())
    ]
    if not found:
        return "", None
    _, name, span = max(found, key=lambda row: (row[0], -row[2].start))
    personal = not text.isascii() or re.search(r" (?:my|our|his|her|your) ", text[span.start : span.end])
    return name, span if personal and name not in _SHAPES_PRODUCT else None


def _repeats(text: str) -> int:
    for pattern, count in _COMPILED_REPEATS:
        match = pattern.search(text)
        if match:
            return count or _DIGITS[match.group(1)]
    return 0

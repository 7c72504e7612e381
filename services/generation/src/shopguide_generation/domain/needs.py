"""Which attributes a use, a recipient or an occasion makes matter, and which direction is wanted."""

from dataclasses import dataclass

from shopguide_generation.domain.facts import AnswerContext, Fact
from shopguide_generation.domain.labels import key_tokens


@dataclass(frozen=True, slots=True)
class Wish:
    """An attribute that a need makes matter."""

    terms: tuple[str, ...]
    """Parts of keys or labels, in either language."""
    wants_more: bool | None = None
    """Direction wanted; None: as the attribute itself prefers."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something shoppers say, and the attributes it makes matter, weightiest first."""

    words: tuple[str, ...]
    wishes: tuple[Wish, ...]


def _need(words: str, *wishes: tuple[str, bool | None]) -> Need:
    return Need(tuple(words.split("|")), tuple(Wish(tuple(terms.split()), more) for terms, more in wishes))


NEEDS = (
    _need(
        "run|jog|workout|gym|sport|training|跑步|慢跑|健身|运动",
        ("weight 重量", False), ("water sweat ipx ip_rating waterproof 防水 防汗", True), ("battery playtime 续航", True),
    ),
    _need(
        "commut|subway|train|bus|通勤|地铁|上下班",
        ("anc cancelling canceling 降噪", True), ("battery playtime 续航", True), ("weight 重量", False),
    ),
    _need(
        "flight|plane|travel|trip|飞机|出差|旅行|旅游",
        ("anc cancelling canceling 降噪", True), ("battery playtime 续航", True), ("weight 重量", False),
        ("foldable folding 折叠", True),
    ),
    _need(
        "parent|mom|mum|dad|grand|elder|senior|爸|妈|父母|长辈|老人|爷爷|奶奶",
        ("elder senior simple 长辈 老人 简易", True), ("screen display 屏幕", True),
        ("loud speaker volume 音量 扬声器", True),
        ("battery 续航 电池", True), ("warranty 质保 售后", True),
    ),
    _need(
        "kid|child|baby|toddler|son|daughter|孩子|儿童|宝宝|小孩|学生",
        ("safety safe 安全", True), ("age 年龄", None), ("weight 重量", False), ("material 材质", None),
    ),
    _need(
        "office|work|meeting|call|办公|上班|会议|通话",
        ("mic microphone 麦克风 通话", True), ("anc cancelling canceling 降噪", True), ("battery 续航", True),
        ("memory ram 内存", True), ("weight 重量", False),
    ),
    _need(
        "game|gaming|esport|游戏|电竞|吃鸡",
        ("latency delay 延迟", False), ("refresh 刷新", True), ("gpu graphics 显卡", True), ("memory ram 内存", True),
    ),
    _need(
        "photo|camera|video|vlog|拍照|摄影|录像|自拍",
        ("camera megapixel 像素 摄像", True), ("storage 存储", True), ("stabiliz ois 防抖", True),
    ),
    _need(
        "hik|camp|outdoor|trek|户外|徒步|露营|登山",
        ("water waterproof 防水", True), ("weight 重量", False), ("battery 续航", True), ("warm insulation 保暖", True),
    ),
    _need(
        "beach|summer|hot|海边|夏天|夏季|沙滩",
        ("material fabric 材质 面料", None), ("breathable 透气", True), ("spf uv 防晒", True), ("weight 重量", False),
    ),
    _need(
        "winter|cold|snow|冬天|冬季|下雪|保暖",
        ("warm insulation fill 保暖 充绒 蓬松", True), ("water waterproof 防水", True), ("material 材质", None),
    ),
    _need("quiet|sleep|bedroom|安静|睡觉|卧室|静音", ("noise 噪音 噪声", False), ("power 功率", None)),
    _need("wedding|party|formal|date|婚礼|派对|约会|正式", ("material fabric 材质 面料", None), ("color colour 颜色", None)),
    _need(
        "easy|simple|beginner|简单|容易|新手|入门",
        ("elder senior simple easy 长辈 简易 一键", True), ("weight 重量", False),
    ),
    _need(
        "light|portable|carry|轻便|便携|轻薄|随身",
        ("weight 重量", False), ("thickness 厚度", False), ("foldable 折叠", True),
    ),
    _need("long battery|battery life|续航|耐用", ("battery playtime 续航 电池", True)),
)  # fmt: skip


def wishes(context: AnswerContext) -> tuple[Wish, ...]:
    """The attributes that the shopper's stated use, recipient and needs make matter, weightiest first."""
    said = " ".join((*context.uses, context.recipient, context.occasion, *context.needs)).casefold()
    found: list[Wish] = []
    for need in NEEDS:
        if said.strip() and any(word in said for word in need.words):
            found += [wish for wish in need.wishes if wish not in found]
    return tuple(found)


def serves(fact: Fact, wish: Wish) -> bool:
    """True when the fact is about the attribute wished for."""
    tokens = key_tokens(fact.key)
    spoken = " ".join(fact.labels.values()).casefold()
    return any(_speaks_of(term, tokens, spoken) for term in wish.terms)


def _speaks_of(term: str, tokens: frozenset[str], spoken: str) -> bool:
    if not term.isascii():
        return term in spoken
    return any(token.startswith(term) for token in tokens) or term in spoken.split()

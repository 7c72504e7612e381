"""What a question is about: the facts it names, or the words left when the asking is taken away."""

import re

from shopguide_generation.domain.facts import Fact
from shopguide_generation.domain.labels import default_label, key_tokens
from shopguide_generation.domain.names import clean, width
from shopguide_runtime.text import normalize_value

MAX_TOPIC_WIDTH = 30

_WORDS_EN = (
    "a about all also am an and any are as at be been but by can could did do does doing for from get "
    "gets go goes good had has have having how i if in into is it its just know like long make many me "
    "much my need of off ok on one or our please put really same say says should so some support supports "
    "tell than that the their them then there these they thing this those to too up us use used uses "
    "using very want was we well were what when where which who why will with without work works would "
    "first second third fourth fifth last one ones you your compatible come comes include includes included "
)
_ASKING_EN = frozenset(_WORDS_EN.split())

_WORDS_ZH = (
    "请问 能不能 可不可以 可以 有没有 是不是 会不会 好不好 行不行 支不支持 支持 兼容 这个 这款 那个 那款 这 那 "
    "它 第一个 第二个 第三个 第四个 第五个 第一款 第二款 第三款 最后一个 "
    "它的 怎么样 怎么 如何 多少 什么 哪个 哪些 多久 多大 多重 能够 能 会 吗 呢 么 吧 啊 的 了 是 有 带 "
    "放进 放 进 使用 用 连接 连 "
    "配 和 跟 在 上 里 下 我 你 您 家 想 要 买 到 还 不 得 一下 一个 问 知道 告诉 适合 适不适合 直接 戴 穿 "
)
_ASKING_ZH = _WORDS_ZH.split()

_SPLIT_ZH = re.compile(
    "|".join(re.escape(word) for word in sorted(_ASKING_ZH, key=len, reverse=True))
    + r"|[\s,，。?？!！、；;：:]+"
)

_MIN_LATIN_ALIAS = 3

_ASKED_AS = {
    "price": (
        "多少钱",
        "什么价",
        "价钱",
        "how much is",
        "how much are",
        "how much does it cost",
        "what does it cost",
    ),
    "rating": ("几分", "how is it rated"),
}
"""Questions that name a fact without its label."""


def mentions(query: str, fact: Fact) -> bool:
    """True when a question names a fact: by a label, by its key, or by its value."""
    asked = normalize_value(query)
    spoken = {
        normalize_value(word) for word in (*fact.labels.values(), *fact.aliases, fact.key.replace("_", " "))
    }
    spoken |= set(_ASKED_AS.get(fact.key, ()))
    spoken |= {normalize_value(default_label(fact.key, fact.unit, language)) for language in ("en", "zh")}
    if isinstance(fact.value, str):
        spoken.add(normalize_value(fact.value))
    return any(_occurs(word, asked) for word in spoken) or _tokens_asked(fact, asked)


def _occurs(word: str, asked: str) -> bool:
    if not word.isascii():
        return len(word) > 1 and word in asked
    return (
        len(word) >= _MIN_LATIN_ALIAS and re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", asked) is not None
    )


def _tokens_asked(fact: Fact, asked: str) -> bool:
    tokens = {token for token in key_tokens(fact.key) if len(token) >= _MIN_LATIN_ALIAS}
    words = set(re.findall(r"[a-z0-9]+", asked))
    return bool(tokens) and tokens <= words


def topic(query: str, language: str) -> str:
    """The words a question is about, at most 30 columns; empty when nothing is left of it."""
    pieces = _pieces_zh(query) if language == "zh" else _pieces_en(query)
    usable = [piece for piece in map(clean, pieces) if piece and width(piece) <= MAX_TOPIC_WIDTH]
    return max(usable, key=width, default="")


def _pieces_zh(query: str) -> list[str]:
    return [piece for piece in _SPLIT_ZH.split(query) if width(piece) > 1]


def _pieces_en(query: str) -> list[str]:
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[A-Za-z0-9][\w'./+-]*|[^\sA-Za-z0-9]", query):
        bare = word.rstrip("'.")
        if not bare[:1].isalnum() or bare.casefold() in _ASKING_EN or bare.casefold().endswith("n't"):
            runs.append([])
        else:
            runs[-1].append(bare)
    return [" ".join(run) for run in runs]

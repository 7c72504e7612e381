"""Chinese: how each move is said."""

import re
from collections.abc import Callable
from typing import Any

from shopguide_generation.domain import moves as m
from shopguide_generation.domain.derived import Difference
from shopguide_generation.domain.facts import Fact, Limit, Money, Slot
from shopguide_generation.domain.labels import family, label
from shopguide_generation.domain.limit_words import flag_word, price_said, values_said
from shopguide_generation.domain.prices import price
from shopguide_generation.domain.units import quantity
from shopguide_generation.domain.wording import zh_talk
from shopguide_generation.domain.wording.voice import SUITING_KEYS, Voice

_BARE_KEYS = frozenset({"color", "colour", "material", "fabric", "form", "style", "pattern", "finish"})
_NUMERALS = "零一两三四五六七八九十"

_SAYS_YES = re.compile(r"[可能需支适防免含带有无低高纯全自静便]")
"""Names of yes/no attributes that say by themselves that the product has it: `可折叠`, `防水`."""


def numeral(count: int) -> str:
    """Small counts as characters (`两`, `三`), larger ones as digits set off by a space."""
    return _NUMERALS[count] if 1 < count < len(_NUMERALS) else f" {count} "


def listed(parts: list[str], word: str = "和") -> str:
    """`a`, `a和b`, `a、b和c`."""
    return f"{'、'.join(parts[:-1])}{word}{parts[-1]}" if len(parts) > 1 else "".join(parts)


def tidy(text: str) -> str:
    """The text without spaces at its start, after full-width punctuation, or doubled."""
    return re.sub(r"(?<=[，。：；、（“]) +", "", re.sub(r" {2,}", " ", text)).strip()


class ChineseVoice(Voice):
    """Says moves in Chinese."""

    language = "zh"
    unnamed = "这款商品"
    unstated = "无说明"
    stop = "。"
    yes, no = "有", "无"

    def polished(self, text: str) -> str:
        """See `Voice.polished`."""
        return tidy(text)

    def talk(self) -> dict[type[m.Move], Callable[[Any], str]]:
        """See `Voice.talk`."""
        return zh_talk.speakers(self)

    def name(self, cited: int) -> str:
        """See `Voice.name`; a Latin name is set off by a space, which `tidy` drops where it is not needed."""
        return self.spaced(super().name(cited))

    def ask(self, slot: Slot) -> str:
        """See `Voice.ask`."""
        return zh_talk.question(slot)

    # Facts

    def reason(self, fact: Fact) -> str:
        """A fact as one item of a list of reasons: `续航 40 小时`, `头戴式`, `有降噪`."""
        word = label(fact, "zh")
        if isinstance(fact.value, bool):
            return (
                word
                if fact.value and _SAYS_YES.match(word)
                else f"{'有' if fact.value else '没有'}{self.spaced(word)}"
            )
        if isinstance(fact.value, str):
            text = self.value(fact)
            return text if fact.key in _BARE_KEYS or word in text else f"{word}{self.spaced(text)}"
        return f"{word} {self.value(fact)}"

    def details(self, cited: int, facts: tuple[Fact, ...]) -> str:
        """Price, reasons and rating in a row; empty when nothing is known."""
        rated = self.context.source(cited).get("rating")
        parts = [self.price(cited), *(self.reason(fact) for fact in facts)]
        return "，".join([*(p for p in parts if p), *([f"评分 {self.plain(rated)}"] if rated else [])])

    def limit(self, limit: Limit) -> str:
        """A limit as the shopper would say it: `¥2,000 以内`, `续航 40 小时以上`, `非入耳式`."""
        word = label(limit, "zh")
        if limit.flag is not None:
            return f"带{word}" if limit.flag else f"不带{word}"
        if limit.any_of or limit.none_of:
            said = listed(list(values_said(limit.any_of or limit.none_of, limit.evidence, "zh")), "或")
            suits = "适合" if limit.key in SUITING_KEYS else ""
            return f"{suits}{said}" if limit.any_of else f"非{said}"
        return price_said(limit, "zh") or self._range(limit, "" if limit.key == "price" else f"{word} ")

    def described(self, limits: tuple[Limit, ...], noun: str) -> str:
        """The things that keep the limits: `两千以内、非入耳式的降噪耳机`; empty without limits."""
        query = f"{self.context.query} {self.context.search_query}"
        stated = [limit for limit in limits if limit.key != "category"]
        compound = {at: word for at, one in enumerate(stated) if (word := flag_word(one, query, noun, "zh"))}
        said = [(one.key != "price", self.limit(one)) for at, one in enumerate(stated) if at not in compound]
        heads = dict.fromkeys(words for _, words in sorted(said, key=lambda item: item[0]))
        return f"{'、'.join(heads)}{'的' if heads else ''}{''.join(compound.values())}{noun}"

    def _range(self, limit: Limit, word: str) -> str:
        low, high = self._bound(limit, limit.minimum), self._bound(limit, limit.maximum)
        if low and high:
            return f"{word}{low} 到 {high}"
        return f"{word}{low}{_after(low)}以上" if low else f"{word}{high}{_after(high)}以内"

    def _bound(self, limit: Limit, value: object) -> str:
        bound = limit.minimum if value is limit.minimum else limit.maximum
        if bound is None:
            return ""
        return (
            price(Money(bound, limit.unit))
            if limit.key == "price" and limit.unit
            else quantity(bound, limit.unit, "zh")
        )

    def comparison(self, difference: Difference) -> str:
        """A difference as a clause about the subject: `轻 38 克`, `续航短 10 小时`, `降噪弱一些（32 dB）`."""
        fact, size = difference.fact, self.gap(difference)
        kin, word = family(fact.key, fact.unit), label(fact, "zh")
        way = kin.more_zh if difference.delta > 0 else kin.less_zh
        if kin.name == "weight" and word in {"重量", "净重", "weight"}:
            return f"{way} {size}"
        if kin.name == "weight":
            way = "多" if difference.delta > 0 else "少"
        if kin.name == "noise_cancelling":
            return f"{word}{way}一些（{self.value(fact)}）"
        return f"{word}{way} {size}" if fact.key != "rating" else f"{word} {self.plain(fact)}，{way} {size}"

    # Choosing

    def first_choice(self, move: m.FirstChoice) -> str:
        """The first choice with how many qualify and why it is first."""
        details = self.details(move.number, move.reasons)
        return f"{self._lead(move)}{self.name(move.number)}{'：' + details if details else ''}。"

    def _lead(self, move: m.FirstChoice) -> str:
        things = self.described(move.limits, move.noun)
        aim = f"{move.purpose}用，" if move.purpose else ""
        first = self.pick("lead", "最值得看的是", "首选", "建议先看")
        if move.similar_to:
            return f"和{self.name(move.similar_to)} 最接近的是"
        if move.extreme:
            word = {"price": "价格", "rating": "评分"}[move.extreme_key]
            return f"列出的{numeral(len(self.context.offers))}款里，{word}最{'低' if move.extreme == 'lowest' else '高'}的是"
        if move.total:
            scope = things if move.limits and things else f"找到的{move.noun}" if move.noun else "符合的"
            return (
                f"{aim}{scope}有 {move.total} 款，{first}" if move.total > 1 else f"{aim}{scope}只有 1 款："
            )
        return aim + first

    def cheaper(self, name: str, cost: str, gap: str, gain: str, loss: str) -> str:
        """See `Voice.cheaper`."""
        less = f"，便宜 {gap}" if gap else ""
        lead = self.fresh(
            "less",
            f"想省一些，{name} {cost}{less}",
            f"预算低一点可以看{name}，{cost}{less}",
            f"{name} {cost}{less}",
        )
        if loss:
            return f"{lead}，{gain + '，' if gain else ''}不过{loss}。"
        return f"{lead}，而且{gain}。" if gain else f"{lead}。"

    def dearer(self, name: str, cost: str, gap: str, gain: str, loss: str) -> str:
        """See `Voice.dearer`."""
        more = f"，贵 {gap}" if gap else ""
        if gain:
            lead = self.fresh(
                "more",
                f"预算能加的话，{name} {cost}{more}，它{gain}",
                f"也可以加到{name}，{cost}{more}，它{gain}",
            )
            return f"{lead}，不过{loss}。" if loss else f"{lead}。"
        return f"{name} {cost}{more}" + (f"，而且{loss}。" if loss else "。")

    def same_price(self, name: str, cost: str, gain: str, loss: str) -> str:
        """See `Voice.same_price`."""
        lead = (
            self.fresh("also", "另外可以看", "还可以看", "也可以看看") + name + (f"，{cost}" if cost else "")
        )
        if gain and loss:
            return f"{lead}，{gain}，不过{loss}。"
        return f"{lead}，{gain or loss}。" if gain or loss else f"{lead}。"

    def feature(self, fact: Fact | None) -> str:
        """See `Voice.feature`."""
        if fact is None:
            return ""
        text = self.value(fact)
        return (
            self.reason(fact) if isinstance(fact.value, bool) else f"{label(fact, 'zh')}是{self.spaced(text)}"
        )

    def closest(self, move: m.ClosestChoice) -> str:
        """Nothing keeps all limits; the closest, and how near it comes."""
        count = len(move.relaxed) + len(move.kept)
        lost = "、".join(self.limit(outcome.limit) for outcome in move.relaxed)
        none = f"没有同时满足这{numeral(count)}个条件的商品。" if count > 1 else f"没有满足“{lost}”的商品。"
        ceiling = next((one for one in move.kept if one.key == "price" and one.minimum is None), None)
        within = f"{self.limit(ceiling)}" if ceiling else ""
        cost = self.price(move.number) if not any(o.limit.key == "price" for o in move.relaxed) else ""
        parts = [
            cost,
            *(self.reason(f) for f in move.reasons),
            *(self._nearness(move.number, o.limit) for o in move.relaxed),
        ]
        body = "，".join(part for part in parts if part)
        return f"{none}{within}最接近的是{self.name(move.number)}" + (f"：{body}。" if body else "。")

    def _nearness(self, cited: int, limit: Limit) -> str:
        fact = self.context.source(cited).get(limit.key)
        if fact is None:
            return f"不过页面没有提到{self.spaced(label(limit, 'zh'))}"
        if isinstance(fact.value, bool):
            return f"不过{self.reason(fact)}"
        if isinstance(fact.value, str):
            return f"不过{label(fact, 'zh')}是{self.spaced(self.value(fact))}"
        value = fact.value.amount if isinstance(fact.value, Money) else fact.value
        bound = limit.minimum if limit.minimum is not None and value < limit.minimum else limit.maximum
        if bound is None or value == bound:
            return self.reason(fact)
        size = abs(value - bound)
        money = isinstance(fact.value, Money)
        gap = (
            price(Money(size, fact.value.currency))
            if isinstance(fact.value, Money)
            else quantity(size, fact.unit, "zh")
        )
        stated = self.value(fact) if money else self.reason(fact)
        return f"{stated}，比您要的{'少' if value < bound else '多'} {gap}"

    def plain_choice(self, move: m.PlainChoice) -> str:
        """The product to look at first, and its price."""
        name = self.name(move.number) if move.named else f"{self.unnamed} [{move.number}]"
        cost = self.price(move.number) if move.priced else ""
        lead = "建议先看" if move.fits else "没有同时满足条件的商品。最接近的是"
        return f"{lead}{name}" + (f"，{cost}。" if cost else "。")

    def other_side(self, move: m.OtherSide) -> str:
        """A product that keeps the limit that gave, and what it gives up for it."""
        cost = self.price(move.number)
        broken = self.context.source(move.number).get(move.broken.key) if move.broken else None
        told = broken and not isinstance(broken.value, (bool, Money))
        parts = [self.name(move.number), cost, self.reason(broken) if told and broken else ""]
        wish = "价格" if move.limit.key == "price" else self.spaced(self._mattering(move.limit))
        return f"如果更看重{wish}，可以选{'，'.join(part for part in parts if part)}。"

    def _mattering(self, limit: Limit) -> str:
        return label(limit, "zh") if limit.flag is True else self.limit(limit)

    def more_about(self, move: m.MoreAbout) -> str:
        """Further facts of a product."""
        facts = "、".join(self.reason(fact) for fact in move.facts)
        return self.pick(
            f"more {move.number}",
            f"{self.name(move.number)} 的页面还写明{self.spaced(facts)}。",
            f"{self.name(move.number)} 另外标注了{self.spaced(facts)}。",
        )

    def remaining(self, move: m.Remaining) -> str:
        """How many more fit."""
        return f"另外还有 {move.total - move.named} 款符合，这几款不合适可以接着看。"

    def unchecked(self, move: m.Unchecked) -> str:
        """Wishes that could not be checked."""
        words = "、".join(f"“{wish}”" for wish in move.wishes)
        return f"{words}在商品资料里没有对应的项目，这一点我没法核对。"

    def nothing_found(self, move: m.NothingFound) -> str:
        """There is nothing to show."""
        limits = "、".join(self.limit(one) for one in move.limits)
        what = move.sought or "商品"
        return (
            f"没有找到符合您条件（{limits}）的{what}。"
            if limits
            else f"目录里没有找到{what if move.sought else '合适的商品'}。"
        )

    def nearest(self, move: m.NearestValue) -> str:
        """The nearest value there is."""
        limit, value = move.outcome.limit, move.outcome.nearest
        if value is None:
            return ""
        shown = (
            price(Money(value, limit.unit))
            if limit.key == "price" and limit.unit
            else quantity(value, limit.unit, "zh")
        )
        return f"{label(limit, 'zh')}最接近的是 {shown}，您要的是{self.spaced(self.limit(limit))}。"

    def loosen(self, move: m.LoosenOne) -> str:
        """Offer to loosen a limit."""
        if len(move.limits) == 1:
            return "这个条件如果可以放宽一点，我再帮您找。"
        return "您告诉我哪一条可以放宽，其余的照旧，我再帮您找。"

    # Comparing

    def verdict(self, move: m.Verdict) -> str:
        """Which product, and why."""
        because = [self.comparison(difference) for difference in move.gains]
        because += [f"页面写明{self.spaced(self.reason(fact))}" for fact in move.features]
        aim = f"{move.purpose}选" if move.purpose else self.pick("verdict", "我会选", "建议选")
        reasons = "，而且".join(["，".join(because[:-1]), because[-1]]) if len(because) > 1 else because[0]
        return f"{aim}{self.name(move.number)}：{reasons}。"

    def unstated_key(self, move: m.Unstated) -> str:
        """What a page does not say."""
        return f"{self.name(move.number)} 的页面没有写{self.spaced(move.label)}。"

    def counter_point(self, move: m.CounterPoint) -> str:
        """Where the other one is ahead."""
        return f"反过来，{self.name(move.difference.subject)} {self.comparison(move.difference)}。"

    def even(self, move: m.EvenMatch) -> str:
        """Nothing stated decides."""
        return f"从页面写明的内容看，{listed([self.name(n) for n in move.numbers])} 分不出高下。"

    def listing_says(self, move: m.ListingSays) -> str:
        """What the listing states."""
        if move.asked and isinstance(move.facts[0].value, bool):
            fact = move.facts[0]
            return (
                f"{'有' if fact.value else '没有'}：{self.name(move.number)} 的页面写明{self.reason(fact)}。"
            )
        facts = "、".join(self._stated(fact) for fact in move.facts)
        if move.asked:
            return f"{self.name(move.number)} 的页面写明{self.spaced(facts)}。"
        return f"页面写到的有{self.spaced(facts)} [{move.number}]。"

    def _stated(self, fact: Fact) -> str:
        word = label(fact, "zh")
        return (
            f"{word}{self.spaced(self.value(fact))}"
            if not isinstance(fact.value, bool)
            else self.reason(fact)
        )

    # Sums

    def bundle_total(self, move: m.BundleTotal) -> str:
        """The sum and every part; one part alone has no sum."""
        parts = "；".join(self._part(part) for part in move.parts)
        if len(move.parts) == 1:
            return f"可以看{parts}。"
        return f"一共 {price(move.total)}：{parts}。" if move.total else f"可以这样搭配：{parts}。"

    def _part(self, part: m.BundlePart) -> str:
        cost = self.price(part.number)
        named = f"{part.role}选{self.name(part.number)}" if part.role else self.name(part.number)
        why = f"（{self.reason(part.reason)}）" if part.reason else ""
        return f"{named}{why}" + (f"，{cost}" if cost else "")

    def budget_left(self, move: m.BudgetLeft) -> str:
        """What is left, or how far over."""
        size, whole = price(Money(abs(move.left.amount), move.left.currency)), price(move.budget)
        if move.left.amount > 0:
            return self.pick("left", f"{whole} 的预算还剩 {size}。", f"预算 {whole}，还能剩 {size}。")
        return f"正好用完 {whole} 的预算。" if move.left.amount == 0 else f"比 {whole} 的预算多 {size}。"

    def shared(self, move: m.Shared) -> str:
        """What all parts have in common."""
        cites = "".join(f"[{n}]" for n in move.numbers)
        return f"这{numeral(len(move.numbers))}件 {cites} 的{label(move.fact, 'zh')}相同，都是{self.value(move.fact)}。"

    def swap(self, move: m.Swap) -> str:
        """Another product for a role."""
        return f"如果把 [{move.instead_of}] 换成{self.name(move.number)}，一共是 {price(move.total)}。"

    def missing_roles(self, move: m.MissingRoles) -> str:
        """Roles without a product."""
        return f"没有找到合适的{listed(list(move.roles), '和')}。"

    def deal(self, move: m.Deal) -> str:
        """A price against its list price."""
        facts = self.deal_facts(move.number)
        because = "、".join(self.reason(fact) for fact in move.reasons)
        why = f"它{self.spaced(because)} [{move.number}]。" if because and move.first else ""
        if move.largest:
            shown = numeral(len(self.context.offers))
            return f"列出的{shown}款里，降幅最大的是{self.name(move.number)}：{facts}。{why}"
        if move.first:
            return f"先看{self.name(move.number)}：{facts}。{why}"
        lead = self.in_turn("deal", "其次是", "还有")
        return f"{lead}{self.name(move.number)}，{facts}。"

    def saved(self, cost: str, listed: str, less: str, percent: str) -> str:
        """See `Voice.saved`."""
        return f"现价 {cost}，原价 {listed}，省 {less}（{percent}%）"

    def no_companion(self, move: m.NoCompanion) -> str:
        """Nothing is known to go with a product."""
        return f"还没有记录能说明买{self.name(move.number)} 的人还会买什么。"

    def no_deal(self, move: m.NoDeal) -> str:
        """No list price stands against a price."""
        said = "这几款的页面都没有写比现价高的原价，所以不能说哪款在打折。"
        if move.lowest is None:
            return said
        shown = numeral(len(self.context.offers))
        return f"{said}列出的{shown}款里价格最低的是{self.name(move.lowest)}，{self.price(move.lowest)}。"

    def criteria(self, move: m.Criteria) -> str:
        """What was looked at, for whom."""
        whom = f"送{move.recipient}" if move.recipient else "送礼"
        return f"{whom}，我看重这几点：{'、'.join(move.labels)}。"

    def digest_mention(self, move: m.DigestMention) -> str:
        """How often reviews mention a point."""
        count = self.context.source(move.number).get("rating_count")
        of = f" {self.plain(count)} 条评价" if count else "评价"
        times = move.point.mention_count
        return (
            f"{self.name(move.about)} 的{of}里，“{self.value(move.point)}”被提到 {times} 次 [{move.number}]。"
            if times
            else ""
        )


def _after(bound: str) -> str:
    return " " if bound[-1:].isascii() or bound.endswith("€") else ""

"""Chinese: rules of the shop, complaints, reviews, small talk and questions back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shopguide_generation.domain import moves as m
from shopguide_generation.domain.facts import Slot

if TYPE_CHECKING:
    from shopguide_generation.domain.wording.zh import ChineseVoice

_QUESTIONS = {
    "use": "您主要在什么场合用？",
    "occasion": "是什么场合？",
    "price": "预算大概多少？",
    "budget": "预算大概多少？",
    "recipient": "是送给谁的？",
    "brand": "有偏好的品牌吗？",
    "category": "您想找哪一类商品？",
    "product": "您说的是哪一款？",
    "order_number": "订单号是多少？",
    "size": "您需要什么尺码？",
    "color": "喜欢什么颜色？",
    "colour": "喜欢什么颜色？",
    "loosen": "哪一条可以放宽？",
    "settlement": "您希望怎么解决？",
}


def question(slot: Slot) -> str:
    """The question that fills a slot; one about the label when the slot is not a known word."""
    key, label = slot.key, slot.label
    if key == "loosen" and len(slot.options) > 1:
        words = [option.text for option in slot.options]
        return f"{'、'.join(words[:-1])}和{words[-1]}，哪一条可以放宽？"
    known = _QUESTIONS.get(key.removeprefix("attributes."))
    if known:
        return known
    return f"{label}方面有偏好吗？" if label else "您最看重哪一点？"


def speakers(voice: "ChineseVoice") -> dict[type[m.Move], Callable[[Any], str]]:
    """How each move of this module is said."""
    talk = _Talk(voice)
    return {
        m.ListingSilent: talk.silent, m.ReviewsMention: talk.reviews_mention, m.AskSeller: talk.ask_seller,
        m.PolicyQuote: talk.policy, m.NoPolicy: talk.no_policy, m.OfferOrderCheck: talk.order_check,
        m.Apology: talk.apology, m.HandOver: talk.hand_over, m.DigestHead: talk.digest_head,
        m.DigestPoints: talk.digest_points, m.ReviewQuotes: talk.review_quotes, m.NoReviews: talk.no_reviews,
        m.SmallTalk: talk.small_talk, m.Decline: talk.decline, m.AskBack: talk.ask_back,
    }  # fmt: skip


class _Talk:
    def __init__(self, voice: "ChineseVoice") -> None:
        self._voice = voice

    def silent(self, move: m.ListingSilent) -> str:
        if not move.number:
            return "您说的是哪一款？把名字发给我，我帮您看它的页面。"
        return f"{self._voice.name(move.number)} 的页面没有提到{_spaced(move.term) or '这一点'}。"

    def reviews_mention(self, move: m.ReviewsMention) -> str:
        cites = "".join(f"[{n}]" for n in move.numbers)
        quote = f"，其中一条写的是“{move.quote}”" if move.quote else ""
        return f"它的评价里有 {len(move.numbers)} 条提到{_spaced(move.term)} {cites}{quote}。"

    def ask_seller(self, _: m.AskSeller) -> str:
        return self._voice.pick(
            "seller", "如果就是为了这一点买，建议先问一下卖家。", "下单之前，建议先向卖家确认这一点。"
        )

    def policy(self, move: m.PolicyQuote) -> str:
        words = "".join(move.sentences) if not move.foreign else " ".join(move.sentences)
        lead = (
            "店铺的规定（原文）："
            if move.foreign
            else self._voice.pick("policy", "店铺的规定是：", "按店铺规定：")
        )
        return f"{lead}“{words}” [{move.number}]"

    def no_policy(self, _: m.NoPolicy) -> str:
        return "店铺的规定里我没有查到这一条，不想凭猜测回答您，请以客服的答复为准。"

    def order_check(self, _: m.OfferOrderCheck) -> str:
        return "您是想问某一单吗？把订单号发给我，我把对应的规则找给您。"

    def apology(self, move: m.Apology) -> str:
        if move.repeated > 1:
            times = "两" if move.repeated == 2 else f" {move.repeated} "  # noqa: PLR2004 - Chinese counts two apart
            return f"非常抱歉，同样的问题出现{times}次，这确实说不过去，也不会让您从头再来一遍。"
        if move.strong:
            return "非常抱歉，这样的事本不该发生，我来帮您跟进。"
        return self._voice.pick("sorry", "很抱歉给您添麻烦了。", "很抱歉，这次没有让您满意。")

    def hand_over(self, move: m.HandOver) -> str:
        settled = "" if move.choice else "，以及您希望怎么解决"
        if move.handed:
            return f"这件事我已经标记为转人工处理。为了不让您重复说明，请告诉我订单号{settled}。"
        return f"请告诉我订单号{settled}。"

    def digest_head(self, move: m.DigestHead) -> str:
        parts = [f"{self._voice.plain(move.count)} 条评价"] if move.count else []
        if move.count and move.rated and move.rated.value != move.count.value:
            parts.append(f"其中 {self._voice.plain(move.rated)} 条打了分")
        parts += [f"评分 {self._voice.plain(move.rating)}"] if move.rating else []
        return f"{'，'.join(parts)} [{move.number}]。" if parts else f"评价里是这样说的 [{move.number}]。"

    def digest_points(self, move: m.DigestPoints) -> str:
        lead = "提到最多的优点" if move.good else "主要的抱怨"
        return f"{lead} [{move.number}]：{'、'.join(self._point(point) for point in move.points)}。"

    def _point(self, point: m.Point) -> str:
        counted = f"{point.fact.mention_count} 次" if point.fact.mention_count else ""
        quote = f"“{point.quote}” [{point.quoted}]" if point.quote else ""
        inner = "，".join(part for part in (counted, quote) if part)
        return f"{self._voice.value(point.fact)}" + (f"（{inner}）" if inner else "")

    def review_quotes(self, move: m.ReviewQuotes) -> str:
        words = "；".join(f"“{text}” [{number}]" for number, text in move.quotes)
        lead = {"good": "好评里说", "bad": "差评里说"}
        return f"{lead.get(move.tone, '评价里的原话')}：{words}。"

    def no_reviews(self, move: m.NoReviews) -> str:
        if move.page:
            return "这款还没有可以归纳的评价。"
        return "这款还没有可以归纳的评价，我可以先把页面写明的内容讲给您听。"

    def small_talk(self, move: m.SmallTalk) -> str:
        pick = self._voice.pick
        if move.kind == "thanks":
            return pick("talk", "不客气，还想看点什么？", "不用谢，有需要再叫我。")
        if move.kind == "farewell":
            return pick("talk", "再见，需要挑东西的时候再来找我。", "好的，下次见。")
        if move.kind == "who":
            return "我是这家店的导购程序，帮您找商品、做比较、看说明。您想买点什么？"
        return pick("talk", "您好！想买什么、给谁用、大概多少预算，告诉我就行。", "您好，想找点什么？")

    def decline(self, move: m.Decline) -> str:
        if move.attack:
            return "我可以帮您在这里找商品、做比较、拿主意。您想买点什么？"
        return self._voice.pick(
            "decline",
            "这个我不擅长，挑东西在行。有什么想买的吗？",
            "这件事我帮不上，不过挑商品、做比较可以找我。想看点什么？",
        )

    def ask_back(self, move: m.AskBack) -> str:
        if not move.slot:
            return "您想找什么商品？大概多少预算？"
        asked = question(Slot(move.slot, move.label))
        return f"{asked}比如：{'、'.join(move.options[:4])}。" if move.options else asked


def _spaced(term: str) -> str:
    return f" {term}" if term[:1].isascii() else term

"""English: rules of the shop, complaints, reviews, small talk and questions back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shopguide_generation.domain import moves as m
from shopguide_generation.domain.facts import Slot

if TYPE_CHECKING:
    from shopguide_generation.domain.wording.en import EnglishVoice

_QUESTIONS = {
    "use": "Where will you mainly use it?",
    "occasion": "What is the occasion?",
    "price": "What would you like to spend?",
    "budget": "What would you like to spend?",
    "recipient": "Who is it for?",
    "brand": "Is there a brand you prefer?",
    "category": "What kind of product are you looking for?",
    "product": "Which product do you mean?",
    "order_number": "What is the order number?",
    "size": "Which size do you need?",
    "color": "Which colour do you prefer?",
    "colour": "Which colour do you prefer?",
    "loosen": "Which one may give?",
    "settlement": "Which would you prefer?",
}


def question(slot: Slot) -> str:
    """The question that fills a slot; one about the label when the slot is not a known word."""
    key, label = slot.key, slot.label
    if key == "loosen" and len(slot.options) > 1:
        words = [f"the {option.text}" for option in slot.options]
        return f"Which one may give: {', '.join(words[:-1])} or {words[-1]}?"
    known = _QUESTIONS.get(key.removeprefix("attributes."))
    if known:
        return known
    return f"Do you have a preference for {label}?" if label else "What matters most to you?"


def speakers(voice: "EnglishVoice") -> dict[type[m.Move], Callable[[Any], str]]:
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
    def __init__(self, voice: "EnglishVoice") -> None:
        self._voice = voice

    def silent(self, move: m.ListingSilent) -> str:
        if not move.number:
            return "Which product do you mean? Give me its name or show it, and I will read its page for you."
        return f"The listing of {self._voice.name(move.number)} does not mention {move.term or 'that'}."

    def reviews_mention(self, move: m.ReviewsMention) -> str:
        cites = "".join(f"[{n}]" for n in move.numbers)
        count = len(move.numbers)
        many = "One of its reviews mentions" if count == 1 else f"{_numeral(count)} of its reviews mention"
        quote = f": “{move.quote}”" if move.quote else ""
        return f"{many} {move.term} {cites}{quote}."

    def ask_seller(self, _: m.AskSeller) -> str:
        return self._voice.pick(
            "seller",
            "I would ask the seller before buying it for that.",
            "Please ask the seller about it before you buy.",
        )

    def policy(self, move: m.PolicyQuote) -> str:
        words = " ".join(move.sentences)
        if move.foreign:
            return f"The shop's rule, in its own language: “{words}” [{move.number}]"
        lead = self._voice.pick("policy", "The shop's rule:", "The shop states:")
        return f"{lead} “{words}” [{move.number}]"

    def no_policy(self, _: m.NoPolicy) -> str:
        admitted = "I have no rule of the shop that answers this, and I will not guess."
        return f"{admitted} Customer service can tell you for certain."

    def order_check(self, _: m.OfferOrderCheck) -> str:
        return "If it is about one order, give me its number and I will look for the rule that applies."

    def apology(self, move: m.Apology) -> str:
        if move.repeated > 1:
            times = "twice" if move.repeated == 2 else f"{_numeral(move.repeated).lower()} times"  # noqa: PLR2004 - English has a word for it
            return (
                f"I'm sorry: the same trouble {times} is not acceptable, and I won't ask you to start over."
            )
        if move.strong:
            return "I'm sorry: this should not have happened, and I want to see it put right."
        return self._voice.pick("sorry", "I'm sorry about this trouble.", "I'm sorry that this went wrong.")

    def hand_over(self, move: m.HandOver) -> str:
        settled = "" if move.choice else " and say how you would like it settled"
        facts = f"please give the order number{settled}"
        if move.handed:
            return f"I have marked this for a person to take over. To hand it on complete, {facts}."
        return f"To settle this, {facts}."

    def digest_head(self, move: m.DigestHead) -> str:
        count = self._voice.plain(move.count) if move.count else ""
        rating = self._voice.plain(move.rating) if move.rating else ""
        if count and rating and move.rated and move.rated.value != (move.count and move.count.value):
            rated = f"{self._voice.plain(move.rated)} of them with stars, rated {rating} on average"
            return f"{count} reviews; {rated} [{move.number}]."
        if count and rating:
            one = count == "1"
            return f"{count} review{'' if one else 's'}, rated {rating}{'' if one else ' on average'} [{move.number}]."
        if count:
            return f"{count} review{'' if count == '1' else 's'} so far [{move.number}]."
        return (
            f"Rated {rating} on average [{move.number}]."
            if rating
            else f"This is what reviews say [{move.number}]."
        )

    def digest_points(self, move: m.DigestPoints) -> str:
        lead = "Most praised" if move.good else "Most criticised"
        points = "; ".join(self._point(point) for point in move.points)
        return f"{lead} [{move.number}]: {points}."

    def _point(self, point: m.Point) -> str:
        times = point.fact.mention_count
        counted = f"{times} mention{'' if times == 1 else 's'}" if times else ""
        quote = f"“{point.quote}” [{point.quoted}]" if point.quote else ""
        inner = ", ".join(part for part in (counted, quote) if part)
        return f"{self._voice.value(point.fact)}" + (f" ({inner})" if inner else "")

    def review_quotes(self, move: m.ReviewQuotes) -> str:
        words = "; ".join(f"“{text}” [{number}]" for number, text in move.quotes)
        lead = {
            "good": "What reviewers liked, in their own words",
            "bad": "What they criticised, in their own words",
        }
        return f"{lead.get(move.tone, 'In the words of reviewers')}: {words}."

    def no_reviews(self, move: m.NoReviews) -> str:
        if move.page:
            return "There are no reviews of it yet that I could sum up."
        return (
            "There are no reviews of it yet that I could sum up. I can tell you what its page states instead."
        )

    def small_talk(self, move: m.SmallTalk) -> str:
        pick = self._voice.pick
        if move.kind == "thanks":
            return pick(
                "talk",
                "You're welcome. Is there anything else you are looking for?",
                "Glad to help. Anything else?",
            )
        if move.kind == "farewell":
            return pick("talk", "Goodbye, and come back whenever you need something.", "See you next time.")
        if move.kind == "who":
            said = "I'm this shop's shopping guide, a program: I find, compare and explain products here."
            return f"{said} What are you looking for?"
        return pick(
            "talk",
            "Hello! Tell me what you are looking for, for whom, and what it may cost.",
            "Hi! What can I help you find today?",
        )

    def decline(self, move: m.Decline) -> str:
        if move.attack:
            return "I can help you find, compare and choose products here. What are you shopping for?"
        return self._voice.pick(
            "decline",
            "That is outside what I can do here; choosing products is what I am for. Are you looking for something?",
            "I can't help with that, but I can help you find and compare products here. What do you need?",
        )

    def ask_back(self, move: m.AskBack) -> str:
        if not move.slot:
            return "What are you looking for, and roughly what may it cost?"
        asked = question(Slot(move.slot, move.label))
        return f"{asked} For example: {', '.join(move.options[:4])}." if move.options else asked


def _numeral(count: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return words[count] if count < len(words) else str(count)

"""The last steps of the degradation ladder: keyword understanding and a plain list, made here without any service."""

from collections.abc import Iterator

from shopguide_gateway.domain.model import Found, Money, Scored, State, Understanding
from shopguide_runtime.money import format_money, from_major
from shopguide_runtime.text import detect_language


def keyword_understanding(text: str, state: State, language: str) -> Understanding:
    """Return a search for the words as they are, with the limits of the turns before kept."""
    spoken = detect_language(text)
    return Understanding(
        intent="SEARCH",
        confidence=0.0,
        search_query=text,
        language="zh" if (language or spoken).startswith("zh") else "en",
        constraints=state.constraints,
    )


def plain_answer(understanding: Understanding, found: Found) -> Iterator[str]:
    """Yield the least that is still an answer: the products with their prices, or that nothing was found."""
    zh = understanding.language == "zh"
    if not found.shown:
        yield (
            "抱歉，现在没能查到可以推荐的商品，请稍后再试。"
            if zh
            else "Sorry, I could not look anything up just now."
        )
        return
    yield "找到这些商品：" if zh else "Here is what I found: "
    separator = "；" if zh else "; "
    items = [_item(number, scored) for number, scored in enumerate(found.shown, 1)]
    yield separator.join(items) + ("。" if zh else ".")


def _item(number: int, scored: Scored) -> str:
    return f"{scored.product.title} [{number}]{_price(scored.product.price)}"


def _price(price: Money | None) -> str:
    if price is None:
        return ""
    return f" {format_money(from_major(float(price.amount), price.currency), price.currency)}"

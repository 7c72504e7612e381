"""Which of the products found is the one that the words call by its name."""

import re
from collections.abc import Sequence

from shopguide_gateway.domain.model import Product, Scored

_WORD = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def named_first(text: str, results: Sequence[Scored]) -> tuple[Scored, ...]:
    """Return the results, those whose brand and model the text names first; otherwise in their order.

    A model is a word with a digit, such as `Q7`; among Han characters any Latin word is a name.
    """
    said = text.casefold()
    names = {w for w in _WORD.findall(said) if any(c.isdigit() for c in w) or _HAN.search(said)}
    return tuple(sorted(results, key=lambda found: -_named(found.product, said, names)))


def _named(product: Product, said: str, names: set[str]) -> int:
    brand = bool(product.brand) and product.brand.casefold() in said
    return len(names & set(_WORD.findall(product.title.casefold()))) + brand

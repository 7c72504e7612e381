"""What a joint search found for each role, kept only where it is what the role names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shopguide_gateway.domain.model import BundleResult, Money, Product, RoleResult, Scope, Scored

_LATIN = re.compile(r"[a-z0-9]{3,}")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Outfit:
    """The products that fill a role, one more for each role that could take its place, and the roles left empty."""

    chosen: tuple[Scored, ...]
    spare: tuple[Scored, ...]
    missing_roles: tuple[str, ...]
    total: Money | None


def outfit(bundle: BundleResult, scopes: Sequence[Scope]) -> Outfit:
    """Return what fills the roles; a product that has nothing to do with its role leaves it empty."""
    pairs = list(zip(bundle.roles, scopes, strict=False))
    filled = [(r, s) for r, s in pairs if r.chosen is not None and belongs(r.chosen.product, s)]
    chosen = tuple(replace(r.chosen, role=r.role) for r, _ in filled if r.chosen is not None)
    empty = [r.role for r, s in pairs if (r, s) not in filled]
    missing = tuple(dict.fromkeys((*bundle.missing_roles, *empty)))
    total = bundle.total_price if missing == bundle.missing_roles else _sum(chosen, filled)
    return Outfit(chosen, tuple(_spare(filled)), missing, total)


def belongs(product: Product, scope: Scope) -> bool:
    """Return whether a product is what the role names: by its category, or by a word that both have."""
    path = {name.casefold() for name in product.category_path}
    named = {
        value.casefold()
        for c in scope.constraints
        if c.condition is not None and c.condition.field == "category"
        for value in c.condition.any_of
    }
    return bool(path & named) or bool(_words([scope.role]) & _words([product.title, *product.category_path]))


def _words(texts: Iterable[str]) -> set[str]:
    """Return Latin words without a plural s, and pairs of Han characters."""
    joined = " ".join(texts).casefold()
    pairs = {run[at : at + 2] for run in _HAN.findall(joined) for at in range(max(1, len(run) - 1))}
    return pairs | {word.removesuffix("es").removesuffix("s") for word in _LATIN.findall(joined)}


def _spare(filled: Sequence[tuple[RoleResult, Scope]]) -> Iterable[Scored]:
    for result, scope in filled:
        fitting = (a for a in result.alternatives if belongs(a.product, scope))
        first = next(fitting, None)
        if first is not None:
            yield replace(first, role=result.role)


def _sum(chosen: Sequence[Scored], filled: Sequence[tuple[RoleResult, Scope]]) -> Money | None:
    prices = [s.product.price for s in chosen if s.product.price is not None]
    if not prices or len(prices) < len(chosen) or len({p.currency for p in prices}) > 1:
        return None
    amounts = [p.amount * scope.quantity for p, (_, scope) in zip(prices, filled, strict=True)]
    return Money(prices[0].currency, sum(amounts, Decimal(0)))

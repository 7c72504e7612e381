"""Which of the relevant products are the best deals: the largest true saving against their own list price."""

from collections.abc import Iterable, Sequence

from shopguide_gateway.domain.model import Constraint, Product, Scored


def saving(product: Product) -> float:
    """Return the share of the list price that is saved, in [0, 1); 0 when there is none or it cannot be known."""
    price, before = product.price, product.original_price
    if price is None or before is None or price.currency != before.currency or before.amount <= price.amount:
        return 0.0
    return float(1 - price.amount / before.amount)


def of_category(results: Sequence[Scored], constraints: Iterable[Constraint]) -> list[Scored]:
    """Return the results of the category that was named, all of them when none was or none belongs to it."""
    named = {
        value.casefold()
        for c in constraints
        if c.condition is not None and c.condition.field == "category"
        for value in c.condition.any_of
    }
    belonging = [s for s in results if named & {name.casefold() for name in s.product.category_path}]
    return belonging or list(results)


def best_deals(results: Sequence[Scored], most: int) -> tuple[Scored, ...]:
    """Return the products with the largest savings among the results, relevance breaking ties.

    Without any saving the most relevant ones are returned, so that the answer can say so.
    """
    ranked = sorted(enumerate(results), key=lambda item: (-round(saving(item[1].product), 3), item[0]))
    saved = [scored for _, scored in ranked if saving(scored.product) > 0]
    return tuple((saved or list(results))[:most])

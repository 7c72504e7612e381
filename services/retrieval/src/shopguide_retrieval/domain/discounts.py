"""How much of its own list price is off a product, and when a list price is worth believing."""

from shopguide_retrieval.domain.model import Product

MOST_CREDIBLE = 0.9
"""More off than this is a list price made up or mistyped: it counts as none."""


def share_off(price: int, list_price: int | None) -> float:
    """Return the share of the list price that is off, in [0, 1]; both in minor units, 0 without a higher list price."""
    return (list_price - price) / list_price if list_price and list_price > price else 0.0


def discount(product: Product) -> float:
    """Return the share that is off a product's list price, 0 when it has none or the list price is absurd."""
    if product.price is None or product.original_price is None:
        return 0.0
    share = share_off(product.price.minor, product.original_price.minor)
    return share if share <= MOST_CREDIBLE else 0.0

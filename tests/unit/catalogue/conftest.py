"""The shipped demo catalogue, loaded once."""

import pytest

from shopguide_devstack.catalogue import Catalogue, load_catalogue
from shopguide_devstack.catalogue.generate import DEFAULT_SEED
from shopguide_devstack.catalogue.items import Item, invent_items
from shopguide_devstack.catalogue.model import Product, Review


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue()


@pytest.fixture(scope="session")
def products(catalogue: Catalogue) -> list[Product]:
    """Return all products."""
    return list(catalogue.products())


@pytest.fixture(scope="session")
def reviews(catalogue: Catalogue) -> list[Review]:
    """Return all reviews."""
    return list(catalogue.reviews())


@pytest.fixture(scope="session")
def items() -> tuple[Item, ...]:
    """Return the products of the shipped seed before they are put into words."""
    return invent_items(DEFAULT_SEED)

"""The demo catalogue: invented products, reviews, help pages and shopper events in Chinese and English."""

from shopguide_devstack.catalogue.loader import Catalogue, load_catalogue

__all__ = ["Catalogue", "load_catalogue"]

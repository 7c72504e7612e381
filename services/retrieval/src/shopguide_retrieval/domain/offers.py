"""Prices and stock change every hour, texts do not: an offer changes a stored product without embedding it again.

What is written is what an import of the same product with the new price would write, so that the next import finds it
unchanged. A write takes effect only where the product is still the one that was read: when an import comes between,
the offer is applied again, to the product that the import has left.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.document import LAYOUT, document, load, payload
from shopguide_retrieval.domain.indexing import CatalogWriter, Failure
from shopguide_retrieval.domain.limits import price_key
from shopguide_retrieval.domain.model import Availability, Price, Product
from shopguide_retrieval.domain.validation import check_product
from shopguide_retrieval.metrics import ITEMS
from shopguide_retrieval.ports import Patch, ProductStore
from shopguide_runtime.errors import Aborted, InvalidArgument

ATTEMPTS = 5
"""How often an offer is applied again because its product was imported at the same moment."""

_STORED = ("product", "update_time", "content_hash")


@dataclass(frozen=True, slots=True)
class Offer:
    """What changes of a product; None changes nothing."""

    product_id: str
    price: Price | None = None
    list_price: Price | None = None
    """An amount of zero takes the list price away."""
    availability: Availability | None = None

    def applied_to(self, product: Product) -> Product:
        """Return the product with this offer; raises InvalidArgument when the two do not fit."""
        changed = product
        if self.price is not None:
            changed = replace(changed, price=self.price)
        if self.list_price is not None:
            changed = replace(changed, original_price=self.list_price if self.list_price.minor else None)
        if self.availability is not None:
            changed = replace(changed, availability=self.availability)
        check_product(changed).raise_if_any()
        return changed


@dataclass
class Updated:
    """What became of the offers of one request."""

    count: int = 0
    """Products whose offer is in force now."""
    missing: list[str] = field(default_factory=list)
    """Products that the catalogue does not have, in the order of their offers."""
    failures: list[Failure] = field(default_factory=list)


Pending = dict[str, list[tuple[int, Offer]]]
"""Offers still to be applied, by product, each with its position in the request."""


class OfferWriter:
    """Changes prices and stock of products."""

    def __init__(
        self,
        directory: CatalogDirectory,
        catalogs: CatalogWriter,
        products: ProductStore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the records, the index, and what tells the time of a write."""
        self._directory = directory
        self._catalogs = catalogs
        self._products = products
        self._clock = clock

    async def update(self, name: str, offers: Sequence[Offer | Failure]) -> Updated:
        """Apply offers, those of one product in the order sent; bad ones are reported and do not stop good ones.

        Raises NotFound for an unknown catalogue, Aborted when imports of the same products keep coming between.
        """
        catalog = await self._directory.find(name)
        result = Updated(failures=[o for o in offers if isinstance(o, Failure)])
        pending = _by_product(offers)
        for _ in range(ATTEMPTS):
            pending = await self._attempt(catalog, pending, result)
            if not pending:
                break
        if result.count:
            await self._catalogs.touch_offers(name)
        if pending:
            raise Aborted("OFFERS_OVERTAKEN", "Products of the request are being imported just now.")
        result.failures.sort(key=lambda f: f.index)
        ITEMS.labels("offer", "written").inc(result.count)
        ITEMS.labels("offer", "refused").inc(len(result.failures))
        return result

    async def _attempt(self, catalog: Catalog, pending: Pending, result: Updated) -> Pending:
        """Apply what is pending; returns the offers whose products changed meanwhile."""
        stored = await self._products.fetch(catalog, list(pending), _STORED)
        result.missing += [i for i in pending if i not in stored]
        changed: dict[str, Product] = {}
        for identifier, found in stored.items():
            before = load(found["product"], 0.0)
            after, failures = _applied(before, pending[identifier])
            result.failures += failures
            if len(failures) < len(pending[identifier]):
                changed[identifier] = after
        patches = [p for i, product in changed.items() if (p := self._patch(product, stored[i]))]
        await self._index_currencies(catalog, changed.values())
        await self._products.patch(catalog, patches)
        lost = await self._lost(catalog, patches)
        result.count += len(changed) - len(lost)
        return {i: _without(pending[i], result.failures) for i in pending if i in lost}

    def _patch(self, product: Product, stored: Mapping[str, Any]) -> Patch | None:
        """Return what to write of a product, or None when it is stored so already."""
        new = document(product)
        if new.content_hash == stored["content_hash"]:
            return None
        now = self._clock()
        wanted = payload(new, now)
        old = document(load(stored["product"], 0.0))
        # What is stored in an older layout lacks keys that both products share: then everything is written.
        if old.content_hash == stored["content_hash"]:
            before = payload(old, now)
            wanted = {k: v for k, v in wanted.items() if before[k] != v} | {"update_time": now}
        return Patch(product.id, wanted, str(stored["content_hash"]))

    async def _index_currencies(self, catalog: Catalog, products: Iterable[Product]) -> None:
        """Make ranges on prices in a currency that the catalogue did not have yet possible."""
        seen = frozenset(p.price.currency for p in products if p.price)
        if seen <= catalog.currencies and catalog.layout == LAYOUT:
            return
        await self._catalogs.ensure(catalog.name)
        await self._catalogs.change(catalog.name, lambda c: c.seen(seen, {}))
        await self._products.ensure_number_indexes(catalog, [price_key(c) for c in sorted(seen)])

    async def _lost(self, catalog: Catalog, patches: Sequence[Patch]) -> set[str]:
        """Return the products that a patch did not reach because something else was written first."""
        now = await self._products.fetch(catalog, [p.id for p in patches], ("content_hash",))
        return {p.id for p in patches if now.get(p.id, {}).get("content_hash") != p.values["content_hash"]}


def _by_product(offers: Sequence[Offer | Failure]) -> Pending:
    found: Pending = defaultdict(list)
    for position, one in enumerate(offers):
        if isinstance(one, Offer):
            found[one.product_id].append((position, one))
    return dict(found)


def _applied(product: Product, offers: Sequence[tuple[int, Offer]]) -> tuple[Product, list[Failure]]:
    """Return a product after its offers, in their order, and those that do not fit it."""
    failures: list[Failure] = []
    for position, offer in offers:
        try:
            product = offer.applied_to(product)
        except InvalidArgument as error:
            failures.append(Failure(position, product.id, error))
    return product, failures


def _without(offers: Sequence[tuple[int, Offer]], failures: Sequence[Failure]) -> list[tuple[int, Offer]]:
    refused = {f.index for f in failures}
    return [(position, offer) for position, offer in offers if position not in refused]

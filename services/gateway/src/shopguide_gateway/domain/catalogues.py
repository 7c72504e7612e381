"""What each catalogue can be asked, held for a few seconds and renewed beside the turns rather than before them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from shopguide_gateway.domain.model import Catalogue
from shopguide_gateway.ports import Retriever
from shopguide_runtime.errors import NotFound, ShopguideError


@dataclass(slots=True)
class _Held:
    catalogue: Catalogue
    checked: float
    renewal: asyncio.Task[None] | None = None


class Catalogues:
    """A bounded cache of catalogue descriptions: stale ones are served while they are renewed, deleted ones dropped."""

    def __init__(
        self,
        retriever: Retriever,
        ttl: float = 5.0,
        capacity: int = 64,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Hold at most `capacity` descriptions, each for `ttl` seconds before it is checked again."""
        self._retriever = retriever
        self._ttl = ttl
        self._capacity = capacity
        self._clock = clock
        self._held: OrderedDict[str, _Held] = OrderedDict()

    async def get(self, name: str) -> Catalogue:
        """Return the description of a catalogue. Raises NotFound for an unknown one, ShopguideError when unreachable."""
        held = self._held.get(name)
        if held is None:
            return self._put(name, await self._retriever.describe(name, None))
        self._held.move_to_end(name)
        if self._clock() - held.checked > self._ttl and (held.renewal is None or held.renewal.done()):
            held.renewal = asyncio.create_task(self._renew(name, held))
        return held.catalogue

    async def _renew(self, name: str, held: _Held) -> None:
        try:
            self._put(name, await self._retriever.describe(name, held.catalogue))
        except NotFound:
            self._held.pop(name, None)
        except ShopguideError:
            # Unreachable for now: what is held stays good enough until the next turn asks again.
            return

    def _put(self, name: str, catalogue: Catalogue) -> Catalogue:
        self._held[name] = _Held(catalogue, self._clock())
        self._held.move_to_end(name)
        while len(self._held) > self._capacity:
            self._held.popitem(last=False)
        return catalogue

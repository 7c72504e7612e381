"""The opaque token that ties a shopper's later events to the list that they came from."""

import base64
import json
import uuid

from shopguide_retrieval.domain.catalog import Catalog


def attribution_token(method: str, catalog: Catalog) -> str:
    """Return a new token for a list of products that `method` returned."""
    made = {"id": uuid.uuid4().hex, "method": method, "catalog": catalog.name, "revision": catalog.state}
    return base64.urlsafe_b64encode(json.dumps(made, separators=(",", ":")).encode()).rstrip(b"=").decode()

"""Settings of the retrieval service."""

import json

import pytest

from shopguide_retrieval.config import RetrievalSettings
from shopguide_runtime.channels import contract_config
from shopguide_runtime.settings import SettingsError, load


def test_an_import_outlives_its_connection():
    """The grace of aged connections is at least the deadline that the contract gives an import."""
    methods = json.loads(contract_config())["methodConfig"]
    imports = [
        float(m["timeout"].rstrip("s"))
        for m in methods
        if any(n.get("method") == "UpsertProducts" for n in m["name"])
    ]
    assert imports
    assert RetrievalSettings().max_connection_age_grace_seconds >= max(imports)


def test_a_short_page_token_key_is_refused():
    """A key that PageTokens would refuse is reported before the server starts."""
    with pytest.raises(SettingsError, match="SHOPGUIDE_PAGE_TOKEN_KEY"):
        load(RetrievalSettings, {"SHOPGUIDE_PAGE_TOKEN_KEY": "short"})

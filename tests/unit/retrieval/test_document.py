"""How a product stands in the index."""

from unittest.mock import patch

import pytest

from shopguide_retrieval.domain import document as documents
from shopguide_retrieval.domain.document import document, in_index, payload, sparse_vector
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.model import AttributeValues, Product
from shopguide_retrieval.domain.tokenizer import document_terms

LAMP = Product(
    id="lamp",
    title="Stemless 台灯 WH-1000XM5, 11.6 inch",
    brand="Pot & Co",
    category_path=("Home", "Lamps"),
    description="A lamp without cable. 不含电池",
    attributes={
        "color": AttributeValues(texts=("red", "蓝色")),
        "power": AttributeValues(numbers=(40.0,), unit="w"),
    },
)
BARE = Product(id="bare", title="Lamp", brand="Lamp")


@pytest.mark.parametrize("product", [LAMP, BARE])
def test_vector_and_payload_together_are_those_of_each_alone(product):
    """Sharing the terms of a text changes nothing of what is stored."""
    made = document(product)
    assert in_index(made, 12.0, 7.0) == (sparse_vector(product, 12.0), payload(made, 7.0))


def test_each_text_is_tokenized_once():
    """The sparse vector and the terms kept for ranking are made of the same terms."""
    with patch.object(documents, "document_terms", wraps=document_terms) as tokenizer:
        in_index(document(LAMP), 12.0, 7.0)
    texts = [call.args[0] for call in tokenizer.call_args_list]
    assert len(texts) == len(set(texts)) == 5


def test_numbers_stand_so_that_ranges_find_them():
    """One number stands by itself, several in a list; both are within a range that holds one of them."""
    sizes = AttributeValues(numbers=(36.0, 38.0))
    shoe = Product(
        id="shoe", title="Shoe", attributes={"size": sizes, "weight": AttributeValues(numbers=(0.3,))}
    )
    stored = payload(document(shoe), 1.0)
    assert stored["numbers"] == {"size": [36.0, 38.0], "weight": 0.3}
    assert Limit("numbers.size", minimum=37).holds(stored)
    assert Limit("numbers.weight", maximum=0.5).holds(stored)
    assert not Limit("numbers.weight", minimum=0.5).holds(stored)

"""Requests to the generation service as a gateway would send them."""

from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.type.v1 import answer_pb2


def product(source_id: str, title: str, dollars: int, **numbers: float) -> answer_pb2.Source:
    """A product with a price in US dollars and a few measured attributes in hours or grams."""
    source = answer_pb2.Source(id=source_id, kind=answer_pb2.Source.KIND_PRODUCT, title=title)
    source.facts.add(key="name", text=title, provenance="catalog")
    price = source.facts.add(key="price", provenance="catalog")
    price.money.currency_code, price.money.units = "USD", dollars
    for key, number in numbers.items():
        unit = {"battery": "h", "weight": "g"}.get(key, "")
        source.facts.add(key=key, number=number, unit=unit, provenance="catalog")
    return source


def headphones() -> list[answer_pb2.Source]:
    """Three headphones."""
    return [
        product("p1", "Norte S2", 57, battery=35, weight=240, rating=4.3),
        product("p2", "Soundvale Q5", 74, battery=45, weight=231, rating=4.5),
        product("p3", "Ola Mini", 39, battery=20, weight=180, rating=4.1),
    ]


def policy(source_id: str, question: str, answer: str) -> answer_pb2.Source:
    """A rule of the shop."""
    source = answer_pb2.Source(id=source_id, kind=answer_pb2.Source.KIND_POLICY, title=question)
    source.facts.add(key="question", text=question, provenance="faq")
    source.facts.add(key="answer", text=answer, provenance="faq")
    return source


def review(source_id: str, product_id: str, text: str, stars: float = 5) -> answer_pb2.Source:
    """One review."""
    source = answer_pb2.Source(
        id=source_id, kind=answer_pb2.Source.KIND_REVIEW, title=text[:40], subject_id=product_id
    )
    source.facts.add(key="text", text=text, provenance="reviews")
    source.facts.add(key="stars", number=stars, provenance="reviews")
    return source


def recommend(**fields) -> pb.GenerateRequest:
    """A recommendation of the headphones in English."""
    given = {
        "task": pb.TASK_RECOMMEND,
        "query": "headphones",
        "language_code": "en",
        "sources": headphones(),
    } | fields
    return pb.GenerateRequest(**given)

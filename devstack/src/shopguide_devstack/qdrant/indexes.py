"""Payload indexes: their parameters from the wire to the engine, and their description."""

from collections.abc import Mapping
from typing import Any

import qdrant_edge as edge
from google.protobuf.message import Message
from qdrant_client.grpc import collections_pb2, points_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest, Unsupported

_TYPES = ("Keyword", "Integer", "Float", "Geo", "Text", "Bool", "Datetime", "Uuid")
_SIMPLE = ("is_tenant", "is_principal", "lookup", "range", "enable_hnsw", "nested", "on_disk")
_TEXT = (
    "lowercase",
    "min_token_len",
    "max_token_len",
    "phrase_matching",
    "ascii_folding",
    "enable_hnsw",
    "nested",
    "on_disk",
)


def index_schema(request: points_pb2.CreateFieldIndexCollection) -> Any:  # noqa: ANN401 - a union of the stub
    """Return the engine's form of the index a request asks for.

    Raises:
        InvalidRequest: no type, or parameters of another type than the one named.
        Unsupported: a tokenizer, language or algorithm the engine lacks.
    """
    named = _TYPES[request.field_type] if request.HasField("field_type") else None
    kind = request.field_index_params.WhichOneof("index_params")
    if kind is None:
        if named is None:
            raise InvalidRequest("Bad request: `field_type` or `field_index_params` is required")
        return getattr(edge.PayloadSchemaType, named)
    type_name = kind.removesuffix("_index_params").capitalize()
    if named not in (None, type_name):
        raise InvalidRequest(f"Bad request: `field_type` {named} contradicts `{kind}`")
    parameters = getattr(request.field_index_params, kind)
    if type_name == "Text":
        return _text(parameters)
    return getattr(edge, f"{type_name}IndexParams")(**_simple(parameters))


def described_index(
    info: "edge.PayloadIndexInfo", parameters: collections_pb2.PayloadIndexParams | None
) -> collections_pb2.PayloadSchemaInfo:
    """Return the wire form of an index: its type, the number of points in it, and the parameters it was made with."""
    name = str(info.data_type).rpartition(".")[2]
    return collections_pb2.PayloadSchemaInfo(
        data_type=collections_pb2.PayloadSchemaType.Value(name), params=parameters, points=info.points
    )


def _present(message: Message, names: tuple[str, ...]) -> dict[str, Any]:
    known = message.DESCRIPTOR.fields_by_name
    return {name: getattr(message, name) for name in names if name in known and message.HasField(name)}


def _simple(message: Message) -> dict[str, Any]:
    keywords = _present(message, _SIMPLE)
    if isinstance(message, collections_pb2.KeywordIndexParams) and message.HasField("prefix"):
        keywords["prefix"] = True
    return keywords


def _text(message: collections_pb2.TextIndexParams) -> edge.TextIndexParams:
    keywords = _present(message, _TEXT)
    if message.tokenizer:
        keywords["tokenizer"] = _member(
            edge.TokenizerType, collections_pb2.TokenizerType.Name(message.tokenizer)
        )
    if message.HasField("stopwords"):
        languages = {
            _member(edge.Language, language.capitalize()) for language in message.stopwords.languages
        }
        keywords["stopwords"] = edge.StopwordsSet(languages or None, set(message.stopwords.custom) or None)
    if message.HasField("stemmer"):
        keywords["stemmer"] = _stemmer(message.stemmer)
    if message.HasField("scoring"):
        keywords["scoring"] = True
    return edge.TextIndexParams(**keywords)


def _stemmer(message: collections_pb2.StemmingAlgorithm) -> edge.SnowballParams | edge.DisabledStemmer:
    if message.WhichOneof("stemming_params") != "snowball":
        return edge.DisabledStemmer()
    return edge.SnowballParams(_member(edge.SnowballLanguage, message.snowball.language.capitalize()))


def _member(enum: Any, name: str) -> Any:  # noqa: ANN401 - enums of an extension module
    try:
        return getattr(enum, name)
    except AttributeError:
        raise Unsupported(f"`{name}` in a text index") from None


def described_indexes(
    schema: Mapping[str, "edge.PayloadIndexInfo"],
    parameters: Mapping[str, collections_pb2.PayloadIndexParams],
) -> dict[str, collections_pb2.PayloadSchemaInfo]:
    """Return the wire form of all indexes of a collection by field name."""
    return {field: described_index(info, parameters.get(field)) for field, info in schema.items()}

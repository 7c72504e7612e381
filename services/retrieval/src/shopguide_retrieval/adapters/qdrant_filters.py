"""Limits of the domain as filters of Qdrant."""

from collections.abc import Sequence

from qdrant_client import models

from shopguide_retrieval.domain.limits import NUMBERS_PREFIX, Limit


def to_filter(limits: Sequence[Limit], preferred: Sequence[Limit] = ()) -> models.Filter | None:
    """Return the filter that all `limits` and, when there are any, one of `preferred` must pass."""
    must: list[models.Condition] = [to_condition(limit) for limit in limits if not limit.none_of]
    must_not: list[models.Condition] = [to_condition(limit) for limit in limits if limit.none_of]
    if preferred:
        must.append(models.Filter(should=[_positive(limit) for limit in preferred]))
    if not must and not must_not:
        return None
    return models.Filter(must=must or None, must_not=must_not or None)


def _positive(limit: Limit) -> models.Condition:
    return models.Filter(must_not=[to_condition(limit)]) if limit.none_of else to_condition(limit)


def to_condition(limit: Limit) -> models.Condition:
    """Return the condition on the values of a limit; those of `none_of` are what must not be."""
    values = list(limit.any_of or limit.none_of)
    if values:
        return models.FieldCondition(key=limit.key, match=models.MatchAny(any=values))  # type: ignore[arg-type]
    within = models.FieldCondition(key=limit.key, range=models.Range(gte=limit.minimum, lte=limit.maximum))
    if not limit.key.startswith(NUMBERS_PREFIX):
        return within
    # Few of a catalogue's attributes have an index of their numbers. All have one of their keys: it leaves only the
    # products that carry the attribute to be looked at one by one (19,000 products: 4 ms instead of a second).
    carried = models.MatchValue(value=limit.key.removeprefix(NUMBERS_PREFIX))
    return models.Filter(must=[models.FieldCondition(key="keys", match=carried), within])

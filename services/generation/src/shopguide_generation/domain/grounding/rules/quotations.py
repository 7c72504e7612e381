"""Running text of others (rules of the shop, reviews) may only be quoted: whole, and with its citation."""

from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason


def apply(reading: Reading) -> None:
    """Every quoted sentence needs the citation of a source that has it."""
    cited = set(reading.mentions.cited)
    for start, end, numbers in reading.quoted:
        kept = numbers & cited
        if kept:
            reading.claim("quote", min(kept), "text", reading.text[start:end])
        elif not _said_elsewhere(reading, start, end):
            reading.find(start, end, Reason.UNCITED)


def _said_elsewhere(reading: Reading, start: int, end: int) -> bool:
    """True when the shopper said the same, or a cited source states it as a fact."""
    words = reading.text[start:end]
    holders = reading.grounds.values.get(words, frozenset())
    return words in reading.grounds.echoes or bool(holders & set(reading.mentions.cited))

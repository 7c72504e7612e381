"""The shop's help pages."""

from __future__ import annotations

from collections.abc import Iterator

from shopguide_devstack.catalogue.kinds import read_vocabulary
from shopguide_devstack.catalogue.model import LANGUAGE_CODES, LANGUAGES, FaqEntry
from shopguide_devstack.catalogue.words import phrases


def faq_entries() -> Iterator[FaqEntry]:
    """Yield the entries of both languages, topic by topic."""
    tables = {language: read_vocabulary(f"faq_{language}") for language in LANGUAGES}
    for topic in tables["zh"]:
        for language in LANGUAGES:
            row = tables[language][topic]
            yield FaqEntry(
                id=f"faq-{topic.replace('_', '-')}-{language}",
                topic=topic,
                question=row["question"],
                phrasings=phrases(row["asked"]),
                answer=row["answer"],
                language_code=LANGUAGE_CODES[language],
            )

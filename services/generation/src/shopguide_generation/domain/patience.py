"""Whether it pays to wait for the model: by what it managed in time lately."""

from collections import deque

WINDOW = 20
"""Sentences of one language that are remembered."""

ENOUGH = 5
"""Sentences that have to be known before the model is waited for."""


class Patience:
    """Remembers, by language, for which sentences the model had something to say in time."""

    def __init__(self, least_share: float, try_every: int) -> None:
        """Wait from `least_share` on (0: always); otherwise try every `try_every`-th answer beside it.

        Until enough is known every answer is tried, and none waits.
        """
        self._least_share = least_share
        self._try_every = try_every
        self._outcomes: dict[str, deque[bool]] = {}
        self._answers: dict[str, int] = {}

    def share(self, language: str) -> float | None:
        """Share of the remembered sentences that the model wrote in time; None while too few are known."""
        known = self._outcomes.get(language, ())
        return sum(known) / len(known) if len(known) >= ENOUGH else None

    def waits(self, language: str) -> bool:
        """True when the answers of a language wait for the model."""
        share = self.share(language)
        return self._least_share <= 0 or (share is not None and share >= self._least_share)

    def tries(self, language: str) -> bool:
        """True when the model is to be tried beside this answer, which does not wait for it."""
        count = self._answers.get(language, 0)
        self._answers[language] = count + 1
        return self.share(language) is None or count % self._try_every == 0

    def note(self, language: str, *, in_time: bool) -> None:
        """Remember whether the model had an accepted sentence in time."""
        self._outcomes.setdefault(language, deque(maxlen=WINDOW)).append(in_time)

"""A plan: moves in the order they will be said, and how needed each one is."""

from dataclasses import dataclass
from enum import IntEnum

from shopguide_generation.domain.facts import Slot
from shopguide_generation.domain.moves import Move


class Need(IntEnum):
    """How needed a move is."""

    MUST = 0
    """Said whatever the length."""
    WANTED = 1
    """Said unless the answer would grow too long."""
    FILLER = 2
    """Said only while the answer is too short."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a plan."""

    move: Move
    need: Need = Need.MUST


@dataclass(frozen=True, slots=True)
class Plan:
    """What an answer says, in order, and what it asks back."""

    steps: tuple[Step, ...]
    slot: Slot | None = None
    answered: bool = True
    """False when the sources do not answer what was asked."""
    hand_over: bool = False
    """True when a person should take over."""


def must(*moves: Move) -> list[Step]:
    """Moves that are always said."""
    return [Step(move) for move in moves]


def wanted(*moves: Move) -> list[Step]:
    """Moves that are said while there is room."""
    return [Step(move, Need.WANTED) for move in moves]


def filler(*moves: Move) -> list[Step]:
    """Moves that are said while the answer is too short."""
    return [Step(move, Need.FILLER) for move in moves]

"""What a family pays for a programme under the national aid rules. Pure: no Pelican."""

from plugins.aid.cost import (
    ARTS,
    ENTRY,
    OWNERSHIP_UNKNOWN,
    PRIVATE,
    REASONS,
    Benefit,
    Fees,
    StudyYear,
    cost,
)

__all__ = [
    "ARTS",
    "ENTRY",
    "OWNERSHIP_UNKNOWN",
    "PRIVATE",
    "REASONS",
    "Benefit",
    "Fees",
    "StudyYear",
    "cost",
]

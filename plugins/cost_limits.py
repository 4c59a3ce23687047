"""What one contributed text or photo may cost, and the word for one that costs more.

Apart from `plugins.limited`, which enforces it, so that to speak of the limits loads no processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Reason: TypeAlias = Literal["time", "memory", "crash"]
"""Too much CPU time (or no end in sight), too much memory, or the death of the worker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost: CPU time in seconds, memory in MB (2**20 bytes) beyond what the
    worker holds before it, and the seconds by the clock after which a call that has got on by
    nothing is taken to wait for ever."""

    cpu_s: float = 2.0
    memory_mb: int = 256
    wall_s: float = 30.0


LIMITS: Final = Limits()
"""What one contributed text or photo may cost."""


class BeyondLimits(Exception):
    """A call cost more than its limits, or killed its worker; `reason` tells which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason

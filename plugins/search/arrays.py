"""NumPy, for what is done to all postings at once. Only what builds an index imports it.

Builds fork, which no process should do that has threads; so its linear algebra gets none.
"""

import os
from typing import Any, TypeAlias

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

__all__ = ["Flags", "Integers", "Reals", "first_of_each", "np", "varints_of_all"]

Flags: TypeAlias = NDArray[np.bool_]
Integers: TypeAlias = NDArray[np.integer[Any]]
Reals: TypeAlias = NDArray[np.float64]

_LONGEST_VARINT = 5


def first_of_each(values: Integers) -> Integers:
    """Where each run of equal values begins."""
    if not len(values):
        return np.zeros(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))


def varints_of_all(numbers: Integers) -> tuple[bytes, Integers]:
    """The `varint` of each number, one after another, and the place after each."""
    sizes = np.ones(len(numbers), np.intp)
    for more in range(1, _LONGEST_VARINT):
        sizes += numbers >= 1 << 7 * more
    ends = np.cumsum(sizes)
    found = np.empty(ends[-1] if len(ends) else 0, np.uint8)
    places: Integers = ends - sizes
    left = numbers
    while len(left):
        goes_on = left > 0x7F
        found[places] = left & 0x7F | np.where(goes_on, 0x80, 0)
        places, left = places[goes_on] + 1, left[goes_on] >> 7
    return found.tobytes(), ends

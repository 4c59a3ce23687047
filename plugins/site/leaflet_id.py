"""The number printed on a leaflet, by which paper is checked against the site."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final

from plugins.catalogue import School

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: none of them is mistaken for another when read aloud or copied by hand."""

CHECKED_LETTERS: Final = 6


def leaflet_id(school: School, date: dt.date) -> str:
    """The leaflet of a school whose data are of `date`: the day, then 30 bits of a digest.

    2026-03-02 → 20260302-7KQ2MX. Same school and day give the same number on every machine, so
    `/verify/` tells from it whether the paper belongs to a school and how old its data are.
    """
    digest = hashlib.sha256(f"{school.school_id} {date.isoformat()}".encode()).digest()
    bits = int.from_bytes(digest[:4], "big") >> 2
    letters = (LETTERS[bits >> 5 * place & 31] for place in reversed(range(CHECKED_LETTERS)))
    return f"{date:%Y%m%d}-{''.join(letters)}"

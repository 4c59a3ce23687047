"""The vectors themselves: many, of every class, the same ones every time, and all of them used."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final

from tests.security import naive_pages
from tests.security.hostile_site import SCHOOLS, build_hostile_sites, dealt, marks
from tests.security.vectors import FAMILIES, vectors

FIXED: Final = {
    "School-school_id", "School-province", "School-city_code", "School-county_code",
    "School-status", "NoticeFacts-school", "Programme-school_id",
    "Programme-province", "Photo-file",
}  # fmt: skip
"""Fields that hold an id, a code, or the hostile file name; those of a closed list are no marks."""

NOT_SHOWN: Final[set[str]] = set()
"""Declared fields that no page and no download shows."""


def test_there_are_at_least_1700_different_vectors_of_every_class() -> None:
    assert len({vector.text for vector in vectors()}) == len(vectors()) >= 1700
    sizes = Counter(vector.family for vector in vectors())
    assert set(sizes) == {name for name, _ in FAMILIES}
    assert min(sizes.values()) >= 30


def test_every_vector_is_dealt_to_a_school_and_stands_in_the_control() -> None:
    numbers = sorted(vector.number for pile in dealt(SCHOOLS) for vector in pile)
    assert numbers == [vector.number for vector in vectors()]
    assert sum(map(len, naive_pages._frames())) == len(vectors())


def test_every_declared_field_is_attacked_where_it_is_shown(tmp_path: Path) -> None:
    """A field that is declared later is attacked by itself, or this test asks where it is shown."""
    site = build_hostile_sites(tmp_path).guarded
    shown: set[str] = set()
    for file in sorted(site.rglob("*")):
        if file.suffix in (".html", ".json", ".csv", ".xml"):
            shown |= set(re.findall(r"\b[A-Z]\w+-[a-z_0-9]+", file.read_text("utf-8")))
    assert marks() - shown == FIXED | NOT_SHOWN

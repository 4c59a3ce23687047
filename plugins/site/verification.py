"""查真伪: every name that the registers know, with how it is read and what its school's state is.

The pages of `/verify/` and the file that their script asks hold the same records.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from plugins.catalogue import Catalogue, Province, School
from plugins.search.readings import character_readings, exceptions, reading
from plugins.search.simplified import SIMPLIFIED
from plugins.site.leaflet_id import leaflet_id
from plugins.site.views.leaflet import data_date


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school of a register. `reading` are the syllables of its name, without tones; `date` is
    that of its newest data, which its printed leaflet carries."""

    school: School
    reading: tuple[str, ...]
    date: dt.date

    @property
    def letter(self) -> str:
        return self.reading[0][0].upper() if self.reading else "#"

    @property
    def leaflet_id(self) -> str:
        return leaflet_id(self.school, self.date)


def known_schools(catalogue: Catalogue, unit: Province) -> tuple[KnownSchool, ...]:
    """A province's schools by the reading of their names, then by name and id."""
    known = catalogue.reference.readings
    found = [
        KnownSchool(school, reading(school.name, known), data_date(catalogue, school))
        for school in catalogue.schools_of_province[unit.slug]
    ]
    return tuple(
        sorted(found, key=lambda one: (one.reading, one.school.name, one.school.school_id))
    )


def verification_json(catalogue: Catalogue) -> bytes:
    """One compact file for `static/js/name-check.js`; `columns` says what stands in a row.

    What the registers say and nothing else, so that no edit of a profile changes it. `sounds`
    gives the usual syllable of each character of the names, `exceptions` the names that are read
    otherwise, `simplified` pairs of a traditional character and its simplified one.
    """
    units = catalogue.reference.provinces
    unit_of = {unit.slug: place for place, unit in enumerate(units)}
    documents: dict[tuple[str, str, str], int] = {}
    rows: list[list[Any]] = []
    for school in catalogue.schools:
        day = school.source_date.isoformat() if school.source_date else ""
        document = (school.source_document, school.source_number or "", day)
        row: list[Any] = [
            school.school_id,
            school.name,
            unit_of[school.province],
            documents.setdefault(document, len(documents)),
            int(school.verified),
            school.status,
            list(school.former_names),
            list(school.aliases),
            school.school_code or "",
        ]
        while row[-1] in ("", []):
            row.pop()
        rows.append(row)
    names = [
        name
        for school in catalogue.schools
        for name in (school.name, *school.former_names, *school.aliases)
    ]
    used = {character for name in names for character in name}
    characters = character_readings(names)
    data = {
        "as_of": catalogue.today.isoformat(),
        "columns": "id name unit document verified status former aliases code",
        "units": [[u.short_name, u.authority, u.hotline or ""] for u in units],
        "documents": list(documents),
        "sounds": {char: characters[char] for char in sorted(used) if char in characters},
        "exceptions": exceptions(names, characters, catalogue.reference.readings),
        "simplified": "".join(old + new for old, new in SIMPLIFIED.items() if new in used),
        "schools": rows,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()

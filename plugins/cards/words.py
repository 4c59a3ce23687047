"""What a card says, and the name of its file, which depends on nothing else."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import astuple, dataclass
from typing import Final

from plugins.catalogue import Catalogue, School

DESIGN: Final = "4"
"""To be raised with every change of how cards look: their names change with it."""

SITE_NAME: Final = "全国技工院校招生宣传平台"


@dataclass(frozen=True, slots=True)
class CardWords:
    """`verified` is whether a document of the province confirms the school; `note` takes its place
    where a school is no longer what it was."""

    name: str
    place: str
    level: str
    verified: bool
    note: str


def words_of(catalogue: Catalogue, school: School) -> CardWords:
    province, city = catalogue.province_of(school).name, catalogue.city_of(school).name
    notes = {"active": "", "suspended": "已停止招生", "closed": "已停办"}
    return CardWords(
        school.name,
        city if city == province else f"{province} {city}",
        " · ".join(filter(None, (school.level, school.ownership))),
        school.verified,
        notes.get(school.status, "已并入别的学校"),
    )


def card_name(words: CardWords, font: str) -> str:
    """The path below the output; `font` is `font_key()`. Other words, other name."""
    key = repr((DESIGN, font, _pillow(), astuple(words)))
    return f"cards/{hashlib.sha256(key.encode()).hexdigest()[:20]}.png"


@functools.cache
def _pillow() -> str:
    """Another version may draw other pixels."""
    from PIL import __version__

    return __version__

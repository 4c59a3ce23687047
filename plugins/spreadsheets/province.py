"""The reporting unit that a person means, by whatever name they call it."""

from __future__ import annotations

from plugins.catalogue.problem import closest, shown
from plugins.catalogue.reference import Province, Reference
from plugins.spreadsheets.fault import WorkbookRefused


def find_province(reference: Reference, wanted: str) -> Province:
    """The unit whose slug, name, short name or one-character name is `wanted`.

    Raises WorkbookRefused with the nearest names where there is none.
    """
    word = wanted.strip()
    for unit in reference.provinces:
        if word.lower() in (unit.slug, unit.name, unit.short_name, unit.abbr):
            return unit
    names = [name for unit in reference.provinces for name in (unit.slug, unit.name)]
    short = [unit.short_name for unit in reference.provinces]
    inside = [unit.name for unit in reference.provinces if word and unit.short_name in word] or [
        near for near in (closest(word, names), closest(word, short)) if near
    ]
    hint = f"是不是想写“{'”或“'.join(inside)}”？" if inside else ""
    raise WorkbookRefused(
        f"没有叫“{shown(wanted)}”的报送单位。{hint}"
        f"可以写代号或名称，例如 zhejiang 或 浙江省；共 {len(reference.provinces)} 个，"
        "见 content/reference/provinces.csv。"
    )

"""`/levels/` and `/levels/<level-slug>/`: the three kinds of school, and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.catalogue.vocabulary import LEVELS
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.home import LevelCount, level_counts


class ProvinceCount(Struct, frozen=True):
    """Schools of one level in a province; `url` lists them."""

    name: str
    url: str
    schools: int


class Treatment(Struct, frozen=True):
    """The class that a graduate attended, and the degree whose benefits (待遇) apply."""

    training: str
    like: str


class TreatmentRule(Struct, frozen=True):
    """What the policy `levels-treatment` says. `rows` are empty where its words cannot be split;
    then `words` stand for themselves."""

    rows: tuple[Treatment, ...]
    words: str
    document: str
    number: str | None
    since: str | None
    source: str | None


class LevelView(Struct, frozen=True):
    name: str
    schools: int
    provinces: tuple[ProvinceCount, ...]
    levels: tuple[LevelCount, ...]


class LevelsView(Struct, frozen=True):
    levels: tuple[LevelCount, ...]
    treatment: TreatmentRule | None
    no_level: int


LEVELS_LINK = Link("三种学校", addresses.LEVELS)


def pages(catalogue: Catalogue) -> Iterator[Page]:
    counts = level_counts(catalogue)
    yield Page(
        url=addresses.LEVELS,
        template="levels.html",
        title="技工学校、高级技工学校、技师学院有什么不同",
        description=(
            "三种学校各培养什么，中级工、高级工、预备技师是什么，毕业享受什么待遇；待遇不是学历。"
        ),
        view=LevelsView(
            counts,
            treatment_rule(catalogue),
            sum(school.level is None for school in catalogue.schools),
        ),
        trail=(HOME_LINK,),
    )
    for level in LEVELS:
        found = [
            (province, sum(s.level == level for s in catalogue.schools_of_province[province.slug]))
            for province in catalogue.reference.provinces
        ]
        total = sum(number for _, number in found)
        yield Page(
            url=addresses.level(level),
            template="level.html",
            title=f"{level}：是什么学校，哪些地方有",
            description=f"什么是{level}，能学到哪一级；收录的 {total} 所{level}在哪些地方。",
            view=LevelView(
                level,
                total,
                tuple(
                    ProvinceCount(province.name, addresses.province_level(province, level), number)
                    for province, number in found
                    if number
                ),
                counts,
            ),
            trail=(HOME_LINK, LEVELS_LINK),
        )


def treatment_rule(catalogue: Catalogue) -> TreatmentRule | None:
    """What graduates are entitled to, from `aid_policies.csv`; None where that table lacks it.

    The row names its document as 同上: the full title stands in another row of the same number.
    """
    policies = catalogue.reference.aid_policies
    policy = next((policy for policy in policies if policy.id == "levels-treatment"), None)
    if policy is None:
        return None
    titles = [
        other.document
        for other in policies
        if other.doc_number == policy.doc_number
        and other.document
        and not other.document.startswith("同上")
    ]
    trainings = policy.policy.rpartition("：")[2].split("/")
    likes = re.fullmatch(r"分别按(.+)学历落实相关待遇", policy.amount)
    degrees = likes.group(1).split("/") if likes else []
    return TreatmentRule(
        rows=tuple(map(Treatment, trainings, degrees)) if len(trainings) == len(degrees) else (),
        words=f"{policy.policy}：{policy.amount}",
        document=titles[0] if titles else policy.document or "",
        number=policy.doc_number,
        since=policy.effective_from,
        source=policy.source,
    )

"""Checks that need more than one record: does the register agree with places, plans, profiles?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from plugins.catalogue.lookalike_names import foreign_character, skeleton
from plugins.catalogue.problem import ID_LIKENESS, Problem, Severity, did_you_mean, shown
from plugins.catalogue.read_yaml import Document, Value
from plugins.catalogue.reference import City, Reference
from plugins.catalogue.schema import Programme, School
from plugins.catalogue.vocabulary import Reason

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Row(Generic[Item]):
    """One row of a table as it was written, and the record it makes; None if it has faults.

    The checks here read the cells, so that a row with a faulty number is still told that its
    school is unknown.
    """

    record: Item | None
    cells: Mapping[str, str]
    province: str
    path: str
    line: int

    def cell(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def problem(self, code: str, message: str, fix: str, severity: Severity = "error") -> Problem:
        return Problem(self.path, self.line, code, severity, message, fix)


@dataclass(frozen=True, slots=True)
class Register:
    """The schools that may be shown, by id, and the province of every id that has a row.

    A row with a fault has no school but keeps its id: its plan and its profile are not wrong
    because of it.
    """

    schools: Mapping[str, School]
    province_of_id: Mapping[str, str]

    def ids_of(self, province: str) -> list[str]:
        return [school_id for school_id, unit in self.province_of_id.items() if unit == province]


def check_register(
    rows: list[Row[School]], reference: Reference, problems: list[Problem]
) -> Register:
    """All registers as one. Faulty rows are reported to `problems`.

    A row with any fault is kept out, because a page must never show a school in a place that does
    not exist, or under the address of another.
    """
    by_id: dict[str, Row[School]] = {}
    by_name: dict[str, Row[School]] = {}
    by_skeleton: dict[str, Row[School]] = {}
    schools: dict[str, School] = {}
    cities = {
        slug: {city.code: city for city in reference.cities_of(reference.province_by_slug[slug])}
        for slug in {row.province for row in rows}
    }
    for row in rows:
        faults = list(_place_faults(row, reference, cities[row.province]))
        school_id, name = row.cell("school_id"), row.cell("name")
        if other := by_id.get(school_id):
            faults.append(
                row.problem(
                    "register-duplicate-id",
                    f"编号“{shown(school_id)}”已经用于“{shown(other.cell('name'))}”"
                    f"（{other.path} 第 {other.line} 行）",
                    "每所学校一个编号，全国不重复；给这一所另取一个",
                )
            )
        if other := by_name.get(name):
            faults.append(
                row.problem(
                    "register-duplicate-name",
                    f"校名“{shown(name)}”已经在 {other.path} 第 {other.line} 行",
                    "同一所学校只留一行；确是两所同名学校的，校名写全称以示区别",
                )
            )
        elif other := by_skeleton.get(skeleton(name)):
            faults.append(
                row.problem(
                    "register-lookalike-name",
                    f"校名“{shown(name)}”和“{shown(other.cell('name'))}”看起来一样"
                    f"（{other.path} 第 {other.line} 行）",
                    "对照批准文件逐字核对；是同一所学校就只留一行",
                )
            )
        faults += _name_faults(row, name)
        if school_id:
            by_id.setdefault(school_id, row)
        if name:
            by_name.setdefault(name, row)
            by_skeleton.setdefault(skeleton(name), row)
        problems += faults
        if row.record is not None and not faults:
            schools[row.record.school_id] = row.record
    problems += _borrowed_names(rows, by_skeleton)
    for row in rows:
        kind, _, target = row.cell("status").partition(":")
        if kind != "merged":
            continue
        if target in by_id and by_id[target].cell("status").startswith("merged:"):
            problems.append(
                row.problem(
                    "register-merge-not-final",
                    f"并入的学校“{shown(target)}”自己也已并入别的学校",
                    "写最后存在的那所学校的编号",
                )
            )
        elif target not in by_id:
            problems.append(
                row.problem(
                    "register-unknown-merge",
                    f"并入的学校“{shown(target)}”不在名册里",
                    did_you_mean(target, by_id, ID_LIKENESS) or "写合并后学校的编号",
                )
            )
    return Register(schools, {school_id: row.province for school_id, row in by_id.items()})


def _name_faults(row: Row[School], name: str) -> Iterator[Problem]:
    if odd := foreign_character(name):
        yield row.problem(
            "register-odd-character",
            f"校名里的“{shown(odd)}”（U+{ord(odd):04X}）不是汉字、字母或数字",
            "对照批准文件，把这个字重新打一遍；括号用（）",
        )


def _borrowed_names(
    rows: list[Row[School]], by_skeleton: Mapping[str, Row[School]]
) -> Iterator[Problem]:
    """Aliases that are another school's name: who looks for that one would find this one."""
    for row in rows:
        for alias in re.split("[;；]", row.cell("aliases")):
            other = by_skeleton.get(skeleton(alias)) if alias.strip() else None
            if other and other.cell("school_id") != row.cell("school_id"):
                yield row.problem(
                    "register-borrowed-name",
                    f"别名“{shown(alias.strip())}”是另一所学校的校名"
                    f"（{other.path} 第 {other.line} 行）",
                    "别名只写自己的简称；已经合并的，写在 former_names 里",
                    "warning",
                )


def _place_faults(
    row: Row[School], reference: Reference, cities: Mapping[str, City]
) -> Iterator[Problem]:
    province = reference.province_by_slug[row.province]
    examples = "、".join(f"{city.name} {city.code}" for city in list(cities.values())[:4])
    city_code, county_code = row.cell("city_code"), row.cell("county_code")
    if not re.fullmatch("[0-9]{6}", city_code):
        return  # the schema has said so
    if city_code not in reference.cities:
        county = reference.counties.get(city_code)
        yield row.problem(
            "register-unknown-city",
            f"没有代码是“{city_code}”的市",
            f"{county.name}是县区，city_code 写 {county.city_code}"
            if county
            else f"{province.name}的市例如：{examples}",
        )
    elif city_code not in cities:
        yield row.problem(
            "register-city-outside-province",
            f"{reference.cities[city_code].name}（{city_code}）不在{province.name}",
            f"{province.name}的市例如：{examples}",
        )
    if not re.fullmatch("[0-9]{6}", county_code):
        return
    county = reference.counties.get(county_code)
    if county is None:
        yield row.problem(
            "register-unknown-county",
            f"没有代码是“{county_code}”的县区",
            "对照 reference/divisions.csv；不知道就留空",
        )
    elif county.city_code != city_code and city_code in cities:
        yield row.problem(
            "register-county-outside-city",
            f"{county.name}（{county.code}）不在{cities[city_code].name}",
            f"county_code 和 city_code 要对得上；{county.name}的 city_code 是 {county.city_code}",
        )


def check_plans(
    rows: list[Row[Programme]],
    register: Register,
    reference: Reference,
    problems: list[Problem],
) -> list[Programme]:
    """The programmes of known schools. Unknown majors are warned of and kept."""
    kept = []
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        school_id, major, programme = row.cell("school_id"), row.cell("major"), row.record
        if school_id and register.province_of_id.get(school_id) != row.province:
            problems.append(
                row.problem(
                    "plan-unknown-school",
                    f"名册里没有编号是“{shown(school_id)}”的学校",
                    did_you_mean(school_id, register.ids_of(row.province), ID_LIKENESS)
                    or "先在同一个省的 schools.csv 里加上这所学校",
                )
            )
        if major and reference.canonical_major(major) is None:
            problems.append(
                row.problem(
                    "plan-unknown-major",
                    f"专业表里没有“{shown(major)}”",
                    did_you_mean(major, reference.major_by_name)
                    or "核对专业名称；确是新专业的，请在 reference/majors.csv 里加一行",
                    "warning",
                )
            )
        if programme is None:
            continue
        reversed_dates = (
            programme.open_from and programme.open_to and programme.open_from > programme.open_to
        )
        if reversed_dates:
            problems.append(
                row.problem(
                    "plan-dates-reversed",
                    f"报名开始（{programme.open_from}）晚于截止（{programme.open_to}）",
                    "核对 open_from 和 open_to",
                )
            )
        if (programme.open_from is None) != (programme.open_to is None):
            problems.append(
                row.problem(
                    "plan-half-dated",
                    "报名的开始和截止日期只写了一个，页面不会显示",
                    "open_from 和 open_to 都写上，或都空着",
                    "warning",
                )
            )
        if any(fee is not None for fee in programme.tuition_after_end):
            problems.append(
                row.problem(
                    "plan-tuition-after-end",
                    f"学制 {programme.duration_years:g} 年，后面的学年还写了学费",
                    "核对 duration_years 和各学年的学费",
                    "warning",
                )
            )
        identity = (
            programme.school_id, programme.year, programme.major, programme.direction,
            programme.training_level, programme.entry, programme.entry_note,
            programme.duration_years, programme.campus,
        )  # fmt: skip
        if identity in seen:
            problems.append(
                row.problem(
                    "plan-duplicate-row",
                    f"和第 {seen[identity]} 行是同一个专业、层次和招生对象",
                    "合成一行；确是两个班的，用 direction 或 campus 区别开",
                    "warning",
                )
            )
        seen.setdefault(identity, row.line)
        if school_id in register.schools and not reversed_dates:
            kept.append(programme)
    return kept


def check_profile(path: str, document: Document, photos: Collection[str]) -> Iterator[Problem]:
    """Rules between the declared facts of one profile, and between it and its folder.

    `photos` are the names of the usable photos beside the profile. Reads the values as they were
    written, so that a fault elsewhere in the profile hides nothing.
    """
    employment = document.value.get("employment")
    if isinstance(employment, dict):
        yield from _employment_faults(path, document, employment)
    yield from _photo_faults(path, document, photos)


def _employment_faults(
    path: str, document: Document, employment: Mapping[str, Value]
) -> Iterator[Problem]:
    missing = [key for key in ("cohort_year", "source") if not employment.get(key)]
    for name in ("rate", "salary_p25", "salary_p50", "salary_p75"):
        value = employment.get(name)
        if value and not (isinstance(value, str) and value in set(Reason)) and missing:
            yield Problem(
                path,
                document.line(("employment", name)),
                f"profile-unsourced-employment-{name.replace('_', '-')}",
                "error",
                f"employment 的 {name} 写了“{shown(value)}”，却没有写 {' 和 '.join(missing)}",
                "补上 cohort_year（哪一届毕业生）和 source（哪里公布的）；没有依据就删掉这个数字",
            )
    by_major = employment.get("by_major")
    for index, entry in enumerate(by_major if isinstance(by_major, list) else ()):
        rate = entry.get("rate") if isinstance(entry, dict) else None
        if rate and not (isinstance(rate, str) and rate in set(Reason)) and missing:
            yield Problem(
                path,
                document.line(("employment", "by_major", index, "rate")),
                "profile-unsourced-employment-by-major",
                "error",
                f"专业的就业率写了“{shown(rate)}”，却没有写 {' 和 '.join(missing)}",
                "补上 cohort_year（哪一届毕业生）和 source（哪里公布的）；没有依据就删掉这个数字",
            )
    salaries = [employment.get(f"salary_p{part}") for part in (25, 50, 75)]
    numbers = [int(value) for value in salaries if isinstance(value, str) and value.isdecimal()]
    if numbers != sorted(numbers):
        yield Problem(
            path,
            document.line(("employment", "salary_p25")),
            "profile-salaries-not-ascending",
            "error",
            "月薪的三个数应当从小到大",
            "核对 salary_p25、salary_p50、salary_p75",
        )


def _photo_faults(path: str, document: Document, photos: Collection[str]) -> Iterator[Problem]:
    declared: set[str] = set()
    entries = document.value.get("photos")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        file = entry.get("file") if isinstance(entry, dict) else None
        if not isinstance(file, str) or not file:
            continue
        line = document.line(("photos", index, "file"))
        if file in declared:
            yield Problem(
                path, line, "photo-declared-twice", "error",
                f"照片“{shown(file)}”写了两次", "只留一项",
            )  # fmt: skip
        elif file not in photos:
            yield Problem(
                path, line, "photo-not-found", "error",
                f"文件夹里没有可用的照片“{shown(file)}”",
                did_you_mean(file, photos) or "把照片放到 profile.md 旁边，或删掉这一项",
            )  # fmt: skip
        declared.add(file)
    folder = path.rpartition("/")[0]
    for name in sorted(set(photos) - declared):
        yield Problem(
            f"{folder}/{name}", 1, "photo-not-declared", "error", f"照片“{name}”没有写说明",
            f"在 profile.md 的 photos 里加一项：file: {name}，alt: 用一句话说照片里有什么",
        )  # fmt: skip

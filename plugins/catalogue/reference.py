"""The reference tables every register and plan is checked against: provinces, places, majors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel

from plugins.catalogue.aid import AidPolicy, AidRule, AidWords, check_aid
from plugins.catalogue.check_record import at_line, check_record
from plugins.catalogue.fields import (
    DivisionCode,
    Phone,
    Slug,
    calendar_year,
    names,
    one_of,
    text,
    whole,
)
from plugins.catalogue.priority import PriorityArea, PriorityScheme, area_key, check_priority
from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.read_csv import read_csv
from plugins.catalogue.schema import Record, declare
from plugins.catalogue.vocabulary import ENTRIES, LEVELS, OWNERSHIPS, TRAINING_LEVELS

Model = TypeVar("Model", bound=BaseModel)

BINGTUAN: Final = "66"
"""新疆生产建设兵团 reports like a province but is no administrative division; its schools may
stand in any city of 新疆."""


class Province(Record):
    """One of the 32 reporting units."""

    code: Annotated[str, text(2)] = declare("代码", required=True)
    division_code: DivisionCode | None = declare("行政区划代码")
    name: Annotated[str, text(20)] = declare("名称", required=True)
    short_name: Annotated[str, text(6)] = declare("简称", required=True)
    abbr: Annotated[str, text(2)] = declare("一字简称", required=True)
    slug: Slug = declare("地址里的名称", required=True)
    region: Annotated[str, text(4)] = declare("大区", required=True)
    iso_code: Annotated[str, text(8)] | None = declare("ISO 3166-2")
    capital: Annotated[str, text(20)] | None = declare("省会或首府")
    tile_row: Annotated[int, whole(1, 20, "行")] = declare("格图行", required=True)
    tile_col: Annotated[int, whole(1, 20, "列")] = declare("格图列", required=True)
    authority: Annotated[str, text(40)] = declare("报送部门", required=True)
    neighbours: Annotated[tuple[str, ...], names(30)] = declare("相邻的报送单位", default=())
    hotline: Phone | None = declare("咨询电话", "报送部门自己公布的；不知道就空着，不要猜")

    @property
    def division_prefix(self) -> str:
        """First two digits of the division codes in which its schools may stand."""
        return "65" if self.code == BINGTUAN else self.code


class GreyTile(Record):
    """A tile of the map that is no reporting unit."""

    name: Annotated[str, text(20)] = declare("名称", required=True)
    short_name: Annotated[str, text(6)] = declare("简称", required=True)
    tile_row: Annotated[int, whole(1, 20, "行")] = declare("格图行", required=True)
    tile_col: Annotated[int, whole(1, 20, "列")] = declare("格图列", required=True)


class Category(Record):
    """A category of majors."""

    code: Annotated[str, text(2)] = declare("代码", required=True)
    name: Annotated[str, text(20)] = declare("名称", required=True)
    slug: Slug = declare("地址里的名称", required=True)
    basis: Annotated[str, text(200)] | None = declare("依据")


class Major(Record):
    """A name of a major as plans write it; a variant folds into the major it varies."""

    slug: Slug = declare("地址里的名称", required=True)
    name: Annotated[str, text(60)] = declare("专业", required=True)
    category_code: Annotated[str, text(2)] = declare("大类代码", required=True)
    variant_of: Annotated[str, text(60)] | None = declare("是哪个专业的异写")
    variant_direction: Annotated[str, text(60)] | None = declare("异写所指的方向")
    basis: Annotated[str, text(200)] | None = declare("依据")


SEARCH_WORD_KINDS: Final = ("同义", "筛选", "略去", "说明")
"""What a row of `synonyms.csv` says of its word: search for other words too; a filter; nothing
that tells schools apart; a question that the data cannot answer."""


class SearchWord(Record):
    """A word that students type. `means`: for 同义 what schools write, separated by “;”; for 筛选
    `组=值`, such as `招生对象=初中`; for 说明 the sentence that answers; empty for 略去."""

    word: Annotated[str, text(20)] = declare("学生会用的词", required=True)
    kind: Annotated[str, one_of(SEARCH_WORD_KINDS)] = declare("怎样用", required=True)
    means: Annotated[str, text(120)] | None = declare("指什么")


class Reading(Record):
    """How a word is read where a pinyin library would be wrong or might change its mind."""

    word: Annotated[str, text(20)] = declare("词", required=True)
    reading: Annotated[str, text(60)] = declare("拼音，音节之间空一格，不标声调", required=True)


class NationalFigure(Record):
    """A count of the whole country, in the words of its source; never this site's own count."""

    id: Slug = declare("编号", required=True)
    title: Annotated[str, text(20)] = declare("名称", required=True)
    value: Annotated[str, text(12)] = declare("数", "照来源的写法", required=True)
    unit: Annotated[str, text(8)] = declare("单位", required=True)
    year: Annotated[int, calendar_year()] = declare("年份", required=True)
    as_of: Annotated[str, text(20)] = declare("时点或时段", "例如 2024 年末", required=True)
    owner: Annotated[str, text(40)] = declare("谁的统计", required=True)
    source: Annotated[str, text(200)] = declare("从哪里看到", required=True)


@dataclass(frozen=True, slots=True, order=True)
class City:
    """A prefecture, a municipality, or a county that stands directly under its province.

    `code` is the division code that registers write in `city_code`; `name` is the official name.
    """

    code: str
    name: str

    @property
    def short_name(self) -> str:
        """The name as people say it: 杭州 for 杭州市; long names of 州 and 盟 stay whole."""
        for ending in ("市", "地区", "盟"):
            if self.name.endswith(ending) and len(self.name) > len(ending) + 1:
                return self.name.removesuffix(ending)
        return self.name


@dataclass(frozen=True, slots=True, order=True)
class County:
    code: str
    name: str
    city_code: str


@dataclass(frozen=True)
class Reference:
    """All reference tables, each in its file's order unless said otherwise."""

    provinces: tuple[Province, ...]
    grey_tiles: tuple[GreyTile, ...]
    categories: tuple[Category, ...]
    majors: tuple[Major, ...]
    cities: Mapping[str, City]
    counties: Mapping[str, County]
    search_words: tuple[SearchWord, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    aid_policies: tuple[AidPolicy, ...] = ()
    aid_words: tuple[AidWords, ...] = ()
    aid_rules: tuple[AidRule, ...] = ()
    national_figures: tuple[NationalFigure, ...] = ()
    priority_schemes: tuple[PriorityScheme, ...] = ()
    priority_areas: tuple[PriorityArea, ...] = ()

    @cached_property
    def province_by_slug(self) -> Mapping[str, Province]:
        return {province.slug: province for province in self.provinces}

    @cached_property
    def major_by_name(self) -> Mapping[str, Major]:
        return {major.name: major for major in self.majors}

    @cached_property
    def category_by_code(self) -> Mapping[str, Category]:
        return {category.code: category for category in self.categories}

    def canonical_major(self, name: str) -> Major | None:
        """The major that a plan's `name` means, variants folded; None when it is not known."""
        return self._canonical.get(name)

    @cached_property
    def _canonical(self) -> Mapping[str, Major]:
        names = self.major_by_name
        return {name: names.get(major.variant_of or "", major) for name, major in names.items()}

    @cached_property
    def counties_of_city(self) -> Mapping[str, tuple[County, ...]]:
        """Counties by the code of their city, in code order. A city that has no counties has
        itself, so that everybody's place is found one step below a city."""
        groups: dict[str, list[County]] = {code: [] for code in self.cities}
        for _, county in sorted(self.counties.items()):
            groups[county.city_code].append(county)
        return {
            code: tuple(group) or (County(code, self.cities[code].name, code),)
            for code, group in groups.items()
        }

    @cached_property
    def codes_of_name(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the provinces, cities and counties that bear a full name."""
        codes: dict[str, set[str]] = {}
        for province in self.provinces:
            if province.division_code:
                codes.setdefault(province.name, set()).add(province.division_code)
        places: tuple[City | County, ...] = (*self.cities.values(), *self.counties.values())
        for place in places:
            codes.setdefault(place.name, set()).add(place.code)
        return {name: tuple(sorted(found)) for name, found in sorted(codes.items())}

    def area_key(self, wording: str) -> str | None:
        """The scheme or division that an entry of a profile's `areas` means."""
        return area_key(wording, self.priority_schemes, self.codes_of_name)

    def cities_of(self, province: Province) -> tuple[City, ...]:
        """Every city in which a school of `province` may stand, in code order."""
        return tuple(
            city
            for code, city in sorted(self.cities.items())
            if code.startswith(province.division_prefix)
        )


MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})
"""Division prefixes of 北京, 天津, 上海 and 重庆, which have no prefectures."""

_DIVISION_COLUMNS = (
    "province_code",
    "province_name",
    "city_code",
    "city_name",
    "county_code",
    "county_name",
    "note",
)


def load_reference(folder: Path, today: dt.date) -> tuple[Reference, list[Problem]]:
    """Read `reference/` inside the content folder `folder`."""
    problems: list[Problem] = []

    def table(name: str, model: type[Model]) -> tuple[Model, ...]:
        columns = tuple(model.model_fields)
        required = [key for key, field in model.model_fields.items() if field.is_required()]
        path = f"reference/{name}"
        rows, found = read_csv(folder / "reference" / name, path, columns, required)
        problems.extend(found)
        records = []
        for row in rows:
            record, found = check_record(
                model,
                row.cells,
                kind="reference",
                path=path,
                line_of=at_line(row.line),
                today=today,
            )
            problems.extend(found)
            if record is not None:
                records.append(record)
        return tuple(records)

    def optional(name: str, model: type[Model]) -> tuple[Model, ...]:
        return table(name, model) if (folder / "reference" / name).exists() else ()

    provinces = table("provinces.csv", Province)
    grey_tiles = table("grey_tiles.csv", GreyTile)
    categories = table("major_categories.csv", Category)
    majors = table("majors.csv", Major)
    rows, found = read_csv(
        folder / "reference" / "divisions.csv",
        "reference/divisions.csv",
        _DIVISION_COLUMNS,
        _DIVISION_COLUMNS,
    )
    problems += found
    cities, counties = _places([row.cells for row in rows])
    search_words = optional("synonyms.csv", SearchWord)
    readings = optional("readings.csv", Reading)
    policies = optional("aid_policies.csv", AidPolicy)
    aid_words = optional("aid_words.csv", AidWords)
    aid_rules = optional("aid_rules.csv", AidRule)
    national_figures = optional("national_figures.csv", NationalFigure)
    priority_schemes = optional("priority_schemes.csv", PriorityScheme)
    priority_areas = optional("priority_areas.csv", PriorityArea) if priority_schemes else ()
    reference = Reference(
        provinces,
        grey_tiles,
        categories,
        majors,
        cities,
        counties,
        search_words,
        {row.word: row.reading for row in readings},
        policies,
        aid_words,
        aid_rules,
        national_figures,
        priority_schemes,
        priority_areas,
    )
    problems += _cross_check(reference)
    problems += check_search_words(search_words)
    problems += check_readings(readings)
    problems += check_aid(policies, aid_words, aid_rules)
    places = {
        county.code: county.name
        for group in reference.counties_of_city.values()
        for county in group
    }
    codes = {unit.division_code: unit.slug for unit in provinces if unit.division_code}
    problems += check_priority(priority_schemes, priority_areas, places, codes)
    return reference, problems


def _places(rows: list[dict[str, str]]) -> tuple[dict[str, City], dict[str, County]]:
    cities: dict[str, City] = {}
    counties: dict[str, County] = {}
    for row in rows:
        province, county = row["province_code"], row.get("county_code", "")
        if code := row.get("city_code", ""):
            cities[code] = City(code, row["city_name"])
        elif province[:2] in MUNICIPALITIES:
            code = province
            cities[code] = City(code, row["province_name"])
        else:
            code = county
            cities[code] = City(code, row["county_name"])
        if county:
            counties[county] = County(county, row["county_name"], code)
    return dict(sorted(cities.items())), dict(sorted(counties.items()))


SEARCH_FILTERS: Final = {
    "办学层次": ("level", LEVELS),
    "办学性质": ("ownership", OWNERSHIPS),
    "培养层次": ("training", TRAINING_LEVELS),
    "招生对象": ("entry", ENTRIES),
    "今年招生": ("enrolling", ("是",)),
    "住宿": ("boarding", ("是",)),
    "已核验": ("verified", ("是",)),
    "优先招生": ("priority", ("是",)),
}
"""What a 筛选 row of `synonyms.csv` may name: its group of filters and that group's values."""


def filter_of(word: SearchWord) -> tuple[str, str] | None:
    """The (group, value) that a 筛选 row names; None for other rows and for an unknown filter."""
    title, _, value = (word.means or "").partition("=")
    group, values = SEARCH_FILTERS.get(title, ("", ()))
    return (group, value) if word.kind == "筛选" and value in values else None


def check_search_words(words: tuple[SearchWord, ...]) -> list[Problem]:
    """Rows that say nothing, name an unknown filter, or tell of one word twice."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for line, row in enumerate(words, start=2):

        def error(code: str, message: str, fix: str, line: int = line) -> None:
            problems.append(Problem("reference/synonyms.csv", line, code, "error", message, fix))

        word = shown(row.word)
        if row.word in seen:
            error(
                "reference-duplicate-search-word",
                f"“{word}”有两行",
                "合成一行；几个同义词用“;”隔开",
            )
        seen.add(row.word)
        if row.kind != "略去" and not row.means:
            error(
                "reference-search-word-without-meaning",
                f"“{word}”没有写指什么",
                "在 means 里写上；不需要的话把 kind 改成 略去",
            )
        elif row.kind == "筛选" and row.means and filter_of(row) is None:
            title, _, value = row.means.partition("=")
            options = SEARCH_FILTERS[title][1] if title in SEARCH_FILTERS else SEARCH_FILTERS
            error(
                "reference-unknown-filter",
                f"“{word}”的筛选“{shown(row.means)}”不存在",
                did_you_mean(value if title in SEARCH_FILTERS else title, options)
                or f"写成“组=值”；这里可用的有：{'、'.join(options)}",
            )
    return problems


def check_readings(readings: tuple[Reading, ...]) -> list[Problem]:
    """A reading has one syllable for each character of its word."""
    return [
        Problem(
            "reference/readings.csv",
            line,
            "reference-reading-length",
            "error",
            f"“{shown(row.word)}”有 {len(row.word)} 个字，拼音有 {len(row.reading.split())} 个音节",
            "每个字一个音节，音节之间空一格",
        )
        for line, row in enumerate(readings, start=2)
        if len(row.reading.split()) != len(row.word)
    ]


def _cross_check(reference: Reference) -> list[Problem]:
    problems: list[Problem] = []
    by_name = reference.major_by_name
    for line, major in enumerate(reference.majors, start=2):
        target = by_name.get(major.variant_of or major.name)
        if target is None or (major.variant_of and target.variant_of):
            problems.append(
                Problem(
                    "reference/majors.csv",
                    line,
                    "reference-unknown-variant",
                    "error",
                    f"“{major.name}”归入的“{major.variant_of}”不是一个主专业",
                    "variant_of 要写表里另一行的专业名，而且那一行自己不是异写",
                )
            )
        if major.category_code not in reference.category_by_code:
            problems.append(
                Problem(
                    "reference/majors.csv",
                    line,
                    "reference-unknown-category",
                    "error",
                    f"没有代码是“{major.category_code}”的大类",
                    "对照 major_categories.csv",
                )
            )
    return problems

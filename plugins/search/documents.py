"""What the search engine is told about each school and word: the adapter from the catalogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Final

from plugins import addresses
from plugins.catalogue import Catalogue, County, Plan, Profile, Programme, Province, School
from plugins.catalogue.reference import BINGTUAN, Reference, filter_of
from plugins.catalogue.vocabulary import ENTRIES, LEVELS, OWNERSHIPS, TRAINING_LEVELS
from plugins.search.document import Programme as ShownProgramme
from plugins.search.document import SearchDocument
from plugins.search.lexicon import Lexicon, Place, Value
from plugins.search.part import Part, part_of
from plugins.search.readings import character_readings, exceptions, reading
from plugins.search.sounds import sound_text
from plugins.search.tokens import runs

_MARKUP = re.compile(r"\]\([^)]*\)|\[来源[0-9]+\]|[#*_`>|\[\]]")

Read = Callable[[str], tuple[str, ...]]
"""The syllables of a name."""

YES: Final = "是"
_FLAG_LABELS = {
    "enrolling": "今年招生",
    "boarding": "可以住宿",
    "verified": "已由主管部门核验",
    "priority": "有优先招生",
    "free": "有学费为 0 元的专业",
}
# What is left of a county's name when people say it: 景宁畲族自治县 is 景宁, 萧山区 is 萧山.
_PEOPLES = (
    "各族", "多民族", "蒙古族", "蒙古", "回族", "藏族", "维吾尔", "苗族", "彝族", "壮族", "布依族",
    "朝鲜族", "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "哈萨克", "傣族",
    "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族", "东乡族", "纳西族", "柯尔克孜", "土族",
    "达斡尔族", "羌族", "撒拉族", "毛南族", "仡佬族", "锡伯", "普米族", "塔吉克", "怒族", "独龙族",
    "裕固族", "保安族", "仫佬族", "布朗族",
)  # fmt: skip
_AUTONOMOUS = re.compile(f"(?:{'|'.join(_PEOPLES)})+自治[县州旗]$")


def search_documents(catalogue: Catalogue) -> tuple[SearchDocument, ...]:
    """One document a school, by school_id, from the register, the newest plan and the profile."""
    read = _reader(catalogue)
    return tuple(_document(catalogue, school, read) for school in catalogue.schools)


def province_part(catalogue: Catalogue, slug: str, cache_dir: Path) -> Part:
    """The schools of one province; `cache_dir` keeps what is counted of them."""
    schools, read = catalogue.schools_of_province[slug], _reader(catalogue)
    documents = (_document(catalogue, school, read) for school in schools)
    return part_of(documents, cache_dir, _phrases(catalogue.reference))


def _phrases(reference: Reference) -> frozenset[str]:
    """The `indexed_phrases` of every lexicon that has these reference tables."""
    return Lexicon(synonyms=_synonyms(reference), names=_major_names(reference)).indexed_phrases


def _synonyms(reference: Reference) -> dict[str, tuple[str, ...]]:
    synonyms = {
        row.word: tuple(part.strip() for part in (row.means or "").split(";") if part.strip())
        for row in reference.search_words
        if row.kind == "同义"
    }
    for major in reference.majors:
        if major.variant_of:
            synonyms.setdefault(major.name, (major.variant_of,))
    return synonyms


def _major_names(reference: Reference) -> tuple[str, ...]:
    return tuple(major.name for major in reference.majors)


def search_lexicon(catalogue: Catalogue) -> Lexicon:
    """What the words of a query can mean: all provinces and cities, the counties that have a
    school, the majors on offer, and the tables that editors keep."""
    places = tuple(_places(catalogue))
    words: dict[str, tuple[Value, ...]] = {}
    synonyms = _synonyms(catalogue.reference)
    notes: dict[str, str] = {}
    ignored: list[str] = []
    for row in catalogue.reference.search_words:
        means = row.means or ""
        if row.kind == "筛选":
            value = filter_of(row)
            words |= {row.word: (value,)} if value else {}
        elif row.kind == "说明":
            notes[row.word] = means
        elif row.kind != "同义":
            ignored.append(row.word)
    offered = Counter(
        major.name for majors in catalogue.majors_of_school.values() for major in majors
    )
    majors = tuple(sorted(offered, key=lambda name: (-offered[name], name)))
    spoken = [
        *(name for place in places for name in (place.name, place.short)),
        *words,
        *majors,
        *synonyms,
    ]
    han = [word for word in dict.fromkeys(spoken) if all(run.han for run in runs(word))]
    characters = character_readings(han)
    return Lexicon(
        places=places,
        values=_values(catalogue),
        majors=majors,
        words=words,
        synonyms=synonyms,
        ignored=tuple(ignored),
        notes=notes,
        characters=characters,
        exceptions=exceptions(han, characters, catalogue.reference.readings),
        names=_major_names(catalogue.reference),
    )


def short_county(name: str) -> str:
    """The county as people say it; the name itself where less would say too little."""
    shorter = _AUTONOMOUS.sub("", name)
    if shorter == name and name.endswith(("县", "区", "市", "旗")):
        shorter = name[:-1]
    return shorter if len(shorter) > 1 else name


def _values(catalogue: Catalogue) -> dict[str, tuple[tuple[str, str], ...]]:
    lists = {
        "level": LEVELS,
        "ownership": OWNERSHIPS,
        "category": tuple(category.name for category in catalogue.reference.categories),
        "training": TRAINING_LEVELS,
        "entry": ENTRIES,
    }
    labels = {"training": "培养{}", "entry": "招收{}毕业生"}
    values = {
        group: tuple((word, labels.get(group, "{}").format(word)) for word in words)
        for group, words in lists.items()
    }
    values["entry"] = tuple(
        (word, "招收其他对象" if word == "其他" else label) for word, label in values["entry"]
    )
    return values | {group: ((YES, label),) for group, label in _FLAG_LABELS.items()}


def _places(catalogue: Catalogue) -> Iterable[Place]:
    reference = catalogue.reference
    counties: dict[tuple[str, str], set[str]] = {}
    for school in catalogue.schools:
        county = catalogue.county_of(school)
        counties.setdefault((school.province, school.city_code), set()).update(
            [county.name] if county else []
        )
    position = 0
    for province in reference.provinces:
        yield Place(
            "province",
            province.slug,
            province.name,
            _beginning(province.short_name, province.name),
            -1,
            province.neighbours,
        )
        at_province = position
        position += 1
        for city in reference.cities_of(province):
            here = counties.get((province.slug, city.code))
            if here is None and province.code == BINGTUAN:
                # Its schools stand in the cities of 新疆, which are listed there.
                continue
            short = _beginning(city.short_name, city.name)
            yield Place("city", city.code, city.name, short, at_province)
            at_city = position
            position += 1
            for name in sorted(here or ()):
                yield Place("county", name, name, short_county(name), at_city)
                position += 1


def _beginning(short: str, name: str) -> str:
    return short if name.startswith(short) else name


def _reader(catalogue: Catalogue) -> Read:
    """`reading`, which remembers: most schools name the same places."""
    return cache(partial(reading, known=catalogue.reference.readings))


def _document(catalogue: Catalogue, school: School, read: Read) -> SearchDocument:
    province = catalogue.province_of(school)
    city = catalogue.city_of(school)
    county = catalogue.county_of(school)
    profile = catalogue.profiles.get(school.school_id)
    plan = catalogue.newest_plan(school)
    majors: dict[str, None] = {}
    for row in plan.programmes if plan else ():
        canonical = catalogue.reference.canonical_major(row.major)
        for word in (canonical.name if canonical else None, row.major, row.direction):
            if word:
                majors.setdefault(word)
    employment = profile.facts.employment if profile else None
    places = [province.name, province.short_name, city.name, city.short_name]
    if county:
        places.append(county.name)
    names = (school.name, *school.former_names, *school.aliases)
    spoken = [*names, province.short_name, city.short_name]
    if county:
        spoken.append(short_county(county.name))
    fields = {
        "name": (school.name,),
        "aliases": (*school.former_names, *school.aliases),
        "place": tuple(dict.fromkeys(places)),
        "level": (school.level,) if school.level else (),
        "ownership": (school.ownership,) if school.ownership else (),
        "majors": tuple(majors),
        "sound": tuple(dict.fromkeys(sound_text(read(name)) for name in spoken)),
        "employers": employment.employers if employment else (),
        "honours": tuple(honour.name for honour in profile.facts.honours) if profile else (),
        "text": _story(profile) if profile else (),
    }
    shown = dict.fromkeys([province.short_name, city.name, *([county.name] if county else [])])
    return SearchDocument(
        school_id=school.school_id,
        name=school.name,
        place=" ".join(shown),
        level=_level_shown(school),
        verified=school.verified,
        url=addresses.school(school),
        fields={name: values for name, values in fields.items() if values},
        facets=_facets(catalogue, school, province, county, profile),
        seats=plan.seats if plan else 0,
        sort_name=" ".join(read(school.name)),
        programmes=_programmes(catalogue, plan) if plan else (),
    )


def _programmes(catalogue: Catalogue, plan: Plan) -> tuple[ShownProgramme, ...]:
    """The plan's seats by major and direction, most first; a variant's under its major."""
    seats: Counter[tuple[str, str]] = Counter()
    for row in plan.programmes:
        major = catalogue.reference.canonical_major(row.major)
        seats[major.name if major else row.major, row.direction or ""] += row.seats
    ordered = sorted(seats, key=lambda offered: (-seats[offered], offered))
    return tuple(ShownProgramme(*offered, seats[offered], plan.year) for offered in ordered)


def _facets(
    catalogue: Catalogue,
    school: School,
    province: Province,
    county: County | None,
    profile: Profile | None,
) -> Mapping[str, tuple[str, ...]]:
    """What is known of the school; nothing is guessed, so a school without a plan has no entry
    and no major. 住宿 is known from a published fee or from a campus that says so."""
    plan = catalogue.newest_plan(school)
    rows = plan.programmes if plan else ()
    majors = catalogue.majors_of_school[school.school_id]
    categories = catalogue.reference.category_by_code
    campuses = profile.facts.campuses if profile else ()
    enrolling = plan is not None and not catalogue.is_past(plan) and school.status == "active"
    boarding = any(row.boarding_fee is not None for row in rows) or any(
        campus.boarding is True for campus in campuses
    )
    found: dict[str, Iterable[str]] = {
        "province": [province.slug],
        "city": [school.city_code],
        "county": [county.name] if county else [],
        "level": [school.level] if school.level else [],
        "ownership": [school.ownership] if school.ownership else [],
        "category": sorted({categories[major.category_code].name for major in majors}),
        "training": sorted({row.training_level for row in rows}),
        "entry": sorted({row.entry for row in rows}),
        "enrolling": [YES] if enrolling else [],
        "boarding": [YES] if boarding else [],
        "verified": [YES] if school.verified else [],
        "priority": [YES] if profile and profile.facts.priority_enrolment else [],
        "free": [YES] if any(_is_free(row) for row in rows) else [],
        "major": sorted(major.name for major in majors),
    }
    return {group: tuple(values) for group, values in found.items() if values}


def _is_free(row: Programme) -> bool:
    """Whether the plan states a tuition of 0 yuan for every year of the programme."""
    return all(fee == 0 for fee in row.tuition)


def _story(profile: Profile) -> tuple[str, ...]:
    """The profile's text as a reader sees it: marks of Markdown are not words."""
    sections = (_MARKUP.sub(" ", section.markdown) for section in profile.sections)
    return (profile.facts.summary, *sections)


STATUS_WORDS: Final = {
    "suspended": "停止招生",
    "closed": "已停办",
    "merged": "已并入别的学校",
}


def _level_shown(school: School) -> str:
    """The level as a result shows it, and that the school no longer enrols, where that is so."""
    status = STATUS_WORDS.get(school.status.partition(":")[0])
    return " · ".join(word for word in (school.level, status) if word)

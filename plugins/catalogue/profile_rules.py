"""The rules of what a profile says, beyond its shape: claims, personal data, links, years, places.

Each family has its own module; here they meet one profile, its register row and its plan.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from plugins.catalogue.claims import Proof, check_claims
from plugins.catalogue.declared import all_declared, declared
from plugins.catalogue.links import check_links
from plugins.catalogue.personal_data import check_personal_data
from plugins.catalogue.priority import check_areas
from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.read_yaml import Document, Location, Value
from plugins.catalogue.reference import Reference
from plugins.catalogue.schema import FrontMatter, School

STALE_MONTHS: Final = 18
"""A confirmation older than this is warned of: one yearly round was missed."""
OLD_COHORT_YEARS: Final = 3
"""Employment of a cohort that left earlier than this is warned of."""

_HISTORY: Final = re.compile(r"\s*[-*]\s*([0-9]{4}) ?年")


def check_profile_rules(
    path: str,
    lines: Sequence[tuple[int, str]],
    document: Document,
    school: School | None,
    partner_degree: bool,
    reference: Reference,
    today: dt.date,
) -> Iterator[Problem]:
    """All faults of what one profile says. `lines` are its numbered lines without comments.

    `school` is its row in the register, None where that has faults; `partner_degree` tells
    whether any programme of its plan names a partner for a degree.
    """
    facts = document.value
    yield from check_claims(path, lines, _proof(facts, partner_degree))
    yield from check_personal_data(path, lines, _official(facts, school))
    yield from check_links(path, lines)
    yield from _examples_left(path, document)
    yield from _years(path, lines, document, today)
    if school is not None:
        yield from _places(path, document, school, reference)
    yield from _alt_texts(path, document)
    yield from _priority_areas(path, document, reference)


def _priority_areas(path: str, document: Document, reference: Reference) -> Iterator[Problem]:
    """Areas that a school gives priority to are ones that people can look up."""
    entries = document.value.get("priority_enrolment")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        areas = entry.get("areas") if isinstance(entry, dict) else None
        for place, wording in enumerate(areas if isinstance(areas, list) else ()):
            if isinstance(wording, str) and wording:
                line = document.line(("priority_enrolment", index, "areas", place))
                schemes, names = reference.priority_schemes, reference.codes_of_name
                yield from check_areas(path, line, wording, schemes, names)


def _proof(facts: Mapping[str, Value], partner_degree: bool) -> Proof:
    honours = facts.get("honours")
    names = [entry.get("name") for entry in _groups(honours)]
    employment = facts.get("employment")
    sourced = isinstance(employment, dict) and bool(
        employment.get("source") and employment.get("cohort_year")
    )
    return Proof(partner_degree, tuple(name for name in names if isinstance(name, str)), sourced)


def _groups(value: Value | None) -> list[dict[str, Value]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _official(facts: Mapping[str, Value], school: School | None) -> set[str]:
    contacts = facts.get("contacts")
    own = contacts.get("phone") if isinstance(contacts, dict) else None
    texts = [own if isinstance(own, str) else "", (school.phone or "") if school else ""]
    parts = chain.from_iterable(re.split(r"[;；,，、/]", text) for text in texts)
    return {digits for part in parts if (digits := re.sub("[^0-9]", "", part))}


_EXAMPLES: Final = {
    field.path: field.example
    for field in all_declared(declared(FrontMatter))
    if re.search("示例|example|12345678", field.example)
}


def _examples_left(path: str, document: Document) -> Iterator[Problem]:
    for location, value in _leaves(document.value, ()):
        keys = tuple(part for part in location if isinstance(part, str))
        if value and _EXAMPLES.get(keys) == value:
            yield Problem(
                path, document.line(location), "profile-example-left", "error",
                f"“{shown(value)}”是说明里的例子，不是学校的",
                "换成学校自己的内容；不知道就把这一项删掉",
            )  # fmt: skip


def _leaves(value: Value, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield from _leaves(inner, (*location, key))


def _years(
    path: str, lines: Sequence[tuple[int, str]], document: Document, today: dt.date
) -> Iterator[Problem]:
    confirmed = _date(document.value.get("confirmed_on"))
    if confirmed and (today - confirmed).days > STALE_MONTHS * 30.5:
        yield Problem(
            path, document.line(("confirmed_on",)), "year-confirmed-long-ago", "warning",
            f"上次核对是 {confirmed}，已经超过 {STALE_MONTHS} 个月",
            "逐项核对一遍，把 confirmed_on 改成核对的日期",
        )  # fmt: skip
    employment = document.value.get("employment")
    cohort = employment.get("cohort_year") if isinstance(employment, dict) else None
    if isinstance(cohort, str) and re.fullmatch("[0-9]{4}", cohort):
        line = document.line(("employment", "cohort_year"))
        if confirmed and int(cohort) > confirmed.year:
            yield Problem(
                path, line, "year-cohort-after-confirmation", "error",
                f"核对日期是 {confirmed}，那时还没有 {cohort} 届的数字",
                "核对 cohort_year；数字是新的，把 confirmed_on 也改新",
            )  # fmt: skip
        elif today.year - int(cohort) > OLD_COHORT_YEARS:
            yield Problem(
                path, line, "year-cohort-old", "warning",
                f"{cohort} 届是 {today.year - int(cohort)} 年前的了",
                "换成最近一届的数字；没有新的就删掉",
            )  # fmt: skip
    term = document.value.get("term")
    opens = _date(term.get("opens_on")) if isinstance(term, dict) else None
    if opens and (today - opens).days > 365:
        yield Problem(
            path, document.line(("term", "opens_on")), "year-term-past", "warning",
            f"开学日期 {opens} 是一年多以前的", "换成下一个学期的，或删掉 term",
        )  # fmt: skip
    for number, text in lines:
        found = _HISTORY.match(text)
        if found and int(found.group(1)) > today.year:
            yield Problem(
                path, number, "year-history-in-future", "error",
                f"{found.group(1)} 年还没有到", "核对年份；打算做的事不写进历史",
                column=found.start(1) + 1,
            )  # fmt: skip


def _date(value: Value | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_PLACED: Final = re.compile(r"(?:位于|地处|坐落[于在])([\u4e00-\u9fff]{1,20})")


def _places(
    path: str, document: Document, school: School, reference: Reference
) -> Iterator[Problem]:
    city = reference.cities.get(school.city_code)
    campuses = _groups(document.value.get("campuses"))
    told = _PLACED.search(str(document.value.get("summary")))
    if not campuses and not told:
        return
    names = {found.name for found in reference.cities.values()}
    for index, campus in enumerate(campuses):
        name, address = campus.get("name"), campus.get("address")
        if isinstance(name, str) and school.campuses and name not in school.campuses:
            yield Problem(
                path, document.line(("campuses", index, "name")),
                "place-campus-not-in-register", "warning",
                f"名册里没有“{shown(name)}”这个校区",
                did_you_mean(name, school.campuses)
                or f"名册里的校区是：{'、'.join(school.campuses)}；有变动请省里先改名册",
            )  # fmt: skip
        found = (
            re.search(r"[\u4e00-\u9fff]{1,6}?(?:市|自治州|地区)", address or "")
            if isinstance(address, str)
            else None
        )
        if found and city and found.group() in names and found.group() != city.name:
            yield Problem(
                path, document.line(("campuses", index, "address")), "place-campus-elsewhere",
                "warning", f"这个校区写在{found.group()}，名册里学校在{city.name}",
                "核对地址；学校搬迁了，请省里先改名册",
            )  # fmt: skip
    if told and city:
        other = next((name for name in sorted(names) if name in told.group(1)), None)
        if other and other != city.name:
            yield Problem(
                path, document.line(("summary",)), "place-city-differs", "error",
                f"这里说学校在{other}，名册里在{city.name}",
                "地点由名册给出，这里不用写；名册错了，请省里先改",
            )  # fmt: skip


_NOT_A_DESCRIPTION: Final = frozenset(
    {"照片", "图片", "校园", "学校", "图", "校园照片", "学校照片", "校园风光", "image", "photo"}
)


def _alt_texts(path: str, document: Document) -> Iterator[Problem]:
    for index, photo in enumerate(_groups(document.value.get("photos"))):
        file, alt = photo.get("file"), photo.get("alt")
        if not isinstance(alt, str) or not isinstance(file, str) or not alt:
            continue
        plain = re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", alt.lower())
        stem = re.sub(r"[^0-9a-z]", "", file.lower().rpartition(".")[0])
        camera = re.fullmatch(r"(?:img|dsc|pic|照片|图片|图)[0-9]*", plain)
        if plain in (stem, re.sub(r"[^0-9a-z]", "", file.lower())) or camera:
            code, message = "photo-alt-is-file-name", f"“{shown(alt)}”是文件名，不是说明"
        elif plain in _NOT_A_DESCRIPTION:
            code, message = "photo-alt-says-nothing", f"“{shown(alt)}”没有说出照片里有什么"
        else:
            continue
        yield Problem(
            path, document.line(("photos", index, "alt")), code, "error", message,
            "用一句话说照片里有什么，例如“学生在数控机床旁看图纸”",
        )  # fmt: skip

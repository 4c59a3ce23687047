"""A site whose every contributed text is an attack, built past the check that would refuse it.

The records are made from the declared fields, so a field that is added later is attacked without
anybody thinking of it. Two sites come of them: the real one, and a careless one with neither
sanitiser nor escaping, which shows that the attacks work.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from pelicanconf import JINJA_ENVIRONMENT
from plugins.catalogue import Catalogue, Notice, Plan, Profile, load
from plugins.catalogue.fields import Rule
from plugins.catalogue.read_profile import Section
from plugins.catalogue.schema import (
    FrontMatter,
    NoticeFacts,
    OnlineCourse,
    Photo,
    Programme,
    Record,
    School,
    Source,
)
from plugins.catalogue.vocabulary import SECTIONS
from plugins.site import assemble
from plugins.site.assets import load_assets
from plugins.site.build import THEME
from plugins.site.context import SiteContext
from plugins.site.expected import expected_addresses
from plugins.site.generator import publish_articles
from plugins.site.navigation import navigation
from plugins.site.sources import Shared, Sources
from plugins.site.templates import Templates
from plugins.site.workshop import Made, Workshop
from plugins.site.writer import SiteWriter
from tests.conftest import FIXTURES, TODAY, add_photo
from tests.security.naive_pages import naive_html
from tests.security.vectors import Vector, vectors

SCHOOLS = 30
"""All vectors are dealt out to so many schools, one after the other, so families mix."""
NOTICES = 5
IN_ONE_FIELD = 8
"""Vectors that stand side by side in one field."""

HOME = "schools/zhejiang/yanshi-jishi-xueyuan"
ADDRESS_FIELDS = ("website", "apply_url", "source_address")

R = TypeVar("R", bound=Record)
Words = Callable[[str, bool], str]
"""The next hostile words for a field, by its mark; told whether the field holds an address."""


def dealt(hands: int) -> list[list[Vector]]:
    """The vectors in `hands` piles; those that hide what follows lie at the bottom."""
    piles = [list(vectors()[start::hands]) for start in range(hands)]
    return [sorted(pile, key=lambda vector: vector.swallows) for pile in piles]


def _words(pile: list[Vector]) -> Words:
    texts = cycle(vector.text for vector in pile)
    addresses = cycle(
        [v.text for v in vectors() if v.family == "bare-address"][pile[0].number % 7 :]
    )

    def next_words(mark: str, is_address: bool) -> str:
        if is_address:
            return next(addresses)
        return f"演示 {mark} " + " ".join(next(texts) for _ in range(IN_ONE_FIELD))

    return next_words


def hostile(kind: type[R], words: Words, **fixed: Any) -> R:
    """A record of `kind` with hostile words in every field that holds words, unless `fixed`."""
    values = {
        name: _closed_word(field) or _value(kind, name, field.annotation, words)
        for name, field in kind.model_fields.items()
        if name not in fixed
    }
    return kind.model_construct(**values, **fixed)


def _closed_word(field: FieldInfo) -> str | None:
    """The first word of the closed list that a field is taken from; None for all other fields."""
    parts = [*field.metadata, *_parts(field.annotation)]
    for part in parts:
        for rule in (part, *getattr(part, "__metadata__", ())):
            found = re.match("只能写：([^、]+)", rule.says) if isinstance(rule, Rule) else None
            if found:
                return found[1]
    return None


def _value(kind: type[Record], name: str, annotation: Any, words: Words) -> Any:
    parts = list(_parts(annotation))
    several = any(get_origin(part) is tuple for part in parts)
    records = [part for part in parts if isinstance(part, type) and issubclass(part, Record)]
    if kind is FrontMatter and name == "photos":
        return tuple(hostile(Photo, words, file="gate.jpg") for _ in range(2))
    if records:
        made = [hostile(records[0], words) for _ in range(2)]
        return tuple(made) if several else made[0]
    if str in parts:
        mark, is_address = mark_of(kind, name), _is_address(kind, name)
        return (words(mark, False), words(mark, False)) if several else words(mark, is_address)
    if dt.date in parts:
        return dt.date(2026, 3, 1)
    if float in parts:
        return 3.0
    return True if bool in parts else 3


def mark_of(kind: type[Record], name: str) -> str:
    """What begins the words of a field, so that they are found again wherever they are shown."""
    return f"{kind.__name__}-{name}"


def marks() -> frozenset[str]:
    """The marks of all declared fields that hold words of a contributor's own."""
    pending: list[type[Record]] = [School, Programme, FrontMatter, NoticeFacts]
    found: set[str] = set()
    while pending:
        kind = pending.pop()
        for name, field in kind.model_fields.items():
            parts = list(_parts(field.annotation))
            records = [p for p in parts if isinstance(p, type) and issubclass(p, Record)]
            pending += records
            is_free = not _closed_word(field) and not _is_address(kind, name)
            if str in parts and not records and is_free:
                found.add(mark_of(kind, name))
    return frozenset(found)


def _is_address(kind: type[Record], name: str) -> bool:
    return name in ADDRESS_FIELDS or (kind in (Source, OnlineCourse) and name == "address")


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _school(number: int, words: Words) -> School:
    return hostile(
        School, words, school_id=f"yanshi-{number:02}", province="zhejiang", city_code="330100",
        county_code="330102", status="active", level="技师学院", ownership="公办",
        verified=number % 2 == 0,
    )  # fmt: skip


def _plan(number: int, words: Words) -> Plan:
    """Three rows: two with majors that are known, one whose major is hostile."""
    rows = [
        hostile(
            Programme, words, school_id=f"yanshi-{number:02}", province="zhejiang", year=2026,
            training_level="高级工", entry=entry, duration_years=3.0,
            open_from=dt.date(2026, 3, 1), open_to=dt.date(2026, 8, 31),
            major=words("Programme-major", False) if major is None else major,
        )
        for major, entry in (("数控加工", "初中"), ("计算机应用", "高中"), (None, "初中"))
    ]  # fmt: skip
    return Plan(2026, tuple(rows))


def _profile(number: int, pile: list[Vector], words: Words, photos: list[str]) -> Profile:
    facts = hostile(
        FrontMatter, words, compiled_by="学校",
        photos=tuple(hostile(Photo, words, file=photo) for photo in photos),
    )  # fmt: skip
    share = -(-len(pile) // len(SECTIONS))
    sections = []
    for at, heading in enumerate(SECTIONS):
        texts = [vector.text for vector in pile[at * share : (at + 1) * share]]
        if heading == "历史沿革":
            events = "".join(f"- {1950 + i % 70} 年：{text!s}\n" for i, text in enumerate(texts))
            texts = [events]
        sections.append(Section(heading, "\n\n".join(texts), 1))
    return Profile(f"yanshi-{number:02}", f"{HOME}/profile.md", facts, tuple(sections))


def _notice(number: int, pile: list[Vector], words: Words) -> Notice:
    place = "zhejiang" if number % 2 else "national"
    day = dt.date(2026, 3, number + 1)
    body = "\n\n".join(vector.text for vector in pile)
    return Notice(
        place, f"{day}-yanshi", day, f"news/{place}/{day}-yanshi.md",
        hostile(NoticeFacts, words, updated=None), body,
    )  # fmt: skip


def hostile_content(folder: Path) -> tuple[Path, list[str]]:
    """The small tree, and photos whose file names are attacks."""
    content = folder / "content"
    shutil.copytree(FIXTURES / "small", content)
    add_photo(content / HOME)
    names = [v.text for v in vectors() if not set("/\x00\n\r") & set(v.text) and len(v.text) < 60]
    photos = [f"{name}.jpg" for name in names[:: len(names) // 8]]
    for name in photos:
        shutil.copy(content / HOME / "gate.jpg", content / HOME / name)
    return content, photos


def hostile_catalogue(content: Path, photos: list[str]) -> Catalogue:
    """The catalogue that the check would never let through."""
    honest, _ = load(content, TODAY)
    facts = honest.photos[f"{HOME}/gate.jpg"]
    piles = dealt(SCHOOLS)
    names = cycle(photos)
    every = [_words(pile) for pile in piles]
    return replace(
        honest,
        schools=tuple(_school(at, words) for at, words in enumerate(every)),
        plans={f"yanshi-{at:02}": (_plan(at, words),) for at, words in enumerate(every)},
        profiles={
            f"yanshi-{at:02}": _profile(at, piles[at], words, [next(names), next(names)])
            for at, words in enumerate(every)
        },
        photos={f"{HOME}/{name}": facts for name in ("gate.jpg", *photos)},
        notices=tuple(_notice(at, pile, _words(pile)) for at, pile in enumerate(dealt(NOTICES)))[
            ::-1
        ],
    )


@dataclass(frozen=True)
class HostileSites:
    """The two built trees, and what stands in them."""

    guarded: Path
    careless: Path
    catalogue: Catalogue


def build_hostile_sites(folder: Path) -> HostileSites:
    """Build both sites below `folder`."""
    content, photos = hostile_content(folder)
    catalogue = hostile_catalogue(content, photos)
    cache = folder / "cache"
    shared = assemble.share(catalogue, content, THEME, cache, "https://jixiao.example")
    shared.photos = assemble.derive_photos(catalogue, content, cache / "photos", catalogue.profiles)
    site = SiteContext(
        name="演示数据",
        url=shared.site_url,
        assets=load_assets(THEME / "static").base,
        today=TODAY,
        navigation=navigation(expected_addresses(catalogue)),
    )
    news = publish_articles(assemble.articles(Sources(shared, set())), site, THEME)
    _write(folder / "guarded", shared, site, news, autoescape=True)
    shared.render = shared.render_notice = naive_html
    _write(folder / "careless", shared, site, {}, autoescape=False)
    return HostileSites(folder / "guarded", folder / "careless", catalogue)


def _write(
    output: Path,
    shared: Shared,
    site: SiteContext,
    news: Mapping[str, bytes],
    *,
    autoescape: bool,
) -> None:
    """All that a build writes but the pages that Pelican makes: those are `news`."""
    writer = SiteWriter(str(output))

    def put(name: str, data: bytes) -> None:
        if name not in writer.ledger:  # two schools may show one photo
            writer.write_bytes(name, data)

    for name, data in news.items():
        put(name, data)
    environment = {**JINJA_ENVIRONMENT, "autoescape": autoescape}
    workshop = Workshop(shared, Templates(THEME, environment, None), site, put)
    units: list[Made] = []
    for late in (False, True):
        shared.downloads = assemble.downloads_of(units)
        for family in assemble.FAMILIES:
            for key in family.keys(shared.catalogue) if family.late == late else ():
                units.append(workshop.make(family, key))
                if family.name == "search":
                    shared.search_url = assemble.search_url_of(units[-1].outputs[0].name)
    pages = [(out.url, out.changed_on) for made in units for out in made.outputs if out.url]
    for name, data in assemble.sitemap(shared.site_url, pages).items():
        put(name, data)

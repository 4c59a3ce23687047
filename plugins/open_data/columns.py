"""Columns of the tables, read from the declarations of `plugins.catalogue.schema`.

A field is declared and explained once; what is only added here says so in its description.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from plugins.catalogue import Major, Province
from plugins.catalogue.declared import Declared, declared
from plugins.catalogue.schema import (
    PLAN_COLUMNS,
    REGISTER_COLUMNS,
    Contacts,
    Employment,
    FrontMatter,
    Programme,
    School,
    Term,
)
from plugins.catalogue.vocabulary import (
    ENTRIES,
    LEVELS,
    OWNERSHIPS,
    SECTIONS,
    TRAINING_LEVELS,
    Compiler,
    Reason,
)
from plugins.open_data.table import Column, Kind

WORDS: Final = {
    "level": LEVELS,
    "ownership": OWNERSHIPS,
    "training_level": TRAINING_LEVELS,
    "entry": ENTRIES,
    "compiled_by": tuple(word.value for word in Compiler),
}
"""Columns whose values come from a closed list."""

GROUPS: Final[dict[str, type[BaseModel]]] = {
    "contacts": Contacts,
    "employment": Employment,
    "term": Term,
}
"""Groups of a profile's front matter whose fields become columns of their own."""

SECTION_COLUMNS: Final = dict(
    zip(
        SECTIONS,
        ("history", "strengths", "employment", "aid", "campus", "apply"),
        strict=True,
    )
)
"""`section_<word>` is the column with the Markdown of each section of a profile."""

ADDED: Final = "本站算出来的，不是报送的"


@cache
def school_columns() -> tuple[Column, ...]:
    fields = _of(School)
    return (
        fields["school_id"],
        fields["province"],
        Column("province_name", "报送单位名称", description=ADDED),
        *(column for name in REGISTER_COLUMNS[1:] for column in _with_name(fields[name])),
        Column("profile", "有没有学校资料", "boolean", ADDED, required=True),
        Column("plan_year", "最新招生计划的年份", "integer", ADDED),
        Column("seats_total", "最新招生计划的总人数", "integer", ADDED),
    )


def _with_name(column: Column) -> Iterator[Column]:
    yield column
    if column.name == "city_code":
        yield Column("city", "所在市", description=f"{ADDED}：代码的名称", required=True)
    if column.name == "county_code":
        yield Column("county", "所在县区", description=f"{ADDED}：代码的名称")


@cache
def programme_columns() -> tuple[Column, ...]:
    fields = _of(Programme)
    return (
        fields["province"],
        fields["year"],
        fields["school_id"],
        Column("school_name", "校名", description=ADDED, required=True),
        fields["major"],
        Column(
            "major_slug", "归并后的专业", description=f"{ADDED}：异写归到同一个专业，见专业表",
            refers_to=("majors", "slug"),
        ),
        *(fields[name] for name in PLAN_COLUMNS[2:]),
    )  # fmt: skip


@cache
def profile_columns() -> tuple[Column, ...]:
    return (
        Column(
            "school_id", "学校编号", required=True, refers_to=("schools", "school_id"),
        ),
        Column("province", "报送单位", required=True, refers_to=("provinces", "slug")),
        Column("school_name", "校名", description=ADDED, required=True),
        *(column for field in declared(FrontMatter) for column in _of_profile(field)),
        *(
            Column(f"section_{name}", f"正文：{heading}", description="Markdown 原文")
            for heading, name in SECTION_COLUMNS.items()
        ),
    )  # fmt: skip


def _of_profile(field: Declared) -> Iterator[Column]:
    model = GROUPS.get(field.name)
    if model is None:
        yield from _with_reason(FrontMatter, field, field.name, field.title)
        return
    for inner in field.inner:
        title = f"{field.title}：{inner.title}"
        # A group may be absent as a whole, so none of its columns must be filled.
        single = replace(inner, required=False)
        yield from _with_reason(model, single, f"{field.name}_{inner.name}", title)


def _with_reason(
    model: type[BaseModel], field: Declared, name: str, title: str
) -> Iterator[Column]:
    annotation = model.model_fields[field.name].annotation
    yield replace(_column(field, annotation, name), title=title)
    if takes_reason(annotation):
        yield Column(
            f"{name}_reason",
            f"{title}，没有的原因",
            description="学校没有给出数值时写的原因",
            words=tuple(reason.value for reason in Reason),
        )


def takes_reason(annotation: Any) -> bool:
    """Whether a value of this type may be a `Reason` instead."""
    return annotation is Reason or any(map(takes_reason, get_args(annotation)))


@cache
def province_columns() -> tuple[Column, ...]:
    fields = _of(Province)
    return (
        fields["slug"],
        *(column for name, column in fields.items() if name != "slug"),
        Column("schools", "收录的学校数", "integer", ADDED, required=True),
        Column("schools_verified", "已核验的学校数", "integer", ADDED, required=True),
        Column("profiles", "有学校资料的学校数", "integer", ADDED, required=True),
        Column("newest_plan_year", "最新招生计划的年份", "integer", ADDED),
    )


@cache
def major_columns() -> tuple[Column, ...]:
    fields = _of(Major)
    return (
        *fields.values(),
        Column("category", "大类", description=f"{ADDED}：代码的名称", required=True),
        Column("schools", "最新计划里有这个专业的在办学校数", "integer", ADDED, required=True),
        Column("seats", "这些学校最新计划的人数", "integer", ADDED, required=True),
    )


def _of(model: type[BaseModel]) -> dict[str, Column]:
    """A column for each field of a flat record, in the order of the declaration."""
    return {
        field.name: _column(field, model.model_fields[field.name].annotation, field.name)
        for field in declared(model)
    }


def _column(field: Declared, annotation: Any, name: str) -> Column:
    # A code of the register and a slug of the reference table mean other things.
    refers_to = {"school_id": ("schools", "school_id"), "province": ("provinces", "slug")}
    return Column(
        name=name,
        title=field.title,
        kind=_kind(field, annotation),
        description=field.description,
        says=field.says,
        required=field.required,
        words=WORDS.get(field.name, ()),
        refers_to=refers_to.get(field.name),
    )


def _kind(field: Declared, annotation: Any) -> Kind:
    if field.shape in ("group", "groups"):
        return "records"
    kinds = set(_plain_types(annotation))
    if _is_list(annotation):
        return "list"
    order: tuple[tuple[type, Kind], ...] = (
        (dt.date, "date"), (bool, "boolean"), (float, "number"), (int, "integer"),
    )  # fmt: skip
    return next((kind for plain, kind in order if plain in kinds), "text")


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(map(_is_list, get_args(annotation)))
    return get_origin(annotation) is tuple


def _plain_types(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _plain_types(inner)

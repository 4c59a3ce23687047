"""The columns of the sheets, as the schema declares them, with what a spreadsheet needs besides."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS, Programme, School
from plugins.catalogue.vocabulary import ENTRIES, LEVELS, OWNERSHIPS, TRAINING_LEVELS

Kind = Literal["text", "exact", "number", "date", "yes-no", "status", "city", "county", "major"]
"""How a cell is read. `exact` is text whose every character counts: an id, a code, a telephone
number; a spreadsheet that took it for a number may have lost leading noughts."""

CHOICES: Final = {
    "level": LEVELS,
    "ownership": OWNERSHIPS,
    "training_level": TRAINING_LEVELS,
    "entry": ENTRIES,
}
"""Columns with a closed list of words."""

SCHOOL_NAME: Final = "school_name"
"""A column of plan sheets only: the name beside the id, for people. It is never stored."""

_KINDS: Final[dict[str, Kind]] = {
    "school_id": "exact",
    "phone": "exact",
    "school_code": "exact",
    "licence_no": "exact",
    "city_code": "city",
    "county_code": "county",
    "status": "status",
    "major": "major",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`required` says that no row passes the check without it."""

    name: str
    title: str
    description: str
    kind: Kind
    required: bool

    @property
    def choices(self) -> tuple[str, ...]:
        return CHOICES.get(self.name, ())


def register_columns() -> tuple[Column, ...]:
    """The columns of the sheet 名册, in the order of `schools.csv`."""
    return _columns(School, REGISTER_COLUMNS)


def plan_columns() -> tuple[Column, ...]:
    """The columns of a plan's sheet: those of `plans/<year>.csv`, and the school's name."""
    school_id, *others = _columns(Programme, PLAN_COLUMNS)
    name = Column(SCHOOL_NAME, "校名", "帮助认出学校；写了校名，编号可以不填", "text", False)
    return (school_id, name, *others)


def _columns(model: type[BaseModel], names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(_column(name, model.model_fields[name]) for name in names)


def _column(name: str, field: FieldInfo) -> Column:
    kind = _KINDS.get(name) or _kind_of(_plain(field.annotation))
    return Column(name, field.title or name, field.description or "", kind, field.is_required())


def _kind_of(value: Any) -> Kind:
    if value is dt.date:
        return "date"
    if value is bool:
        return "yes-no"
    return "number" if value in (int, float) else "text"


def _plain(annotation: Any) -> Any:
    """The type inside `Annotated[X, …] | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return getattr(annotation, "__origin__", annotation)

"""The declared fields as a tree, for everything that explains them: scaffold, guide, forms.

Read from the models of `schema.py`, so that a field is declared once and explained everywhere.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from plugins.catalogue.fields import Rule, RuleOrReason

Shape = Literal["value", "values", "group", "groups"]
"""One value, a list of values, one group of fields, or a list of such groups."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One field as a contributor meets it.

    `path` are the keys down to it; `says` is the rule of its value in words; `inner` are the
    fields of a group.
    """

    path: tuple[str, ...]
    title: str
    description: str
    says: str
    example: str
    required: bool
    shape: Shape
    inner: tuple[Declared, ...]

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def slug(self) -> str:
        """How problem codes and anchors name the field: `employment-cohort-year`."""
        return "-".join(self.path).replace("_", "-")


def declared(model: type[BaseModel], above: tuple[str, ...] = ()) -> tuple[Declared, ...]:
    """The fields of a model in the order of their declaration."""
    return tuple(_declared(name, field, above) for name, field in model.model_fields.items())


def all_declared(fields: tuple[Declared, ...]) -> Iterator[Declared]:
    """Every field of the tree, each group before what is inside it."""
    for field in fields:
        yield field
        yield from all_declared(field.inner)


def _declared(name: str, field: FieldInfo, above: tuple[str, ...]) -> Declared:
    path = (*above, name)
    group = inner_model(field.annotation)
    several = _is_list(field.annotation) and not any(
        isinstance(rule, Rule) for rule in field.metadata
    )
    inner = declared(group, path) if group else ()
    rules = [*field.metadata, *_metadata(field.annotation)]
    return Declared(
        path=path,
        title=field.title or name,
        description=field.description or "",
        says=next((rule.says for rule in rules if isinstance(rule, Rule | RuleOrReason)), ""),
        example=str((field.examples or [""])[0]),
        required=field.is_required(),
        shape=("groups" if several else "group") if inner else ("values" if several else "value"),
        inner=inner,
    )


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The record type inside `X`, `X | None` or `tuple[X, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, types.UnionType, tuple):
        for argument in get_args(annotation):
            if found := inner_model(argument):
                return found
    return None


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _metadata(annotation: Any) -> Iterator[Any]:
    """What `Annotated` says anywhere inside a type."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from metadata
        yield from _metadata(inner)
    else:
        for argument in get_args(annotation):
            yield from _metadata(argument)

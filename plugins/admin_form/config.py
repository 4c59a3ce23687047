"""The form's configuration, made from the declared fields of a profile."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from plugins.admin_form.backend import Backend
from plugins.catalogue.reference import Province
from plugins.catalogue.schema import FrontMatter
from plugins.catalogue.vocabulary import Compiler

CHOICES = {"compiled_by": tuple(Compiler)}


def form_config(provinces: Iterable[Province], backend: Backend) -> dict[str, Any]:
    """The whole configuration: one collection for each of `provinces`, a school an entry.

    Schools are neither made nor deleted here: that is the register's business. Blank optional
    values are left out of the file, as the check wants it.
    """
    return {
        "backend": backend.config,
        **({"publish_mode": "editorial_workflow"} if backend.review else {}),
        "load_config_file": False,
        "media_folder": "content/schools",
        "output": {"omit_empty_optional_fields": True},
        "collections": [_collection(province) for province in provinces],
    }


def _collection(province: Province) -> dict[str, Any]:
    return {
        "name": province.slug,
        "label": province.name,
        "folder": f"content/schools/{province.slug}",
        "path": "{{slug}}/profile",
        "extension": "md",
        "format": "yaml-frontmatter",
        "create": False,
        "delete": False,
        "identifier_field": "summary",
        "summary": "{{slug}}　{{summary}}",
        "media_folder": "",
        "public_folder": "",
        "fields": [*fields_of(FrontMatter), _story()],
    }


def _story() -> dict[str, Any]:
    return {
        "name": "body",
        "label": "正文",
        "widget": "text",
        "required": False,
        "hint": "用“## 历史沿革”这样的标题分开各个栏目",
    }


def fields_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The form's fields for a record, in the order of their declaration."""
    return [_field(name, field) for name, field in model.model_fields.items()]


def _field(name: str, field: FieldInfo) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": name,
        "label": field.title or name,
        "required": field.is_required(),
        **_widget(name, field.annotation),
    }
    if field.description:
        made["hint"] = field.description
    return made


def _widget(name: str, annotation: Any) -> dict[str, Any]:
    """Text for everything that may also say why it is missing: the check knows what is right."""
    kinds = _kinds(annotation)
    for kind in kinds:
        if get_origin(kind) is tuple:
            item = _kinds(get_args(kind)[0])[0]
            if isinstance(item, type) and issubclass(item, BaseModel):
                return {"widget": "list", "fields": fields_of(item), "collapsed": True}
            return {
                "widget": "list",
                "field": {"name": "item", "label": "一项", "widget": "string"},
            }
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return {"widget": "object", "fields": fields_of(kind), "collapsed": True}
    if name in CHOICES:
        return {"widget": "select", "options": [str(word) for word in CHOICES[name]]}
    if kinds == [bool]:
        return {"widget": "select", "options": ["yes", "no"]}
    if kinds == [dt.date]:
        return {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD", "default": ""}
    return {"widget": "string"}


def _kinds(annotation: Any) -> list[Any]:
    """The types inside `Annotated[X | Y, …] | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        found = [kind for part in get_args(annotation) for kind in _kinds(part)]
        return [kind for kind in found if kind is not type(None)]
    if hasattr(annotation, "__metadata__"):
        return _kinds(annotation.__origin__)
    return [annotation]

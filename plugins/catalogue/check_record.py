"""Turn raw text values into a checked record, and every fault into a Chinese problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.read_yaml import Location

Model = TypeVar("Model", bound=BaseModel)


def at_line(line: int) -> Callable[[Location], int]:
    """For records that stand on one line: every key is there."""
    return lambda _: line


def check_record(
    model: type[Model],
    values: Mapping[str, object],
    *,
    kind: str,
    path: str,
    line_of: Callable[[Location], int],
    today: dt.date,
) -> tuple[Model | None, list[Problem]]:
    """The record that `values` describe, or None and all that is wrong with them.

    `kind` (`profile`, `register`, `plan`, `reference`) opens the problem codes; `line_of` gives
    the line of a key path.
    """
    try:
        return model.model_validate(values, context={"today": today}), []
    except ValidationError as failure:
        faults = failure.errors(include_url=False)
    problems = [_problem(model, fault, kind, path, line_of) for fault in faults]
    return None, problems


def _problem(
    model: type[BaseModel],
    fault: ErrorDetails,
    kind: str,
    path: str,
    line_of: Callable[[Location], int],
) -> Problem:
    location: Location = fault["loc"]
    name = str(location[-1]) if location else ""
    owner, title, hint = _declaration(model, location)
    label = f"{title}（{_dotted(location)}）" if title else _dotted(location)
    slug = "-".join(str(part) for part in location if isinstance(part, str)).replace("_", "-")
    line = line_of(location)

    match fault["type"]:
        case "missing":
            code, message = f"{kind}-missing-{slug}", f"缺少{label}"
            fix = f"加上 {name}" + (f"：{hint}" if hint else "")
            line = line_of(location[:-1])
        case "extra_forbidden":
            code, message = f"{kind}-unknown-field", f"不认识“{shown(name)}”这一项"
            options = owner.model_fields if owner else {}
            fix = did_you_mean(name, options) or f"删掉它；可用的有：{'、'.join(options)}"
        case "model_type" | "model_attributes_type" | "dict_type":
            code, message = f"{kind}-not-a-group-{slug}", f"{label}要分成几项来写"
            fix = "另起一行缩进两格，写成“名称: 值”" + _keys_of(owner, location)
        case "tuple_type" | "list_type":
            code, message = f"{kind}-not-a-list-{slug}", f"{label}要写成列表"
            fix = "每一项另起一行，以“- ”开头"
        case _ if "ctx" in fault and "fix" in fault["ctx"]:
            code = f"{kind}-{fault['type']}-{slug}"
            message, fix = f"{label}：{fault['ctx']['message']}", str(fault["ctx"]["fix"])
        case other:
            code, message = f"{kind}-{other.replace('_', '-')}-{slug}", f"{label}写得不对"
            fix = hint or "请对照说明修改"
    return Problem(path, line, code, "error", message, fix)


def _dotted(location: Location) -> str:
    """`aid 第 2 项的 name` reads better to a clerk than `aid.1.name`."""
    words = ""
    for part in location:
        if isinstance(part, int):
            words += f" 第 {part + 1} 项"
        else:
            words += f"{'' if words.endswith('项') else ' '}的 {part}" if words else str(part)
    return words


def _declaration(
    model: type[BaseModel], location: Location
) -> tuple[type[BaseModel] | None, str, str]:
    """The model that owns the last key of `location`, and that key's title and description."""
    from plugins.catalogue.declared import inner_model

    owner: type[BaseModel] | None = model
    title = hint = ""
    for index, part in enumerate(location):
        if isinstance(part, int):
            continue
        field = owner.model_fields.get(part) if owner else None
        title, hint = (field.title or "", field.description or "") if field else ("", "")
        rest = [later for later in location[index + 1 :] if isinstance(later, str)]
        if rest:
            owner = inner_model(field.annotation) if field else None
    return owner, title, hint


def _keys_of(owner: type[BaseModel] | None, location: Location) -> str:
    from plugins.catalogue.declared import inner_model

    last = next((part for part in reversed(location) if isinstance(part, str)), "")
    field = owner.model_fields.get(last) if owner else None
    inner = inner_model(field.annotation) if field else None
    return f"，可用的名称：{'、'.join(inner.model_fields)}" if inner else ""

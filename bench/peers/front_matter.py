"""Front matter as the peers read it: YAML, or TOML for Hugo's faster form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml


def as_yaml(facts: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        dict(facts), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return f"---\n{text}---\n"


def as_toml(facts: Mapping[str, Any]) -> str:
    """`facts` holds strings, numbers, lists of strings, and lists of flat mappings."""
    plain, tables = [], []
    for key, value in facts.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                tables.append(f"[[{key}]]")
                tables += [f"{name} = {_toml(found)}" for name, found in row.items()]
        else:
            plain.append(f"{key} = {_toml(value)}")
    return "+++\n" + "\n".join([*plain, *tables]) + "\n+++\n"


def _toml(value: Any) -> str:
    # A JSON string, number or list of strings is the same in TOML.
    return json.dumps(value, ensure_ascii=False)

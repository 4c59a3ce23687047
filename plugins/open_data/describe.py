"""What describes the tables: the data dictionary, CSV on the Web metadata, and JSON Schemas.

All of it is made of the columns' declarations. Sources: W3C “Metadata Vocabulary for Tabular
Data” (2015-12-17); JSON Schema 2020-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from plugins.open_data.table import Column, Kind, Table
from plugins.open_data.write_csv import SEPARATOR

KIND_WORDS: Final[Mapping[Kind, str]] = {
    "text": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "是或否",
    "date": "日期",
    "list": "几项文字",
    "records": "几组数据（JSON）",
}

_CSVW_TYPES: Final[Mapping[Kind, Any]] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": {"base": "boolean", "format": "yes|no"},
    "date": "date",
    "list": "string",
    "records": "json",
}

_JSON_TYPES: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "list": {"type": "array", "items": {"type": "string"}},
    "records": {"type": "array", "items": {"type": "object"}},
}


def dictionary(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """The data dictionary as records: each table with its owner and its columns."""
    return [
        {
            "name": table.name,
            "title": table.title,
            "description": table.description,
            "owner": table.owner,
            "key": table.key or None,
            "columns": [
                {
                    "name": column.name,
                    "title": column.title,
                    "kind": column.kind,
                    "description": column.description,
                    "rule": column.says,
                    "words": list(column.words),
                    "required": column.required,
                    "refers_to": ".".join(column.refers_to) if column.refers_to else None,
                }
                for column in table.columns
            ],
        }
        for table in tables
    ]


def dictionary_md(tables: Sequence[Table], about: Mapping[str, str]) -> bytes:
    """The same for people who read Markdown."""
    lines = [f"# {about['title']}：列的意思", "", f"数据日期：{about['data_day']}。", ""]
    for table in tables:
        lines += [f"## {table.title}（{table.name}）", "", table.description, ""]
        lines += [f"归谁管：{table.owner}。", ""]
        lines += ["| 列名 | 意思 | 类型 | 说明 | 必有 |", "|---|---|---|---|---|"]
        lines += [
            f"| `{column.name}` | {column.title} | {KIND_WORDS[column.kind]} "
            f"| {explained(column).replace('|', '、')} | {'是' if column.required else ''} |"
            for column in table.columns
        ]
        lines.append("")
    return ("\n".join(lines)).encode()


def explained(column: Column) -> str:
    """What belongs into a column, in one sentence."""
    parts = [column.description, column.says if not column.words else ""]
    if column.words:
        parts.append("可能的值：" + "、".join(column.words))
    if column.refers_to:
        parts.append(f"对应 {'.'.join(column.refers_to)}")
    return "；".join(part for part in parts if part)


def csvw_metadata(tables: Sequence[Table], about: Mapping[str, str]) -> dict[str, Any]:
    """`csv-metadata.json` beside the CSV files, where the W3C's standard looks for it.

    Only references between these `tables` are declared.
    """
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "dc:title": about["title"],
        "dc:publisher": about["publisher"],
        "dc:license": about["licence"],
        "dc:rights": f"{about['attribution_divisions']} {about['attribution_tiles']}",
        "dc:modified": {"@value": about["data_day"], "@type": "xsd:date"},
        "tables": [
            {
                "url": f"{table.name}.csv",
                "dc:title": table.title,
                "dc:description": table.description,
                "tableSchema": _table_schema(table, table.references(tables)),
            }
            for table in tables
        ],
    }


def _table_schema(table: Table, references: Sequence[Column]) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_csvw_column(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = table.key
    foreign = [
        {
            "columnReference": column.name,
            "reference": {
                "resource": f"{column.refers_to[0]}.csv",
                "columnReference": column.refers_to[1],
            },
        }
        for column in references
        if column.refers_to
    ]
    return schema | ({"foreignKeys": foreign} if foreign else {})


def _csvw_column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        # The first title is the one that the header of the file bears.
        "titles": {"und": [column.name], "zh": [column.title]},
        "datatype": _CSVW_TYPES[column.kind],
        "required": column.required,
    }
    if text := explained(column):
        found["dc:description"] = text
    if column.kind == "list":
        found["separator"] = SEPARATOR
    return found


def json_schema(table: Table, site_url: str) -> dict[str, Any]:
    """The shape of `<table>.json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{site_url}/data/schema/{table.name}.json",
        "title": table.title,
        "description": table.description,
        "type": "array",
        "items": {
            "type": "object",
            "properties": {column.name: _json_type(column) for column in table.columns},
            "required": list(table.column_names),
            "additionalProperties": False,
        },
    }


def _json_type(column: Column) -> dict[str, Any]:
    shape = dict(_JSON_TYPES[column.kind])
    if column.words:
        shape["enum"] = [*column.words, *([] if column.required else [None])]
    if not column.required:
        shape["type"] = [shape["type"], "null"]
    return shape | {"title": column.title, "description": explained(column)}

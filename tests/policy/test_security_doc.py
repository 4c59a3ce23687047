"""The threat model keeps its word: every test that it names exists, every attack has one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from plugins.publish.headers import IMMUTABLE, NO_STORE, REVALIDATE, SECURITY_HEADERS

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docs/security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def names_of_tests(file: Path) -> frozenset[str]:
    return frozenset(
        node.name
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(TEXT)
    assert len(named) > 40
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (PROJECT / path).is_file() or name not in names_of_tests(PROJECT / path)
    ]
    assert missing == []


def test_every_attack_has_a_defence_and_a_test() -> None:
    tables = TEXT.partition("## 攻击、防线、测试")[2].partition("## 响应头")[0]
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in tables.splitlines()
        if line.startswith("|") and not line.startswith("|---") and "| 测试 |" not in line
    ]
    assert len(rows) > 30
    for attack, defence, proof in rows:
        assert attack
        assert defence, attack
        assert NAMED.search(proof), attack


def test_the_headers_and_times_are_those_of_the_policy() -> None:
    for name in SECURITY_HEADERS:
        assert f"| `{name}` |" in TEXT
    assert f"表里的{'〇一二三四五六七八九十'[len(SECURITY_HEADERS)]}个响应头" in TEXT
    for value in (IMMUTABLE, REVALIDATE, NO_STORE):
        assert f"`{value}`" in TEXT


def test_links_of_the_security_documents_lead_somewhere() -> None:
    for document in (PROJECT / "docs/security.md", PROJECT / "SECURITY.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), target

"""Strict YAML: what was typed is what is read, or it is refused with a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.catalogue.read_yaml import read_yaml


def codes(text: str) -> list[tuple[int, str]]:
    _, problems = read_yaml(text, "profile.md", first_line=2)
    return [(problem.line, problem.code) for problem in problems]


@pytest.mark.parametrize("value", ["NO", "012", "1e3", "2026-09-01", "yes", "null", "0x10", "1:30"])
def test_a_value_stays_the_text_that_was_typed(value: str) -> None:
    document, problems = read_yaml(f"a: {value}", "profile.md", first_line=2)
    assert not problems
    assert document is not None
    assert document.value == {"a": value}


def test_every_key_and_item_knows_its_line() -> None:
    document, _ = read_yaml("a: 1\nb:\n  - c: 2\n  - c: 3\n", "profile.md", first_line=2)
    assert document is not None
    assert document.line(("a",)) == 2
    assert document.line(("b", 1, "c")) == 5
    assert document.line(("b", 1, "missing")) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2", [(3, "yaml-duplicate-key")]),
        ("a:\n  b: 1\n  b: 2", [(4, "yaml-duplicate-key")]),
        ("a: &x 1\nb: *x", [(2, "yaml-alias")]),
        ("<<: {a: 1}\n<<: {b: 1}", [(3, "yaml-duplicate-key")]),
        ("a: !!python/object:os.system x", [(2, "yaml-tag")]),
        ("a: !custom x", [(2, "yaml-tag")]),
        ("- a\n- b", [(2, "yaml-not-a-mapping")]),
        ("just text", [(2, "yaml-not-a-mapping")]),
        ("a: [1, 2", [(2, "yaml-syntax")]),
        ("a: b: c", [(2, "yaml-syntax")]),
        ("ok: 1\n\tb: 2", [(3, "yaml-syntax")]),
        ("a: 'no end", [(2, "yaml-syntax")]),
        ("? [a, b]\n: c", [(2, "yaml-syntax")]),
        ("a: 1\n---\nb: 2", [(3, "yaml-syntax")]),
        ("a: " + "[" * 5000, [(2, "yaml-too-deep")]),
        ("a: " + "{b: " * 5000, [(2, "yaml-too-deep")]),
    ],
)
def test_what_is_refused_names_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert codes(text) == expected


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x,x]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]" for n in range(20)
    )
    assert codes(bomb) == [(2, "yaml-alias")]


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    document, problems = read_yaml(text, "profile.md", first_line=2)
    assert document is not None or problems

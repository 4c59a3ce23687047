"""The stylesheet: small, coloured by tokens only, readable in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.site.assets import OWN_STYLESHEETS

BUDGET = 46 * 1024
"""Bytes of the joined stylesheet before compression; about 10 KB as sent, once for all pages."""

OWN_BUDGET = 4 * 1024
"""Bytes of a stylesheet that only some pages load, before compression."""

TEXT_PAIRS = [
    ("text", "paper"),
    ("text", "masthead"),
    ("text-soft", "paper"),
    ("text-soft", "masthead"),
    ("text-soft", "grey-tile"),
    ("accent", "paper"),
    ("accent", "masthead"),
    ("accent-strong", "paper"),
    ("accent-strong", "masthead"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-wall", "wall"),
    ("on-step-1", "step-1"),
    ("on-step-2", "step-2"),
    ("on-step-3", "step-3"),
]
"""Colour of text, colour behind it: 4.5 : 1 at least (WCAG 2.2, 1.4.3)."""

PART_PAIRS = [
    ("field-line", "paper"),
    ("field-line", "masthead"),
    ("line-strong", "paper"),
    ("focus", "paper"),
    ("focus", "masthead"),
    ("accent", "paper"),
]
"""Parts that must be made out to use the page: 3 : 1 at least (WCAG 2.2, 1.4.11)."""

SCHEMES = ["light", "dark"]


def tokens(styles: dict[str, str], scheme: str) -> dict[str, str]:
    """Colour tokens by name without `--colour-`; the dark scheme overrides the light one."""
    light, dark = styles["tokens.css"].split("@media screen and (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--colour-([a-z0-9-]+):\s*(#[0-9a-f]+);", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--colour-([a-z0-9-]+):\s*(#[0-9a-f]+);", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_whole_stylesheet_stays_within_its_budget(site_css: str) -> None:
    assert len(site_css.encode()) <= BUDGET


def test_every_stylesheet_is_part_of_the_joined_one(styles: dict[str, str], site_css: str) -> None:
    for path, text in styles.items():
        assert (text.strip() in site_css) != (path in OWN_STYLESHEETS), f"{path} is never loaded"


@pytest.mark.parametrize("name", OWN_STYLESHEETS)
def test_a_stylesheet_of_few_pages_is_small_and_linked_by_them(
    styles: dict[str, str], markup: dict[str, str], name: str
) -> None:
    assert len(styles[name].encode()) <= OWN_BUDGET
    assert any(f"/css/{name}" in text for text in markup.values())


def test_colours_are_written_in_the_tokens_only(styles: dict[str, str]) -> None:
    literal = re.compile(
        r":[^;{}]*(#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(|\b(?:white|black|red|green|grey)\b)",
        re.I,
    )
    for path, text in styles.items():
        declarations = re.findall(r"{([^{}]*)}", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
        for declaration in ";".join(declarations).split(";"):
            if path != "tokens.css" and "--colour-" not in declaration:
                assert not literal.search(declaration), f"{path}: {declaration.strip()}"


def test_every_token_is_declared_and_used(styles: dict[str, str]) -> None:
    everything = "\n".join(styles.values())
    declared = set(re.findall(r"^\s+(--[a-z0-9-]+):", everything, re.M))
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", everything))
    assert used - declared == set()
    assert declared - used == set()


def test_the_dark_scheme_gives_every_colour_anew(styles: dict[str, str]) -> None:
    light, dark = styles["tokens.css"].split("@media screen and (prefers-color-scheme: dark)")
    name = re.compile(r"(--colour-[a-z0-9-]+):")
    assert set(name.findall(light)) == set(name.findall(dark))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_stands_out_from_what_is_behind_it(
    styles: dict[str, str], scheme: str, front: str, back: str
) -> None:
    colours = tokens(styles, scheme)
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), PART_PAIRS)
def test_fields_frames_and_focus_can_be_made_out(
    styles: dict[str, str], scheme: str, front: str, back: str
) -> None:
    colours = tokens(styles, scheme)
    assert contrast(colours[front], colours[back]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_browser_bar_has_the_colour_of_the_paper(
    markup: dict[str, str], styles: dict[str, str], scheme: str
) -> None:
    found = re.search(
        rf'name="theme-color" content="(#[0-9a-f]+)" media="\(prefers-color-scheme: {scheme}\)"',
        markup["templates/base.html"],
    )
    assert found
    assert luminance(found.group(1)) == luminance(tokens(styles, scheme)["paper"])


def test_the_favicon_wears_the_accent(theme: Path, styles: dict[str, str]) -> None:
    icon = (theme / "static/favicon.svg").read_text("utf-8")
    assert tokens(styles, "light")["accent"] in icon

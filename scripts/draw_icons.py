"""Draw the icons of the installed web app from the site's mark, into the theme.

Run again only when the mark changes: `python scripts/draw_icons.py`. The files are committed, so
that a build draws nothing. The mark is that of `themes/jixiao/static/favicon.svg`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

ICONS: Final = Path(__file__).resolve().parents[1] / "themes/jixiao/static/icons"
TILE: Final = "#0b6b4b"
SQUARE: Final = "#ffffff"
CORNERS: Final = ((5.5, 14.5), (13.5, 22.5), (27.0, 9.0))
"""The try-square's three corners on a tile of 32 × 32; its line is 4.5 wide."""
FINER: Final = 8
"""Drawn so many times larger, then made smaller: Pillow draws no smooth edges."""


def draw(size: int, scale: float) -> Image.Image:
    """The mark on a full tile of `size` pixels. `scale` below 1 leaves room around the square, for
    systems that cut icons round."""
    whole = size * FINER
    unit = whole / 32 * scale
    edge = (whole - 32 * unit) / 2
    icon = Image.new("RGB", (whole, whole), TILE)
    points = [(edge + x * unit, edge + y * unit) for x, y in CORNERS]
    pen = ImageDraw.Draw(icon)
    # Ends are cut square, as the line of the SVG's is.
    (ax, ay), (bx, by), (cx, cy) = points
    half = 4.5 * unit / 2 / 2**0.5
    pen.polygon(
        [(ax + half, ay - half), (ax - half, ay + half), (bx - 0, by + 2 * half),
         (cx + half, cy + half), (cx - half, cy - half), (bx, by - 2 * half)], fill=SQUARE,
    )  # fmt: skip
    return icon.resize((size, size), Image.Resampling.LANCZOS).quantize(32)


def main() -> None:
    ICONS.mkdir(exist_ok=True)
    for name, size, scale in (
        ("icon-192", 192, 1),
        ("icon-512", 512, 1),
        ("maskable-512", 512, 0.7),
    ):
        draw(size, scale).save(ICONS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

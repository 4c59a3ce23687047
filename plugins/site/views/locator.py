"""Where a reporting unit lies: the tile map in small, with one tile marked."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from plugins.catalogue import Catalogue, Province


class Locator(Struct, frozen=True):
    """`tiles` is the SVG path of every tile, grey ones too; rows and columns count from 1."""

    name: str
    tiles: str
    row: int
    column: int


def locator(catalogue: Catalogue, province: Province) -> Locator:
    reference = catalogue.reference
    return Locator(
        name=province.name,
        tiles=_path(
            (
                *((unit.tile_row, unit.tile_col) for unit in reference.provinces),
                *((tile.tile_row, tile.tile_col) for tile in reference.grey_tiles),
            )
        ),
        row=province.tile_row,
        column=province.tile_col,
    )


@lru_cache(maxsize=4)
def _path(tiles: tuple[tuple[int, int], ...]) -> str:
    """Squares at the (row, column) of each tile; the same on every page."""
    return "".join(f"M{column} {row}h.86v.86h-.86z" for row, column in tiles)

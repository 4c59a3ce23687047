"""Where a reporting unit lies: the tile map in small, with one tile marked."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.catalogue import Catalogue, Province


@dataclass(frozen=True, slots=True)
class Locator:
    """`tiles` are the (row, column) of every tile, grey ones too, counted from 1."""

    name: str
    tiles: tuple[tuple[int, int], ...]
    row: int
    column: int


def locator(catalogue: Catalogue, province: Province) -> Locator:
    reference = catalogue.reference
    return Locator(
        name=province.name,
        tiles=(
            *((unit.tile_row, unit.tile_col) for unit in reference.provinces),
            *((tile.tile_row, tile.tile_col) for tile in reference.grey_tiles),
        ),
        row=province.tile_row,
        column=province.tile_col,
    )

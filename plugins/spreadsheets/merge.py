"""Lay the rows of a sheet over the rows of a table: what stays, what changes, what joins.

Rows keep the order of the table. A school is known by its id, a programme by what tells it apart
from the school's others. A school that the sheet does not name is closed, never removed: its
address must go on working.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plugins.spreadsheets.read_report import SheetRow, SheetTable
from plugins.spreadsheets.table import NewRow, Table, TableRow

PROGRAMME_IDENTITY = (
    "school_id", "major", "direction", "training_level", "entry", "entry_note",
    "duration_years", "campus",
)  # fmt: skip
"""What tells two programmes of one year apart, as the check of plans has it."""

LOOSER = (("school_id", "major", "training_level", "entry"), ("school_id", "major"))
"""By what a row whose identity was corrected is still known, in its old place."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The rows to write. `changed` pairs the cells before and after; `gone` are closed schools
    (of a register) or programmes that are no longer in the plan."""

    rows: tuple[NewRow, ...]
    added: tuple[Mapping[str, str], ...]
    changed: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]
    gone: tuple[Mapping[str, str], ...]

    @property
    def differs(self) -> bool:
        return bool(self.added or self.changed or self.gone)


def is_closed(cells: Mapping[str, str]) -> bool:
    """Closed for good: a suspended school may enrol again."""
    status = cells.get("status", "")
    return status == "closed" or status.startswith("merged:")


def merge_register(table: Table, sheet: SheetTable) -> Merged:
    """The register with the sheet's rows, each of which has an id by now."""
    named = {row.cells["school_id"]: row for row in sheet.rows}
    rows: list[NewRow] = []
    added, changed, gone = [], [], []
    for old in table.rows:
        if not old.cells:
            continue
        new = named.pop(old.cells.get("school_id", ""), None)
        cells = _laid_over(old, new, sheet) if new else dict(old.cells)
        if new is None and not is_closed(cells):
            cells["status"] = "closed"
        if new is not None and cells.get("name") != old.cells.get("name"):
            cells = _with_former_name(cells, old.cells.get("name", ""))
        rows.append(_row(old, cells, new))
        if is_closed(cells) and not is_closed(old.cells):
            gone.append(cells)
        elif cells != old.cells:
            changed.append((old.cells, cells))
    for row in named.values():
        rows.append(NewRow(row.cells, None, row.number))
        added.append(row.cells)
    return Merged(tuple(rows), tuple(added), tuple(changed), tuple(gone))


def merge_plan(table: Table, sheet: SheetTable) -> Merged:
    """The plan with the sheet's rows. A new programme stands after the last of its school."""
    olds = [old for old in table.rows if old.cells]
    pairs: dict[int, SheetRow] = {}
    waiting = list(sheet.rows)
    for names in (tuple(sheet.columns), PROGRAMME_IDENTITY, *LOOSER):
        free: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
        for place, old in enumerate(olds):
            if place not in pairs:
                free[_key(old.cells, names, sheet)].append(place)
        still = []
        for row in waiting:
            places = free.get(_key(row.cells, names, sheet))
            if places:
                pairs[places.popleft()] = row
            else:
                still.append(row)
        waiting = still

    rows: list[NewRow] = []
    changed, gone = [], []
    for place, old in enumerate(olds):
        new = pairs.get(place)
        if new is None:
            gone.append(old.cells)
            continue
        cells = _laid_over(old, new, sheet)
        rows.append(_row(old, cells, new))
        if cells != old.cells:
            changed.append((old.cells, cells))
    return Merged(
        tuple(_with_added(rows, waiting)),
        tuple(row.cells for row in waiting),
        tuple(changed),
        tuple(gone),
    )


def _key(cells: Mapping[str, str], names: Iterable[str], sheet: SheetTable) -> tuple[str, ...]:
    """Only columns that the sheet has can tell its rows apart."""
    return tuple(cells.get(name, "") for name in names if name in sheet.columns)


def _with_added(rows: Sequence[NewRow], added: Sequence[SheetRow]) -> Iterable[NewRow]:
    new: dict[str, list[NewRow]] = defaultdict(list)
    for joining in added:
        school_id = joining.cells.get("school_id", "")
        new[school_id].append(NewRow(joining.cells, None, joining.number))
    last = {row.cells.get("school_id", ""): place for place, row in enumerate(rows)}
    for place, row in enumerate(rows):
        yield row
        school_id = row.cells.get("school_id", "")
        if last[school_id] == place:
            yield from new.pop(school_id, ())
    for group in new.values():
        yield from group


def _laid_over(old: TableRow, new: SheetRow, sheet: SheetTable) -> dict[str, str]:
    """The row's cells with those of the sheet; a column that the sheet lacks is not touched."""
    kept = {name: cell for name, cell in old.cells.items() if name not in sheet.columns}
    return {**kept, **new.cells}


def _row(old: TableRow, cells: Mapping[str, str], new: SheetRow | None) -> NewRow:
    return NewRow(cells, old if cells == old.cells else None, new.number if new else None)


def _with_former_name(cells: Mapping[str, str], before: str) -> dict[str, str]:
    former = [name for name in cells.get("former_names", "").split(";") if name.strip()]
    if before and before not in former:
        former.append(before)
    return {**cells, "former_names": ";".join(former)}

"""`prepare`: what a workbook would change, checked; `apply_changes`: change it, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from plugins.catalogue.problem import did_you_mean, shown
from plugins.catalogue.reference import Province, Reference
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS
from plugins.school_ids import NoFreeId, base_id, free_id, place_readings, romanise, short_place
from plugins.spreadsheets.columns import SCHOOL_NAME
from plugins.spreadsheets.export_template import fingerprint
from plugins.spreadsheets.fault import Fault, WorkbookRefused, errors
from plugins.spreadsheets.layout import REGISTER, PlanFile
from plugins.spreadsheets.merge import Merged, merge_plan, merge_register
from plugins.spreadsheets.province import find_province
from plugins.spreadsheets.read_report import Report, SheetRow, SheetTable
from plugins.spreadsheets.replace_folder import locked, replace_in_folder
from plugins.spreadsheets.table import NewRow, Table, compose, read_table
from plugins.spreadsheets.validate import NewTable, validate


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would do. `files` are the new texts by path in the province's folder; None
    removes a draft that has become a plan. `stale` says that the tables were changed after the
    workbook was made."""

    province: Province
    files: Mapping[str, str | None]
    before: Mapping[str, bytes | None]
    register: Merged | None
    plans: Mapping[PlanFile, Merged]
    faults: tuple[Fault, ...]
    stale: bool

    @property
    def closing(self) -> tuple[Mapping[str, str], ...]:
        """The schools that would be closed or merged into another."""
        return self.register.gone if self.register else ()


def prepare(
    report: Report, content: Path, reference: Reference, wanted: str, today: dt.date
) -> Changes:
    """Everything that the workbook would change, and everything that is wrong with it.

    `wanted` names the province where the workbook does not. Raises WorkbookRefused.
    """
    province = _province(report, reference, wanted)
    folder = content / "registry" / province.slug
    table = read_table(folder / "schools.csv", REGISTER_COLUMNS)
    others = _ids_of_others(content, province)
    faults = list(report.faults)
    names = {row.cells.get("name", ""): row.cells.get("school_id", "") for row in table.rows}

    register: Merged | None = None
    new_tables: list[NewTable] = []
    files: dict[str, str | None] = {}
    if report.register is not None:
        sheet = _with_places(report.register, reference, province, faults)
        sheet = _with_ids(sheet, table, names, others, reference, province, faults)
        names |= {row.cells.get("name", ""): row.cells["school_id"] for row in sheet.rows}
        sheet = _with_merge_targets(sheet, names)
        register = merge_register(table, sheet)
        _refuse_partial(register, table)
        if register.differs:
            new = _new_table(table, register, REGISTER_COLUMNS, sheet, province, "schools.csv")
            new_tables.append(new)
            files["schools.csv"] = new.text

    plans: dict[PlanFile, Merged] = {}
    for plan, plan_sheet in report.plans.items():
        plan_sheet = _with_schools(plan_sheet, names, others, faults)
        before = read_table(folder / plan.file, PLAN_COLUMNS)
        merged = merge_plan(before, plan_sheet)
        if not merged.differs:
            continue
        plans[plan] = merged
        if not plan_sheet.rows:
            faults.append(
                Fault(
                    plan_sheet.title, 0, 0, "sheet-empty-plan", "error", "",
                    f"这张表一行也没有了，而原来有 {len(before.rows)} 行",
                    "重新导出模板；确实没有变动的计划，可以删掉这张表",
                )
            )  # fmt: skip
            continue
        official = PlanFile(plan.year)
        if plan.draft and (folder / official.file).exists():
            raise WorkbookRefused(f"{plan.year} 年的计划已经有了，草稿不能再改成计划。")
        new = _new_table(before, merged, PLAN_COLUMNS, plan_sheet, province, official.file)
        new_tables.append(new)
        files[official.file] = new.text
        if plan.draft:
            files[plan.file] = None

    if new_tables or errors(faults):
        removed = [f"registry/{province.slug}/{name}" for name, text in files.items() if not text]
        told = {(fault.sheet, fault.row, fault.column) for fault in faults if fault.row}
        faults += [
            fault
            for fault in validate(content, new_tables, removed, today)
            if (fault.sheet, fault.row, fault.column) not in told
        ]
    return Changes(
        province,
        files,
        {name: _bytes(folder / name) for name in files},
        register if register and register.differs else None,
        plans,
        tuple(sorted(set(faults))),
        bool(report.fingerprint) and report.fingerprint != fingerprint(folder, today),
    )


def apply_changes(changes: Changes, content: Path) -> None:
    """Write the changed tables, all or none. Raises WorkbookRefused where somebody was faster."""
    if errors(changes.faults):
        raise ValueError("faulty changes are never applied")
    folder = content / "registry" / changes.province.slug
    with locked(content):
        if any(_bytes(folder / name) != data for name, data in changes.before.items()):
            raise WorkbookRefused(
                "检查以后，名册或计划又被别人改了，所以什么都没有写。请再导入一次。"
            )
        replace_in_folder(content, folder, changes.files)


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _province(report: Report, reference: Reference, wanted: str) -> Province:
    if not report.province and not wanted:
        raise WorkbookRefused(
            "看不出这是哪个省的表（“说明”里没有报送单位代号）。"
            "加上 --province，例如 --province zhejiang。"
        )
    province = find_province(reference, report.province or wanted)
    if wanted and find_province(reference, wanted) != province:
        raise WorkbookRefused(f"这是{province.name}的表，不能当作“{shown(wanted)}”的导入。")
    return province


def _ids_of_others(content: Path, province: Province) -> dict[str, str]:
    """The ids that the other provinces' registers hold, and in which folder."""
    found: dict[str, str] = {}
    for file in sorted(content.glob("registry/*/schools.csv")):
        if file.parent.name != province.slug:
            for row in read_table(file, REGISTER_COLUMNS).rows:
                found[row.cells.get("school_id", "")] = file.parent.name
    found.pop("", None)
    return found


def _changed(sheet: SheetTable, rows: Iterator[SheetRow], *columns: str) -> SheetTable:
    """The sheet with other rows; `columns` are those that it has besides from now on."""
    places = {**dict.fromkeys(columns, 1), **sheet.columns}
    return replace(sheet, rows=tuple(rows), columns=places)


def _fault(sheet: SheetTable, row: SheetRow, name: str, code: str, message: str, fix: str) -> Fault:
    value = row.cells.get(name, "")
    return Fault(sheet.title, row.number, sheet.column(name), code, "error", value, message, fix)


def _with_places(
    sheet: SheetTable, reference: Reference, province: Province, faults: list[Fault]
) -> SheetTable:
    """Codes for `330100 杭州市`, `330100` or `杭州市`; a code and a name must agree."""
    cities = {city.name: city.code for city in reference.cities_of(province)}

    place_names = {code: county.name for code, county in reference.counties.items()}
    place_names |= {code: city.name for code, city in reference.cities.items()}

    def resolved() -> Iterator[SheetRow]:
        for row in sheet.rows:
            cells = dict(row.cells)
            for column in ("city_code", "county_code"):
                written = cells.get(column, "")
                code, _, name = written.partition(" ")
                name = name.strip()
                if not code.isdecimal():
                    inside = {
                        county.name: county.code
                        for county in reference.counties.values()
                        if county.city_code == cells.get("city_code")
                    }
                    code = (cities if column == "city_code" else inside).get(written, written)
                elif name and place_names.get(code, name) != name:
                    faults.append(
                        _fault(
                            sheet, row, column, "sheet-place-mismatch",
                            f"代码 {code} 是{place_names[code]}，不是{shown(name)}",
                            "从下拉列表里重新选一次",
                        )
                    )  # fmt: skip
                if code:
                    cells[column] = code
            yield SheetRow(row.number, cells)

    return _changed(sheet, resolved())


def _with_ids(
    sheet: SheetTable,
    table: Table,
    names: Mapping[str, str],
    others: Mapping[str, str],
    reference: Reference,
    province: Province,
    faults: list[Fault],
) -> SheetTable:
    """Every row with an id: its own, that of the school of the same name, or a proposed one."""
    known = {row.cells.get("school_id", "") for row in table.rows}
    written = {row.cells.get("school_id", "") for row in sheet.rows}
    taken = {*known, *written, *others}
    seen: dict[str, int] = {}
    readings = {word: text.replace(" ", "") for word, text in reference.readings.items()}

    def proposed(row: SheetRow) -> str:
        name = row.cells.get("name", "")
        cities = reference.cities_of(province)
        inside = {city.code for city in cities}
        counties = [c.name for c in reference.counties.values() if c.city_code in inside]
        readings_here = place_readings(
            (province.name, province.short_name),
            province.slug,
            (*(city.name for city in cities), *counties),
            readings,
        )
        city = reference.cities.get(row.cells.get("city_code", ""))
        city_word = romanise(short_place(city.name), readings) if city else "x"
        base = base_id(name, readings_here, readings)
        return free_id(name, base, province.slug, city_word, taken)

    def resolved() -> Iterator[SheetRow]:
        for row in sheet.rows:
            school_id = row.cells.get("school_id", "")
            if not school_id:
                if "name" not in row.cells:
                    faults.append(
                        _fault(
                            sheet, row, "name", "register-missing-name",
                            "这一行没有编号，也没有校名", "写上校名，或删掉这一行",
                        )
                    )  # fmt: skip
                    continue
                school_id = names.get(row.cells["name"], "")
                try:
                    school_id = school_id or proposed(row)
                except NoFreeId as failure:
                    faults.append(
                        _fault(sheet, row, "name", "sheet-no-free-id", str(failure), "请写上编号")
                    )
                    continue
                taken.add(school_id)
            elif school_id in others:
                faults.append(_of_another(sheet, row, others[school_id]))
                continue
            if school_id in seen:
                faults.append(
                    _fault(
                        sheet, row, "school_id", "sheet-duplicate-id",
                        f"和第 {seen[school_id]} 行是同一所学校（{school_id}）", "只留一行",
                    )
                )  # fmt: skip
                continue
            seen[school_id] = row.number
            yield SheetRow(row.number, {**row.cells, "school_id": school_id})

    return _changed(sheet, resolved())


def _of_another(sheet: SheetTable, row: SheetRow, unit: str) -> Fault:
    return _fault(
        sheet, row, "school_id", "sheet-other-province",
        f"“{row.cells.get('school_id', '')}”是 {unit} 名册里的学校，不能由别的省改",
        "删掉这一行；是本省的新学校，编号留空",
    )  # fmt: skip


def _with_merge_targets(sheet: SheetTable, names: Mapping[str, str]) -> SheetTable:
    """`merged:校名` as `merged:id`."""

    def resolved() -> Iterator[SheetRow]:
        for row in sheet.rows:
            target = row.cells.get("status", "").partition("merged:")[2]
            if target and target in names:
                yield SheetRow(row.number, {**row.cells, "status": f"merged:{names[target]}"})
            else:
                yield row

    return _changed(sheet, resolved())


def _with_schools(
    sheet: SheetTable, names: Mapping[str, str], others: Mapping[str, str], faults: list[Fault]
) -> SheetTable:
    """Every programme with its school's id, found by name where it has none; no names any more."""
    name_of = {school_id: name for name, school_id in names.items()}

    def resolved() -> Iterator[SheetRow]:
        for row in sheet.rows:
            cells = {name: cell for name, cell in row.cells.items() if name != SCHOOL_NAME}
            school_id, name = cells.get("school_id", ""), row.cells.get(SCHOOL_NAME, "")
            if not cells:
                continue
            if school_id in others:
                faults.append(_of_another(sheet, row, others[school_id]))
            elif name and name not in names:
                faults.append(
                    _fault(
                        sheet, row, SCHOOL_NAME, "sheet-unknown-name",
                        f"名册里没有叫“{shown(name)}”的学校",
                        did_you_mean(name, names) or "先把学校写进“名册”；有编号的，校名可以留空",
                    )
                )  # fmt: skip
            elif name and school_id and school_id in name_of and names[name] != school_id:
                faults.append(
                    _fault(
                        sheet, row, SCHOOL_NAME, "sheet-name-mismatch",
                        f"编号 {school_id} 是{name_of[school_id]}，不是{shown(name)}",
                        "核对是哪一所学校",
                    )
                )  # fmt: skip
            if name in names and not school_id:
                cells["school_id"] = names[name]
            yield SheetRow(row.number, cells)

    changed = _changed(sheet, resolved())
    places = {name: at for name, at in changed.columns.items() if name != SCHOOL_NAME}
    return replace(changed, columns=places)


def _refuse_partial(register: Merged, table: Table) -> None:
    """A sheet that lacks most schools is a part of the register, not the end of them."""
    rows = [row for row in register.rows if row.origin is None]
    if len(rows) > 5 and len(rows) * 2 > len(table.rows):
        raise WorkbookRefused(
            f"名册里原有 {len(table.rows)} 所学校，表里少了 {len(rows)} 所，像是只有一部分。"
            f"重新导出模板，在完整的“{REGISTER}”上改；确实停办的，把状态改成“停办”。"
        )


def _new_table(
    table: Table,
    merged: Merged,
    columns: tuple[str, ...],
    sheet: SheetTable,
    province: Province,
    name: str,
) -> NewTable:
    text, lines = compose(table, merged.rows, columns)
    rows: list[tuple[int, NewRow]] = list(zip(lines, merged.rows, strict=True))
    return NewTable(
        f"registry/{province.slug}/{name}",
        text,
        sheet,
        {line: row.origin for line, row in rows if row.origin},
        frozenset(row.origin for _, row in rows if row.origin and row.kept is None),
    )

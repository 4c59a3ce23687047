"""Turn the reference files of ``data/raw`` into the content that the site is built from.

    python scripts/import_reference.py [--from data/raw] [--to content] [--force]

It writes these files and no others (``content/schools/`` is never touched):

* ``reference/``: provinces, grey tiles, divisions, majors, major categories, aid policies and
  priority areas;
* ``registry/<province>/schools.csv``: the schools whose source is graded A (an official
  document) or B (the school's own words or the press, hence not verified); grade C, second-hand
  only, stays out;
* ``registry/zhejiang/plans/2025.csv``: the official enrolment plan, row for row.

Running it twice changes nothing. A school that a register already holds keeps its
``school_id``, matched by name within its province, so that an address never changes.

Registers and plans belong to the provinces. After hand-over a province edits its own files and
this script is not run on them again: it refuses, prints what differs and writes nothing at all
when a register or plan is not what it would write itself, unless ``--force`` is given. The
files in ``reference/`` are derived, so they are simply written again.

``docs/data-sources.md`` describes the sources, ``docs/decisions/0003-school-ids.md`` the ids.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the script is run by its path, outside the package

from plugins.school_ids import (  # noqa: E402
    WORDS,
    NoFreeId,
    base_id,
    free_id,
    place_readings,
    romanise,
    short_place,
    split_words,
)

Row: TypeAlias = Mapping[str, str]

CHECKED_ON: Final = "2026-11-23"
PLAN_YEAR: Final = "2025"
PLAN_PROVINCE: Final = "zhejiang"
OFFICIAL_SOURCE: Final = {
    "source_document": "关于公布2025年全省技工院校招生计划的通知（附表）",
    "source_number": "浙人社办发〔2025〕16号",
    "source_date": "2025-05-07",
    "source_address": "file.m12333.cn",
}

PROVINCE_FIELDS: Final = (
    "code", "division_code", "name", "short_name", "abbr", "slug", "region", "iso_code",
    "capital", "tile_row", "tile_col", "authority", "neighbours",
)  # fmt: skip
GREY_TILE_FIELDS: Final = ("name", "short_name", "tile_row", "tile_col")
CATEGORY_FIELDS: Final = ("code", "name", "slug", "basis")
MAJOR_FIELDS: Final = ("slug", "name", "category_code", "variant_of", "variant_direction", "basis")
REGISTER_FIELDS: Final = (
    "school_id", "name", "level", "ownership", "city_code", "county_code", "address", "campuses",
    "phone", "website", "supervising_body", "founded", "school_code", "licence_no",
    "former_names", "aliases", "status", "verified", "source_document", "source_number",
    "source_date", "source_address", "checked_on", "note",
)  # fmt: skip
PLAN_FIELDS: Final = (
    "school_id", "major", "direction", "training_level", "entry", "entry_note", "duration_years",
    "seats", "campus", "tuition_year_1", "tuition_year_2", "tuition_year_3", "tuition_year_4",
    "tuition_year_5", "tuition_year_6", "boarding_fee", "partner_employer", "partner_degree",
    "open_from", "open_to", "source_document", "source_number", "source_date", "source_address",
    "checked_on",
)  # fmt: skip

COPIED: Final = ("aid_policies.csv", "divisions.csv", "priority_areas.csv")

MUNICIPALITIES: Final = frozenset({"110000", "120000", "310000", "500000"})

# Common geographical knowledge, each border named once, by the province with the lower code.
# 海南 has only the strait to 广东, and 兵团 lies within 新疆.
BORDERS: Final = {
    "beijing": "tianjin hebei",
    "tianjin": "hebei",
    "hebei": "shanxi neimenggu liaoning shandong henan",
    "shanxi": "neimenggu henan shaanxi",
    "neimenggu": "liaoning jilin heilongjiang shaanxi gansu ningxia",
    "liaoning": "jilin",
    "jilin": "heilongjiang",
    "shanghai": "jiangsu zhejiang",
    "jiangsu": "zhejiang anhui shandong",
    "zhejiang": "anhui fujian jiangxi",
    "anhui": "jiangxi shandong henan hubei",
    "fujian": "jiangxi guangdong",
    "jiangxi": "hubei hunan guangdong",
    "shandong": "henan",
    "henan": "hubei shaanxi",
    "hubei": "hunan chongqing shaanxi",
    "hunan": "guangdong guangxi chongqing guizhou",
    "guangdong": "guangxi hainan",
    "guangxi": "guizhou yunnan",
    "chongqing": "sichuan guizhou shaanxi",
    "sichuan": "guizhou yunnan xizang shaanxi gansu qinghai",
    "guizhou": "yunnan",
    "yunnan": "xizang",
    "xizang": "qinghai xinjiang",
    "shaanxi": "gansu ningxia",
    "gansu": "qinghai ningxia xinjiang",
    "qinghai": "xinjiang",
    "xinjiang": "xinjiang-bingtuan",
}

CONTENT: Final = Path(__file__).resolve().parents[1] / "content"


@lru_cache(maxsize=1)
def readings() -> dict[str, str]:
    """Readings that the pinyin library gets wrong, or that must not depend on its version: word
    to letters, from the table that search uses too."""
    rows = read_rows(CONTENT / "reference" / "readings.csv")
    return {row["word"]: row["reading"].replace(" ", "") for row in rows}


TRAINING_LEVELS: Final = {
    "中级": "中级工",
    "高级": "高级工",
    "预备技师": "预备技师",
    "技师": "技师",
}
ENTRIES: Final = {
    "初中": "初中",
    "高中": "高中",
    "对口专业中级工/中职/中专": "中职",
    "中职毕业生": "中职",
    "中职生": "中职",
    "大专/高级工": "高级工",
    "其他": "其他",
}

# The only remarks of the sources that a register repeats: how a value was arrived at.
REMARKS: Final = (
    (re.compile(r"^city 由(.+)推定$"), r"所在市由\1推定"),
    (re.compile(r"^(所在市由.+推定)$"), r"\1"),
    (re.compile(r"^(公报原文如此，.+)$"), r"\1"),
    (re.compile(r"^.*(原文“[^”]+”，(?:今[^（）]+|县区由此对应)).*$"), r"\1"),
)

ID_RULE = """学校编号（school_id）怎样定：
  校名里的地名、专名、办学类型各写成拼音，用“-”连起来：
    杭州技师学院 → hangzhou-jishi-xueyuan
    杭州市第二机械技工学校 → hangzhou-dier-jixie-jigong-xuexiao
  地名后面的省市县区等字不写，括号里的第二校名不写；
  与别的学校相同的，排在后面的一所前面加省名，仍相同的再加市名；
  名册里已有的学校编号永远不变。详见 docs/decisions/0003-school-ids.md。"""


class ImportProblem(Exception):
    """The reference files say something that this script cannot turn into content."""


# Pinyin


def slug_of(text: str) -> str:
    """A readable address for a name of things: its words in pinyin, joined with `-`."""
    return "-".join(romanise(word, readings()) for word in split_words(text, WORDS))


# Reference tables


def neighbours_of(slugs: Sequence[str]) -> dict[str, list[str]]:
    """The provinces that border each province of `slugs`, in the order of `slugs`."""
    pairs = [(one, other) for one, others in BORDERS.items() for other in others.split()]
    if strangers := sorted({slug for pair in pairs for slug in pair} - set(slugs)):
        raise ImportProblem(f"provinces.csv 里没有相邻表写的：{'、'.join(strangers)}")
    return {
        slug: [other for other in slugs if (slug, other) in pairs or (other, slug) in pairs]
        for slug in slugs
    }


def authority_of(full_name: str, division_code: str) -> str:
    """The department that answers for technician schools: 厅, in a municipality and 兵团 局."""
    office = "局" if division_code in MUNICIPALITIES or not division_code else "厅"
    return f"{full_name}人力资源和社会保障{office}"


def province_rows(raw: Sequence[Row]) -> list[Row]:
    """The 32 reporting units in code order, each with its authority and its neighbours."""
    ordered = sorted(raw, key=lambda row: row["code2"])
    neighbours = neighbours_of([row["slug"] for row in ordered])
    return [
        {
            "code": row["code2"],
            "division_code": row["code6"],
            "name": row["full_name"],
            "short_name": row["short_name"],
            "abbr": row["abbr"],
            "slug": row["slug"],
            "region": row["region"],
            "iso_code": row["iso_3166_2"],
            "capital": row["capital"],
            "tile_row": row["tile_row"],
            "tile_col": row["tile_col"],
            "authority": authority_of(row["full_name"], row["code6"]),
            "neighbours": ";".join(neighbours[row["slug"]]),
        }
        for row in ordered
    ]


def grey_tile_rows(raw: Sequence[Row]) -> list[Row]:
    """The tiles of places that do not report here, so that the map has no hole."""
    return [
        {
            "name": row["full_name"],
            "short_name": row["short_name"],
            "tile_row": row["tile_row"],
            "tile_col": row["tile_col"],
        }
        for row in raw
    ]


def category_rows(raw: Sequence[Row]) -> list[Row]:
    """The categories that majors are grouped by; a slug leaves out the 类 at the end."""
    return [
        {
            "code": row["category_code"],
            "name": row["category_name"],
            "slug": slug_of(row["category_name"].removesuffix("类")),
            "basis": row["status"],
        }
        for row in raw
    ]


def split_variant(wording: str, majors: Iterable[str]) -> tuple[str, str]:
    """Split `数控加工（数控铣工）` into the major and its direction; the direction may be blank."""
    if not wording or wording in set(majors):
        return wording, ""
    found = re.fullmatch(r"(.+)（([^（）]+)）", wording)
    if not found or found.group(1) not in set(majors):
        raise ImportProblem(f"majors.csv：“{wording}”不是表里的专业")
    return found.group(1), found.group(2)


def canonical_major(name: str, variants: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """The major that `name` is another wording of, at the end of the chain, and its direction.

    Both are blank for a major that is no variant. The direction nearest to `name` wins.
    """
    major, direction = variants[name]
    seen = {name}
    while major and variants[major][0]:
        if major in seen:
            raise ImportProblem(f"majors.csv：“{name}”的异写关系绕成了圈")
        seen.add(major)
        major, further = variants[major]
        direction = direction or further
    return major, direction


def major_basis(variant_of: str) -> str:
    """On what ground a major has its name, its category and its fold, for readers."""
    basis = "专业名称见浙人社办发〔2025〕16号附表；大类按通用常识归入"
    return f"{basis}；疑为“{variant_of}”的另一种写法，据名称归并" if variant_of else basis


def major_rows(raw: Sequence[Row]) -> list[Row]:
    """All majors of the plan; a variant names its canonical major, which is never a variant."""
    names = [row["major"] for row in raw]
    variants = {row["major"]: split_variant(row["probable_variant_of"], names) for row in raw}
    rows: list[Row] = []
    for row in raw:
        variant_of, direction = canonical_major(row["major"], variants)
        rows.append(
            {
                "slug": slug_of(row["major"]),
                "name": row["major"],
                "category_code": row["category_code_suggested"],
                "variant_of": variant_of,
                "variant_direction": direction,
                "basis": major_basis(variant_of),
            }
        )
    if len({row["slug"] for row in rows}) != len(rows):
        raise ImportProblem("majors.csv：有两个专业的拼音地址相同")
    return rows


# School ids


def school_ids(
    raw: Sequence[Row],
    provinces: Mapping[str, Row],
    divisions: Sequence[Row],
    registered: Mapping[tuple[str, str], str],
) -> dict[tuple[str, str], str]:
    """The id of every school by (province slug, name), in the order of the source.

    `registered` holds the ids that the registers have given already; those never change.
    """
    places = {
        code: place_readings(
            (row["full_name"], row["short_name"]),
            row["slug"],
            (
                division[column]
                for division in divisions
                if division["province_code"] == row["code6"]
                for column in ("city_name", "county_name")
            ),
            readings(),
        )
        for code, row in provinces.items()
    }
    ids: dict[tuple[str, str], str] = {}
    taken = set(registered.values())
    for row in raw:
        province = provinces[row["province_code"]]
        key = (province["slug"], row["name"])
        if key in ids:
            raise ImportProblem(f"schools.csv：{row['province']}有两行“{row['name']}”")
        try:
            ids[key] = registered.get(key) or free_id(
                row["name"],
                base_id(row["name"], places[row["province_code"]], readings()),
                province["slug"],
                romanise(short_place(row["city"]), readings()),
                taken,
            )
        except NoFreeId as problem:
            raise ImportProblem(str(problem)) from problem
        taken.add(ids[key])
    return ids


# Registers


def split_ownership(wording: str) -> tuple[str, str, str]:
    """Ownership, supervising body and remark, from the source's own wording.

    Only a plain 公办 or 民办 is an ownership; what stands in its brackets is the supervising
    body (without 直属 at its end; a body that took the school over is remarked on). Any other
    wording (企业举办…, 社会力量办学…, 民办投资…) says who runs the school, not what it is by law:
    it stands whole in the supervising body and the ownership stays blank.
    """
    found = re.fullmatch(r"(公办|民办)(?:（([^（）]+)）)?", wording)
    if not found:
        return "", wording, ""
    ownership, body = found.group(1), found.group(2) or ""
    moved = body.startswith("移交")
    plain = body.removesuffix("直属").removeprefix("移交")
    return ownership, plain, f"主管单位原文“{body}”" if moved else ""


def remarks_on(row: Row) -> list[str]:
    """How values of this row were arrived at; claims and honours are left out."""
    found = [
        pattern.sub(wording, piece)
        for piece in row["facts_or_note"].split("；")
        for pattern, wording in REMARKS
        if pattern.match(piece)
    ]
    # The official plan names no level: it was read off the end of the school's name.
    read_off_name = row["source_grade"] == "A" and row["level"]
    return [*found, "办学层次由校名推定"] if read_off_name else found


def city_code_of(row: Row, divisions: Sequence[Row]) -> str:
    """The prefecture's code; a municipality has none and takes its own."""
    code = row["city_code"]
    if not code and row["province_code"] in MUNICIPALITIES:
        return row["province_code"]
    if not any(
        d["province_code"] == row["province_code"] and d["city_code"] == code for d in divisions
    ):
        raise ImportProblem(f"{row['name']}：{row['province']}没有代码为“{code}”的地级市")
    return code


def county_code_of(row: Row, divisions: Sequence[Row]) -> str:
    """The code of the county named in the row, looked up within its city; blank without one."""
    if not row["county"]:
        return ""
    codes = {
        d["county_code"]
        for d in divisions
        if d["province_code"] == row["province_code"]
        and d["city_code"] == row["city_code"]
        and d["county_name"] == row["county"]
    }
    if len(codes) != 1:
        raise ImportProblem(f"{row['name']}：{row['city'] or row['province']}没有“{row['county']}”")
    return codes.pop()


def date_in(source: str) -> str:
    """The day that a source's wording or address carries (`2021-08-23`, `/2012-06/07/`), or ''."""
    found = re.search(r"(\d{4})-(\d{2})(?:-(\d{2})(?!\d)|/(\d{2})/)", source)
    return f"{found[1]}-{found[2]}-{found[3] or found[4]}" if found else ""


def resolve_same_as_above(raw: Sequence[Row]) -> list[Row]:
    """Replace the source 同上 by the source of the row above in the same province."""
    last: dict[str, str] = {}
    rows: list[Row] = []
    for row in raw:
        source = row["source"]
        if source == "同上":
            if row["province_code"] not in last:
                raise ImportProblem(f"{row['name']}：“同上”的上面没有来源")
            source = last[row["province_code"]]
        last[row["province_code"]] = source
        rows.append({**row, "source": source})
    return rows


def source_of(row: Row) -> Row:
    """Where a school's row comes from: the official document, or public material of some year."""
    if row["source_grade"] == "A":
        return {**OFFICIAL_SOURCE, "verified": "yes"}
    return {
        "source_document": f"学校自述或媒体公开资料（资料年份：{row['as_of']}）",
        "source_date": date_in(row["source"]),
        "source_address": row["source"],
        "verified": "no",
    }


def register_row(row: Row, school_id: str, divisions: Sequence[Row]) -> Row:
    """One school as its register holds it; what the source does not say stays blank."""
    ownership, supervising_body, remark = split_ownership(row["ownership"])
    second_name = re.fullmatch(r"(.+)（(.+)）", row["name"])
    return {
        "school_id": school_id,
        "name": row["name"],
        "level": row["level"],
        "ownership": ownership,
        "city_code": city_code_of(row, divisions),
        "county_code": county_code_of(row, divisions),
        "supervising_body": supervising_body,
        "founded": row["founded"],
        "aliases": ";".join(second_name.groups()) if second_name else "",
        "status": "active",
        **source_of(row),
        "checked_on": CHECKED_ON,
        "note": "；".join([*remarks_on(row), *filter(None, [remark])]),
    }


# The plan


def plan_row(row: Row, school_id: str) -> Row:
    """One programme; `entry_note` keeps the document's wording wherever `entry` differs from it."""
    if row["level"] not in TRAINING_LEVELS or row["entry"] not in ENTRIES:
        raise ImportProblem(
            f"zj2025_programs.csv：{row['school']}的“{row['level']}”或“{row['entry']}”没有对应的词"
        )
    entry = ENTRIES[row["entry"]]
    return {
        "school_id": school_id,
        "major": row["major_base"],
        "direction": row["direction"],
        "training_level": TRAINING_LEVELS[row["level"]],
        "entry": entry,
        "entry_note": "" if entry == row["entry"] else row["entry"],
        "duration_years": row["years"],
        "seats": row["plan_count"],
        **OFFICIAL_SOURCE,
        "checked_on": CHECKED_ON,
    }


def plan_rows(raw: Sequence[Row], ids: Mapping[tuple[str, str], str]) -> list[Row]:
    """The plan's rows by school, each school's in the order of the document."""
    rows: list[Row] = []
    for row in raw:
        key = (PLAN_PROVINCE, row["school"])
        if key not in ids:
            raise ImportProblem(f"zj2025_programs.csv：名册里没有“{row['school']}”")
        rows.append(plan_row(row, ids[key]))
    return sorted(rows, key=lambda row: row["school_id"])


# Reading and writing


def read_rows(file: Path) -> list[Row]:
    """The rows of a CSV file; every row must have a cell for every column."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise ImportProblem(f"{file}：读不了（{failure}）") from failure
    for number, row in enumerate(rows, start=1):
        if None in row or None in row.values():
            raise ImportProblem(f"{file}：第 {number} 行数据的格数与表头不同")
    return list(rows)


def csv_bytes(fields: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8, LF, no byte order mark; columns that a row does not have stay blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def registered_ids(content: Path) -> dict[tuple[str, str], str]:
    """The ids that the registers below `content` hold already, by (province slug, name)."""
    ids: dict[tuple[str, str], str] = {}
    for file in sorted(content.glob("registry/*/schools.csv")):
        for row in read_rows(file):
            if not row.get("school_id") or not row.get("name"):
                raise ImportProblem(f"{file}：有一行没有 school_id 或 name")
            ids[(file.parent.name, row["name"])] = row["school_id"]
    return ids


def reference_files(raw: Path) -> Iterator[tuple[str, bytes]]:
    """Path below the content folder and bytes of every reference table."""
    for name in COPIED:
        yield f"reference/{name}", (raw / name).read_bytes()
    tables: tuple[tuple[str, Sequence[str], list[Row]], ...] = (
        ("provinces", PROVINCE_FIELDS, province_rows(read_rows(raw / "provinces.csv"))),
        ("grey_tiles", GREY_TILE_FIELDS, grey_tile_rows(read_rows(raw / "tiles_nonreporting.csv"))),
        (
            "major_categories",
            CATEGORY_FIELDS,
            category_rows(read_rows(raw / "major_categories.csv")),
        ),
        ("majors", MAJOR_FIELDS, major_rows(read_rows(raw / "majors.csv"))),
    )
    for name, fields, rows in tables:
        yield f"reference/{name}.csv", csv_bytes(fields, rows)


def registry_files(
    raw: Path, registered: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, bytes]]:
    """Path below the content folder and bytes of every register and of the plan."""
    provinces = {row["code6"]: row for row in read_rows(raw / "provinces.csv")}
    divisions = read_rows(raw / "divisions.csv")
    schools = [
        row
        for row in resolve_same_as_above(read_rows(raw / "schools.csv"))
        if row["source_grade"] in ("A", "B")
    ]
    ids = school_ids(schools, provinces, divisions, registered)
    registers: dict[str, list[Row]] = {}
    for row in schools:
        slug = provinces[row["province_code"]]["slug"]
        school_id = ids[(slug, row["name"])]
        registers.setdefault(slug, []).append(register_row(row, school_id, divisions))
    for slug, rows in sorted(registers.items()):
        ordered = sorted(rows, key=lambda row: row["school_id"])
        yield f"registry/{slug}/schools.csv", csv_bytes(REGISTER_FIELDS, ordered)
    programmes = plan_rows(read_rows(raw / "zj2025_programs.csv"), ids)
    yield (
        f"registry/{PLAN_PROVINCE}/plans/{PLAN_YEAR}.csv",
        csv_bytes(PLAN_FIELDS, programmes),
    )


def differing_lines(path: str, there: bytes, ours: bytes) -> list[str]:
    """A line-by-line comparison of the file that is there and the one that would be written."""
    return list(
        difflib.unified_diff(
            there.decode("utf-8", "replace").splitlines(),
            ours.decode("utf-8", "replace").splitlines(),
            f"现有的 {path}",
            f"脚本将写的 {path}",
            lineterm="",
            n=0,
        )
    )


def write_files(content: Path, files: Mapping[str, bytes], force: bool) -> int:
    """Write `files` below `content` and return an exit status.

    Nothing at all is written when a register or plan there differs and `force` is not given.
    """
    there = {
        path: (content / path).read_bytes() if (content / path).is_file() else None
        for path in files
    }
    kept = [
        path
        for path, data in there.items()
        if path.startswith("registry/") and data is not None and data != files[path]
    ]
    for path in kept:
        print("\n".join(differing_lines(path, there[path] or b"", files[path])))
    if kept and not force:
        print(
            f"上面 {len(kept)} 个名册或计划文件已经被改过，归各省管理，所以什么都没有写。\n"
            "确实要用原始资料盖掉，请加 --force。"
        )
        return 1
    changed = [path for path, data in sorted(files.items()) if there[path] != data]
    for path in changed:
        target = content / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[path])
        print(f"已写入 {path}")
    print(
        f"共 {len(files)} 个文件：写入 {len(changed)} 个，{len(files) - len(changed)} 个没有变化。"
    )
    return 0


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line; `None` means the arguments of this process."""
    parser = argparse.ArgumentParser(
        description="把 data/raw 里的原始资料转换成网站用的名册、计划和参考表（不动 schools/）。",
        epilog=ID_RULE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--from", dest="raw", type=Path, default=ROOT / "data" / "raw", help="原始资料所在的文件夹"
    )
    parser.add_argument(
        "--to", dest="content", type=Path, default=ROOT / "content", help="写到哪个文件夹"
    )
    parser.add_argument("--force", action="store_true", help="盖掉各省改过的名册和计划")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Import everything; the exit status is 1 when nothing was written because of a problem."""
    options = parse_arguments(arguments)
    try:
        files = {
            **dict(reference_files(options.raw)),
            **dict(registry_files(options.raw, registered_ids(options.content))),
        }
        return write_files(options.content, files, options.force)
    except (ImportProblem, OSError) as problem:
        print(f"没有写入：{problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())

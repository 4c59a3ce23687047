"""The registers, the plan and the reference tables are what `data/raw` says, no more and no less.

These tests hold until a province takes its register over and edits it; from then on its files
leave the byte-for-byte comparison, and the script refuses to touch them.
"""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pytest

from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data" / "raw"
CONTENT = ROOT / "content"
SCRIPT = ROOT / "scripts" / "import_reference.py"
PLAN = "registry/zhejiang/plans/2025.csv"
REGISTER = "registry/zhejiang/schools.csv"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

TableRow: TypeAlias = dict[str, str]


def run_import(content: Path, *options: str, raw: Path = RAW) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--from", str(raw), "--to", str(content), *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def rows_of(file: Path) -> list[TableRow]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh import of `data/raw` into an empty folder; tests only read it."""
    content = tmp_path_factory.mktemp("content")
    result = run_import(content)
    assert result.returncode == 0, result.stderr
    return content


@pytest.fixture
def copy(imported: Path, tmp_path: Path) -> Path:
    """A copy of the fresh import that a test may change."""
    return Path(shutil.copytree(imported, tmp_path / "content"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("import_reference", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def registers() -> dict[str, list[TableRow]]:
    """The committed registers by province."""
    files = sorted(CONTENT.glob("registry/*/schools.csv"))
    return {file.parent.name: rows_of(file) for file in files}


def every_school(registers: dict[str, list[TableRow]]) -> Iterator[TableRow]:
    for rows in registers.values():
        yield from rows


def test_a_fresh_import_gives_the_committed_files_byte_for_byte(imported: Path) -> None:
    files = files_below(imported)
    assert len(files) == 22
    for path, data in files.items():
        assert (CONTENT / path).read_bytes() == data, path


def test_importing_twice_writes_nothing_the_second_time(copy: Path) -> None:
    before = files_below(copy)
    result = run_import(copy)
    assert result.returncode == 0
    assert "写入 0 个" in result.stdout
    assert files_below(copy) == before


def test_files_are_utf8_with_lf_and_no_byte_order_mark(imported: Path) -> None:
    for path, data in files_below(imported).items():
        assert not data.startswith(b"\xef\xbb\xbf"), path
        assert b"\r" not in data, path
        data.decode("utf-8")


def test_the_headers_are_those_that_the_catalogue_reads(imported: Path) -> None:
    for path, data in files_below(imported).items():
        header = tuple(data.decode("utf-8").split("\n", 1)[0].split(","))
        if path.endswith("schools.csv"):
            assert header == REGISTER_COLUMNS, path
        elif "/plans/" in path:
            assert header == PLAN_COLUMNS, path


def test_the_registers_hold_97_official_and_40_unverified_schools_in_14_provinces(
    registers: dict[str, list[TableRow]],
) -> None:
    verified = [row["verified"] for row in every_school(registers)]
    assert len(registers) == 14
    assert len(verified) == 137
    assert verified.count("yes") == 97
    assert verified.count("no") == 40
    assert {row["verified"] for row in registers["zhejiang"]} == {"yes"}


def test_every_school_of_the_sources_is_in_its_register_under_its_own_name(
    registers: dict[str, list[TableRow]],
) -> None:
    slugs = {row["full_name"]: row["slug"] for row in rows_of(RAW / "provinces.csv")}
    wanted = {
        (slugs[row["province"]], row["name"])
        for row in rows_of(RAW / "schools.csv")
        if row["source_grade"] in ("A", "B")
    }
    found = {(slug, row["name"]) for slug, rows in registers.items() for row in rows}
    assert found == wanted


def test_no_school_known_only_at_second_hand_is_in_a_register(
    registers: dict[str, list[TableRow]],
) -> None:
    second_hand = {
        row["name"] for row in rows_of(RAW / "schools.csv") if row["source_grade"] == "C"
    }
    assert len(second_hand) == 21
    assert not second_hand & {row["name"] for row in every_school(registers)}


def test_the_plan_has_all_1786_rows_and_85954_seats() -> None:
    plan = rows_of(CONTENT / PLAN)
    assert len(plan) == 1786
    assert sum(int(row["seats"]) for row in plan) == 85954
    assert len({row["school_id"] for row in plan}) == 97


def test_every_programme_row_of_the_document_can_be_recovered_from_the_plan(
    registers: dict[str, list[TableRow]],
) -> None:
    schools = {row["school_id"]: row for row in registers["zhejiang"]}
    cities = {row["city_code"]: row["city_name"] for row in rows_of(RAW / "divisions.csv")}
    levels = {"中级工": "中级", "高级工": "高级", "预备技师": "预备技师", "技师": "技师"}
    recovered = [
        {
            "school": schools[row["school_id"]]["name"],
            "city": cities[schools[row["school_id"]]["city_code"]],
            "major": row["major"] + (f"（{row['direction']}）" if row["direction"] else ""),
            "major_base": row["major"],
            "direction": row["direction"],
            "level": levels[row["training_level"]],
            "entry": row["entry_note"] or row["entry"],
            "years": row["duration_years"],
            "plan_count": row["seats"],
        }
        for row in rows_of(CONTENT / PLAN)
    ]
    document = rows_of(RAW / "zj2025_programs.csv")
    for name in sorted({row["school"] for row in document}):
        assert [row for row in recovered if row["school"] == name] == [
            row for row in document if row["school"] == name
        ]
    assert len(recovered) == len(document)


def test_the_plan_uses_only_the_words_of_the_word_list() -> None:
    plan = rows_of(CONTENT / PLAN)
    assert {row["training_level"] for row in plan} == {"中级工", "高级工", "预备技师", "技师"}
    assert {row["entry"] for row in plan} == {"初中", "高中", "中职", "高级工", "其他"}
    assert all(row["entry_note"] != row["entry"] for row in plan)


def test_registers_and_plan_are_sorted_by_school_id(
    registers: dict[str, list[TableRow]],
) -> None:
    for slug, rows in registers.items():
        ids = [row["school_id"] for row in rows]
        assert ids == sorted(ids), slug
    ids = [row["school_id"] for row in rows_of(CONTENT / PLAN)]
    assert ids == sorted(ids)


def test_school_ids_are_nationally_unique_readable_and_at_most_60_characters(
    registers: dict[str, list[TableRow]],
) -> None:
    ids = [row["school_id"] for row in every_school(registers)]
    assert len(set(ids)) == len(ids)
    assert all(SLUG.fullmatch(school_id) and len(school_id) <= 60 for school_id in ids)


def test_ownership_is_plain_and_any_other_wording_says_who_runs_the_school(
    registers: dict[str, list[TableRow]],
) -> None:
    raw = {row["name"]: row["ownership"] for row in rows_of(RAW / "schools.csv")}
    found = {
        raw[row["name"]]: (row["ownership"], row["supervising_body"])
        for row in every_school(registers)
    }
    assert found == {
        "": ("", ""),
        "公办": ("公办", ""),
        "公办（省人社厅直属）": ("公办", "省人社厅"),
        "公办（市人社局直属）": ("公办", "市人社局"),
        "公办（市人社局）": ("公办", "市人社局"),
        "公办（移交市人社局）": ("公办", "市人社局"),
        "公办（市交通运输局）": ("公办", "市交通运输局"),
        "公办（自治区人社厅）": ("公办", "自治区人社厅"),
        "社会力量办学（中华职业教育社创办）": ("", "社会力量办学（中华职业教育社创办）"),
        "民办投资（江西泰桉教育投资）": ("", "民办投资（江西泰桉教育投资）"),
        "企业举办（省邮政公司）": ("", "企业举办（省邮政公司）"),
    }


def test_every_register_row_names_its_own_source(registers: dict[str, list[TableRow]]) -> None:
    for row in every_school(registers):
        assert row["source_address"], row["name"]
        assert "同上" not in row["source_address"], row["name"]
        if row["verified"] == "yes":
            assert row["source_number"] == "浙人社办发〔2025〕16号"
        else:
            assert re.search(r"学校自述或媒体公开资料（资料年份：.+）", row["source_document"])
    dates = {row["school_id"]: row["source_date"] for row in every_school(registers)}
    unverified = {
        row["school_id"]: dates[row["school_id"]]
        for row in every_school(registers)
        if row["verified"] == "no" and dates[row["school_id"]]
    }
    assert unverified == {
        "chongqing-gongye-jishi-xueyuan": "2012-06-07",
        "xizang-jishi-xueyuan": "2021-08-23",
    }


def test_notes_say_how_a_value_was_found_and_claim_nothing_else(
    registers: dict[str, list[TableRow]],
) -> None:
    remark = re.compile(
        r"所在市由.+推定|办学层次由校名推定|公报原文如此，疑脱“校”字|主管单位原文“.+”|原文“.+”，.+"
    )
    for row in every_school(registers):
        for piece in filter(None, row["note"].split("；")):
            assert remark.fullmatch(piece), f"{row['name']}：{piece}"


def test_a_second_name_in_brackets_stays_in_the_name_and_becomes_an_alias(
    registers: dict[str, list[TableRow]],
) -> None:
    aliases = {row["name"]: row["aliases"] for row in every_school(registers) if row["aliases"]}
    assert aliases == {
        "重庆市机械高级技工学校（重庆机械技师学院）": "重庆市机械高级技工学校;重庆机械技师学院",
        "河北机车技师学院（唐山机车车辆厂高级技工学校）": (
            "河北机车技师学院;唐山机车车辆厂高级技工学校"
        ),
    }


def test_a_school_of_a_municipality_stands_in_the_municipality_itself(
    registers: dict[str, list[TableRow]],
) -> None:
    assert {row["city_code"] for row in registers["chongqing"]} == {"500000"}
    counties = {row["school_id"]: row["county_code"] for row in registers["chongqing"]}
    assert counties["chongqing-gongye-jishi-xueyuan"] == "500118"


def test_neighbours_are_mutual_and_every_reporting_unit_has_one() -> None:
    provinces = rows_of(CONTENT / "reference" / "provinces.csv")
    neighbours = {row["slug"]: row["neighbours"].split(";") for row in provinces}
    assert len(neighbours) == 32
    for slug, others in neighbours.items():
        assert others != [""], slug
        for other in others:
            assert slug in neighbours[other], f"{slug} 与 {other}"
    assert neighbours["hainan"] == ["guangdong"]
    assert neighbours["xinjiang-bingtuan"] == ["xinjiang"]
    assert len(neighbours["shaanxi"]) == len(neighbours["neimenggu"]) == 8


def test_provinces_stand_in_code_order_with_the_department_that_answers() -> None:
    provinces = rows_of(CONTENT / "reference" / "provinces.csv")
    codes = [row["code"] for row in provinces]
    assert codes == sorted(codes)
    offices = {row["slug"] for row in provinces if row["authority"].endswith("社会保障局")}
    assert offices == {"beijing", "tianjin", "shanghai", "chongqing", "xinjiang-bingtuan"}
    assert [row["slug"] for row in provinces if not row["division_code"]] == ["xinjiang-bingtuan"]


def test_no_two_tiles_of_the_map_share_a_place() -> None:
    names = ("provinces", "grey_tiles")
    rows = [row for name in names for row in rows_of(CONTENT / "reference" / f"{name}.csv")]
    places = [(row["tile_row"], row["tile_col"]) for row in rows]
    assert len(places) == 35
    assert len(set(places)) == 35


def test_majors_have_unique_addresses_and_18_variants_fold_into_majors_that_are_none() -> None:
    majors = rows_of(CONTENT / "reference" / "majors.csv")
    slugs = [row["slug"] for row in majors]
    assert len(majors) == len(set(slugs)) == 218
    assert all(SLUG.fullmatch(slug) for slug in slugs)
    canonical = {row["name"] for row in majors if not row["variant_of"]}
    variants = [row for row in majors if row["variant_of"]]
    assert len(variants) == 18
    assert {row["variant_of"] for row in variants} <= canonical
    folded = {row["name"]: (row["variant_of"], row["variant_direction"]) for row in variants}
    assert folded["数控铣工"] == ("数控加工", "数控铣工")
    assert folded["会计事务"] == ("会计", "")


def test_every_major_of_the_plan_is_in_the_list_of_majors() -> None:
    majors = {row["name"] for row in rows_of(CONTENT / "reference" / "majors.csv")}
    assert {row["major"] for row in rows_of(CONTENT / PLAN)} == majors


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("会计", "kuaiji"),
        ("重型车辆运用与维修", "zhongxing-cheliang-yunyong-yu-weixiu"),
        ("民族音乐与舞蹈", "minzu-yinyue-yu-wudao"),
        ("供用电技术", "gongyongdian-jishu"),
        ("工业机械自动化装调", "gongye-jixie-zidonghua-zhuangtiao"),
        ("饭店（酒店）服务", "fandian-jiudian-fuwu"),
        ("3D打印技术", "3d-dayin-jishu"),
    ],
)
def test_majors_are_read_as_they_are_spoken(name: str, slug: str) -> None:
    majors = {row["name"]: row["slug"] for row in rows_of(CONTENT / "reference" / "majors.csv")}
    assert majors[name] == slug


@pytest.mark.parametrize(
    ("name", "school_id"),
    [
        ("杭州技师学院", "hangzhou-jishi-xueyuan"),
        ("杭州市第二机械技工学校", "hangzhou-dier-jixie-jigong-xuexiao"),
        ("杭州市临安区技工学", "hangzhou-linan-jigong-xuexiao"),
        ("丽水市技工学校", "lishui-jigong-xuexiao"),
        ("重庆市机械高级技工学校（重庆机械技师学院）", "chongqing-jixie-gaoji-jigong-xuexiao"),
        ("陕西通信技师学院", "shaanxi-tongxin-jishi-xueyuan"),
        ("西藏技师学院", "xizang-jishi-xueyuan"),
        ("缙云高级技工学校", "jinyun-gaoji-jigong-xuexiao"),
    ],
)
def test_school_ids_follow_the_written_rule(
    registers: dict[str, list[TableRow]], name: str, school_id: str
) -> None:
    ids = {row["name"]: row["school_id"] for row in every_school(registers)}
    assert ids[name] == school_id


def test_the_later_of_two_schools_with_the_same_reading_takes_its_province_then_its_city(
    script: ModuleType,
) -> None:
    provinces = {row["code6"]: row for row in rows_of(RAW / "provinces.csv")}
    divisions = rows_of(RAW / "divisions.csv")
    invented = [
        {"name": name, "province": "", "province_code": province, "city": city}
        for name, province, city in [
            ("虚构甲技工学校", "330000", "台州市"),
            ("虚构甲技工学校", "320000", "泰州市"),
            ("虚构假技工学校", "320000", "南京市"),
        ]
    ]
    ids = script.school_ids(invented, provinces, divisions, {})
    assert list(ids.values()) == [
        "xugoujia-jigong-xuexiao",
        "jiangsu-xugoujia-jigong-xuexiao",
        "jiangsu-nanjing-xugoujia-jigong-xuexiao",
    ]


def test_an_id_that_a_register_has_given_never_changes(copy: Path) -> None:
    given = "id-given-long-ago"
    replace_in(copy / REGISTER, "\nhangzhou-jishi-xueyuan,", f"\n{given},")
    assert run_import(copy, "--force").returncode == 0
    ids = {row["name"]: row["school_id"] for row in rows_of(copy / REGISTER)}
    assert ids["杭州技师学院"] == given
    planned = {row["school_id"] for row in rows_of(copy / PLAN)}
    assert given in planned
    assert "hangzhou-jishi-xueyuan" not in planned


@pytest.mark.parametrize("path", [REGISTER, PLAN])
def test_a_file_that_a_province_has_edited_is_shown_and_nothing_is_written(
    copy: Path, path: str
) -> None:
    replace_in(copy / path, "file.m12333.cn", "example.org")
    (copy / "reference" / "majors.csv").unlink()
    before = files_below(copy)
    result = run_import(copy)
    assert result.returncode == 1
    assert path in result.stdout
    assert "example.org" in result.stdout
    assert files_below(copy) == before


def test_force_takes_the_edited_file_back_to_the_sources(copy: Path, imported: Path) -> None:
    replace_in(copy / PLAN, "file.m12333.cn", "example.org")
    assert run_import(copy, "--force").returncode == 0
    assert files_below(copy) == files_below(imported)


def test_profiles_and_other_registers_are_left_alone(copy: Path) -> None:
    others = {
        "schools/zhejiang/hangzhou-jishi-xueyuan/profile.md": "一所学校自己写的话\n",
        "registry/beijing/schools.csv": "school_id,name\nbeijing-x,另一所\n",
    }
    for path, text in others.items():
        (copy / path).parent.mkdir(parents=True)
        (copy / path).write_text(text, encoding="utf-8", newline="\n")
    before = files_below(copy)
    assert run_import(copy, "--force").returncode == 0
    assert files_below(copy) == before


def test_a_county_that_does_not_exist_stops_the_import(tmp_path: Path) -> None:
    raw = Path(shutil.copytree(RAW, tmp_path / "raw"))
    replace_in(raw / "schools.csv", "永川区", "不存在区")
    result = run_import(tmp_path / "content", raw=raw)
    assert result.returncode == 1
    assert "重庆工业技师学院" in result.stderr
    assert "不存在区" in result.stderr
    assert not (tmp_path / "content").exists()

"""查真伪: the file of names, and what the script answers from it, run in Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from plugins.catalogue import Catalogue, load
from plugins.site.leaflet_id import leaflet_id
from plugins.site.verification import known_schools, verification_json
from plugins.site.views import verify
from plugins.site.views.leaflet import data_date
from tests.conftest import PROJECT, TODAY

SCRIPT = PROJECT / "themes/jixiao/static/js/name-check.js"
RUN = """
import { readFileSync } from "node:fs";
const { createNameCheck } = await import(process.argv[2]);
const check = createNameCheck(JSON.parse(readFileSync(process.argv[3], "utf-8")));
const answers = [];
for (const question of JSON.parse(readFileSync(0, "utf-8"))) {
  const found = check.ask(question);
  const names = (list) => (list ?? []).map(({ school, by }) => [school.name, by ?? ""]);
  const isPaper = found.kind === "leaflet";
  const paper = isPaper ? await check.leaflet(found.date, found.letters) : undefined;
  answers.push({
    kind: found.kind, matches: names(found.matches),
    alike: names(found.alike).map(([name]) => name),
    units: (found.units ?? []).map(({ place }) => place), paper: paper?.name ?? null,
  });
}
console.log(JSON.stringify(answers));
"""


class Asked:
    """Answers of the script to questions about one catalogue."""

    def __init__(self, node: str, folder: Path, catalogue: Catalogue) -> None:
        self.node, self.folder = node, folder
        (folder / "run.mjs").write_text(RUN, "utf-8")
        (folder / "name-check.mjs").write_text(SCRIPT.read_text("utf-8"), "utf-8")
        (folder / "names.json").write_bytes(verification_json(catalogue))

    def __call__(self, *questions: str) -> list[dict[str, Any]]:
        command = [self.node, "run.mjs", "./name-check.mjs", "names.json"]
        done = subprocess.run(
            command, cwd=self.folder, input=json.dumps(questions), text=True,
            capture_output=True, check=True,
        )  # fmt: skip
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def ask(node: str, tmp_path_factory: pytest.TempPathFactory, real_catalogue: Catalogue) -> Asked:
    return Asked(node, tmp_path_factory.mktemp("names"), real_catalogue)


@pytest.fixture
def ask_small(node: str, tmp_path: Path, small: Path) -> Asked:
    register = small / "registry/zhejiang/schools.csv"
    head, *rows = register.read_text("utf-8").splitlines()
    head = head.replace("status,", "former_names,aliases,school_code,status,")
    rows = [
        row.replace(",active,", ",,,,active,").replace(",suspended,", ",,,,suspended,")
        for row in rows
    ]
    rows[0] = rows[0].replace(",,,,active", ",演示老技校,演示一技;演示技院,3301-07,active")
    register.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    catalogue, problems = load(small, TODAY)
    assert [problem for problem in problems if problem.severity == "error"] == []
    return Asked(node, tmp_path, catalogue)


pytestmark = pytest.mark.browser


def test_the_very_name_is_found_however_it_is_typed(ask: Asked) -> None:
    asked = ("杭州技师学院", " 杭州 技师学院 ", "杭州技師學院", "杭州技师学院。")
    for answer in ask(*asked):
        assert answer["kind"] == "found"
        assert answer["matches"] == [["杭州技师学院", "name"]]


def test_every_name_of_the_registers_finds_its_own_school(
    ask: Asked, real_catalogue: Catalogue
) -> None:
    names = [school.name for school in real_catalogue.schools]
    for name, answer in zip(names, ask(*names), strict=True):
        assert [name, "name"] in answer["matches"], name


def test_former_names_aliases_and_codes_count(ask_small: Asked) -> None:
    former, alias, code, slug = ask_small(
        "演示老技校", "演示技院", "330107", "yanshi-jishi-xueyuan"
    )
    assert former["matches"] == [["演示技师学院", "former"]]
    assert alias["matches"] == [["演示技师学院", "alias"]]
    assert code["matches"] == [["演示技师学院", "code"]]
    assert slug["matches"] == [["演示技师学院", "code"]]


def test_pinyin_and_parts_of_a_name_find_and_say_that_they_are_parts(ask: Asked) -> None:
    full, initials, part = ask("hangzhoujishi", "hzjsxy", "萧山技师")
    assert ["杭州技师学院", "pinyin"] in full["matches"]
    assert ["杭州技师学院", "pinyin"] in initials["matches"]
    assert part["kind"] == "part"
    assert part["matches"][0][1] == "part"


@pytest.mark.parametrize(
    "lookalike",
    [
        "杭洲技师学院",
        "杭州技师学校",
        "杭州技术学院",
        "杭州技工学校",
        "杭州师技学院",
        "国际杭州技师学院",
    ],
)
def test_a_name_that_looks_like_a_real_one_is_not_in_the_list_and_warned_of(
    ask: Asked, lookalike: str
) -> None:
    (answer,) = ask(lookalike)
    assert answer["kind"] == "missing"
    assert answer["matches"] == []
    assert "杭州技师学院" in answer["alike"]
    assert "大理技师学院" not in answer["alike"]


def test_a_name_like_none_is_missing_and_its_province_is_named(ask: Asked) -> None:
    plain, placed, empty = ask("龘龘国际龘龘", "贵州未来航空龘龘", "  。 ")
    assert (plain["kind"], plain["alike"], plain["units"]) == ("missing", [], [])
    assert placed["units"] == ["贵州"]
    assert empty["kind"] == "empty"


def test_the_number_on_a_leaflet_of_any_day_finds_its_school(
    ask: Asked, real_catalogue: Catalogue
) -> None:
    school = real_catalogue.school_by_id["hangzhou-jishi-xueyuan"]
    old = leaflet_id(school, data_date(real_catalogue, school).replace(year=2024))
    spaced = old.replace("-", " ")
    day, letters = old.split("-")
    copied = f"{day}-{letters[:-1]}{'A' if letters[-1] != 'A' else 'B'}"
    right, spread, wrong = ask(old, spaced, copied)
    assert right["paper"] == "杭州技师学院"
    assert spread["paper"] == "杭州技师学院"
    assert wrong == {**wrong, "kind": "leaflet", "paper": None}
    (lower,) = ask(f"{day}-{letters.lower().replace('0', 'o').replace('1', 'i')}")
    assert lower["paper"] == "杭州技师学院"


def test_the_file_of_names_changes_with_the_registers_only(small: Path) -> None:
    before = verification_json(load(small, TODAY)[0])
    profile = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    profile.write_text(profile.read_text("utf-8").replace("2026-03-02", "2026-03-09", 1), "utf-8")
    assert verification_json(load(small, TODAY)[0]) == before


def test_names_are_listed_by_pinyin_with_the_newest_number_of_their_paper(
    real_catalogue: Catalogue,
) -> None:
    unit = real_catalogue.reference.province_by_slug["zhejiang"]
    schools = known_schools(real_catalogue, unit)
    assert len(schools) == len(real_catalogue.schools_of_province["zhejiang"])
    assert [one.letter for one in schools] == sorted(one.letter for one in schools)
    (page,) = verify.province_pages(real_catalogue, unit, schools)
    rows = {row.name: row for _, group in page.view.letters for row in group}
    school = real_catalogue.school_by_id["hangzhou-jishi-xueyuan"]
    expected = leaflet_id(school, data_date(real_catalogue, school))
    assert rows["杭州技师学院"].leaflet_id == expected

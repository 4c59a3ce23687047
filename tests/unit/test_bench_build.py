"""What the measurements of builds rest on: costs are the command's own, peers read our schools."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from bench.build import Pages, as_json, as_markdown
from bench.measure import CommandFailed, Cost, measure, median_cost
from bench.peers.front_matter import as_toml, as_yaml
from bench.peers.ours import Ours
from bench.peers.peer import SCENARIOS
from bench.peers.source import read_sources
from bench.tree import write_tree

FACTS = {
    "title": '引号 " 和 \\ 斜线：冒号',
    "majors": ["shukong-jiagong", "pengren"],
    "seats": 30,
    "programmes": [{"major": "数控加工", "duration_years": 2.5}, {"major": "烹饪", "seats": 1}],
}


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_cost_counts_the_command_and_its_children(tmp_path: Path) -> None:
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    assert measure(python(child), tmp_path).cpu_s >= 0.3


def test_the_peak_counts_memory_of_children(tmp_path: Path) -> None:
    hungry = "held = bytearray(200_000_000)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hungry!r}])"
    assert measure(python(child), tmp_path).peak_mb > 190


def test_the_peak_is_not_that_of_whoever_measures(tmp_path: Path) -> None:
    held = bytearray(300_000_000)
    assert measure(python("pass"), tmp_path).peak_mb < 100
    assert len(held) == 300_000_000


def test_memory_that_processes_share_counts_once(tmp_path: Path) -> None:
    forked = """
import os, time
held = bytearray(200_000_000)
child = os.fork()
time.sleep(0.5)
if child:
    os.waitpid(child, 0)
"""
    assert 190 < measure(python(forked), tmp_path).peak_mb < 300


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="status 3\n坏了"):
        measure(python("import sys; print('坏了'); sys.exit(3)"), tmp_path)


def test_the_median_is_taken_of_each_figure_on_its_own() -> None:
    costs = [Cost(1, 9, 50), Cost(2, 7, 70), Cost(3, 8, 60)]
    assert median_cost(costs) == Cost(2, 8, 60)


def test_front_matter_says_the_same_in_yaml_and_in_toml() -> None:
    assert yaml.safe_load(as_yaml(FACTS).strip("-\n")) == FACTS
    assert tomllib.loads(as_toml(FACTS).strip("+\n")) == FACTS


def test_peers_get_every_school_with_its_plan_and_text(tmp_path: Path, real_content: Path) -> None:
    write_tree(3, "1", tmp_path / "tree", real_content)
    sources, names = read_sources(tmp_path / "tree")
    assert len(sources) == 3
    for source in sources:
        assert len(source.facts["programmes"]) >= 8
        assert source.body.lstrip().startswith("## 历史沿革")
        assert names.cities[source.facts["cities"][0]]
        assert all(slug in names.majors for slug in source.facts["majors"])


def test_the_report_has_every_scenario_and_the_ratio_to_hugo() -> None:
    costs = {
        "ours": {scenario: Cost(1.0, 2.0, 50.0) for scenario in SCENARIOS},
        "hugo": {scenario: Cost(4.0, 4.0, 100.0) for scenario in SCENARIOS},
    }
    assert json.loads(as_json(costs))["ours"]["add_photo"] == {
        "cpu_s": 1.0,
        "wall_s": 2.0,
        "peak_mb": 50.0,
    }
    report = as_markdown(costs, {"ours": Pages(2, 9000), "hugo": Pages(2, 5000)}, 3000, 3)
    assert "ours（2 页，平均 4.5 KB）" in report
    assert report.count("0.250 / 0.500 / 0.50") == len(SCENARIOS)


def test_what_a_peer_forgets_is_out_of_its_way_and_not_deleted(tmp_path: Path) -> None:
    ours = Ours(tmp_path / "ours")
    for turn in range(2):
        for name in ("output", ".output.build"):
            (ours.work / name).mkdir(parents=True)
            (ours.work / name / f"{turn}.html").write_text("")
        ours.forget()
        assert list(ours.work.iterdir()) == []
    assert len(list(tmp_path.rglob("*.html"))) == 4

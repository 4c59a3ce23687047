"""`python -m bench.build`: what builds cost, ours beside Hugo, Eleventy and stock Pelican.

All peers build the same core pages of the same synthetic tree; `ours_whole` is our whole site.
Runs alternate between the peers, so that a busy machine is busy for all of them; each figure is
the median over the turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.measure import CommandFailed, Cost, measure, median_cost
from bench.peers.eleventy import Eleventy
from bench.peers.hugo import Hugo, HugoToml
from bench.peers.ours import Ours, OursFirst, OursWhole
from bench.peers.peer import SCENARIOS, Peer
from bench.peers.pelican import StockPelican
from bench.tree import write_tree

PROJECT = Path(__file__).resolve().parents[1]
PEERS: Mapping[str, type[Peer]] = {
    peer.name: peer for peer in (Ours, OursFirst, OursWhole, Hugo, HugoToml, Eleventy, StockPelican)
}
TITLES = {
    "cold": "从零生成",
    "unchanged": "什么都没改",
    "edit_profile": "改一份资料",
    "edit_register": "改一行名册",
    "edit_template": "改一个模板",
    "add_photo": "加一张照片",
}

Costs = dict[str, dict[str, Cost]]


@dataclass(frozen=True, slots=True)
class Pages:
    """`count` pages of HTML that have `size` bytes together."""

    count: int
    size: int

    def __str__(self) -> str:
        each = self.size / self.count / 1000 if self.count else 0
        return f"{self.count} 页，平均 {each:.1f} KB"


def pages_of(output: Path) -> Pages:
    sizes = [page.stat().st_size for page in output.rglob("*.html")]
    return Pages(len(sizes), sum(sizes))


def run(
    peers: Sequence[str],
    scenarios: Sequence[str],
    schools: int,
    seed: str,
    turns: int,
    work: Path,
    console: Console,
) -> tuple[Costs, dict[str, Pages]]:
    """The median costs by peer and scenario, and what each peer's site came to."""
    tree = work / "tree"
    write_tree(schools, seed, tree, PROJECT / "content")
    ready: list[Peer] = []
    for name in peers:
        console.print(f"准备 {name}", highlight=False)
        (work / name).mkdir()
        peer = PEERS[name](work / name)
        peer.prepare(tree)
        ready.append(peer)
    costs: dict[str, dict[str, list[Cost]]] = {name: {} for name in peers}
    for turn in range(1, turns + 1):
        for scenario in scenarios:
            for peer in ready if turn % 2 else ready[::-1]:
                peer.edit(scenario, turn)
                cost = measure(peer.command, peer.folder, peer.env)
                costs[peer.name].setdefault(scenario, []).append(cost)
                console.print(
                    f"第 {turn} 轮 {TITLES[scenario]} {peer.name}："
                    f"CPU {cost.cpu_s:.2f} 秒，{cost.wall_s:.2f} 秒，{cost.peak_mb:.0f} MB",
                    highlight=False,
                )
    pages = {peer.name: pages_of(peer.output) for peer in ready}
    medians = {
        name: {scenario: median_cost(found) for scenario, found in by_scenario.items()}
        for name, by_scenario in costs.items()
    }
    return medians, pages


def as_json(costs: Costs) -> str:
    """`{peer: {scenario: {cpu_s, wall_s, peak_mb}}}`."""
    plain = {
        name: {
            scenario: {"cpu_s": cost.cpu_s, "wall_s": cost.wall_s, "peak_mb": cost.peak_mb}
            for scenario, cost in by_scenario.items()
        }
        for name, by_scenario in costs.items()
    }
    return json.dumps(plain, indent=2) + "\n"


def as_markdown(costs: Costs, pages: Mapping[str, Pages], schools: int, turns: int) -> str:
    """The report: one table of figures, one of ratios to Hugo where Hugo took part."""
    names = list(costs)
    scenarios = [scenario for scenario in SCENARIOS if scenario in costs[names[0]]]
    lines = [
        f"## {schools} 所学校（{turns} 轮的中位数）",
        "",
        f"机器：{platform.machine()}，{os.cpu_count()} 个核心，Python {platform.python_version()}。"
        "每格：CPU 秒 / 墙钟秒 / 峰值内存 MB。",
        "",
        "| 情形 | " + " | ".join(f"{name}（{pages[name]}）" for name in names) + " |",
        "|---|" + "---|" * len(names),
    ]
    for scenario in scenarios:
        cells = [
            f"{cost.cpu_s:.2f} / {cost.wall_s:.2f} / {cost.peak_mb:.0f}"
            for cost in (costs[name][scenario] for name in names)
        ]
        lines.append(f"| {TITLES[scenario]} | " + " | ".join(cells) + " |")
    for base in ("hugo", "hugo_toml"):
        if base in costs:
            lines += ["", f"和 {base} 相比（CPU 的倍数 / 墙钟的倍数 / 内存的倍数）：", ""]
            others = [name for name in names if name != base]
            lines += ["| 情形 | " + " | ".join(others) + " |", "|---|" + "---|" * len(others)]
            for scenario in scenarios:
                peer = costs[base][scenario]
                cells = [_ratios(costs[name][scenario], peer) for name in others]
                lines.append(f"| {TITLES[scenario]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _ratios(cost: Cost, peer: Cost) -> str:
    return (
        f"{cost.cpu_s / peer.cpu_s:.3f} / {cost.wall_s / peer.wall_s:.3f} / "
        f"{cost.peak_mb / peer.peak_mb:.2f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.build", description=__doc__)
    parser.add_argument("--schools", type=int, default=3000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--peers", default="hugo,hugo_toml,eleventy,pelican")
    parser.add_argument("--scenarios", default=",".join(SCENARIOS))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--report", type=Path, help="a Markdown file to write the tables into")
    parser.add_argument("--work", type=Path, help="an empty folder to work in, kept afterwards")
    options = parser.parse_args(arguments)
    wanted = [name for name in options.peers.split(",") if name]
    if unknown := [name for name in wanted if name not in PEERS]:
        print(f"不认识：{'、'.join(unknown)}。可以比：{'、'.join(PEERS)}。", file=sys.stderr)
        return 2
    scenarios = [name for name in SCENARIOS if name in options.scenarios.split(",")]
    # Whoever names `ours` says exactly who takes part.
    peers = list(dict.fromkeys(wanted if "ours" in wanted else ["ours", "ours_whole", *wanted]))
    work = options.work or Path(tempfile.mkdtemp(prefix="bench-build-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        costs, pages = run(
            peers, scenarios, options.schools, options.seed, options.turns, work,
            Console(stderr=True),
        )  # fmt: skip
    except CommandFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if options.work is None:
            shutil.rmtree(work, ignore_errors=True)
    report = as_markdown(costs, pages, options.schools, options.turns)
    if options.report:
        options.report.write_text(report, encoding="utf-8")
    if options.json:
        options.json.write_text(as_json(costs), encoding="utf-8")
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())

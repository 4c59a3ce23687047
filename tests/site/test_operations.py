"""The guide for ops and the examples of `deploy/` are followed as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import PROJECT
from tests.site.test_nginx import served_by_nginx

GUIDE = (PROJECT / "docs/operations.md").read_text("utf-8")
DEPLOY = PROJECT / "deploy"


def steps(title: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of the numbered list below a heading, each with the words it should say."""
    section = re.split(r"^## ", GUIDE, flags=re.MULTILINE)
    (text,) = [part for part in section if part.startswith(title)]
    for line in re.findall(r"^[0-9]+\. (.*)$", text, re.MULTILINE):
        command = re.match(r"`(invoke [^`]+)`", line)
        assert command, line
        yield command[1], re.findall(r"“([^”]+)”", line)


class Shell:
    """Types the guide's commands, with this machine's places in them."""

    def __init__(self, content: Path, target: Path, address: str = "") -> None:
        self.content = content
        self.places = {"/srv/jixiao": str(target), "https://你的网站": address}
        self.day = 1780272000

    def type(self, command: str) -> str:
        for theirs, ours in self.places.items():
            command = command.replace(theirs, ours)
        words = shlex.split(command)[1:]
        if words[0] == "publish":
            words += ["--content", str(self.content)]
        environment = {
            **os.environ, "SITE_URL": "https://zhaosheng.example",
            "SOURCE_DATE_EPOCH": str(self.day),
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, "-m", "invoke", *words], cwd=PROJECT, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = ran.stdout + ran.stderr
        assert ran.returncode == 0, said
        return said

    def follow(self, title: str) -> None:
        for number, (command, wanted) in enumerate(steps(title), start=1):
            said = self.type(command)
            for words in wanted:
                assert words in said, (command, said)
            if number == 1 and (found := re.search(r"现在\s+(\S+)", said)):
                self.places["第一步记下的编号"] = found[1]


@pytest.mark.nginx
def test_a_bad_release_is_taken_back_step_by_step(small: Path, tmp_path: Path) -> None:
    with served_by_nginx(tmp_path) as port:
        shell = Shell(small, tmp_path / "www", f"http://127.0.0.1:{port}")
        shell.type("invoke publish --to /srv/jixiao")
        shutil.rmtree(small / "schools/zhejiang/yanshi-jishi-xueyuan")
        assert "退出 0 所" in shell.type("invoke publish --to /srv/jixiao")
        shell.follow("演练：发现发布错了")


def test_a_lost_server_is_made_again_step_by_step(small: Path, tmp_path: Path) -> None:
    Shell(small, tmp_path / "www").follow("演练：整台服务器坏了")


def test_the_table_of_failures_quotes_what_the_program_says() -> None:
    source = "\n".join(file.read_text("utf-8") for file in (PROJECT / "plugins").rglob("*.py"))
    source = re.sub(r'"\s*\n\s*f?"', "", source)
    section = GUIDE.split("## 失败了怎么办")[1].split("\n## ")[0].split("\n### ")[0]
    rows = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[1:]
    assert len(rows) >= 8
    for row in rows:
        for words in row.split("…"):
            assert words.strip(" ，。") in source, row


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="没有找到 systemd-analyze（Debian：apt-get install systemd）",
)
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    unit = (DEPLOY / "jixiao-publish.service").read_text("utf-8")
    assert unit.count("/opt/jixiao/.venv/bin/invoke") == 1
    here = unit.replace("/opt/jixiao/.venv/bin/invoke", sys.executable)
    (tmp_path / "jixiao-publish.service").write_text(here, "utf-8")
    shutil.copy(DEPLOY / "jixiao-publish.timer", tmp_path)
    units = sorted(map(str, tmp_path.iterdir()))
    ran = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def commands(text: str) -> list[list[str]]:
    """Every command of Invoke in a file, cut into words."""
    found = re.findall(r"\.venv/bin/(invoke .*?) ?\\?$", text, re.MULTILINE)
    return [shlex.split(line) for line in found]


@pytest.mark.parametrize("name", ["Containerfile", "publish.yml", "jixiao-publish.service"])
def test_the_examples_type_commands_that_exist(name: str) -> None:
    typed = commands((DEPLOY / name).read_text("utf-8"))
    assert typed
    for _, task, *words in typed:
        said = subprocess.run(
            [sys.executable, "-m", "invoke", "--help", task], cwd=PROJECT,
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for option in (word for word in words if word.startswith("--")):
            assert re.search(rf"{option}\b", said), (name, task, option)


def test_the_container_copies_what_exists() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    assert len(copied) >= 4
    assert all((PROJECT / name).exists() for name in copied)
    assert "-name '.*' -exec rm -rf" in text, "originals of photos stay out of the image"
    assert ".venv/.site" in text
    assert "$(VENV)/.site:" in (PROJECT / "Makefile").read_text("utf-8")
    assert "root /srv/jixiao/current;" in (DEPLOY / "nginx.conf").read_text("utf-8")


def test_the_pipeline_is_well_formed_and_shows_no_secret() -> None:
    pipeline = yaml.safe_load((DEPLOY / "publish.yml").read_text("utf-8"))
    steps_of_job = pipeline["jobs"]["publish"]["steps"]
    for step in steps_of_job:
        assert ("uses" in step) != ("run" in step)
        assert "secrets." not in step.get("run", ""), "secrets go through the environment"
    assert pipeline["permissions"] == {"contents": "read"}

"""Pull requests, made with real commits: what may be changed together, by whom, as what."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.catalogue.report import report
from plugins.contribute.git_tree import GitFailed
from plugins.contribute.owners import CODEOWNERS, codeowners, generated, read_owners
from plugins.contribute.pull_request import check_pull_request

PROJECT = Path(__file__).resolve().parents[3]
TODAY = dt.date(2026, 6, 1)
SCHOOL = "content/schools/zhejiang/yanshi-jishi-xueyuan"
OWNERS = """scope,accounts
project,@keeper
province:zhejiang,@Zhejiang
school:yanshi-jishi-xueyuan,@clerk
"""


def git(repository: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    command = ["git", "-C", str(repository), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(small: Path, tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    shutil.copytree(small, root / "content")
    (root / "owners.csv").write_text(OWNERS)
    (root / "tasks.py").write_text("x = 1\n")
    git(tmp_path, "init", "-q", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "base")
    return root


def told(repository: Path, change: Callable[[Path], object], by: str | None = None) -> list[str]:
    base = git(repository, "rev-parse", "HEAD")
    change(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "change")
    return [p.code for p in check_pull_request(repository, base, "HEAD", by, TODAY)]


def add(path: str, text: str = "\n") -> Callable[[Path], object]:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("a") as stream:
            stream.write(text)

    return change


def both(*steps: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda root: [step(root) for step in steps]


def test_a_school_may_change_its_own_folder(repository: Path) -> None:
    assert told(repository, add(f"{SCHOOL}/profile.md"), by="@Clerk") == []


@pytest.mark.parametrize("account", ["keeper", "zhejiang"])
def test_those_above_a_school_may_change_it(repository: Path, account: str) -> None:
    assert told(repository, add(f"{SCHOOL}/profile.md"), by=account) == []


def test_nobody_else_may(repository: Path) -> None:
    assert told(repository, add(f"{SCHOOL}/profile.md"), by="stranger") == ["owner-of-another"]


def test_nobody_can_name_himself_owner(repository: Path) -> None:
    change = add("owners.csv", "province:beijing,@stranger\n")
    assert told(repository, change, by="stranger") == ["owner-not-named"]
    assert told(repository, add("content/registry/zhejiang/schools.csv"), by="clerk") == [
        "owner-of-another"
    ]


@pytest.mark.parametrize(
    "other",
    ["tasks.py", "content/registry/zhejiang/schools.csv", "content/registry/beijing/schools.csv"],
)
def test_two_owners_in_one_change_are_refused(repository: Path, other: str) -> None:
    found = told(repository, both(add(f"{SCHOOL}/profile.md"), add(other)))
    assert found == ["change-mixed", "change-mixed"]


def test_a_link_is_refused_by_its_mode_and_never_followed(repository: Path) -> None:
    def link(root: Path) -> None:
        (root / f"{SCHOOL}/passwd.jpg").symlink_to("/etc/passwd")

    assert told(repository, link) == ["change-link"]


def test_an_executable_is_refused(repository: Path) -> None:
    assert "change-executable" in told(
        repository, lambda root: (root / f"{SCHOOL}/profile.md").chmod(0o755)
    )


@pytest.mark.parametrize("name", ["setup.py", "Photo.JPG", "a b.jpg", "x.svg", "sub/a.jpg"])
def test_other_kinds_and_names_are_refused(repository: Path, name: str) -> None:
    assert "change-wrong-kind" in told(repository, add(f"{SCHOOL}/{name}"))


def test_a_file_in_a_folder_with_a_bad_name_is_refused(repository: Path) -> None:
    found = told(repository, add("content/schools/zhejiang/Bad School/profile.md"))
    assert "change-wrong-place" in found


def test_a_fault_that_the_change_causes_elsewhere_is_told(repository: Path) -> None:
    def close(root: Path) -> None:
        register = root / "content/registry/zhejiang/schools.csv"
        lines = register.read_text().splitlines(keepends=True)
        register.write_text("".join(line for line in lines if "yanshi-jishi" not in line))

    assert "profile-not-in-register" in told(repository, close)


def test_old_faults_elsewhere_are_not_blamed_on_the_change(repository: Path) -> None:
    told(repository, add("content/registry/beijing/schools.csv", "broken\n"))
    assert told(repository, add(f"{SCHOOL}/profile.md")) == []


def test_the_schools_line_comes_after_its_provinces() -> None:
    text = codeowners(read_owners(OWNERS), {"yanshi-jishi-xueyuan": "zhejiang"})
    lines = text.splitlines()
    assert lines[1] == "* @keeper"
    assert lines[-1] == "/content/schools/zhejiang/yanshi-jishi-xueyuan/ @clerk @zhejiang"


def test_codeowners_is_what_the_owners_file_says() -> None:
    assert (PROJECT / CODEOWNERS).read_text("utf-8") == generated(PROJECT)


def test_workflows_give_contributed_code_no_chance() -> None:
    for file in (PROJECT / ".github/workflows").glob("*.yml"):
        text = file.read_text("utf-8")
        assert "pull_request_target" not in text
        assert "secrets." not in text
        assert "permissions:\n  contents: read\n" in text
        for line in text.splitlines():
            assert not ("run:" in line and "${{" in line), line


def test_a_draft_plan_may_be_sent(repository: Path) -> None:
    change = add("content/registry/zhejiang/plans/2026.draft.csv", "school_id\n")
    assert "change-wrong-kind" not in told(repository, change, by="zhejiang")


def test_a_link_is_refused_outside_the_content_too(repository: Path) -> None:
    def link(root: Path) -> None:
        (root / "docs").symlink_to("/etc")

    assert told(repository, link) == ["change-link"]


def test_a_submodule_is_refused(repository: Path) -> None:
    def submodule(root: Path) -> None:
        commit = git(root, "rev-parse", "HEAD")
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},{SCHOOL}/more")
        (root / SCHOOL / "more").mkdir()

    assert "change-link" in told(repository, submodule)


def test_content_replaced_by_a_link_is_refused(repository: Path) -> None:
    def replace(root: Path) -> None:
        shutil.rmtree(root / "content")
        (root / "content").symlink_to("/etc")

    assert "change-link" in told(repository, replace)


def test_a_school_cannot_be_moved_to_another_folder(repository: Path) -> None:
    def move(root: Path) -> None:
        git(root, "mv", SCHOOL, "content/schools/beijing/")

    (repository / "content/schools/beijing").mkdir()
    assert "change-mixed" in told(repository, move, by="clerk")


def test_owners_cannot_be_changed_along_with_a_school(repository: Path) -> None:
    change = both(add("owners.csv", "school:x,@clerk\n"), add(f"{SCHOOL}/profile.md"))
    assert told(repository, change, by="clerk").count("change-mixed") == 2


def test_names_that_differ_in_capitals_only_are_refused(repository: Path) -> None:
    assert "change-same-name" in told(repository, add(f"{SCHOOL}/Profile.md"))
    assert "change-same-name" in told(repository, add("Content/schools/x.md"))


@pytest.mark.parametrize("name", [b"\xff.jpg", "照片.jpg".encode(), b"a\nb.jpg", b"-rf.jpg"])
def test_odd_names_are_refused_in_a_text_that_can_be_printed(repository: Path, name: bytes) -> None:
    base = git(repository, "rev-parse", "HEAD")
    (repository / SCHOOL).joinpath(os.fsdecode(name)).write_text("x")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "change")
    problems = check_pull_request(repository, base, "HEAD", None, TODAY)
    assert {"change-wrong-kind", "change-wrong-place"} & {p.code for p in problems}
    assert report(problems, "text").encode().count(b"\n") == 3 * len(problems)


def test_a_huge_file_is_refused_and_not_read(repository: Path) -> None:
    def huge(root: Path) -> None:
        with (root / SCHOOL / "profile.md").open("r+b") as stream:
            stream.truncate(30_000_000)

    assert "change-too-large" in told(repository, huge)


def test_a_name_that_no_disk_takes_is_said_in_words(repository: Path) -> None:
    blob = git(repository, "rev-parse", f"HEAD:{SCHOOL}/profile.md")

    def long(root: Path) -> None:
        name = f"{SCHOOL}/{'a' * 300}.jpg"
        git(root, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")

    base = git(repository, "rev-parse", "HEAD")
    long(repository)
    git(repository, "commit", "-qm", "change")
    with pytest.raises(GitFailed, match="不能写成文件"):
        check_pull_request(repository, base, "HEAD", None, TODAY)


def test_too_many_files_are_refused_before_they_are_read(repository: Path) -> None:
    def many(root: Path) -> None:
        for number in range(1_001):
            (root / SCHOOL / f"p-{number}.jpg").write_bytes(b"")

    with pytest.raises(GitFailed, match="改了 1001 个文件，超过 1000 个；分成几次提交"):
        told(repository, many)


def test_a_history_without_a_common_start_is_said(repository: Path) -> None:
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "-q", "--orphan", "other")
    git(repository, "commit", "-qm", "other")
    with pytest.raises(GitFailed, match="两个版本没有共同的历史"):
        check_pull_request(repository, base, "HEAD", None, TODAY)


def test_a_version_that_does_not_exist_is_said_in_words(repository: Path) -> None:
    with pytest.raises(GitFailed, match="没有“mian”这个版本；主分支一般叫 main"):
        check_pull_request(repository, "mian", "HEAD", None, TODAY)

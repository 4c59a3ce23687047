"""Files that are no files, names that are no names, bytes that are no text: told, never followed.

Each is refused with its own code and its path; a canary that lies outside the content never
reaches the output; and a real build, watched by strace, writes nowhere but where it may.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from plugins.catalogue import load
from plugins.site.build import build
from tests.conftest import PROJECT, TODAY, add_photo, quiet
from tests.security.hostile_site import HOME

CANARY: Final = "演示数据：这几个字不许出现在网站里"
NEEDS_STRACE: Final = pytest.mark.skipif(
    shutil.which("strace") is None and not os.environ.get("REQUIRE_BROWSER"),
    reason="没有找到 strace（Debian：apt-get install strace）",
)
PROFILE: Final = f"{HOME}/profile.md"
REGISTER: Final = "registry/zhejiang/schools.csv"

Maker = Callable[[Path, Path], object]
"""Puts one thing into the content folder; the second path is a folder outside with a canary."""


def _socket(path: Path) -> None:
    # An address of a socket holds 107 bytes at most.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _device(path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can make a device")
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))


def _profile(data: bytes) -> Maker:
    return lambda content, _: (content / PROFILE).write_bytes(data)


def _put(path: str, text: str = "save_as: index.html\n") -> Maker:
    def make(content: Path, _: Path) -> None:
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, "utf-8")

    return make


def _front(lines: str) -> bytes:
    first = f"---\nsummary: 演示\nconfirmed_on: 2026-05-01\n{lines}\n---\n"
    return f"{first}\n## 学校简介\n\n演示\n".encode()


BOMB: Final = "a: &a [x,x]\n" + "\n".join(f"b{n}: &b{n} [*a,*a]" for n in range(20))

HOSTILE: Final[dict[str, tuple[Maker, str, str]]] = {
    "link to a file": (
        lambda content, out: (content / HOME / "secret.jpg").symlink_to(out / "canary.jpg"),
        f"{HOME}/secret.jpg", "file-is-link",
    ),
    "link in place of the profile": (
        lambda content, out: (
            (content / PROFILE).unlink(), (content / PROFILE).symlink_to(out / "canary.md"),
        ),
        PROFILE, "file-is-link",
    ),
    "link to a folder": (
        lambda content, out: (content / "schools/zhejiang/away").symlink_to(out),
        "schools/zhejiang/away", "file-is-link",
    ),
    "link in place of a province": (
        lambda content, out: (content / "news/beijing").symlink_to(out),
        "news/beijing", "file-is-link",
    ),
    "link to itself": (
        lambda content, _: (content / HOME / "loop").symlink_to("loop"),
        f"{HOME}/loop", "file-is-link",
    ),
    "link to the folder above": (
        lambda content, _: (content / HOME / "up").symlink_to(".."), f"{HOME}/up", "file-is-link",
    ),
    "dangling link": (
        lambda content, _: (content / HOME / "gone.jpg").symlink_to("/nowhere"),
        f"{HOME}/gone.jpg", "file-is-link",
    ),
    "pipe": (
        lambda content, _: os.mkfifo(content / HOME / "pipe.jpg"),
        f"{HOME}/pipe.jpg", "file-not-regular",
    ),
    "device": (
        lambda content, _: _device(content / HOME / "zero.jpg"),
        f"{HOME}/zero.jpg",
        "file-not-regular",
    ),
    "socket": (
        lambda content, _: _socket(content / HOME / "s.jpg"), f"{HOME}/s.jpg", "file-not-regular",
    ),
    "reStructuredText": (_put(f"{HOME}/a.rst"), f"{HOME}/a.rst", "file-unexpected"),
    "HTML": (_put(f"{HOME}/index.html"), f"{HOME}/index.html", "file-unexpected"),
    "SVG": (_put(f"{HOME}/a.svg"), f"{HOME}/a.svg", "file-unexpected"),
    "hidden file": (_put(f"{HOME}/.htaccess"), f"{HOME}/.htaccess", "file-unexpected"),
    "git folder": (_put(f"{HOME}/.git/config"), f"{HOME}/.git", "file-unexpected"),
    "second profile, in capitals": (
        _put(f"{HOME}/PROFILE.MD"), f"{HOME}/PROFILE.MD", "file-unexpected",
    ),
    "invisible character in a name": (
        _put(f"{HOME}/profile.md\u200b"), f"{HOME}/profile.md□", "file-unexpected",
    ),
    "direction mark in a name": (
        _put(f"{HOME}/\u202egpj.dm"), f"{HOME}/□gpj.dm", "file-unexpected",
    ),
    "line end in a name": (_put(f"{HOME}/a\nb.md"), f"{HOME}/a b.md", "file-unexpected"),
    "template in a name": (
        _put(f"{HOME}/{{{{7*7}}}}.md"), f"{HOME}/{{{{7*7}}}}.md", "file-unexpected",
    ),
    "folder that no register knows": (
        _put("schools/zhejiang/yanshi-jishi-xueyuan\u200b/profile.md"),
        "schools/zhejiang/yanshi-jishi-xueyuan□/profile.md", "profile-not-in-register",
    ),
    "folder in other letters": (
        _put("schools/zhejiang/Yanshi-Jishi-Xueyuan/profile.md"),
        "schools/zhejiang/Yanshi-Jishi-Xueyuan/profile.md", "profile-not-in-register",
    ),
    "folder in Cyrillic": (
        _put("schools/zhejiang/yаnshi-jishi-xueyuan/profile.md"),
        "schools/zhejiang/yаnshi-jishi-xueyuan/profile.md", "profile-not-in-register",
    ),
    "notice that names a page": (_put("news/zhejiang/index.md"), "news/zhejiang/index.md",
                                 "news-file-name"),
    "NUL": (_profile(b"---\nsummary: a\0b\n---\n"), PROFILE, "file-has-nul"),
    "GBK": (_profile(_front("").decode().encode("gbk")), PROFILE, "file-not-utf8"),
    "UTF-16": (_profile(_front("").decode().encode("utf-16")), PROFILE, "file-not-utf8"),
    "UTF-16 without a mark": (
        _profile(_front("").decode().encode("utf-16-le")), PROFILE, "file-has-nul",
    ),
    "half a surrogate": (_profile(b"---\nsummary: \xed\xa0\x80\n---\n"), PROFILE, "file-not-utf8"),
    "overlong slash": (_profile(b"---\nsummary: \xc0\xaf\n---\n"), PROFILE, "file-not-utf8"),
    "ten megabytes in a line": (_profile(b"x" * 10_000_000), PROFILE, "file-too-large"),
    "line of 100 kB": (_profile(_front("x: " + "x" * 100_000)), PROFILE, "file-line-too-long"),
    "bomb of aliases": (_profile(_front(BOMB)), PROFILE, "yaml-alias"),
    "tag that runs": (
        _profile(_front("x: !!python/object/apply:os.system [id]")), PROFILE, "yaml-tag",
    ),
    "5,000 levels of lists": (_profile(_front("x: " + "[" * 5000)), PROFILE, "yaml-too-deep"),
    "4,500 levels of keys": (_profile(_front("x: " + "{a: " * 4500)), PROFILE, "yaml-too-deep"),
    "key of Pelican": (_profile(_front("save_as: index.html")), PROFILE, "profile-unknown-field"),
    "photo above": (
        _profile(_front("photos:\n  - file: ../../../etc/passwd.jpg\n    alt: 演示照片的说明")),
        PROFILE, "profile-not-a-photo-name-photos-file",
    ),
}  # fmt: skip
"""What lies in the content, by name: how it comes there, the path that is told, and the code."""


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the content with files that nobody may publish."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "canary.md").write_bytes(_front(f"contacts:\n  wechat: {CANARY}"))
    add_photo(folder)
    (folder / "gate.jpg").rename(folder / "canary.jpg")
    return folder


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_told_with_its_path_and_code(small: Path, outside: Path, name: str) -> None:
    make, path, code = HOSTILE[name]
    make(small, outside)
    _, problems = load(small, TODAY)
    assert (path, code) in {(problem.path, problem.code) for problem in problems}
    assert all(problem.message and problem.fix and problem.line >= 1 for problem in problems)


def test_a_byte_order_mark_is_no_fault(small: Path) -> None:
    text = (small / PROFILE).read_bytes()
    (small / PROFILE).write_bytes(b"\xef\xbb\xbf" + text)
    assert load(small, TODAY)[1] == ()


TRAVERSALS: Final = (
    "[演示]({attach}../../outside/canary.md)",
    "[演示]({filename}../../outside/canary.md)",
    "![演示]({static}/../../outside/canary.jpg)",
    "[演示](|attach|../../outside/canary.md)",
    "[演示](../../../outside/canary.md)",
    "[演示](file:///etc/passwd)",
    "[演示](..%2f..%2foutside/canary.md)",
    "{% include '../../outside/canary.md' %}",
    "{{ open('/etc/passwd').read() }}",
)


def _hostile_tree(content: Path, outside: Path) -> None:
    """All that lies beside a profile or is a link, and a profile that asks for files outside.

    More would be too much for the quarantine, and nothing would be built.
    """
    for make, path, code in HOSTILE.values():
        if path != PROFILE and (path.startswith(HOME) or code == "file-is-link"):
            make(content, outside)
    text = (content / PROFILE).read_text("utf-8")
    (content / PROFILE).write_text(text + "\n\n" + "\n\n".join(TRAVERSALS) + "\n", "utf-8")


def test_every_field_may_ask_for_a_file_outside_and_gets_none(
    small: Path, outside: Path, tmp_path: Path
) -> None:
    """Where the check lets such words pass they are words: no page shows or links the file."""
    asked = "{attach}../../outside/canary.md"
    for table in ("registry/zhejiang/plans/2026.csv", REGISTER):
        file = small / table
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            row |= {"note": asked} if table == REGISTER else {"partner_employer": asked}
            row |= {"source_document": asked, "source_number": asked, "source_address": asked}
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    build(small, tmp_path / "output", TODAY, quiet())
    pages = [file.read_text("utf-8") for file in (tmp_path / "output").rglob("*.html")]
    assert any(asked in page for page in pages)
    assert not any(re.search(r'(?:href|src)="[^"]*canary', page) for page in pages)
    assert not _holds_canary(tmp_path / "output", outside)


def _holds_canary(output: Path, outside: Path) -> list[str]:
    """Files of the output that hold what lies outside the content."""
    photo = (outside / "canary.jpg").read_bytes()
    secrets = (CANARY.encode(), photo[600:800], Path("/etc/passwd").read_bytes()[:20])
    return [
        file.as_posix()
        for file in sorted(output.rglob("*"))
        if file.is_symlink() or (file.is_file() and any(s in file.read_bytes() for s in secrets))
    ]


_CALL: Final = re.compile(r"^\d+ +(\w+)\((.*)\) += (?!-1)")
_PATH: Final = re.compile(r'(?:(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>, )?"((?:[^"\\]|\\.)*)"')
_WATCHED: Final = (
    "open,openat,creat,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,link,linkat,"
    "symlink,symlinkat,truncate,chmod,fchmodat,mknod,mknodat"
)


def _written(log: str) -> set[str]:
    """Paths that a traced run has written, made, moved or removed."""
    found = set()
    for line in log.splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        name, arguments = call.groups()
        if name in ("open", "openat") and not re.search("O_WRONLY|O_RDWR|O_CREAT", arguments):
            continue
        if name in ("symlink", "symlinkat"):
            arguments = arguments.partition(", ")[2]  # the first is only what the link says
        for folder, path in _PATH.findall(arguments):
            found.add(os.path.normpath(os.path.join(folder or PROJECT, path)))
    return found


@NEEDS_STRACE
def test_a_build_of_a_hostile_tree_writes_only_where_it_may(
    small: Path, outside: Path, tmp_path: Path
) -> None:
    _hostile_tree(small, outside)
    output, scratch, log = tmp_path / "site/output", tmp_path / "scratch", tmp_path / "calls"
    output.parent.mkdir()
    scratch.mkdir()
    before = {file: file.lstat().st_mtime_ns for file in [*small.rglob("*"), *outside.rglob("*")]}
    subprocess.run(
        ["strace", "-f", "-y", "-qq", "--seccomp-bpf", "-s", "4096", "-o", log,
         "-e", f"trace={_WATCHED}", sys.executable, "-m", "plugins.site.build",
         "--content", small, "--output", output, "--quarantine"],
        check=True, capture_output=True, cwd=PROJECT, timeout=300,
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1",
             "SOURCE_DATE_EPOCH": "1780272000"},
    )  # fmt: skip
    written = _written(log.read_text("utf-8", "replace"))
    # Semaphores between worker processes live in /dev/shm/sem.*; they are memory, not files.
    devices = ("/dev/null", "/dev/tty", "/dev/shm/sem.")  # noqa: S108 - read of a trace
    allowed = (f"{output.parent}/", f"{scratch}/", f"{PROJECT}/.cache", *devices)
    assert len(written) > 100
    assert any(path.startswith(f"{output.parent}/") for path in written)
    assert {path for path in written if not path.startswith(allowed)} == set()
    after = {file: file.lstat().st_mtime_ns for file in [*small.rglob("*"), *outside.rglob("*")]}
    assert after == before
    assert not _holds_canary(output, outside)
    assert sorted(file.name for file in (output / "schools").iterdir()) == sorted(
        school.school_id for school in load(small, TODAY)[0].schools
    )


@NEEDS_STRACE
def test_the_reader_of_calls_sees_a_write(tmp_path: Path) -> None:
    """The test above can fail: a write elsewhere is seen, a reading is not."""
    log = tmp_path / "calls"
    program = f"open({str(tmp_path / 'a')!r}, 'w'); open('/etc/passwd')"
    subprocess.run(
        ["strace", "-f", "-y", "-qq", "-o", log, "-e", f"trace={_WATCHED}",
         sys.executable, "-c", program],
        check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert _written(log.read_text("utf-8", "replace")) == {str(tmp_path / "a")}

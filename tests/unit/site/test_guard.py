"""The last look at a tree: what is not there, not whole or leads nowhere is told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.site.compressed import compressed
from plugins.site.guard import Tree, guard
from plugins.site.snapshot import look, take
from plugins.site.workshop import Output
from tests.conftest import TODAY

PAGE = "<!doctype html><html><body><h1>演示</h1>{}</body></html>"


def told(
    small: Path,
    root: Path,
    texts: Mapping[str, str],
    *,
    written: set[str] | None = None,
    gone: set[str] | None = None,
    expected: set[str] | None = None,
    spoilt: Mapping[str, str] | None = None,
    processes: int = 1,
) -> list[str]:
    """What the guard says of a site of these pages, of which some were `spoilt` after that."""
    outputs = {}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        outputs[name] = Output(name, len(text.encode()), digest)
    for name, text in (spoilt or {}).items():
        (root / name).write_text(text)
    rows = look(str(root), racy=False)
    tree = Tree(root, rows, outputs, outputs.keys() if written is None else written, gone or set())
    return guard(
        tree, load(small, TODAY)[0], take(str(small)), expected or set(), processes=processes
    )


@pytest.mark.parametrize(
    ("body", "dead"),
    [
        ('<a href="/no/">x</a>', "/no/"),
        ('<a class="x"\nhref="/no/?a=1#b">x</a>', "/no/"),
        ('<img alt="" src="/no.png">', "/no.png"),
        ('<form action="/no/"></form>', "/no/"),
        ('<img srcset="/there.webp 1x, /no.webp 2x">', "/no.webp"),
        ('<a href="/a&amp;b/">x</a>', "/a&b/"),
        # Text that looks like the beginning of an attribute hides nothing.
        ('<p> href="/there</p><a href="/no/">x</a>', "/no/"),
        ('<p>a href="/no/" b</p>', ""),
        ('<a href="/there/">x</a><a href="https://x.example/no/">x</a>', ""),
        ('<a data-href="/no/">x</a>', ""),
    ],
)
def test_a_link_to_nothing_is_told(small: Path, tmp_path: Path, body: str, dead: str) -> None:
    pages = {"index.html": PAGE.format(body), "there/index.html": PAGE.format(""), "there.webp": ""}
    expected = [f"index.html 里的链接 {dead} 没有页面"] if dead else []
    assert told(small, tmp_path / "site", pages) == expected


def test_an_old_page_is_read_again_only_when_something_is_gone(small: Path, tmp_path: Path) -> None:
    pages = {"index.html": PAGE.format('<a href="/no/">x</a>'), "new.html": PAGE.format("")}
    assert told(small, tmp_path / "site", pages, written={"new.html"}) == []
    faults = told(small, tmp_path / "site", pages, written={"new.html"}, gone={"no/index.html"})
    assert faults == ["index.html 里的链接 /no/ 没有页面"]


def test_what_is_missing_too_much_or_not_whole_is_told(small: Path, tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "more").mkdir(parents=True)
    (root / "more/foreign.txt").write_text("x")
    half = PAGE.format("")[:-7]
    pages = {"index.html": PAGE.format(""), "half.html": half, "same-size.txt": "a", "short": "ab"}
    spoilt = {"same-size.txt": "b", "short": "a"}
    faults = told(small, root, pages, spoilt=spoilt, expected={"/half.html", "/none/"})
    assert faults == [
        "多出了文件 more/foreign.txt",
        "文件不完整：short 有 1 字节，应有 2 字节",
        "缺少页面 /none/",
        "页面不完整：/half.html",
        "文件不完整：same-size.txt 的内容和写出时不同",
        "文件不完整：short 的内容和写出时不同",
    ]


@pytest.mark.parametrize("processes", [1, 3])
def test_any_number_of_processes_tells_the_same(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """In the order of the files, and each address that leads to nothing once."""
    monkeypatch.setattr("plugins.site.guard._AT_ONCE", 2)
    pages = {
        f"{n}.html": PAGE.format(f'<a href="/no/{n % 3}/"></a><a href="/no/&amp;/"></a>')
        for n in range(9)
    }
    spoilt = {"4.html": "x", "8.html": PAGE.format("")}
    assert told(small, tmp_path / "site", pages, spoilt=spoilt, processes=processes)[2:] == [
        "0.html 里的链接 /no/0/ 没有页面",
        "0.html 里的链接 /no/&/ 没有页面",
        "1.html 里的链接 /no/1/ 没有页面",
        "2.html 里的链接 /no/2/ 没有页面",
        "文件不完整：4.html 的内容和写出时不同",
        "文件不完整：8.html 的内容和写出时不同",
    ]


def test_a_copy_that_is_not_its_file_is_told(small: Path, tmp_path: Path) -> None:
    """Also where other files stand between the two, and where only the copy was written."""
    root, text = tmp_path / "site", "p { color: green }\n" * 60
    root.mkdir()
    outputs = {}
    for name in ("a.css", "a.css-", "b.css"):
        outputs[name] = text.encode()
    for name in ("a.css.gz", "b.css.gz", "gone.css.gz"):
        copy = compressed("x.css", (text if name[0] == "a" else text + " ").encode(), ".gz")
        assert copy is not None
        outputs[name] = copy
    for name, data in outputs.items():
        (root / name).write_bytes(data)
    made = {
        name: Output(name, len(data), hashlib.sha256(data).hexdigest())
        for name, data in outputs.items()
    }
    for written in (made.keys(), {"a.css.gz", "b.css.gz", "gone.css.gz"}):
        tree = Tree(root, look(str(root), racy=False), made, written, set())
        assert guard(tree, load(small, TODAY)[0], take(str(small)), set()) == [
            "压缩的文件和原文件不一致：b.css.gz", "压缩的文件和原文件不一致：gone.css.gz",
        ]  # fmt: skip

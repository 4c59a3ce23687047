"""What a new release changes for visitors: pages, and schools in and out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from plugins.publish.manifest import Manifest, school_of

_HASHES: Final = re.compile(rb"/(assets|search-index)/[0-9a-f]{12,}/")
_TITLE: Final = re.compile(rb"<title>([^<]*)</title>")


@dataclass(frozen=True, slots=True)
class Difference:
    """Pages by their file names, sorted. `restyled` pages differ in the version of assets only.

    `schools_in` and `schools_out` are the names of schools with a page now, or no longer.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    restyled: tuple[str, ...]
    removed: tuple[str, ...]
    schools_in: tuple[str, ...]
    schools_out: tuple[str, ...]


def difference(
    old: Manifest | None,
    new: Manifest,
    read_old: Callable[[str], bytes],
    read_new: Callable[[str], bytes],
) -> Difference:
    """Compare two releases; the readers give a page's bytes by its file name."""
    before = old.files if old else {}
    was = {name for name in before if name.endswith(".html")}
    now = {name for name in new.files if name.endswith(".html")}
    differing = [name for name in sorted(was & now) if before[name] != new.files[name]]
    restyled = [
        name
        for name in differing
        if _HASHES.sub(b"/", read_old(name)) == _HASHES.sub(b"/", read_new(name))
    ]
    return Difference(
        added=tuple(sorted(now - was)),
        changed=tuple(name for name in differing if name not in set(restyled)),
        restyled=tuple(restyled),
        removed=tuple(sorted(was - now)),
        schools_in=tuple(_name(read_new(n), n) for n in sorted(now - was) if school_of(n)),
        schools_out=tuple(_name(read_old(n), n) for n in sorted(was - now) if school_of(n)),
    )


def describe(change: Difference, limit: int = 20) -> str:
    """The difference in Chinese; of long lists the first `limit` and how many more."""
    lines = [
        f"页面：新增 {len(change.added)}，内容改动 {len(change.changed)}，"
        f"只换样式或脚本版本 {len(change.restyled)}，删除 {len(change.removed)}。",
        f"学校：新增 {len(change.schools_in)} 所，退出 {len(change.schools_out)} 所。",
    ]
    for title, names in (
        ("新增的学校", change.schools_in),
        ("退出的学校", change.schools_out),
        ("新增的页面", change.added),
        ("内容改动的页面", change.changed),
        ("删除的页面", change.removed),
    ):
        if names:
            lines.append(f"{title}：")
            lines += [f"  - {_address(name)}" for name in names[:limit]]
            if len(names) > limit:
                lines.append(f"  - 还有 {len(names) - limit} 个")
    return "\n".join(lines)


def _address(name: str) -> str:
    return "/" + name.removesuffix("index.html") if name.endswith(".html") else name


def _name(page: bytes, name: str) -> str:
    found = _TITLE.search(page)
    title = html.unescape(found[1].decode()) if found else ""
    return f"{title.split(' · ')[0].split('：')[0].strip()}（{school_of(name)}）"

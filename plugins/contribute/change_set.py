"""What one pull request may touch, and who may send it.

A change set belongs to one school, to one province, or to the project; mixing is refused, so that
every change has one owner who can say yes to all of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plugins.catalogue.problem import Problem, shown
from plugins.contribute.git_tree import Change

PHOTO_BYTES: Final = 8 * 1024 * 1024
PROFILE_BYTES: Final = 200_000
TABLE_BYTES: Final = 20_000_000
MOST_CHANGES: Final = 1_000
"""Most files of one change set; the largest honest one is a rollover of every province."""
_NAME_CHARACTERS: Final = 80

_NAME: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_SCHOOL: Final = re.compile(rf"content/schools/({_NAME})/({_NAME})/(.+)")
_PROVINCE: Final = re.compile(rf"content/(?:registry|news)/({_NAME})/(.+)")
_KINDS: Final = (
    (re.compile(r"content/schools/[^/]+/[^/]+/profile\.md"), PROFILE_BYTES),
    (re.compile(rf"content/schools/[^/]+/[^/]+/{_NAME}\.(?:jpg|jpeg|png|webp)"), PHOTO_BYTES),
    (re.compile(r"content/registry/[^/]+/schools\.csv"), TABLE_BYTES),
    (re.compile(r"content/registry/[^/]+/plans/20[0-9]{2}(?:\.draft)?\.csv"), TABLE_BYTES),
    (re.compile(rf"content/news/{_NAME}/{_NAME}\.md"), PROFILE_BYTES),
)
_REFERENCE: Final = re.compile(r"content/reference/[a-z0-9_]+\.csv")


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """To whom a path belongs: `kind` is school, province or project."""

    kind: str
    province: str = ""
    school_id: str = ""

    @property
    def words(self) -> str:
        if self.kind == "school":
            return f"学校 {self.school_id}"
        return f"{self.province} 的名册、计划和新闻" if self.kind == "province" else "网站本身"


def scope_of(path: str) -> Scope:
    """The owner of a path inside the repository; whatever is no content is the project's."""
    if found := _SCHOOL.fullmatch(path):
        return Scope("school", found.group(1), found.group(2))
    if found := _PROVINCE.fullmatch(path):
        return Scope("province", found.group(1))
    return Scope("project")


def check_change_set(
    changes: Sequence[Change],
    owners: Mapping[str, tuple[str, ...]],
    account: str | None,
    tree: Collection[str] = (),
) -> Iterator[Problem]:
    """Everything that a change set may not do. `owners` are those of the base, never the head's.

    `account` sent it; None leaves the question of permission to the reviewers. `tree` are all
    paths of the head, among which two may differ by more than capital letters.
    """
    scopes = {change.path: scope_of(change.path) for change in changes}
    different = sorted(set(scopes.values()))
    for change in changes:
        yield from _file_faults(change, scopes[change.path])
    yield from _collisions(changes, tree)
    if len(different) > 1:
        listed = "、".join(scope.words for scope in different[:4])
        for scope in different:
            first = next(path for path, owner in scopes.items() if owner == scope)
            yield _error(
                first, "change-mixed", f"一次提交改了几家的东西：{listed}",
                "分成几次提交：一次只改一所学校，或一个省的名册、计划和新闻，或网站本身",
            )  # fmt: skip
    if account is not None:
        for scope in different:
            first = next(path for path, owner in scopes.items() if owner == scope)
            yield from _permission(first, scope, owners, account.lstrip("@").lower())


def _permission(
    path: str, scope: Scope, owners: Mapping[str, tuple[str, ...]], account: str
) -> Iterator[Problem]:
    project = owners.get("project", ())
    keys = {
        "school": (f"school:{scope.school_id}", f"province:{scope.province}"),
        "province": (f"province:{scope.province}",),
        "project": (),
    }[scope.kind]
    named = [name for key in keys for name in owners.get(key, ())]
    if account in named or account in project:
        return
    if scope.kind == "project" or not named:
        yield Problem(
            path, 1, "owner-not-named", "warning",
            f"{shown(account)} 不是{scope.words}登记的负责人",
            "可以提交，要由网站的维护者看过才合并",
        )  # fmt: skip
    else:
        yield _error(
            path, "owner-of-another", f"{shown(account)} 不能改{scope.words}",
            "请用登记过的账号提交；要换账号，请省级部门联系网站的维护者",
        )  # fmt: skip


def _collisions(changes: Sequence[Change], tree: Collection[str]) -> Iterator[Problem]:
    """Paths that are one file on Windows and macOS: folders are compared too."""
    spelt: dict[str, set[str]] = {}
    for path in tree:
        while path:
            spelt.setdefault(_folded(path), set()).add(path)
            path = path.rpartition("/")[0]
    for change in changes:
        path = change.path
        while path and change.mode != "000000":
            if others := spelt.get(_folded(path), {path}) - {path}:
                yield _error(
                    change.path, "change-same-name",
                    f"和“{shown(min(others))}”只差大小写，有的电脑上会互相覆盖",
                    "换一个名字，或放进已有的那个文件夹",
                )  # fmt: skip
                break
            path = path.rpartition("/")[0]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _file_faults(change: Change, scope: Scope) -> Iterator[Problem]:
    if change.mode == "000000":
        return
    if change.mode in ("120000", "160000"):
        what = "链接（快捷方式）" if change.mode == "120000" else "子模块"
        yield _error(change.path, "change-link", f"不能提交{what}", "把文件本身放到这里")
        return
    if not change.path.startswith("content/"):
        return
    if change.mode == "100755":
        yield _error(
            change.path, "change-executable", "文件带有“可执行”标记",
            "去掉标记再提交：git update-index --chmod=-x 文件名",
        )  # fmt: skip
    if scope.kind == "project":
        if not _REFERENCE.fullmatch(change.path):
            yield _error(
                change.path, "change-wrong-place", "这个位置不放文件，或名字不合格",
                "名字只用小写字母、数字和“-”；学校的文件放 content/schools/<省>/<学校编号>/",
            )  # fmt: skip
        elif change.size > TABLE_BYTES:
            yield _too_large(change, TABLE_BYTES)
        return
    limit = next((size for kind, size in _KINDS if kind.fullmatch(change.path)), None)
    if limit is None or len(change.path.rpartition("/")[2]) > _NAME_CHARACTERS:
        yield _error(
            change.path, "change-wrong-kind", "这里不收这种文件，或文件名不合格",
            "学校：profile.md 和照片（.jpg .jpeg .png .webp）；省：schools.csv 和 plans/年份.csv；"
            f"名字只用小写字母、数字和“-”，不超过 {_NAME_CHARACTERS} 个字符",
        )  # fmt: skip
    elif change.size > limit:
        yield _too_large(change, limit)


def _too_large(change: Change, limit: int) -> Problem:
    return _error(
        change.path, "change-too-large",
        f"文件有 {change.size:,} 字节，超过 {limit:,} 字节", "缩小以后再提交",
    )  # fmt: skip


def _error(path: str, code: str, message: str, fix: str) -> Problem:
    return Problem(path, 1, code, "error", message, fix)

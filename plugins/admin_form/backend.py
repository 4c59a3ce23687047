"""Where the form saves what people write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

_SETTING: Final = re.compile(
    r"(?:(?P<github>github):|(?P<gitea>gitea):(?P<host>https://[A-Za-z0-9.-]+(?::[0-9]+)?)/)"
    r"(?P<repo>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)(?:@(?P<branch>[A-Za-z0-9_./-]+))?"
)


class BackendRefused(Exception):
    """The setting says nothing that can be used; `str()` explains in Chinese."""


@dataclass(frozen=True, slots=True)
class Backend:
    """`config` is the CMS's own `backend`; `origins` are the servers that the page must reach.

    `edit_pages` is the address below which the repository's site edits files, `ask_page` that of
    its questions for schools without git; both "" where there is no such site.
    """

    config: dict[str, Any]
    origins: tuple[str, ...]
    review: bool
    edit_pages: str = ""
    ask_page: str = ""


def parse_backend(setting: str) -> Backend:
    """`github:owner/repo`, `gitea:https://host/owner/repo`, each with `@branch`; or `test`.

    On GitHub every save becomes a pull request. On Gitea the form commits to the branch, which is
    therefore never the one that is published: `web-form` unless another is named. `test` keeps
    everything inside the browser. Raises BackendRefused.
    """
    if setting == "test":
        return Backend({"name": "test-repo"}, (), False)
    found = _SETTING.fullmatch(setting)
    if not found:
        raise BackendRefused(
            "ADMIN_FORM 写成 github:组织/仓库、gitea:https://网址/组织/仓库 或 test，"
            "后面可以加 @分支。"
        )
    if found["github"]:
        config = {"name": "github", "repo": found["repo"], "branch": found["branch"] or "main"}
        origins = ("https://api.github.com", "https://www.githubstatus.com")
        home = f"https://github.com/{found['repo']}"
        return Backend(
            {**config, "auth_methods": ["token"]}, origins, True,
            f"{home}/edit/{config['branch']}/", f"{home}/issues/new?template=school-profile.yml",
        )  # fmt: skip
    host = found["host"]
    branch = found["branch"] or "web-form"
    if branch in ("main", "master"):
        raise BackendRefused("Gitea 上的表单直接写入分支，不能写进要发布的 main 或 master。")
    config = {"name": "gitea", "repo": found["repo"], "branch": branch, "base_url": host}
    config["api_root"] = f"{host}/api/v1"
    home = f"{host}/{found['repo']}"
    return Backend(
        {**config, "auth_methods": ["token"]}, (host,), False,
        f"{home}/_edit/{branch}/", f"{home}/issues/new/choose",
    )  # fmt: skip

"""The W3C's own HTML checker (Nu) over pages of the site: what html5lib's parser does not know.

html5lib finds what is wrong with the syntax; Nu knows the whole standard: which element may stand
where, which attribute it may have, what ARIA allows. It is a Java program, fetched from npm.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from plugins.addresses import file_of
from plugins.npm_packages import NpmFailed, installed

PACKAGE: Final = Path(__file__).resolve().parents[2] / "validator"
_JAR: Final = "node_modules/vnu-jar/build/dist/vnu.jar"

ACCEPTED: Final = (
    # Narrow screens show these tables as cards; without the roles some screen readers would then
    # lose the table. The roles say what the elements are, so nothing is contradicted.
    re.compile(
        r"The “role” attribute must not be used on an? “t[rhd]” element which has a “table”"
    ),
)
"""Findings that we know and stand by."""


class CheckerMissing(Exception):
    """Nu cannot run here; `str()` says what to do, in Chinese."""


def nu_problems(pages: Mapping[str, bytes], cache: Path) -> list[str]:
    """What Nu calls an error in the `pages`, by their addresses. Raises CheckerMissing."""
    java = shutil.which("java")
    if java is None:
        raise CheckerMissing("Nu 检查要用 Java（Debian：apt-get install default-jre-headless）。")
    try:
        jar = installed(PACKAGE, cache) / _JAR
    except NpmFailed as failure:
        raise CheckerMissing(f"取不到 Nu 检查：{failure}") from failure
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (address, body) in enumerate(sorted(pages.items())):
            file = Path(folder) / f"{number:06}.html"
            file.write_bytes(body)
            names[file.name] = f"/{file_of(address)}"
        command = [java, "-jar", str(jar), "--format", "json", "--exit-zero-always", folder]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        messages = json.loads(ran.stderr)["messages"]
    except (ValueError, KeyError) as failure:
        raise CheckerMissing(f"Nu 检查没有运行成功：{ran.stderr.strip()[:300]}") from failure
    return list(_told(messages, names))


def _told(messages: list[dict[str, object]], names: Mapping[str, str]) -> Iterator[str]:
    for message in messages:
        text = str(message.get("message", ""))
        if message.get("type") != "error" or any(known.match(text) for known in ACCEPTED):
            continue
        page = names.get(str(message.get("url", "")).rpartition("/")[2], "?")
        yield f"{page} 第 {message.get('lastLine', '?')} 行，Nu 检查：{text}"

"""`serve --school ID`: one school's page, made anew at every save, with what is still missing.

Only the preview has the bar and the script that reloads; nothing of it is ever published.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

import pelicanconf
from plugins.addresses import school as school_address
from plugins.catalogue import Catalogue, Problem, School, load
from plugins.catalogue.check import located
from plugins.catalogue.problem import errors
from plugins.catalogue.report import report
from plugins.catalogue.vocabulary import SECTIONS
from plugins.photos import derive_all
from plugins.sanitize import Renderer
from plugins.site.assets import load_assets
from plugins.site.context import SiteContext
from plugins.site.expected import expected_addresses
from plugins.site.navigation import navigation
from plugins.site.templates import Templates
from plugins.site.views.photo import photo_address
from plugins.site.views.school import school_page

_BROKEN = "资料里有错误，所以这一页暂时只有省里的资料；改好下面的错误，再看缺什么。"
_HERE = Path(__file__).resolve().parent / "preview_files"


@dataclass(frozen=True, slots=True)
class Preview:
    """What the preview shows now. `files` are bytes by address; `version` grows at each save."""

    version: int
    address: str
    files: dict[str, bytes]
    summary: str
    problems: tuple[Problem, ...]


def completeness(catalogue: Catalogue, school: School) -> list[tuple[str, bool, str]]:
    """What a reader looks for: (what, whether it is there, why it matters or where to mend it)."""
    profile = catalogue.profiles.get(school.school_id)
    facts = profile.facts if profile else None
    written = {section.heading for section in profile.sections} if profile else set()
    plan = catalogue.newest_plan(school)
    return [
        ("一句话介绍", bool(facts), "出现在搜索结果和列表里"),
        *((heading, heading in written, "正文的栏目") for heading in SECTIONS),
        (
            "招生电话",
            bool(school.phone or (facts and facts.contacts and facts.contacts.phone)),
            "学生最先找的一项",
        ),
        ("照片", bool(facts and facts.photos), "没有照片，家长不知道学校什么样"),
        ("资料来源", bool(facts and facts.sources), "数字要有出处"),
        (
            "今年的招生计划",
            bool(plan and not catalogue.is_past(plan)),
            "由省里报送，学校不用写",
        ),
    ]


def summary_of(catalogue: Catalogue, school: School) -> str:
    rows = completeness(catalogue, school)
    there = [what for what, found, _ in rows if found]
    lines = [f"{school.name}：有 {len(there)} 项，缺 {len(rows) - len(there)} 项。"]
    lines += [f"  缺 {what}（{why}）" for what, found, why in rows if not found]
    return "\n".join(lines)


def make_preview(
    content: Path, theme: Path, cache: Path, school_id: str, today: dt.date, version: int
) -> Preview:
    """Load the content, render the one page, and say what is wrong and what is missing.

    Raises KeyError for a school that is not in the register.
    """
    catalogue, problems = load(content, today, photo_cache=cache / "photos")
    school = catalogue.school_by_id[school_id]
    folder = f"schools/{school.province}/{school_id}/"
    own = tuple(problem for problem in problems if problem.path.startswith(folder))
    profile = catalogue.profiles.get(school_id)
    wanted = [f"{folder}{photo.file}" for photo in profile.facts.photos] if profile else []
    jobs = [(content / path, catalogue.photos[path]) for path in wanted]
    photos = dict(zip(wanted, derive_all(jobs, cache / "photos", 2), strict=True))
    page = school_page(catalogue, school, Renderer().render, photos)
    assets = load_assets(theme / "static")
    # Templates are edited while the preview runs, so each time they are read anew.
    templates = Templates(theme, pelicanconf.JINJA_ENVIRONMENT, None)
    whole = navigation(expected_addresses(catalogue))
    site = SiteContext(pelicanconf.SITENAME, "", assets.base, today, whole)
    html = templates.render(page, site).decode()
    # A profile with errors is left out, so that nothing can be said of what it holds.
    broken = bool(errors(own))
    summary = f"{school.name}：{_BROKEN}" if broken else summary_of(catalogue, school)
    bar = templates.environment.from_string((_HERE / "bar.html").read_text("utf-8")).render(
        summary=summary.splitlines(), problems=own
    )
    head = '<link rel="stylesheet" href="/preview/bar.css"><script type="module" '
    head += f'src="/preview/reload.js" data-version="{version}"></script></head>'
    html = html.replace("</head>", head, 1).replace("</body>", bar + "</body>", 1)
    files = {page.url: html.encode()}
    files |= {f"/{name}": _bytes(data) for name, data in assets.files.items()}
    for derivatives in photos.values():
        files |= {photo_address(copy.name): copy.path.read_bytes() for copy in derivatives.files}
    files |= {f"/preview/{name}": (_HERE / name).read_bytes() for name in ("bar.css", "reload.js")}
    return Preview(version, school_address(school), files, summary, own)


def _bytes(data: bytes | Path) -> bytes:
    return data if isinstance(data, bytes) else data.read_bytes()


class Shown:
    """The preview on show, shared by the watcher and the requests."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self._changed = threading.Condition()

    def get(self) -> Preview:
        with self._changed:
            return self._preview

    def put(self, preview: Preview) -> None:
        with self._changed:
            self._preview = preview
            self._changed.notify_all()

    def wait_after(self, version: int, seconds: float) -> int:
        """The version on show, once it is newer than `version` or `seconds` have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._preview.version > version, seconds)
            return self._preview.version


_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class PreviewHandler(BaseHTTPRequestHandler):
    """Answers with the preview's files, and at `/preview/version` when there is a newer one."""

    def __init__(self, shown: Shown, *arguments: object) -> None:
        self._shown = shown
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        preview, parts = self._shown.get(), urlsplit(self.path)
        if parts.path == "/":
            self.send_response(302)
            self.send_header("Location", preview.address)
            self.end_headers()
        elif parts.path == "/preview/version":
            given = parts.query if parts.query.isdecimal() else "0"
            self._send(200, "text/plain", str(self._shown.wait_after(int(given), 25)).encode())
        elif parts.path in preview.files:
            suffix = Path(parts.path).suffix
            kind = _KINDS.get(suffix, "text/html" if not suffix else "image/webp")
            self._send(200, kind, preview.files[parts.path])
        else:
            text = "预览只有这所学校的一页。<a href='/'>回去</a>"
            self._send(404, "text/html", f"<!doctype html><meta charset=utf-8>{text}".encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        charset = "" if kind.startswith("image/webp") else "; charset=utf-8"
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing of requests."""


def serve_school(
    content: Path, theme: Path, cache: Path, school_id: str, today: dt.date, port: int
) -> int:
    """Serve the preview until Ctrl+C; 1 if the school or the port cannot be used."""
    from watchfiles import watch

    console = Console(stderr=True)

    def make(version: int) -> Preview:
        preview = make_preview(content, theme, cache, school_id, today, version)
        say(console, preview, content)
        return preview

    try:
        shown = Shown(make(1))
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(PreviewHandler, shown))
    except KeyError:
        console.print(f"名册里没有编号是“{school_id}”的学校。", markup=False)
        return 1
    except OSError as failure:
        console.print(f"端口 {port} 不能用（{failure.strerror}），换一个：--port", markup=False)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    console.print(f"打开 http://127.0.0.1:{port}/ ，保存后自动更新；按 Ctrl+C 结束。")
    try:
        for _ in watch(content, theme, raise_interrupt=False):
            shown.put(make(shown.get().version + 1))
    finally:
        server.shutdown()
        server.server_close()
    return 0


def say(console: Console, preview: Preview, content: Path) -> None:
    text: Sequence[str] = (preview.summary, report(located(preview.problems, content), "text"))
    console.print("\n".join(text), markup=False, highlight=False)

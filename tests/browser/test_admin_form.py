"""A clerk without git opens a school in `/admin/`, edits it, saves; the file passes the check."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from plugins import addresses
from plugins.admin_form.backend import BackendRefused, parse_backend
from plugins.admin_form.files import admin_files
from plugins.catalogue import errors, load
from tests.conftest import serve

PROJECT = Path(__file__).resolve().parents[2]
PROFILE = "schools/xizang/xizang-jishi-xueyuan/profile.md"
WRITE = """async ([path, text]) => {
  let folder = await navigator.storage.getDirectory();
  const parts = ['sveltia-cms-test', ...path.split('/')];
  const name = parts.pop();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, {create: true});
  const stream = await (await folder.getFileHandle(name, {create: true})).createWritable();
  await stream.write(text);
  await stream.close();
}"""
READ = """async (path) => {
  let folder = await navigator.storage.getDirectory();
  const parts = ['sveltia-cms-test', ...path.split('/')];
  const name = parts.pop();
  for (const part of parts) folder = await folder.getDirectoryHandle(part);
  return await (await (await folder.getFileHandle(name)).getFile()).text();
}"""


@pytest.mark.browser
def test_a_clerk_edits_a_school_and_the_file_passes_the_check(
    chromium: Browser, tmp_path: Path
) -> None:
    content, today = tmp_path / "content", dt.date(2026, 11, 23)
    shutil.copytree(PROJECT / "content", content)
    catalogue, _ = load(content, today)
    try:
        files = admin_files(catalogue, parse_backend("test"), PROJECT / ".cache")
    except BackendRefused as refused:
        if os.environ.get("REQUIRE_BROWSER"):
            raise
        pytest.skip(str(refused))
    for name, data in files.items():
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_bytes(data)
    before = (content / PROFILE).read_text("utf-8")
    server, origin = serve(tmp_path / "site")
    try:
        page = chromium.new_page(locale="zh-CN")
        page.set_default_timeout(60_000)
        abroad: list[str] = []
        page.on("request", lambda request: abroad.append(request.url))
        page.goto(f"{origin}/admin/config.json")
        page.evaluate(WRITE, [f"content/{PROFILE}", before])
        page.goto(f"{origin}/admin/")
        page.get_by_role("button", name="使用测试仓库").click()
        # As the page of 报送进度 links to it.
        school = catalogue.school_by_id["xizang-jishi-xueyuan"]
        page.goto(f"{origin}{addresses.form_of(school)}")
        box = page.get_by_role("textbox", name="一句话介绍")
        box.fill("自治区第一所技师学院，2021 年 6 月底建成。")
        page.get_by_role("button", name="保存").first.click()
        page.wait_for_function(
            # The form may be writing the file just now: that is no answer yet.
            f"async () => {{ try {{ return (await ({READ})('content/{PROFILE}'))"
            ".includes('底建成。'); } catch { return false; } }"
        )
        after = page.evaluate(READ, f"content/{PROFILE}")
        page.close()
    finally:
        server.shutdown()
        server.server_close()
    assert [url for url in abroad if not url.startswith((origin, "blob:", "data:"))] == []
    (content / PROFILE).write_text(after, "utf-8")
    edited, problems = load(content, today)
    assert errors(problems) == ()
    profile = edited.profiles["xizang-jishi-xueyuan"]
    assert profile.facts.summary == "自治区第一所技师学院，2021 年 6 月底建成。"
    assert profile.sections == catalogue.profiles["xizang-jishi-xueyuan"].sections
    assert profile.facts.sources == catalogue.profiles["xizang-jishi-xueyuan"].facts.sources

"""`--compress` behind a real nginx: copies go out as they are; only what changed is packed."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from plugins.publish import headers
from plugins.site import work
from plugins.site.build import build
from tests.conftest import FIXTURES, TODAY, add_photo, quiet
from tests.site.test_nginx import adapted, ask

BROTLI_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
"""Debian's libnginx-mod-http-brotli-static."""


@pytest.fixture(scope="module")
def brotli_module() -> Path:
    if not BROTLI_MODULE.exists() and not os.environ.get("REQUIRE_BROWSER"):
        pytest.skip("没有 nginx 的 Brotli 模块（Debian：libnginx-mod-http-brotli-static）")
    return BROTLI_MODULE


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("precompressed")
    folder.chmod(0o755)
    for parent in folder.parents[:2]:  # nginx's workers are not the user who runs the tests
        parent.chmod(parent.stat().st_mode | 0o011)
    shutil.copytree(FIXTURES / "small", folder / "content")
    add_photo(folder / "content/schools/zhejiang/yanshi-jishi-xueyuan")
    build(folder / "content", folder / "www/current", TODAY, quiet(), compress=True)
    return folder


@pytest.fixture(scope="module")
def port(target: Path, brotli_module: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    config = target / "nginx.conf"
    # As docs/operations.md says: load the module, and one line below gzip_static.
    text = adapted(target, number).replace("gzip_static on;", "gzip_static on; brotli_static on;")
    config.write_text(f"load_module {brotli_module};\n{text}", "utf-8")
    command = ["nginx", "-c", str(config), "-e", "stderr", "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                assert server.poll() is None, server.stderr and server.stderr.read()
                time.sleep(0.05)
        yield number
        server.terminate()


def examples(site: Path) -> list[str]:
    """One compressed file of every kind that the site has."""
    found = {}
    for file in sorted(site.rglob("*.br")):
        name = file.relative_to(site).as_posix().removesuffix(".br")
        if name != "404.html":
            found.setdefault(Path(name).suffix, name)
    return list(found.values())


@pytest.mark.nginx
def test_each_kind_of_file_goes_out_as_the_copy_that_the_visitor_understands(
    port: int, target: Path
) -> None:
    site = target / "www/current"
    names = examples(site)
    assert {".html", ".css", ".js", ".json", ".csv"} <= {Path(name).suffix for name in names}
    for name in names:
        for accepted, coding, ending in (
            ("gzip, deflate, br, zstd", "br", ".br"),
            ("gzip, deflate", "gzip", ".gz"),
            ("", None, ""),
        ):
            status, given, body = ask(port, "/" + name, Accept_Encoding=accepted)
            assert (status, given.get("content-encoding")) == (200, coding), name
            assert body == (site / (name + ending)).read_bytes(), name
            assert int(given["content-length"]) == len(body), name
            assert given["content-type"] == headers.content_type(name), name
            assert given["cache-control"] == headers.cache_control(name), name
        assert "accept-encoding" in given.get("vary", "").lower(), name


@pytest.mark.nginx
def test_records_too_small_for_copies_are_packed_while_they_are_sent(
    port: int, target: Path
) -> None:
    site = target / "www/current"
    small = [*site.glob("data/compare/*.json"), *site.glob("schools/*/atom.xml")]
    small = [file for file in small if 600 < file.stat().st_size < 4_000]
    assert {file.suffix for file in small} == {".json", ".xml"}
    for file in small:
        assert not file.with_name(file.name + ".gz").exists()
        address = "/" + file.relative_to(site).as_posix()
        _, given, body = ask(port, address, Accept_Encoding="gzip, deflate, br")
        assert given["content-encoding"] == "gzip"
        assert gzip.decompress(body) == file.read_bytes()


@pytest.mark.nginx
def test_the_home_page_in_brotli_is_the_home_page(port: int, target: Path) -> None:
    _, given, body = ask(port, "/", Accept_Encoding="br")
    assert given["content-encoding"] == "br"
    assert brotli.decompress(body) == (target / "www/current/index.html").read_bytes()
    status, _, nothing = ask(port, "/", Accept_Encoding="br", If_None_Match=given["etag"])
    assert (status, nothing) == (304, b"")


def test_a_second_build_packs_only_what_changed(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[str] = []
    pack = work.compressed

    def watched(name: str, data: bytes, ending: str) -> bytes | None:
        packed.append(name + ending)
        return pack(name, data, ending)

    monkeypatch.setattr(work, "compressed", watched)
    output = tmp_path / "output"
    build(small, output, TODAY, quiet(), compress=True)
    before = {
        file.relative_to(output).as_posix(): file.read_bytes()
        for file in output.rglob("*")
        if file.is_file()
    }
    assert len(packed) > 100
    packed.clear()
    build(small, output, TODAY, quiet(), compress=True)
    assert packed == []
    profile = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    profile.write_text(profile.read_text("utf-8") + "\n又写了一段演示文字。\n", "utf-8")
    build(small, output, TODAY, quiet(), compress=True)
    changed = {
        name for name, data in before.items()
        if not name.endswith((".br", ".gz"))
        and (not (output / name).is_file() or (output / name).read_bytes() != data)
    }  # fmt: skip
    assert "schools/yanshi-jishi-xueyuan/index.html.br" in packed
    new = {
        file.relative_to(output).as_posix() for file in output.rglob("*") if file.is_file()
    } - set(before)
    assert {name[:-3] for name in packed} <= changed | new

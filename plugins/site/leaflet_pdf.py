"""PDFs of a province's leaflets, printed by Chromium from a finished site.

Chromium prints what visitors print, so there is one layout and no second engine to agree with.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from plugins.site.serve import SiteHandler

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS_A_PAGE = 120


class NoLeaflets(Exception):
    """Nothing was printed; `str()` says in Chinese what is missing."""


def print_province(output: Path, province: str, out: Path, *, counties: bool = False) -> list[Path]:
    """Print the list of `province` (a slug) and the leaflet of each of its schools into `out`.

    With `counties` also the lists of its counties that have priority, by their division codes.

    `output` is a built site. Raises NoLeaflets where the site, the province or Chromium is missing.
    """
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        raise NoLeaflets("没有找到 Chromium（Debian：apt-get install chromium fonts-noto-cjk）。")
    listing = output / "provinces" / province / "leaflet/index.html"
    if not province.isascii() or "/" in province or not listing.is_file():
        raise NoLeaflets(
            f"{output} 里没有“{province}”的名单。先运行 invoke build，再用拼音写省份。"
        )
    pages = {f"{province}.pdf": f"/provinces/{province}/leaflet/"}
    pages |= {f"{school}.pdf": f"/leaflets/{school}/" for school in _schools(output, province)}
    codes = _counties(output, province) if counties else []
    pages |= {f"{code}.pdf": f"/priority/{code}/leaflet/" for code in codes}
    out.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SiteHandler, directory=str(output)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        origin = f"http://127.0.0.1:{server.server_port}"
        return [
            _print(browser, origin + address, out / name) for name, address in sorted(pages.items())
        ]
    finally:
        server.shutdown()
        server.server_close()


def _schools(output: Path, province: str) -> list[str]:
    """The schools of the province that the built site has, from its own open data."""
    rows = json.loads((output / "data/schools.json").read_text("utf-8"))
    return [row["school_id"] for row in rows if row["province"] == province]


def _counties(output: Path, province: str) -> list[str]:
    """The counties that the province's page links to and that have something to print."""
    text = (output / "priority" / province / "index.html").read_text("utf-8")
    codes = sorted(set(re.findall(r'href="/priority/([0-9]{6})/"', text)))
    return [code for code in codes if (output / "priority" / code / "leaflet").is_dir()]


def _print(browser: str, address: str, file: Path) -> Path:
    # Chromium refuses its sandbox to root; the page is our own and comes from this machine.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", *alone]
    done = subprocess.run(  # noqa: S603 - a fixed program, and an address made from checked slugs
        [*command, f"--print-to-pdf={file.resolve()}", address],
        check=False,
        capture_output=True,
        timeout=SECONDS_A_PAGE,
    )
    if done.returncode or not file.is_file():
        raise NoLeaflets(f"Chromium 没有打印出 {address}：{done.stderr.decode()[-300:]}")
    return file


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="leaflets", description=__doc__)
    parser.add_argument("province")
    parser.add_argument("--output", type=Path, default=Path("output"))
    parser.add_argument("--out", type=Path, default=Path("leaflets"))
    parser.add_argument("--counties", action="store_true")
    options = parser.parse_args(arguments)
    try:
        files = print_province(
            options.output, options.province, options.out, counties=options.counties
        )
    except NoLeaflets as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"打印好 {len(files)} 份 PDF，在 {options.out}。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The files of `/admin/`: a page, the configuration, and the CMS from its npm package."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from plugins.admin_form.backend import Backend, BackendRefused
from plugins.admin_form.config import form_config
from plugins.catalogue import Catalogue
from plugins.npm_packages import NpmFailed, installed

PACKAGE: Final = Path(__file__).resolve().parents[2] / "admin"
"""Holds `package.json` and the lock file, whose integrity digests npm checks."""

_SCRIPT: Final = "node_modules/@sveltia/cms/dist/sveltia-cms.js"
_LICENCE: Final = "node_modules/@sveltia/cms/LICENSE.txt"
_WORDS: Final = "node_modules/@sveltia/cms/locales/zh-CN.json"
_MANIFEST: Final = "node_modules/@sveltia/cms/package.json"
_HOME: Final = b"https://unpkg.com/@sveltia/cms"
"""Where the CMS looks for its Chinese words and for a newer version of itself."""
_ICONS: Final = (
    "node_modules/@fontsource-variable/material-symbols-outlined/files/"
    "material-symbols-outlined-latin-wght-normal.woff2"
)
_FONT: Final = re.compile(rb"url\(https://cdn\.jsdelivr\.net/fontsource/fonts/([a-z0-9-]+)[^)]*\)")


def admin_files(catalogue: Catalogue, backend: Backend, cache: Path) -> dict[str, bytes]:
    """The files by path below the output. `cache` keeps the packages. Raises BackendRefused."""
    try:
        packages = installed(PACKAGE, cache)
    except NpmFailed as failure:
        raise BackendRefused(f"取不到网页表单：{failure}或去掉 ADMIN_FORM。") from failure
    shown = [
        province
        for province in catalogue.reference.provinces
        if any(path.startswith(f"schools/{province.slug}/") for path in profile_paths(catalogue))
    ]
    config = form_config(shown, backend)
    return {
        "admin/index.html": page(backend),
        "admin/config.json": json.dumps(config, ensure_ascii=False, indent=1).encode(),
        "admin/sveltia-cms.js": _at_home((packages / _SCRIPT).read_bytes()),
        "admin/icons.woff2": (packages / _ICONS).read_bytes(),
        f"admin/npm@{_version(packages)}/locales/zh-CN.json": (packages / _WORDS).read_bytes(),
        "admin/npm/package.json": (packages / _MANIFEST).read_bytes(),
        "admin/LICENSE.txt": (packages / _LICENCE).read_bytes(),
    }


def profile_paths(catalogue: Catalogue) -> list[str]:
    return [profile.path for profile in catalogue.profiles.values()]


def _version(packages: Path) -> str:
    return str(json.loads((packages / _MANIFEST).read_text("utf-8"))["version"])


def _at_home(script: bytes) -> bytes:
    """The script with its words and icons served from here, and letters by the system.

    Without its words at home the CMS asks for them without end, which the policy refuses.
    """

    def here(found: re.Match[bytes]) -> bytes:
        if found[1] == b"material-symbols-outlined":
            return b"url(/admin/icons.woff2)"
        return b"local('sans-serif')"

    return _FONT.sub(here, script).replace(_HOME, b"/admin/npm")


def policy(backend: Backend) -> str:
    """The page's own policy. The CMS writes style elements into the page, so styles may be inline
    here and nowhere else; scripts may not, and no text is ever run as a script."""
    reach = " ".join(("'self'", "blob:", "data:", *backend.origins))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        f"font-src 'self'; img-src 'self' blob: data: {' '.join(backend.origins)}; "
        f"connect-src {reach}; worker-src 'self' blob:; frame-src blob:; "
        "form-action 'self'; base-uri 'none'"
    ).replace(" ;", ";")


def page(backend: Backend) -> bytes:
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(backend)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>修改学校资料</title>
<link href="/admin/config.json" type="application/json" rel="cms-config-url">
</head>
<body>
<noscript><h1>修改学校资料</h1><p>这个表单要打开 JavaScript 才能用。</p></noscript>
<script src="/admin/sveltia-cms.js"></script>
</body>
</html>
""".encode()

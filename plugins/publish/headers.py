"""What the site's answers must say in their headers: the one source of the policy.

`deploy/nginx.conf` is checked against this module, a bucket is filled by it, and `verify` asks a
served site for it. Sources: CSP Level 3, Trusted Types, RFC 9111, RFC 6797.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types jixiao-worker"
)
"""The only text that becomes a script is the address of the worker, in `static/js/offline.js`."""

SECURITY_HEADERS: Final = MappingProxyType(
    {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": (
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
            "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
        ),
    }
)
"""On every answer, whatever its status and type."""

IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"
NO_STORE: Final = "no-store"

_HASHED_BELOW: Final = MappingProxyType(
    {
        "assets/": r"[0-9a-f]{12,}/.",
        "search-index/": r"[0-9a-f]{12,}/.",
        "photos/": r"[0-9a-f]{12,}-[0-9]+\.[a-z]+$",
        "cards/": r"[0-9a-f]{12,}\.png$",
    }
)
HASHED_FOLDERS: Final = tuple(_HASHED_BELOW)
"""The folders that hold hashed files; see `is_hashed`."""
_HASHED: Final = re.compile("|".join(folder + rest for folder, rest in _HASHED_BELOW.items()))

CONTENT_TYPES: Final = MappingProxyType(
    {
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
        "xml": "text/xml; charset=utf-8",
        "ics": "text/calendar; charset=utf-8",
        "svg": "image/svg+xml; charset=utf-8",
        "webmanifest": "application/manifest+json; charset=utf-8",
        "jpg": "image/jpeg",
        "png": "image/png",
        "webp": "image/webp",
        "zip": "application/zip",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "db": "application/vnd.sqlite3",
        "md": "text/markdown; charset=utf-8",
        "bin": "application/octet-stream",
    }
)
"""By the last part of a file's name; a name that is not here is served as octets."""

COMPRESSED: Final = frozenset(
    {"html", "css", "js", "json", "csv", "txt", "md", "xml", "ics", "svg", "webmanifest"}
)
"""Names of files that are worth a gzip; packed search data and pictures are not."""


def is_hashed(name: str) -> bool:
    """Whether the path of a file in the site carries a hash of what it holds.

    Such a file never changes under its name: it may be cached for ever, and old pages may still
    ask for it after a new release.
    """
    return _HASHED.match(name) is not None


def cache_control(name: str, status: int = 200) -> str:
    """The `Cache-Control` of the answer for a file; an error is never kept."""
    if status >= 400 or name == "404.html":
        return NO_STORE
    return IMMUTABLE if is_hashed(name) else REVALIDATE


def content_type(name: str) -> str:
    return CONTENT_TYPES.get(_ending(name), "application/octet-stream")


def is_compressed(name: str) -> bool:
    return _ending(name) in COMPRESSED


def _ending(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2]

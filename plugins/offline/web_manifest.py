"""`/manifest.webmanifest`: by it a phone puts the site among its apps."""

from __future__ import annotations

import json


def web_manifest(name: str, assets: str) -> bytes:
    """`assets` is the address of the theme's files. Source: W3C Web Application Manifest."""
    icons = [
        (f"{assets}/icons/icon-192.png", "192x192", "image/png", "any"),
        (f"{assets}/icons/icon-512.png", "512x512", "image/png", "any"),
        (f"{assets}/icons/maskable-512.png", "512x512", "image/png", "maskable"),
        (f"{assets}/favicon.svg", "any", "image/svg+xml", "any"),
    ]
    manifest = {
        "name": name,
        "short_name": "技校招生",
        "description": "查找全国的技工学校、高级技工学校和技师学院。存下一个省，没有网络也能看。",
        "lang": "zh-CN",
        "dir": "ltr",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#0b6b4b",
        "icons": [
            {"src": src, "sizes": sizes, "type": kind, "purpose": purpose}
            for src, sizes, kind, purpose in icons
        ],
        "shortcuts": [
            {"name": "查找学校", "url": "/search/"},
            {"name": "我的志愿清单", "url": "/shortlist/"},
            {"name": "没有网络也能看", "url": "/offline/"},
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()

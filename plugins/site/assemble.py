"""Assemble the whole site in memory: pages and files, nothing written yet.

This is the one place where the rooms meet: catalogue, photos, search, open data and theme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins import open_data
from plugins.catalogue import Catalogue
from plugins.photos import Derivatives, derive_all
from plugins.sanitize import Renderer
from plugins.search.documents import search_documents, search_lexicon
from plugins.search.publish import search_files
from plugins.site.assets import load_assets
from plugins.site.page import Page
from plugins.site.pages import all_pages
from plugins.site.views.photo import photo_address

PHOTO_WORKERS = 2

Progress = Callable[[str], None]
"""Told, in a few Chinese words, what is being done now."""


@dataclass(frozen=True)
class Site:
    """All that will be published. `files` maps paths below the output to bytes or to a file."""

    catalogue: Catalogue
    pages: list[Page]
    files: Mapping[str, bytes | Path]
    assets: str


def assemble(
    catalogue: Catalogue, content: Path, theme: Path, cache: Path, site_url: str, progress: Progress
) -> Site:
    """The site of a catalogue. `cache` keeps photos and the search index between builds."""
    progress("照片")
    photos = _derive_photos(catalogue, content, cache / "photos")
    progress("搜索索引")
    documents = search_documents(catalogue)
    generation, found = search_files(documents, cache / "search", search_lexicon(catalogue))
    search_url = f"/search-index/{generation}/"
    progress("页面")
    pages = all_pages(catalogue, Renderer().render, photos, search_url)
    assets = load_assets(theme / "static")
    indexed = sorted(
        (page.url, page.changed_on) for page in pages if page.indexed and not page.canonical
    )
    files: dict[str, bytes | Path] = {
        "data/schools.json": open_data.schools_json(catalogue),
        "data/schools.csv": open_data.schools_csv(catalogue),
        "sitemap.xml": open_data.sitemap_xml(site_url, indexed),
        "robots.txt": open_data.robots_txt(site_url),
        **assets.files,
        **{search_url.lstrip("/") + name: data for name, data in found.items()},
        **_photo_files(photos),
    }
    return Site(catalogue, pages, files, assets.base)


def _derive_photos(catalogue: Catalogue, content: Path, cache: Path) -> dict[str, Derivatives]:
    """Derivatives of the photos that published profiles show, by path inside the content."""
    wanted = [
        f"{profile.path.rpartition('/')[0]}/{photo.file}"
        for profile in catalogue.profiles.values()
        for photo in profile.facts.photos
    ]
    jobs = [(content / path, catalogue.photos[path]) for path in wanted]
    return dict(zip(wanted, derive_all(jobs, cache, PHOTO_WORKERS), strict=True))


def _photo_files(photos: Mapping[str, Derivatives]) -> dict[str, Path]:
    return {
        photo_address(copy.name).lstrip("/"): copy.path
        for derivatives in photos.values()
        for copy in derivatives.files
    }

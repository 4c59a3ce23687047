"""Assemble the whole site in memory: pages and files, nothing written yet.

This is the one place where the rooms meet: catalogue, photos, search, open data and theme.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins import addresses, open_data
from plugins.catalogue import Catalogue, load
from plugins.photos import Derivatives, derive_all
from plugins.sanitize import Renderer
from plugins.search.documents import search_documents, search_lexicon
from plugins.search.publish import search_files
from plugins.site.assets import load_assets
from plugins.site.history import last_changes
from plugins.site.page import Page
from plugins.site.pages import all_pages, core_pages
from plugins.site.reporting import reporting_files, unit_reports
from plugins.site.verification import known_schools, verification_json
from plugins.site.views import design, news, priority, term
from plugins.site.views.photo import photo_address

PHOTO_WORKERS = 2

DEMO_DAY = dt.date(2026, 6, 1)
"""The day on which the invented content's plan of 2026 is open."""

Progress = Callable[[str], None]
"""Told, in a few Chinese words, what is being done now."""


@dataclass(frozen=True)
class Site:
    """All that will be published. `files` maps paths below the output to bytes or to a file.

    `articles` are the pages of single notices, newest first: Pelican publishes them as its own
    articles and makes the feeds of them.
    """

    catalogue: Catalogue
    pages: list[Page]
    articles: list[Page]
    files: Mapping[str, bytes | Path]
    assets: str


def assemble(
    catalogue: Catalogue,
    content: Path,
    theme: Path,
    cache: Path,
    site_url: str,
    progress: Progress,
    demo_content: Path | None = None,
    *,
    core: bool = False,
) -> Site:
    """The site of a catalogue. `cache` keeps photos and the search index between builds.

    `demo_content` is a folder of invented content: with it the design system's pages are added,
    which no published site has. `core` leaves out all but the pages that any generator of such a
    site builds: home, provinces, cities, majors and schools, for measurements beside others.
    """
    progress("照片")
    photos = _derive_photos(catalogue, content, cache / "photos")
    if core:
        progress("页面")
        assets = load_assets(theme / "static")
        changed = last_changes(content)
        found_pages = core_pages(catalogue, Renderer().render, photos, changed)
        return Site(
            catalogue, found_pages, [], {**assets.files, **_photo_files(photos)}, assets.base
        )
    progress("搜索索引")
    documents = search_documents(catalogue)
    generation, found = search_files(documents, cache / "search", search_lexicon(catalogue))
    search_url = f"/search-index/{generation}/"
    progress("页面")
    changed = last_changes(content, ".")
    pages = all_pages(catalogue, Renderer().render, photos, search_url, changed, site_url)
    articles = sorted(
        news.articles(catalogue, Renderer(top_heading=2).render),
        key=lambda page: (-page.view.date.toordinal(), page.url),
    )
    assets = load_assets(theme / "static")
    indexed = sorted(
        (page.url, page.changed_on)
        for page in pages + articles
        if page.indexed and not page.canonical
    )
    files: dict[str, bytes | Path] = {
        "data/schools.json": open_data.schools_json(catalogue),
        "data/schools.csv": open_data.schools_csv(catalogue),
        addresses.AID_RULES.lstrip("/"): open_data.aid_rules_json(catalogue),
        **dict(open_data.comparison_files(catalogue)),
        **dict(reporting_files(unit_reports(catalogue, changed))),
        addresses.VERIFY_NAMES.lstrip("/"): verification_json(catalogue, known_schools(catalogue)),
        f"{addresses.TERM.lstrip('/')}index.json": term.term_json(catalogue),
        addresses.COUNTIES.lstrip("/"): priority.counties_json(catalogue),
        "sitemap.xml": open_data.sitemap_xml(site_url, indexed),
        "robots.txt": open_data.robots_txt(site_url),
        **assets.files,
        **{search_url.lstrip("/") + name: data for name, data in found.items()},
        **_photo_files(photos),
    }
    if demo_content is not None:
        progress("设计系统")
        demo_pages, demo_files = _design_system(demo_content, theme, cache)
        pages += demo_pages
        files |= demo_files
    return Site(catalogue, pages, articles, files, assets.base)


def _design_system(
    demo_content: Path, theme: Path, cache: Path
) -> tuple[list[Page], dict[str, bytes | Path]]:
    """The living pages of the design system, with their own stylesheet and invented photos."""
    demo, _ = load(demo_content, DEMO_DAY)
    photos = _derive_photos(demo, demo_content, cache / "photos")
    views = {page.url: page.view for page in all_pages(demo, Renderer().render, photos, "/demo/")}
    names = [file.stem for file in (theme / "design/examples").glob("*.html")]
    stylesheet = (theme / "static/css/tokens.css").read_text("utf-8")
    files: dict[str, bytes | Path] = {"design/design.css": theme / "design/design.css"}
    return list(design.pages(names, stylesheet, views)), files | _photo_files(photos)


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

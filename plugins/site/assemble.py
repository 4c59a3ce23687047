"""The kinds of files beside the pages, and what all units of one build share.

This is the one place where the rooms meet: catalogue, photos, search, open data and theme. Each is
entered only when something of it is made, because after an edit that is one or two of them.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from plugins import addresses
from plugins.catalogue.last_good import placed
from plugins.site.page import File, Page
from plugins.site.pages import PAGES, Family, all_pages, province_slugs, school_ids
from plugins.site.sources import Shared, Sources

if TYPE_CHECKING:
    from plugins.catalogue import Catalogue
    from plugins.offline import OfflineFiles
    from plugins.open_data.table import Table
    from plugins.photos import Derivatives
    from plugins.site.workshop import Made, Output

PHOTO_WORKERS = 2

DEMO_DAY = dt.date(2026, 6, 1)
"""The day on which the invented content's plan of 2026 is open."""


def _assets(sources: Sources, _: str) -> Iterable[File]:
    from plugins.site.assets import load_assets

    files = load_assets(sources.theme / "static").files
    return (File(name, data) for name, data in files.items())


def _of(files: Iterable[tuple[str, bytes]]) -> Iterator[File]:
    return (File(name, data) for name, data in files)


def _table(sources: Sources, name: str) -> Iterator[File]:
    from plugins.open_data import downloads

    return _of(downloads.table_files(sources.national_table(name), sources.site_url))


def _province_data(sources: Sources, slug: str) -> Iterator[File]:
    from plugins.open_data import downloads

    return _of(downloads.province_files(sources.catalogue, slug, sources.site_url))


def _database(sources: Sources, _: str) -> Iterator[File]:
    from plugins.open_data.downloads import database_file

    return _of(database_file(*_national(sources), sources.site_url))


def _workbook(sources: Sources, _: str) -> Iterator[File]:
    from plugins.open_data.downloads import workbook_file

    return _of(workbook_file(*_national(sources), sources.site_url))


def _national(sources: Sources) -> tuple[list[Table], dt.date]:
    """The tables of the whole country, those that are referred to by others last, and their day."""
    from plugins.open_data.licence import data_day
    from plugins.open_data.tables import TABLES

    return [sources.national_table(name) for name in TABLES], data_day(sources.catalogue)


def _descriptions(sources: Sources, _: str) -> Iterator[File]:
    from plugins.open_data import downloads

    return _of(downloads.description_files(sources.catalogue, sources.site_url))


def _aid_rules(sources: Sources, _: str) -> Iterator[File]:
    from plugins.open_data.aid_rules import aid_rules_json

    yield File(addresses.AID_RULES.lstrip("/"), aid_rules_json(sources.catalogue))


def _comparison(sources: Sources, school_id: str) -> Iterator[File]:
    from plugins.open_data.comparison import comparison_file

    catalogue = sources.catalogue
    yield File(*comparison_file(catalogue, catalogue.school_by_id[school_id]))


def _robots(sources: Sources, _: str) -> Iterator[File]:
    from plugins.open_data.sitemap import robots_txt

    yield File("robots.txt", robots_txt(sources.site_url))


def _search(sources: Sources, _: str) -> Iterator[File]:
    from plugins.search.publish import search_files

    parts = [sources.search_part(slug) for slug in sources.catalogue.reference.province_by_slug]
    generation, found = search_files(parts, sources.cache / "search", sources.lexicon)
    for name, data in found.items():
        yield File(f"{SEARCH_FOLDER}{generation}/{name}", data)


def _search_of_province(sources: Sources, slug: str) -> Iterator[File]:
    from plugins import offline
    from plugins.search.publish import search_files

    part = sources.search_part(slug)
    if part.documents:
        index = search_files([part], part.cache_dir, sources.lexicon)
        yield File(offline.search_file_of(slug), offline.search_bundle(*index))


def _past(sources: Sources, _: str) -> Iterator[File]:
    from plugins.open_data import downloads

    return _of(downloads.past_files(sources.past))


def _table_names(_: Catalogue) -> Iterable[str]:
    from plugins.open_data.tables import TABLES

    return TABLES


def search_words(catalogue: Catalogue) -> tuple[Any, ...]:
    """The lexicon of search as plain values."""
    from plugins.search.documents import search_lexicon

    return search_lexicon(catalogue).plain


SEARCH_FOLDER: Final = "search-index/"


def search_url_of(name: str) -> str:
    """The folder of the search index, as an address, by the path of a file in it."""
    folder, generation = name.split("/")[:2]
    return f"/{folder}/{generation}/"


def _card(sources: Sources, school_id: str) -> Iterator[File]:
    from plugins.cards.font import font_file, font_key
    from plugins.cards.words import card_name, words_of

    if font := font_file():
        from plugins.cards.draw import draw_card

        catalogue = sources.catalogue
        words = words_of(catalogue, catalogue.school_by_id[school_id])
        yield File(card_name(words, font_key()), draw_card(words, str(font)))


def _web_manifest(sources: Sources, _: str) -> Iterator[File]:
    from plugins.offline import web_manifest
    from plugins.site.assets import load_assets
    from plugins.site.views.home import SITE_NAME

    assets = load_assets(sources.theme / "static").base
    yield File(addresses.WEB_MANIFEST.lstrip("/"), web_manifest(SITE_NAME, assets))


FILES: Final = (
    Family("search", _search, slow=True),
    Family("search-of-province", _search_of_province, province_slugs, slow=True),
    Family("assets", _assets),
    Family("table", _table, _table_names, slow=True),
    Family("province-data", _province_data, province_slugs, slow=True),
    Family("database", _database, slow=True),
    Family("workbook", _workbook, slow=True),
    Family("descriptions", _descriptions, slow=True),
    Family("past", _past, slow=True),
    Family("aid-rules", _aid_rules),
    Family("comparison", _comparison, school_ids),
    Family("card", _card, school_ids),
    Family("robots", _robots),
    Family("web-manifest", _web_manifest),
)
"""Every kind of file beside the pages, the sitemap aside. Whoever adds one names it here."""


FAMILIES: Final = (*FILES, *PAGES)
"""All kinds of pages and files of a published site."""


def downloads_of(units: Iterable[Made]) -> dict[str, Output]:
    """The files to take away that these units put out, by path."""
    from plugins.open_data.downloads import is_download

    return {
        output.name: output for made in units for output in made.outputs if is_download(output.name)
    }


def design_system(demo_content: Path) -> Family:
    """The living pages of the design system, with their own stylesheet and invented photos.

    `demo_content` is a folder of invented content. No published site has these pages.
    """

    def make(sources: Sources, _: str) -> Iterator[Page | File]:
        from plugins.catalogue import load
        from plugins.site.views import design

        theme = sources.theme
        demo, _problems = load(demo_content, DEMO_DAY)
        photos = derive_photos(demo, demo_content, sources.cache / "photos", demo.profiles)
        shared = share(demo, demo_content, theme, sources.cache, "")
        shared.photos, shared.search_url = photos, "/demo/"
        views = {page.url: page.view for page in all_pages(Sources(shared, set()))}
        names = [file.stem for file in (theme / "design/examples").glob("*.html")]
        stylesheet = (theme / "static/css/tokens.css").read_text("utf-8")
        yield from design.pages(names, stylesheet, views)
        yield File("design/design.css", theme / "design/design.css")
        for derivatives in photos.values():
            for copy in derivatives.files:
                yield File(f"photos/{copy.name}", copy.path)

    return Family("design", make)


def admin_form(setting: str) -> Family:
    """The web form; `setting` says where it saves."""
    from plugins.admin_form.backend import parse_backend
    from plugins.admin_form.files import admin_files

    def make(sources: Sources, _: str) -> Iterator[File]:
        found = admin_files(sources.catalogue, parse_backend(setting), sources.cache)
        return (File(name, data) for name, data in found.items())

    return Family("admin", make)


def share(catalogue: Catalogue, content: Path, theme: Path, cache: Path, site_url: str) -> Shared:
    """What the units of one build share. `cache` keeps photos and the search index."""
    from plugins.sanitize import Renderer

    return Shared(
        catalogue, content, theme, cache, site_url,
        Renderer().render, Renderer(top_heading=2).render,
    )  # fmt: skip


def for_offline(
    shared: Shared, units: Iterable[Made], read: Callable[[str], bytes]
) -> OfflineFiles:
    """The files that are made of all others. `units` are those of this build, `read` gives the
    bytes of one of their files by its path."""
    from plugins.offline import OfflineFiles, province_parts
    from plugins.site.assets import load_assets

    outputs: dict[str, Output] = {}
    photos: dict[str, list[str]] = {}
    for made in units:
        outputs |= {output.name: output for output in made.outputs}
        family, _, key = made.unit.partition("/")
        if family == "school":
            photos[key] = [
                output.name for output in made.outputs if output.name.startswith("photos/")
            ]
    return OfflineFiles(
        parts=province_parts(shared.catalogue, photos),
        files=outputs,
        read=read,
        theme=shared.theme,
        assets=load_assets(shared.theme / "static").base,
        origin="" if shared.site_url.endswith(".example") else shared.site_url,
        today=shared.catalogue.today,
        retired=os.environ.get("OFFLINE_WORKER") == "off",
    )


def articles(sources: Sources) -> list[Page]:
    """The pages of single notices, newest first: Pelican publishes them as its own articles and
    makes the feeds of them."""
    from plugins.site.views import news

    return sorted(
        news.articles(sources.catalogue, sources.render_notice),
        key=lambda page: (-page.view.date.toordinal(), page.url),
    )


def derive_photos(
    catalogue: Catalogue, content: Path, cache: Path, school_ids: Iterable[str]
) -> dict[str, Derivatives]:
    """Published copies of the photos that the profiles of these schools show, by content path."""
    from plugins.photos import derive_all

    outlines = catalogue.outlines  # most schools show no photo: their profiles stay closed
    profiles = [
        catalogue.profiles[name]
        for name in school_ids
        if name in outlines and outlines[name].has_photos
    ]
    wanted = [
        f"{profile.path.rpartition('/')[0]}/{photo.file}"
        for profile in profiles
        for photo in profile.facts.photos
    ]
    jobs = [(placed(content, path, catalogue.last_good), catalogue.photos[path]) for path in wanted]
    return dict(zip(wanted, derive_all(jobs, cache, PHOTO_WORKERS), strict=True))


def sitemap(site_url: str, pages: Iterable[tuple[str, str]]) -> Mapping[str, bytes]:
    """The sitemap of (address, day of the last change or nothing), in one file or several."""
    from plugins.open_data.sitemap import sitemap_files

    listed = [(url, dt.date.fromisoformat(day) if day else None) for url, day in sorted(pages)]
    return sitemap_files(site_url, listed)

"""The adapter to Pelican: one generator that makes our pages, one writer for all output.

Works in two ways that give the same bytes: stock `pelican content -s publishconf.py` makes the
whole site here, without looking at what it made before; `plugins.site.build` only has Pelican make
the articles and feeds of the news, handed over in the setting `SITE`.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, Generator
from pelican.settings import read_settings

from plugins.catalogue import errors, load
from plugins.catalogue.report import report
from plugins.clock import today
from plugins.site import assemble
from plugins.site.articles import articles_of
from plugins.site.assets import load_assets
from plugins.site.build import PROJECT
from plugins.site.context import SiteContext
from plugins.site.expected import expected_addresses
from plugins.site.formats import FILTERS, TESTS
from plugins.site.history import last_changes
from plugins.site.ledger import ledger_of, read_ledger, save_ledger
from plugins.site.navigation import navigation
from plugins.site.page import Page
from plugins.site.sources import Shared, Sources
from plugins.site.template_code import compile_quickly
from plugins.site.templates import Templates
from plugins.site.workshop import Made, Output, Workshop
from plugins.site.writer import SiteWriter


class ContentHasErrors(Exception):
    """Stock Pelican must not publish content that fails the check; Pelican exits with 1."""


class ArticlesLost(Exception):
    """Pelican logs an article that it cannot publish and ends with success; this ends with 1."""


@dataclass(frozen=True)
class News:
    """What the build hands over: the pages of the notices, newest first."""

    articles: Sequence[Page]
    site: SiteContext


class SiteGenerator(Generator):  # type: ignore[misc]
    """Renders every page of the catalogue and writes every file that goes with them.

    The news is at hand before any generator fills the shared context, because Pelican's own
    generator of articles takes it from there.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take the news that the build hands over, or load the content now."""
        super().__init__(*arguments, **options)
        self.shared: Shared | None = None
        news = self.settings.get("SITE")
        if not isinstance(news, News):
            self.shared = self._load()
            news = self._news(self.shared)
        self.news = news
        self.context["news"] = news
        self.context["site"] = news.site

    def _load(self) -> Shared:
        content = Path(self.path)
        cache = Path(self.settings["SITE_CACHE"])
        catalogue, problems = load(content, today(), photo_cache=cache / "photos")
        if errors(problems):
            raise ContentHasErrors("\n" + report(errors(problems), "text"))
        shared = assemble.share(
            catalogue, content, Path(self.theme), cache, self.settings["SITEURL"]
        )
        shared.changed = last_changes(content, ".")
        shared.photos = assemble.derive_photos(
            catalogue, content, cache / "photos", catalogue.profiles
        )
        return shared

    def _news(self, shared: Shared) -> News:
        site = SiteContext(
            name=self.settings["SITENAME"],
            url=self.settings["SITEURL"],
            assets=load_assets(Path(self.theme) / "static").base,
            today=shared.catalogue.today,
            navigation=navigation(expected_addresses(shared.catalogue)),
        )
        return News(assemble.articles(Sources(shared, set())), site)

    def generate_output(self, writer: SiteWriter) -> None:
        if lost := [page.url for page in self.news.articles if page.file not in writer.ledger]:
            raise ArticlesLost(f"Pelican 没有写出这些消息：{'、'.join(lost)}")
        if self.shared is not None:
            self._write_everything(self.shared, writer)
        ledger_file = Path(self.settings.get("SITE_LEDGER") or ledger_of(writer.root))
        writer.prune(read_ledger(ledger_file))
        save_ledger(ledger_file, writer.ledger)

    def _write_everything(self, shared: Shared, writer: SiteWriter) -> None:
        templates = Templates(Path(self.theme), self.settings["JINJA_ENVIRONMENT"], None)
        workshop = Workshop(shared, templates, self.news.site, writer.write_bytes)
        pages = [(page.url, page) for page in self.news.articles]
        listed = [(url, day_of(page)) for url, page in pages if page.indexed and not page.canonical]
        units: list[Made] = []
        for late in (False, True):
            shared.downloads = assemble.downloads_of(units)
            for family in assemble.FAMILIES:
                for key in family.keys(shared.catalogue) if family.late == late else ():
                    made = workshop.make(family, key)
                    units.append(made)
                    listed += [(out.url, out.changed_on) for out in made.outputs if out.url]
                    if family.name == "search":
                        shared.search_url = assemble.search_url_of(made.outputs[0].name)
        for name, data in assemble.sitemap(shared.site_url, listed).items():
            writer.write_bytes(name, data)
        articles = [
            Output(name, entry.size, entry.sha256)
            for name, entry in writer.ledger.items()
            if name.startswith("news/")
        ]
        units.append(Made("articles/", (), tuple(articles)))
        offline = assemble.for_offline(
            shared, units, lambda name: (writer.root / name).read_bytes()
        )
        sizes = {}
        for slug in offline.slugs:
            name, data = offline.pack(slug)
            sizes[slug] = len(data)
            writer.write_bytes(name, data)
        for name, data in offline.files_about(sizes).items():
            writer.write_bytes(name, data)


def day_of(page: Page) -> str:
    return page.changed_on.isoformat() if page.changed_on else ""


def publish_articles(pages: Sequence[Page], site: SiteContext, theme: Path) -> Mapping[str, bytes]:
    """The files that Pelican makes of the notices `pages`, by path: their pages, and the feeds."""
    with tempfile.TemporaryDirectory() as scratch:
        output, ledger = Path(scratch, "output"), Path(scratch, "ledger")
        settings = read_settings(str(PROJECT / "publishconf.py"))
        settings |= {
            "PATH": scratch,
            "OUTPUT_PATH": os.fspath(output),
            "THEME": os.fspath(theme),
            "THEME_TEMPLATES_OVERRIDES": [os.fspath(theme)],
            "SITE_LEDGER": os.fspath(ledger),
            "SITE": News(pages, site),
        }
        # Pelican sums up the articles only, which would mislead.
        with redirect_stdout(io.StringIO()):
            Pelican(settings).run()
        return {name: (output / name).read_bytes() for name in sorted(read_ledger(ledger))}


def publish_news(generator: ArticlesGenerator) -> None:
    """Give Pelican's own generator of articles the checked notices, and nothing else.

    Pelican reads no contributed file and sees no contributed key: `articles_of` names every
    attribute of an article.
    """
    news = generator.context["news"]
    generator.articles += articles_of(news.articles, generator.settings, generator.context)


def give_formats(generator: Generator) -> None:
    """Every generator has a template environment of its own; all of them work alike."""
    generator.env.filters.update(FILTERS)
    generator.env.tests.update(TESTS)
    compile_quickly(generator.env)


def add_site_generator(_: Pelican) -> type[Generator]:
    return SiteGenerator


def use_site_writer(_: Pelican) -> type[SiteWriter]:
    return SiteWriter


def register() -> None:
    """Called by Pelican for the plugin `plugins.site.generator`."""
    signals.get_generators.connect(add_site_generator)
    signals.get_writer.connect(use_site_writer)
    signals.generator_init.connect(give_formats)
    signals.article_generator_pretaxonomy.connect(publish_news)

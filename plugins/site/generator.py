"""The adapter to Pelican: one generator that renders our pages, one writer for all output.

Works in two ways that give the same bytes: `plugins.site.build` hands the assembled site over in
the setting `SITE`; stock `pelican content -s publishconf.py` lets the generator assemble it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, Generator

from plugins.catalogue import errors, load
from plugins.catalogue.report import report
from plugins.clock import today
from plugins.offline import offline_files
from plugins.site.articles import articles_of
from plugins.site.assemble import Site, assemble
from plugins.site.context import SiteContext
from plugins.site.formats import FILTERS, TESTS
from plugins.site.navigation import navigation
from plugins.site.writer import SiteWriter, ledger_of, read_ledger, save_ledger


class ContentHasErrors(Exception):
    """Stock Pelican must not publish content that fails the check; Pelican exits with 1."""


class ArticlesLost(Exception):
    """Pelican logs an article that it cannot publish and ends with success; this ends with 1."""


class SiteGenerator(Generator):  # type: ignore[misc]
    """Renders every page of the catalogue and writes every file that goes with them.

    The site is at hand before any generator fills the shared context, because Pelican's own
    generator of articles takes the news from it.
    """

    site: Site

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take the site that the build assembled, or assemble it now."""
        super().__init__(*arguments, **options)
        handed_over = self.settings.get("SITE")
        self.site = handed_over if isinstance(handed_over, Site) else self._assemble()
        self.context["assembled"] = self.site
        self.context["site"] = SiteContext(
            name=self.settings["SITENAME"],
            url=self.settings["SITEURL"],
            assets=self.site.assets,
            today=self.site.catalogue.today,
            navigation=navigation({page.url for page in self.site.pages}),
        )

    def _assemble(self) -> Site:
        content = Path(self.path)
        cache = Path(self.settings["SITE_CACHE"])
        catalogue, problems = load(content, today(), photo_cache=cache / "photos")
        if errors(problems):
            raise ContentHasErrors("\n" + report(errors(problems), "text"))
        return assemble(
            catalogue,
            content,
            Path(self.theme),
            cache,
            self.settings["SITEURL"],
            progress=lambda _: None,
        )

    def generate_output(self, writer: SiteWriter) -> None:
        if lost := [page.url for page in self.site.articles if page.file not in writer.ledger]:
            raise ArticlesLost(f"Pelican 没有写出这些消息：{'、'.join(lost)}")
        for page in self.site.pages:
            template = self.get_template(page.template.removesuffix(".html"))
            writer.write_file(page.file, template, self.context, page=page, view=page.view)
        for name, data in sorted(self.site.files.items()):
            writer.write_bytes(name, data if isinstance(data, bytes) else data.read_bytes())
        if self.site.offline is not None:
            for name, data in offline_files(writer.root, writer.ledger, self.site.offline):
                writer.write_bytes(name, data)
        ledger_file = Path(self.settings.get("SITE_LEDGER") or ledger_of(writer.root))
        writer.prune(read_ledger(ledger_file))
        save_ledger(ledger_file, writer.ledger)


def publish_news(generator: ArticlesGenerator) -> None:
    """Give Pelican's own generator of articles the checked notices, and nothing else.

    Pelican reads no contributed file and sees no contributed key: `articles_of` names every
    attribute of an article.
    """
    site = generator.context["assembled"]
    generator.articles += articles_of(site.articles, generator.settings, generator.context)


def give_formats(generator: Generator) -> None:
    """Every generator has a template environment of its own; all of them write values alike."""
    generator.env.filters.update(FILTERS)
    generator.env.tests.update(TESTS)


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


def settings_for_build(output: Path, ledger: Path, site: Site) -> dict[str, Any]:
    """The settings by which the build differs from stock Pelican."""
    return {"OUTPUT_PATH": os.fspath(output), "SITE_LEDGER": os.fspath(ledger), "SITE": site}

"""The adapter to Pelican: one generator that renders our pages, one writer for all output.

Works in two ways that give the same bytes: `plugins.site.build` hands the assembled site over in
the setting `SITE`; stock `pelican content -s publishconf.py` lets the generator assemble it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.catalogue import errors, load
from plugins.catalogue.report import report
from plugins.clock import today
from plugins.site.assemble import Site, assemble
from plugins.site.context import SiteContext
from plugins.site.formats import FILTERS, TESTS
from plugins.site.writer import SiteWriter, ledger_of, read_ledger, save_ledger


class ContentHasErrors(Exception):
    """Stock Pelican must not publish content that fails the check; Pelican exits with 1."""


class SiteGenerator(Generator):  # type: ignore[misc]
    """Renders every page of the catalogue and writes every file that goes with them."""

    site: Site

    def generate_context(self) -> None:
        """Take the site that the build assembled, or assemble it now."""
        self.env.filters.update(FILTERS)
        self.env.tests.update(TESTS)
        handed_over = self.settings.get("SITE")
        self.site = handed_over if isinstance(handed_over, Site) else self._assemble()
        self.context["site"] = SiteContext(
            name=self.settings["SITENAME"],
            url=self.settings["SITEURL"],
            assets=self.site.assets,
            today=self.site.catalogue.today,
        )

    def _assemble(self) -> Site:
        content = Path(self.path)
        catalogue, problems = load(content, today())
        if errors(problems):
            raise ContentHasErrors("\n" + report(errors(problems), "text"))
        return assemble(
            catalogue,
            content,
            Path(self.theme),
            Path(self.settings["SITE_CACHE"]),
            self.settings["SITEURL"],
            progress=lambda _: None,
        )

    def generate_output(self, writer: SiteWriter) -> None:
        for page in self.site.pages:
            template = self.get_template(page.template.removesuffix(".html"))
            writer.write_file(page.file, template, self.context, page=page, view=page.view)
        for name, data in sorted(self.site.files.items()):
            writer.write_bytes(name, data if isinstance(data, bytes) else data.read_bytes())
        ledger_file = Path(self.settings.get("SITE_LEDGER") or ledger_of(writer.root))
        writer.prune(read_ledger(ledger_file))
        save_ledger(ledger_file, writer.ledger)


def add_site_generator(_: Pelican) -> type[Generator]:
    return SiteGenerator


def use_site_writer(_: Pelican) -> type[SiteWriter]:
    return SiteWriter


def register() -> None:
    """Called by Pelican for the plugin `plugins.site.generator`."""
    signals.get_generators.connect(add_site_generator)
    signals.get_writer.connect(use_site_writer)


def settings_for_build(output: Path, ledger: Path, site: Site) -> dict[str, Any]:
    """The settings by which the build differs from stock Pelican."""
    return {"OUTPUT_PATH": os.fspath(output), "SITE_LEDGER": os.fspath(ledger), "SITE": site}

"""The one renderer of pages, for our build, for stock Pelican and for the preview alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    TemplateError,
    TemplateNotFound,
    meta,
)
from jinja2.bccache import Bucket

from plugins.site.context import SiteContext
from plugins.site.formats import FILTERS, TESTS
from plugins.site.page import Page
from plugins.site.snapshot import digest
from plugins.site.template_code import COMPILER, compile_quickly
from plugins.whole_file import read_whole, write_whole

TEMPLATE_FOLDERS: Final = ("", "templates")
"""Where names of templates are looked up inside the theme, as Pelican's settings say it."""
_PART: Final = re.compile(r"\.html$")
_COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
_NAMING: Final = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b\s*")
_NAME: Final = re.compile(
    r"""["']([^"'\\]+)["']\s*(?:[-+]?%\}|import\b|as\b|with(?:out)?\b|ignore\b)"""
)


class Templates:
    """The theme's templates with the platform's filters. `bytecode` keeps them compiled."""

    def __init__(self, theme: Path, options: Mapping[str, Any], bytecode: Path | None) -> None:
        self.theme = theme
        self.environment = Environment(  # noqa: S701 - the settings switch autoescape on
            **options,
            loader=FileSystemLoader([theme / folder for folder in TEMPLATE_FOLDERS]),
            bytecode_cache=_WholeBytecode(bytecode) if bytecode else None,
        )
        self._references: dict[str, tuple[str, tuple[str | None, ...]]] = {}
        self.environment.filters.update(FILTERS)
        self.environment.tests.update(TESTS)
        compile_quickly(self.environment)

    def render(self, page: Page, site: SiteContext) -> bytes:
        template = self.environment.get_template(page.template)
        return template.render(site=site, page=page, view=page.view).encode()

    def compile_all(self) -> None:
        """Compile every template of the theme, so that whoever renders finds them in `bytecode`.
        One that cannot be compiled is told of by whoever needs it."""
        for name in self.environment.list_templates(["html"]):
            if not name.startswith(TEMPLATE_FOLDERS[1]):  # it has a shorter name, too
                with suppress(TemplateError):
                    self.environment.get_template(name)

    def parts_of(self, template: str) -> Sequence[str] | None:
        """The files inside the theme that a template is made of, itself first; None if it names
        one of them only while it is rendered. Raises TemplateNotFound."""
        found: dict[str, None] = {}
        left = [template]
        while left:
            name = left.pop()
            inside, others = self._referenced_by(name)
            if inside in found:
                continue
            found[inside] = None
            for other in others:
                if other is None:
                    return None
                left.append(other)
        return tuple(found)

    def _referenced_by(self, name: str) -> tuple[str, tuple[str | None, ...]]:
        """The file of a template inside the theme, and what it names; read once."""
        if name not in self._references:
            source, file, _ = self.environment.loader.get_source(  # type: ignore[union-attr]
                self.environment, name
            )
            if file is None:
                raise TemplateNotFound(name)
            inside = Path(file).relative_to(self.theme).as_posix()
            self._references[name] = (inside, named_in(source, self.environment))
        return self._references[name]


def named_in(source: str, environment: Environment) -> tuple[str | None, ...]:
    """The templates that a template names; None among them stands for one that it works out.

    Jinja tells them too, but parses the whole template for it.
    """
    code = _COMMENT.sub("", source)
    found = [_NAME.match(code, tag.end()) for tag in _NAMING.finditer(code)]
    if None in found:
        return tuple(meta.find_referenced_templates(environment.parse(source)))
    return tuple(name[1] for name in found if name)


def digests_of(
    templates: Templates, names: Sequence[str], hashes: Mapping[str, str]
) -> dict[str, str]:
    """One digest for each template of all that it is made of; `hashes` are of the theme's files."""
    sources = {name: value for name, value in hashes.items() if _PART.search(name)}
    everything = digest(sorted(sources.items()))
    found = {}
    for name in names:
        parts = templates.parts_of(name)
        found[name] = (
            everything if parts is None else digest([(part, sources[part]) for part in parts])
        )
    return found


class _WholeBytecode(BytecodeCache):
    """Compiled templates, each in a file that is whole or does not count.

    Jinja knows them by their source; what another compiler made of it has another name here.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def load_bytecode(self, bucket: Bucket) -> None:
        if isinstance(data := read_whole(self._file(bucket)), bytes):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        write_whole(self._file(bucket), bucket.bytecode_to_string())

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}-{COMPILER}"

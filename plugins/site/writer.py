"""The one writer of the output: contained, atomic, and silent where nothing changed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Template
from pelican.writers import Writer

from plugins.site.ledger import Written, written


class SiteWriter(Writer):  # type: ignore[misc]
    """Pelican's writer, made strict: every path is computed by us and stays below the output.

    `ledger` lists what this run wrote; `save_ledger` keeps it for the guard and for pruning.
    """

    def __init__(self, output_path: str, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__(output_path, settings)
        self.root = Path(os.path.abspath(output_path))
        self.ledger: dict[str, Written] = {}

    def write_file(
        self,
        name: str,
        template: Template,
        context: Mapping[str, Any],
        relative_urls: bool = False,
        paginated: Mapping[str, Any] | None = None,
        template_name: str | None = None,
        override_output: bool = False,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Render one page. Has Pelican's signature, because Pelican's own generators call it."""
        if name:
            local = {**context, **kwargs, "output_file": name, "localsiteurl": ""}
            self.write_bytes(name, template.render(local).encode())

    def write_feed(
        self,
        elements: Sequence[Any],
        context: Mapping[str, Any],
        path: str | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Write one feed. An empty one would carry the time of the build; it is left out."""
        feed = super().write_feed(elements, context, None, url or path, **kwargs)
        # Pelican gives every feed the home page as its name and its page; two feeds need two.
        feed.feed["id"] = feed.feed["feed_url"]
        feed.feed["link"] = feed.feed["feed_url"].removesuffix("atom.xml")
        feed.feed["language"] = "zh-CN"
        if path and elements:
            self.write_bytes(path, feed.writeString("utf-8").encode())
        return feed

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write one file; the bytes appear whole or not at all, and only if they differ.

        Raises ValueError for a name that leaves the output folder or was written already.
        """
        target = self.root / name
        if os.path.normpath(name) != name or name == "." or name.startswith(("/", "..")):
            raise ValueError(f"output path is not contained: {name!r}")
        if name in self.ledger:
            raise ValueError(f"output path is written twice: {name!r}")
        self.ledger[name] = written(data)
        if target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        temporary.write_bytes(data)
        os.replace(temporary, target)

    def prune(self, before: Mapping[str, Written]) -> None:
        """Remove what an earlier run wrote and this one did not; nothing else is touched."""
        for name in sorted(set(before) - set(self.ledger)):
            target = self.root / name
            target.unlink(missing_ok=True)
            for folder in target.parents:
                if folder == self.root or any(folder.iterdir()):
                    break
                folder.rmdir()

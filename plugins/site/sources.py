"""What a unit of work may read: the catalogue and what belongs to it, all of it traced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.site.trace import Reads, TracedCatalogue, traced_changes, traced_photos

if TYPE_CHECKING:
    from plugins.catalogue import Catalogue, School
    from plugins.catalogue.declared_facts import DeclaredFacts
    from plugins.open_data.downloads import Size
    from plugins.open_data.table import Table
    from plugins.open_data.versions import TablesHistory
    from plugins.photos import Derivatives
    from plugins.search.lexicon import Lexicon
    from plugins.search.part import Part
    from plugins.search.related import RelatedSchool, Relations

Render = Callable[[str], str]


@dataclass
class Shared:
    """What all units of one build share, untraced; only `Sources` and the builder read it.

    `photos` are the published copies by content path; `changed` the day on which a file last
    changed, by content path; `site_url` the origin that printed codes and the sitemap name.
    `downloads` are the files to take away that were made, by path. `search_parts` are the names
    of the parts of the search index that are kept, by province; `search_words` is its lexicon as
    plain values. Both are found where they are missing.
    """

    catalogue: Catalogue
    content: Path
    theme: Path
    cache: Path
    site_url: str
    render: Render
    render_notice: Render
    photos: Mapping[str, Derivatives] = field(default_factory=dict)
    changed: Mapping[str, dt.date] = field(default_factory=dict)
    search_url: str = ""
    downloads: Mapping[str, Size] = field(default_factory=dict)
    search_parts: dict[str, str] = field(default_factory=dict)
    search_words: tuple[Any, ...] = ()
    _national: dict[str, tuple[Table, Reads]] = field(default_factory=dict)
    _past: TablesHistory | None = None
    _relations: dict[str, Relations] = field(default_factory=dict)

    _declared: dict[str, Mapping[str, DeclaredFacts]] = field(default_factory=dict)

    def declared(self, kind: str) -> Mapping[str, DeclaredFacts]:
        if kind not in self._declared:
            self._declared[kind] = self.catalogue.declared_facts(kind)
        return self._declared[kind]

    def national_table(self, name: str) -> tuple[Table, Reads]:
        """A table of the whole country, and what was read for it."""
        if name not in self._national:
            from plugins.open_data.tables import national_table

            reads: Reads = set()
            table = national_table(TracedCatalogue(self.catalogue, reads), name)
            self._national[name] = table, reads
        return self._national[name]

    def past(self) -> TablesHistory:
        """What the repository remembers of registers and plans."""
        if self._past is None:
            from plugins.open_data.versions import tables_history
            from plugins.site.history import past_tables

            today = self.catalogue.today
            self._past = tables_history(past_tables(self.content, today), today)
        return self._past

    def related(self, school: School) -> tuple[RelatedSchool, ...]:
        province = school.province
        if province not in self._relations:
            from plugins.search.related import Relations

            self._relations[province] = Relations(self.catalogue, province)
        return self._relations[province].of(school)

    def keep_search_part(self, catalogue: Catalogue, slug: str) -> str:
        """Index the schools of a province for search; the name under which that is kept."""
        from plugins.search.documents import province_part
        from plugins.search.part import keep_part

        return keep_part(province_part(catalogue, slug, self._search_folder(slug)))

    def search_part(self, slug: str) -> Part:
        from plugins.search.part import read_part

        part = read_part(self.search_parts.get(slug, ""), self._search_folder(slug))
        if part is None:
            self.search_parts[slug] = self.keep_search_part(self.catalogue, slug)
            return self.search_part(slug)
        return part

    def _search_folder(self, slug: str) -> Path:
        return self.cache / "search-of-provinces" / slug

    @cached_property
    def lexicon(self) -> Lexicon:
        from plugins.search.documents import search_lexicon
        from plugins.search.lexicon import lexicon_of

        if self.search_words:
            return lexicon_of(self.search_words)
        return search_lexicon(self.catalogue)


class Sources:
    """What one unit reads; every facet that it opens is added to `reads`.

    `render` makes safe HTML of a profile's Markdown, `render_notice` of a notice's.
    """

    def __init__(self, shared: Shared, reads: Reads) -> None:
        self._shared, self._reads = shared, reads
        self.render, self.render_notice = shared.render, shared.render_notice
        self.site_url, self.cache = shared.site_url, shared.cache

    @cached_property
    def catalogue(self) -> Catalogue:
        return TracedCatalogue(self._shared.catalogue, self._reads)

    @cached_property
    def photos(self) -> Mapping[str, Derivatives]:
        return traced_photos(self._shared.photos, self._reads)

    @cached_property
    def changed(self) -> Mapping[str, dt.date]:
        return traced_changes(self._shared.changed, self._reads)

    def related(self, school_id: str) -> tuple[RelatedSchool, ...]:
        """Schools like this one: what the register and the plans of its province say."""
        school = self._shared.catalogue.school_by_id[school_id]
        province = school.province
        self._reads.update(("reference", f"register {province}", f"plan {province}"))
        return self._shared.related(school)

    def declared(self, kind: str) -> Mapping[str, DeclaredFacts]:
        """What all profiles declare of a kind (`catalogue.declared_facts.DECLARED_KINDS`)."""
        self._reads.add(f"declared {kind}")
        return self._shared.declared(kind)

    def national_table(self, name: str) -> Table:
        """A table of the whole country, made once for all the files that have it."""
        table, reads = self._shared.national_table(name)
        self._reads.update(reads)
        return table

    @property
    def past(self) -> TablesHistory:
        """Versions and changes of registers and plans: what the commit of the content says."""
        self._reads.add("head")
        return self._shared.past()

    @property
    def downloads(self) -> Mapping[str, Size]:
        """The files to take away; only for families that are `late`."""
        self._reads.add("downloads")
        return self._shared.downloads

    def search_part(self, slug: str) -> Part:
        """The schools of a province as search knows them: what its register, its plans and its
        profiles say."""
        self._reads.add(f"search part {slug}")
        return self._shared.search_part(slug)

    @property
    def lexicon(self) -> Lexicon:
        """The words that search knows: what all registers and plans say, and no profile."""
        self._reads.add("lexicon")
        return self._shared.lexicon

    @property
    def search_url(self) -> str:
        """The folder of the search index, which all search files of this build bear."""
        self._reads.add("search")
        return self._shared.search_url

    @property
    def theme(self) -> Path:
        """The theme's folder, for units that read its files themselves."""
        self._reads.add("theme")
        return self._shared.theme

"""Where a publish looks for the last good version of a bad profile or notice, in this order:
what was last published from here, then what was committed before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugins.catalogue.last_good import LastGood
from plugins.catalogue.quarantine import Candidates
from plugins.publish.accepted import Accepted
from plugins.publish.committed import committed_versions


@contextmanager
def earlier_versions(content: Path, accepted: Accepted) -> Iterator[Candidates]:
    """The candidates for a build of `content`; their files last as long as the context."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)

        def candidates(unit: str) -> Iterator[LastGood]:
            present = _bytes_of(content / unit)
            for versions in (
                accepted.versions(unit, scratch / "published"),
                committed_versions(content, unit, scratch / "committed"),
            ):
                for version in versions:
                    if _bytes_of(version.place) != present:
                        yield version

        yield candidates


def _bytes_of(place: Path) -> dict[str, bytes]:
    """What a unit is made of; links count as nothing."""
    files = [place] if place.is_file() else sorted(place.rglob("*"))
    return {
        file.relative_to(place).as_posix(): file.read_bytes()
        for file in files
        if file.is_file() and not file.is_symlink()
    }

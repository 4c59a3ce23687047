"""The tree beside the output, in which a build writes."""

from __future__ import annotations

from pathlib import Path

from plugins.site.remembered import Memory
from plugins.site.standby import Standby


def test_a_build_that_begins_again_writes_into_folders_anew(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "output")
    memory.folder.mkdir()
    standby = Standby(memory)
    for _ in range(2):
        standby.open([])
        standby.put("deep/folder/page.html", b"text")
        assert (standby.root / "deep/folder/page.html").read_bytes() == b"text"

"""The manifest: what is written is read again, whole and by its lines."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.publish.headers import HASHED_FOLDERS
from plugins.publish.manifest import (
    MANIFEST,
    Manifest,
    ManifestText,
    ManifestUnreadable,
    Quarantined,
    from_bytes,
    make_manifest,
    read_text,
    to_bytes,
    with_kept,
)
from plugins.site.ledger import Written

NAMES = st.one_of(
    st.text(min_size=1, max_size=20),
    st.builds("".join, st.tuples(st.sampled_from(HASHED_FOLDERS), st.text(max_size=20))),
    st.text(alphabet='",{}[]:\\\n kept files' + string.ascii_lowercase, min_size=1, max_size=20),
)
FILES = st.dictionaries(NAMES, st.builds(Written, st.integers(0, 10**9), st.text("0f", max_size=4)))


@given(files=FILES, kept=FILES)
def test_what_is_written_is_read_again(files: dict[str, Written], kept: dict[str, Written]) -> None:
    manifest = with_kept(made(files), kept)
    data = to_bytes(manifest)
    assert from_bytes(data, "") == manifest
    assert json.loads(data)["release"] == manifest.release


@given(files=FILES, kept=FILES, more=FILES)
def test_lines_of_another_manifest_can_be_taken_over(
    files: dict[str, Written], kept: dict[str, Written], more: dict[str, Written]
) -> None:
    manifest = with_kept(made(files), kept)
    more = {name: one for name, one in more.items() if name not in files | kept}
    text, other = (ManifestText(to_bytes(one), "") for one in (manifest, made(more)))
    below = text.lines(HASHED_FOLDERS)
    assert len(below) == sum(name.startswith(HASHED_FOLDERS) for name in files | kept)
    lines = other.lines(HASHED_FOLDERS)
    wanted = {name: one for name, one in more.items() if name.startswith(HASHED_FOLDERS)}
    both = from_bytes(text.with_kept(lines.values()), "")
    assert both == replace(manifest, kept=dict(manifest.kept) | wanted)
    assert text.release.counts == manifest.counts
    assert text.release.quarantined == manifest.quarantined


def made(files: dict[str, Written]) -> Manifest:
    manifest = make_manifest(files, release="one", created="2026-06-01T00:00:00Z", commit="abc")
    return replace(manifest, quarantined=(Quarantined("schools/演示", 3, "yaml-syntax", ""),))


def test_a_manifest_that_is_not_whole_is_told(tmp_path: Path) -> None:
    data = to_bytes(made({"index.html": Written(1, "00"), "assets/aa/a.css": Written(2, "ff")}))
    for end in range(len(data)):
        (tmp_path / MANIFEST).write_bytes(data[:end])
        with pytest.raises(ManifestUnreadable, match="不是一份完整的清单"):
            read_text(tmp_path)
    (tmp_path / MANIFEST).unlink()
    with pytest.raises(ManifestUnreadable, match="没有清单"):
        read_text(tmp_path)

"""The search index of one province in one file.

A province's index has a hundred files of 1 KB; on a line where every request takes a second, one
file of 100 KB is much sooner there, and a page that is opened from a disk can load nothing else.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping


def search_bundle(generation: str, files: Mapping[str, bytes]) -> bytes:
    """JSON: `generation`, and `files`: name to text, or to base64 for names that end in `.bin`."""
    contents = {
        name: base64.b64encode(data).decode() if name.endswith(".bin") else data.decode()
        for name, data in sorted(files.items())
    }
    whole = {"generation": generation, "files": contents}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

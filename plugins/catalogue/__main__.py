"""`python -m plugins.catalogue check [PATH …]`: the check without Invoke, for editors and hooks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from plugins.catalogue.check import check
from plugins.catalogue.report import FORMATS
from plugins.clock import today

PHOTO_CACHE = Path(__file__).resolve().parents[2] / ".cache/photos"
"""Shared with the build, so that neither decodes a photo that the other has seen."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.catalogue", description=__doc__)
    parser.add_argument("command", choices=["check"])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--content", type=Path, default=Path("content"))
    parser.add_argument("--format", choices=FORMATS, default="text")
    options = parser.parse_args(arguments)
    checked = check(options.content, options.paths, options.format, today(), PHOTO_CACHE)
    print(checked.output)
    return 1 if checked.failed else 0


if __name__ == "__main__":
    sys.exit(main())

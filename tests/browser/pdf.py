"""What is asked of printed pages."""

from __future__ import annotations

import re


def page_count(pdf: bytes) -> int:
    """Pages of a PDF of Chromium's, whose page tree stands uncompressed in the file."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))

"""Text that an XML document can carry."""

from __future__ import annotations

import re
from typing import Final

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, not even escaped (its production `Char`)."""


def xml_text(text: str) -> str:
    """The text with U+FFFD for what XML cannot carry: one such character would make a whole feed
    unreadable, or stop the build."""
    return _NOT_XML.sub("\ufffd", text)

"""Which characters search looks at. The browser gets these ranges with the index manifest.

Each range is (first, last) code point, both included. They are stated here and nowhere else.
"""

from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

# 々 and 〇, extension A, the main block, compatibility ideographs, planes 2 and 3.
HAN: Ranges = (
    (0x3005, 0x3005),
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)

# Digits and Latin letters, after lower-casing: ASCII, Latin-1 without × and ÷, extended A and B
# (pinyin with tone marks), extended additional.
WORD: Ranges = (
    (0x30, 0x39),
    (0x61, 0x7A),
    (0xDF, 0xF6),
    (0xF8, 0x24F),
    (0x1E00, 0x1EFF),
)

# What is read at all; everything else counts as a space. These blocks hold every character that
# NFKC and lower-casing can turn into HAN or WORD, and no character in them was given a new
# decomposition after Unicode 14. Python and the browser bring different versions of Unicode:
# within these blocks they agree.
READ: Ranges = (
    (0x0, 0x36F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x33FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFB06),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
    (0x20000, 0x3FFFF),
)


def character_class(ranges: Ranges) -> str:
    """The ranges as the inside of a regular expression's square brackets."""
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)

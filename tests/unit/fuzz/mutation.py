"""Bend good input out of shape, in ways that people, programs and attackers do.

Everything is drawn from the `random.Random` that is given, so that a number repeats an input.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import Final

SPICE: Final = (
    "\0", "\ufeff", "\u202e", "\u200b", "\u2028", "\x1b[2J", "\x85", "\x0b", "\t", "\r", "\r\r\n",
    "---", "...", "---\n---", "&a", "*a", "&a [*a]", "!!python/object/apply:os.system [id]", "!x",
    "? a", "<<: *a", "{", "}", "[", "]", "[[[", "{{ x }}", "{% x %}", "{attach}/../../etc/passwd",
    "|", ">-", "%YAML 1.1", "#", ": ", ":", "- ", "'", '"', '""', "`", "```", "~~~", "<script>",
    "<!--", "<![CDATA[", "</textarea>", "javascript:alert(1)", "data:text/html,x", "//evil.example",
    "=1+1", "@SUM(A1)", "+1", "-1", "1e999", "-0", "0x10", "0o17", "1_000", "٣", "１２", "nan",
    ".inf", "9" * 400, "2026-02-30", "0000-01-01", "9999-12-31", "2026-3-1", "yes", "no", "null",
    "~", "是", "未公布", "../../x", "..", "/etc/passwd", "con.jpg", "gate.jpg", "GATE.JPG",
    "merged:", "merged:x", "closed", "330200", "110101200001010001", "13800138000", "x" * 30_000,
    "长" * 5_000, "a,b,c", "\\", "\\u0000", "&#0;", "&amp;", "%00", "[来源1]", "[来源0]",
    "[来源99999999999999999999]", "![a](b)", "[a](https://a", "[a]: https://b", "包就业", "https://",
    "https://[::1", "https://例子.example/\u202e", "mailto:", "tel:", "ﷺ" * 50, "e\u0301" * 40,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\ud7ff\ue000", "\U0010ffff",
)  # fmt: skip

_TOKEN: Final = re.compile(r"[^\s,:：；，。\[\]()\"'|#-]+")


def mutated_text(good: bytes, chance: random.Random, others: tuple[bytes, ...] = ()) -> bytes:
    """A changed copy of a text file: one to six changes of lines, words or bytes."""
    data = good
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(_CHANGES)(data, chance, others or (good,))
    return data


def _change_lines(data: bytes, chance: random.Random, others: tuple[bytes, ...]) -> bytes:
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    other = chance.choice(chance.choice(others).split(b"\n"))
    match chance.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            to = chance.randrange(len(lines))
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines.insert(at, other)
        case 4:
            lines[at] = b" " * chance.choice((1, 2, 4, 200)) + lines[at]
        case 5:
            lines[at] = lines[at].lstrip()
        case _:
            lines[at:] = lines[at : at + 1] * chance.choice((2, 50, 400)) + lines[at + 1 :]
    return b"\n".join(lines)


def _change_words(data: bytes, chance: random.Random, others: tuple[bytes, ...]) -> bytes:
    text = data.decode("utf-8", "surrogateescape")
    words = list(_TOKEN.finditer(text))
    if not words:
        return data + chance.choice(SPICE).encode("utf-8", "surrogateescape")
    word = chance.choice(words)
    new = chance.choice(SPICE)
    match chance.randrange(5):
        case 0:
            new = ""
        case 1:
            new = word.group() + new
        case 2:
            new += word.group()
        case 3:
            new = chance.choice(words).group()
        case _:
            pass
    changed = text[: word.start()] + new + text[word.end() :]
    return changed.encode("utf-8", "surrogateescape")


def _insert_spice(data: bytes, chance: random.Random, others: tuple[bytes, ...]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(SPICE).encode("utf-8", "surrogateescape") + data[at:]


def _change_bytes(data: bytes, chance: random.Random, others: tuple[bytes, ...]) -> bytes:
    changed = bytearray(data or b"\n")
    for _ in range(chance.choice((1, 1, 4, 16))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, others: tuple[bytes, ...]) -> bytes:
    one, two = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return chance.choice((data[:one], data[one:], data[:one] + data[two:], data[one:two]))


def _recode(data: bytes, chance: random.Random, others: tuple[bytes, ...]) -> bytes:
    text = data.decode("utf-8", "replace")
    kind = chance.choice(("gb18030", "utf-16", "utf-32", "utf-8-sig", "crlf", "cr", "latin"))
    match kind:
        case "crlf":
            return data.replace(b"\n", b"\r\n")
        case "cr":
            return data.replace(b"\n", b"\r")
        case "latin":
            return text.encode("latin-1", "replace")
        case _:
            return text.encode(kind)


_CHANGES: Final[tuple[Callable[[bytes, random.Random, tuple[bytes, ...]], bytes], ...]] = (
    _change_lines, _change_lines, _change_words, _change_words, _change_words, _insert_spice,
    _change_bytes, _cut, _recode,
)  # fmt: skip


def mutated_archive(good: bytes, chance: random.Random) -> bytes:
    """A changed copy of a workbook: its bytes, its parts, or the XML in one of them."""
    if chance.random() < 0.25:
        return chance.choice((_change_bytes, _cut, _insert_spice))(good, chance, ())
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source:
        parts = [(part.filename, source.read(part)) for part in source.infolist()]
    weights = [8 if "/worksheets/sheet" in name else 1 for name, _ in parts]
    for _ in range(chance.choice((1, 1, 2, 4))):
        (at,) = chance.choices(range(len(parts)), weights)
        name, data = parts[at]
        match chance.randrange(12):
            case 0 if len(parts) > 1:
                del parts[at], weights[at]
            case 1:
                parts[at] = (name.replace("sheet", "Sheet"), data)
            case 2:
                parts[at] = (name, _cut(data, chance, ()))
            case 3:
                parts[at] = (name, _change_bytes(data, chance, ()))
            case _:
                parts[at] = (name, _change_xml(data, chance))
    with zipfile.ZipFile(packed, "w", chance.choice((0, 8))) as target:
        for name, data in parts:
            target.writestr(name, data)
    return packed.getvalue()


def _change_xml(data: bytes, chance: random.Random) -> bytes:
    """Another value, another attribute, a tag more or less: the XML mostly stays well-formed."""
    text = data.decode("utf-8", "surrogateescape")
    found = list(re.finditer(r">[^<]+<|\"[^\"<]*\"|<[^<>]+>", text))
    if not found:
        return data
    part = chance.choice(found)
    old = part.group()
    spice = "".join(c for c in chance.choice(SPICE) if c not in '<&"')
    if old[0] == ">":
        new = f">{spice}<"
    elif old[0] == '"':
        new = (
            f'"{chance.choice((spice, "", "0", "-1", "99999999", "A0", "XFE1", "e", "inlineStr"))}"'
        )
    else:
        new = chance.choice(("", old + old, old[:-1] + " x='1'>"))
    return (text[: part.start()] + new + text[part.end() :]).encode("utf-8", "surrogateescape")

"""Families of Markdown and YAML that cost far more to read than to write.

Each family is a function of a size in characters; what it gives is about that long. The texts are
bodies of a section, unless the family is one of the front matter's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Final

Family = Callable[[int], str]


def _repeated(piece: str) -> Family:
    return lambda size: piece * max(1, size // len(piece))


def _lines(piece: str, per_line: int) -> Family:
    """Lines of `per_line` times the piece, each a paragraph line below the limit of a line."""

    def family(size: int) -> str:
        line = piece * per_line
        return "\n".join([line] * max(1, size // (len(line) + 1)))

    return family


def _around(opening: str, middle: str, closing: str) -> Family:
    def family(size: int) -> str:
        depth = max(1, size // (len(opening) + len(closing)))
        return opening * depth + middle + closing * depth

    return family


def _around_in_lines(opening: str, closing: str, depth: int) -> Family:
    def family(size: int) -> str:
        line = opening * depth + "文" + closing * depth
        return "\n\n".join([line] * max(1, size // (len(line) + 2)))

    return family


def _square_table(size: int) -> str:
    side = max(2, math.isqrt(size // 2))
    row = "|" + "a|" * side
    return "\n".join([row, "|" + "-|" * side, *[row] * side])


def _wide_table_of_empty_rows(size: int) -> str:
    """One header of as many columns as a line may hold; then rows of one character each."""
    columns = min(900, size // 6)
    head = "|" + "a|" * columns
    rule = "|" + "-|" * columns
    return "\n".join([head, rule, *["|"] * ((size - len(head) * 2) // 2)])


def _many_tables(size: int) -> str:
    return "\n\n".join(["|a|b|\n|-|-|\n|c|d|"] * (size // 20))


def _table_of_code(size: int) -> str:
    row = "|" + "`|`|" * 200
    return "\n".join(["|" + "a|" * 200, "|" + "-|" * 200, *[row] * (size // len(row))])


def _table_of_escapes(size: int) -> str:
    row = "|" + "\\|" * 400 + "|"
    return "\n".join(["|a|b|", "|-|-|", *[row] * (size // len(row))])


def _table_of_emphasis(size: int) -> str:
    row = "|" + "*a|**" * 150
    return "\n".join(["|" + "a|" * 150, "|" + "-|" * 150, *[row] * (size // len(row))])


def _stairs(mark: str, step: int = 2) -> Family:
    """A list in which each item is one level deeper, as deep as a line may be long."""

    def family(size: int) -> str:
        deepest = min(900, max(1, math.isqrt(2 * size // step)))
        return "\n".join(" " * (step * level) + mark + "甲" for level in range(deepest))

    return family


def _stairs_up_and_down(size: int) -> str:
    up = [" " * (2 * level) + "- 甲" for level in range(40)]
    block = "\n".join(up + up[::-1])
    return "\n".join([block] * max(1, size // len(block)))


def _deep_items_in_one_line(size: int) -> str:
    return "\n".join(["- " * 400 + "甲"] * max(1, size // 800))


def _loose_items(size: int) -> str:
    return "\n\n".join(["- 甲\n\n    乙"] * (size // 12))


def _numbered(size: int) -> str:
    return "\n".join(f"{number}. 甲" for number in range(1, size // 8))


def _list_with_lazy_lines(size: int) -> str:
    return "- 甲\n" + "乙\n" * (size // 2)


def _quotes(size: int) -> str:
    return "\n".join(["> " * 400 + "甲"] * max(1, size // 800))


def _quote_stairs(size: int) -> str:
    deepest = min(900, math.isqrt(size))
    return "\n".join("> " * level + "甲" for level in range(1, deepest))


def _quote_with_lists(size: int) -> str:
    return "\n".join(["> - " * 200 + "甲"] * max(1, size // 800))


def _lazy_quote(size: int) -> str:
    return "> 甲\n" + "乙\n" * (size // 2)


def _references(size: int) -> str:
    return "\n".join(f"[甲{number}]: https://a.example/{number}" for number in range(size // 30))


def _references_of_one_name(size: int) -> str:
    return "\n".join(["[甲]: https://a.example/"] * (size // 25))


def _reference_bomb(size: int) -> str:
    """A long address behind a short name, used again and again."""
    address = "https://a.example/" + "a" * min(1_800, size // 4)
    return f"[a]: {address}\n\n" + "[b][a] " * min(490, size // 14)


def _unfinished_reference(size: int) -> str:
    return "\n".join(["[甲]:" + " " * 900] * max(1, size // 905))


def _reference_title(size: int) -> str:
    return "\n".join(['[甲]: https://a.example "' + 'a"' * 450] * max(1, size // 930))


def _code_fences(size: int) -> str:
    return "\n".join(f"{'`' * (3 + number % 300)}" for number in range(max(1, size // 150)))


def _tilde_fences(size: int) -> str:
    return "\n".join("~" * (3 + number % 300) for number in range(max(1, size // 150)))


def _growing_backticks(size: int) -> str:
    longest = min(1_900, math.isqrt(size))
    return "\n\n".join("`" * length + "a" for length in range(1, longest))


def _backticks_in_one_paragraph(size: int) -> str:
    parts, length, number = [], 0, 1
    while length < size:
        parts.append("`" * (1 + number % 60) + "a")
        length += len(parts[-1])
        number += 1
    return "\n".join("".join(parts[start : start + 40]) for start in range(0, len(parts), 40))


def _code_by_indent(size: int) -> str:
    return "\n\n".join(["    a"] * (size // 7))


def _headings(size: int) -> str:
    return "\n".join(["### 甲"] * (size // 6))


def _heading_of_marks(size: int) -> str:
    return "\n".join(["### " + "#" * 900] * max(1, size // 905))


def _underlined(size: int) -> str:
    return "\n".join(["甲", "-" * 900] * max(1, size // 903))


def _rules(size: int) -> str:
    return "\n\n".join(["- " * 450] * max(1, size // 902))


def _rule_that_fails(size: int) -> str:
    return "\n\n".join(["* " * 450 + "a"] * max(1, size // 903))


def _emphasis_zoo(size: int) -> str:
    marks = ["*", "**", "***", "_", "__", "___", "a", " "]
    random = Random(7)  # noqa: S311 - the same text each time
    text = "".join(random.choice(marks) for _ in range(size * 8 // 13))
    return "\n".join(text[start : start + 900] for start in range(0, len(text), 900))


def _mixed_zoo(size: int) -> str:
    marks = ["[", "]", "(", ")", "*", "_", "`", "<", ">", "!", "\\", "&", "|", "a", " ", "https://"]
    random = Random(11)  # noqa: S311 - the same text each time
    text = "".join(random.choice(marks) for _ in range(size * 16 // 22))
    return "\n".join(text[start : start + 900] for start in range(0, len(text), 900))


def _line_zoo(size: int) -> str:
    starts = ["- ", "1. ", "> ", "    ", "  - ", "### ", "|a|", "```", "甲", "", "---", "***", "* "]
    random = Random(13)  # noqa: S311 - the same text each time
    return "\n".join(random.choice(starts) + random.choice(starts) + "乙" for _ in range(size // 6))


def _source_marks(size: int) -> str:
    return "\n".join(["[来源1]" * 100] * max(1, size // 501))


def _placeholders(size: int) -> str:
    """What Markdown itself writes for a part it has put aside."""
    return "\n".join(["\x02klzzwxh:0001\x03" * 60 + "`a`"] * max(1, size // 900))


def _links_in_links(size: int) -> str:
    return "\n\n".join(["[" * 40 + "a" + "](https://a.example)" * 40] * max(1, size // 900))


def _links(size: int) -> str:
    return "\n\n".join(["[a](https://a.example/) " * 8] * max(1, size // 200))


def _link_with_parentheses(size: int) -> str:
    return "\n\n".join(["[a](https://a.example/" + "(" * 900] * max(1, size // 925))


def _link_with_title(size: int) -> str:
    return "\n\n".join(["[a](https://a.example " + '"a ' * 300] * max(1, size // 925))


def _claims(size: int) -> str:
    return "\n".join(["不包就业不" * 180] * max(1, size // 901))


def _clauses(size: int) -> str:
    return "，".join(f"第{number}句话不一样的内容" for number in range(size // 14))


def _numbers(size: int) -> str:
    return "\n".join(["330106199001011234" * 50] * max(1, size // 901))


def _addresses(size: int) -> str:
    return "\n".join(["https://" + "a." * 440] * max(1, size // 889))


def _astral(size: int) -> str:
    return "\n".join(["𠮷" * 900] * max(1, size // 901))


def _combining(size: int) -> str:
    return "\n".join(["a" + "\u0301" * 900] * max(1, size // 902))


MARKDOWN: Final[dict[str, Family]] = {
    "brackets-opened": _lines("[", 900),
    "brackets-closed": _lines("]", 900),
    "brackets-nested": _around_in_lines("[", "]", 400),
    "brackets-paired": _lines("[]", 450),
    "brackets-nested-in-one-text": _around("[", "甲", "]"),
    "brackets-two-by-two": _lines("[[a", 300),
    "link-openings": _lines("[a](", 220),
    "link-of-brackets": _lines("[a](<", 180),
    "link-destinations": _lines("](https://a.example", 50),
    "link-with-parentheses": _link_with_parentheses,
    "link-with-title": _link_with_title,
    "links": _links,
    "links-in-links": _links_in_links,
    "image-openings": _lines("![", 450),
    "images-nested": _around_in_lines("![", "](https://a.example)", 40),
    "source-marks": _source_marks,
    "references": _references,
    "references-of-one-name": _references_of_one_name,
    "reference-bomb": _reference_bomb,
    "reference-unfinished": _unfinished_reference,
    "reference-title": _reference_title,
    "table-square": _square_table,
    "table-wide-of-empty-rows": _wide_table_of_empty_rows,
    "table-many": _many_tables,
    "table-of-code": _table_of_code,
    "table-of-escapes": _table_of_escapes,
    "table-of-emphasis": _table_of_emphasis,
    "list-stairs": _stairs("- "),
    "list-stairs-of-four": _stairs("- ", 4),
    "list-stairs-numbered": _stairs("1. ", 3),
    "list-up-and-down": _stairs_up_and_down,
    "list-in-one-line": _deep_items_in_one_line,
    "list-of-loose-items": _loose_items,
    "list-numbered": _numbered,
    "list-with-lazy-lines": _list_with_lazy_lines,
    "list-of-many": _lines("- 甲", 1),
    "quotes-nested": _quotes,
    "quotes-stairs": _quote_stairs,
    "quotes-with-lists": _quote_with_lists,
    "quote-lazy": _lazy_quote,
    "backticks": _lines("`", 900),
    "backticks-with-text": _lines("`a", 450),
    "backticks-growing": _growing_backticks,
    "backticks-of-all-lengths": _backticks_in_one_paragraph,
    "code-fences": _code_fences,
    "code-fences-tilde": _tilde_fences,
    "code-by-indent": _code_by_indent,
    "emphasis-stars": _lines("*", 900),
    "emphasis-star-and-letter": _lines("*a", 450),
    "emphasis-letter-and-two-stars": _lines("a**", 300),
    "emphasis-nested": _around_in_lines("*a **a ", " a** a*", 60),
    "emphasis-underscores": _lines("_a_", 300),
    "emphasis-three": _lines("***a", 220),
    "emphasis-two-and-three": _lines("**a***", 150),
    "emphasis-zoo": _emphasis_zoo,
    "html-openings": _lines("<", 900),
    "html-tags": _lines("<a ", 300),
    "html-comments": _lines("<!--", 220),
    "html-instructions": _lines("<?", 450),
    "html-declarations": _lines("<![CDATA[", 100),
    "html-nested": _around_in_lines("<b>", "</b>", 120),
    "automatic-links": _lines("<https://a.example>", 45),
    "automatic-links-open": _lines("<https:", 120),
    "mail-links": _lines("<a@a.example>", 60),
    "entities": _lines("&amp;", 180),
    "entities-open": _lines("&a", 450),
    "entities-numbered": _lines("&#x1F600;", 100),
    "backslashes": _lines("\\", 900),
    "backslash-escapes": _lines("\\*", 450),
    "backslash-and-backtick": _lines("\\`", 450),
    "headings": _headings,
    "heading-of-marks": _heading_of_marks,
    "headings-underlined": _underlined,
    "rules": _rules,
    "rule-that-fails": _rule_that_fails,
    "line-breaks": _lines("a  ", 1),
    "spaces": _lines(" ", 1_900),
    "tabs": _lines("\t", 900),
    "blank-lines": _repeated("\n"),
    "blank-lines-with-spaces": _lines(" ", 3),
    "placeholders": _placeholders,
    "mixed-zoo": _mixed_zoo,
    "line-zoo": _line_zoo,
    "claims": _claims,
    "clauses": _clauses,
    "id-numbers": _numbers,
    "addresses": _addresses,
    "astral-letters": _astral,
    "combining-marks": _combining,
}
"""Bodies of a section, by name."""


def _yaml_keys(size: int) -> str:
    return "\n".join(f"sumary{number}: a" for number in range(size // 14))


def _yaml_one_key(size: int) -> str:
    return "\n".join(["summary: a"] * (size // 11))


def _yaml_items(size: int) -> str:
    return "sources:\n" + "\n".join(["  - titel: a"] * (size // 13))


def _yaml_photos(size: int) -> str:
    return "photos:\n" + "\n".join(
        f"  - file: a{number}.jpg\n    alt: 甲" for number in range(size // 30)
    )


def _yaml_flow_deep(size: int) -> str:
    return "aid: " + "[" * min(size, 1_900)


def _yaml_flow_deep_in_lines(size: int) -> str:
    return "aid:\n" + "\n".join([" " + "[" * 900] * max(1, size // 902))


def _yaml_mapping_deep(size: int) -> str:
    return "aid:\n" + "\n".join(
        " " * (level + 1) + "a:" for level in range(min(900, math.isqrt(2 * size)))
    )


def _yaml_flow_pairs(size: int) -> str:
    return "\n".join(["aid: [" + "a: b, " * 150 + "]", *["  "] * (size // 10)])


def _yaml_questions(size: int) -> str:
    return "\n".join(["? a"] * (size // 4))


def _yaml_anchors(size: int) -> str:
    text = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    names = "abcdefghij"
    for before, name in pairwise(names):
        text.append(f"{name}: &{name} [" + ", ".join([f"*{before}"] * 9) + "]")
    return "\n".join([*text, *["# a"] * (size // 4)])


def _yaml_quoted(size: int) -> str:
    return 'summary: "' + "\n\n".join(["\\x41" * 200] * max(1, size // 802)) + '"'


def _yaml_block(size: int) -> str:
    return "summary: |\n" + "\n".join(["  甲"] * (size // 4))


def _yaml_comments(size: int) -> str:
    return "\n".join(["# " + "a" * 900] * max(1, size // 903))


def _yaml_tags(size: int) -> str:
    return "\n".join(["a: !" + "!" * 900] * max(1, size // 905))


FRONT_MATTER: Final[dict[str, Family]] = {
    "yaml-unknown-keys": _yaml_keys,
    "yaml-one-key": _yaml_one_key,
    "yaml-items": _yaml_items,
    "yaml-photos": _yaml_photos,
    "yaml-flow-deep": _yaml_flow_deep,
    "yaml-flow-deep-in-lines": _yaml_flow_deep_in_lines,
    "yaml-mapping-deep": _yaml_mapping_deep,
    "yaml-flow-pairs": _yaml_flow_pairs,
    "yaml-questions": _yaml_questions,
    "yaml-anchors": _yaml_anchors,
    "yaml-quoted": _yaml_quoted,
    "yaml-block": _yaml_block,
    "yaml-comments": _yaml_comments,
    "yaml-tags": _yaml_tags,
}
"""Lines that stand in the front matter, by name."""

_HEAD: Final = "summary: 演示数据\nconfirmed_on: 2026-05-01\ncompiled_by: 学校\n"


def profile_of(name: str, size: int) -> str:
    """A whole profile of the family `name`, with about `size` characters of it."""
    if name in FRONT_MATTER:
        return f"---\n{_HEAD}{FRONT_MATTER[name](size)}\n---\n\n## 历史沿革\n\n演示数据\n"
    return f"---\n{_HEAD}---\n\n## 历史沿革\n\n{MARKDOWN[name](size)}\n"

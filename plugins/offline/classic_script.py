"""The site's scripts as one classic script: a page that is opened from a disk may load no module.

A module becomes a function that the pack's own script runs when it is wanted. Only the few forms of
`import` and `export` that the site's scripts use are known; anything else is refused, so that a
script can never be turned into something else than it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_IMPORT: Final = re.compile(r'^import \{([^{}]*)\} from "\./([a-z-]+\.js)";$', re.MULTILINE)
_BARE_IMPORT: Final = re.compile(r'^import "\./([a-z-]+\.js)";$', re.MULTILINE)
_LAZY_IMPORT: Final = re.compile(r'\bimport\("\./([a-z-]+\.js)"\)')
_EXPORT: Final = re.compile(
    r"^export ((?:async )?function|const|let|class) ([A-Za-z_$][\w$]*)", re.MULTILINE
)
_LEFT_OVER: Final = re.compile(r"^(?:import|export)\b|\bimport(?:\.|\()", re.MULTILINE)


class NotConvertible(Exception):
    """A script uses a form of import or export that is not known here. `str()` says which."""


def classic_modules(modules: Mapping[str, str]) -> str:
    """Classic script: an object of functions by file name, for `themes/jixiao/pack/pack.js`.

    `modules` are served scripts (no comment lines, no indentation) by file name. Each function
    takes `$load` (name → exports of that module), `$exports` to fill, and the pack's `fetch`,
    `location` and `history`. Raises NotConvertible.
    """
    functions = [
        f'"{name}": ($load, $exports, fetch, location, history) => {{\n'
        f'"use strict";\n{_classic(name, text, modules)}}},\n'
        for name, text in sorted(modules.items())
    ]
    _refuse_circles(modules)
    return "{\n" + "".join(functions) + "}"


def _classic(name: str, text: str, modules: Mapping[str, str]) -> str:
    for imported in _imports(text) | set(_LAZY_IMPORT.findall(text)):
        if imported not in modules:
            raise NotConvertible(f"{name} imports {imported}, which is not among the scripts")
    exported = [match[2] for match in _EXPORT.finditer(text)]
    text = _IMPORT.sub(lambda match: f'const {{{_renamed(match[1])}}} = $load("{match[2]}");', text)
    text = _BARE_IMPORT.sub(r'$load("\1");', text)
    text = _LAZY_IMPORT.sub(r'Promise.resolve().then(() => $load("\1"))', text)
    text = _EXPORT.sub(r"\1 \2", text)
    if found := _LEFT_OVER.search(text):
        line = text[: found.start()].count("\n") + 1
        raise NotConvertible(f"{name}, line {line}: {found[0]} is used in a way that is not known")
    return f"{text.rstrip()}\nObject.assign($exports, {{{', '.join(exported)}}});\n"


def _renamed(names: str) -> str:
    """`a, b as c` → `a, b: c`."""
    parts = [" ".join(part.split()) for part in names.split(",") if part.strip()]
    return ", ".join(part.replace(" as ", ": ") for part in parts)


def _imports(text: str) -> set[str]:
    return {match[2] for match in _IMPORT.finditer(text)} | set(_BARE_IMPORT.findall(text))


def _refuse_circles(modules: Mapping[str, str]) -> None:
    """What a module imports must be finished before it: a circle has no beginning."""
    finished: set[str] = set()
    under_way: list[str] = []

    def visit(name: str) -> None:
        if name in under_way:
            raise NotConvertible(" → ".join([*under_way[under_way.index(name) :], name]))
        if name not in finished:
            under_way.append(name)
            for imported in sorted(_imports(modules[name])):
                visit(imported)
            under_way.pop()
            finished.add(name)

    for name in sorted(modules):
        visit(name)

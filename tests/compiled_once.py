"""Templates that a process of tests compiles once, however many sites it builds.

A build of the small tree spends more time on compiling a hundred templates than on all the rest,
and hundreds of tests build one. Only Jinja's compiler is spared: each build still looks for its
own compiled templates, and asks for those that it does not find.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from jinja2 import Environment

OPTIONS: Final = (
    "code_generator_class", "autoescape", "undefined", "finalize", "optimized", "trim_blocks",
    "lstrip_blocks", "keep_trailing_newline", "newline_sequence",
)  # fmt: skip
HELPERS: Final = ("extensions", "filters", "tests")
"""Beside the template itself, its code depends on these of its environment."""


@contextmanager
def compiled_once(folder: Path) -> Iterator[None]:
    """Keep in `folder` what Jinja compiles; processes forked from this one know it too."""
    compile_anew = Environment.compile

    def compile_once(
        environment: Environment, source: Any, *names: str | None, **options: bool
    ) -> Any:
        if options or not isinstance(source, str):
            return compile_anew(environment, source, *names, **options)
        file = folder / _key(environment, source, *names)
        if file.exists():
            return marshal.loads(file.read_bytes())  # noqa: S302 - written below
        code = compile_anew(environment, source, *names)
        unfinished = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        unfinished.write_bytes(marshal.dumps(code))
        unfinished.replace(file)
        return code

    with patch.object(Environment, "compile", compile_once):
        yield


def _key(environment: Environment, *template: str | None) -> str:
    options = [getattr(environment, name) for name in OPTIONS]
    helpers = [
        (name, getattr(helper, "__qualname__", type(helper)))
        for kind in HELPERS
        for name, helper in getattr(environment, kind).items()
    ]
    key = repr((template, options, helpers))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()

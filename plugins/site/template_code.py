"""How templates become Python: Jinja's own compiler, with the hot paths made short.

A national site writes four million values and calls half a million macros. Jinja's general way
of doing each (a new `Markup` for every value, four frames for every macro, a module's variables
compared at every import) was half of the time that pages took. What comes out
is the same; a test renders every page both ways.

Jinja offers `Environment.code_generator_class` for this. Everything here assumes what
`pelicanconf.py` sets: autoescape on, StrictUndefined, and templates that do not change while an
environment lives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]

COMPILER: Final = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=8).hexdigest()
"""Names this way of compiling: other code here makes other Python of the same template."""

_imported: WeakKeyDictionary[Environment, dict[str, TemplateModule]] = WeakKeyDictionary()


def compile_quickly(environment: Environment) -> None:
    """Let this environment compile its templates the short way; before the first is loaded."""
    environment.code_generator_class = QuickCode
    environment.globals["once"] = Once()


class Once:
    """`once(macro, value, …)` in a template: what the macro writes of these very values.

    For parts that many pages share, whose values are frozen and made once a build. They are kept,
    so that no other object can take the place of one.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], tuple[Any, Any]] = {}

    def __call__(self, macro: Any, *values: Any) -> Any:
        key = (id(macro), *(value if type(value) is int else id(value) for value in values))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (macro(*values), (macro, values))
        return found[0]


def escaped(value: object) -> str:
    """`escape` for a value that goes straight into the output, where no `Markup` is needed."""
    kind = type(value)
    if kind is str:
        text: str = escape_text(value)  # type: ignore[arg-type]
        return text
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


def imported(environment: Environment, name: str, importer: str) -> TemplateModule:
    """The macros of a component, which sees nothing of the page that imports it."""
    modules = _imported.setdefault(environment, {})
    if name not in modules:
        modules[name] = environment.get_template(name, importer).module
    return modules[name]


def called(
    context: Context,
    target: Any,
    loop_vars: Mapping[str, Any] | None,
    block_vars: Mapping[str, Any] | None,
    *arguments: Any,
) -> Any:
    """`Context.call` with positional arguments; a macro is entered without a detour."""
    if type(target) is Macro and not (target.caller or target.catch_varargs or target.catch_kwargs):
        absent = target._argument_count - len(arguments)
        if absent == 0:
            return str.__new__(Markup, target._func(*arguments))
        if absent > 0:
            return str.__new__(Markup, target._func(*arguments, *(missing,) * absent))
    found = {"_loop_vars": loop_vars, "_block_vars": block_vars}
    return context.call(target, *arguments, **{name: x for name, x in found.items() if x})


class QuickCode(CodeGenerator):
    """Writes `called`, `imported` and `escaped` where Jinja takes its general way."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        super().visit_Template(node, frame)
        # Last, so that it replaces the `escape` that the first line of the module imports.
        self.outdent(self._indentation)
        self.writeline(f"from {__name__} import called, imported, escaped as escape")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context or not isinstance(node.template, nodes.Const):
            super()._import_common(node, frame)
        else:
            self.write(f"imported(environment, {node.template.value!r}, {self.name!r})")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if forward_caller or node.kwargs or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("called(context, ")
        self.visit(node.node, frame)
        self.write(", _loop_vars" if frame.loop_frame else ", None")
        self.write(", _block_vars" if frame.block_frame else ", None")
        self.signature(node, frame)
        self.write(")")

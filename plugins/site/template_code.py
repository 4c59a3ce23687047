"""How templates become Python: Jinja's own compiler, with the hot paths made short.

A national site writes four million values and calls half a million macros. Jinja's general way
of doing each (a new `Markup` for every value, a search for every attribute, four frames for every
macro, a module's variables compared at every import) was half of the time that pages took. What
comes out is the same; a test renders every page both ways.

Jinja offers `Environment.code_generator_class` for this. Everything here assumes what
`pelicanconf.py` sets: autoescape on, StrictUndefined, and templates that do not change while an
environment lives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]

COMPILER: Final = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=8).hexdigest()
"""Names this way of compiling: other code here makes other Python of the same template."""

_stock: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


def compile_quickly(environment: Environment) -> None:
    """Let this environment compile its templates the short way; before the first is loaded."""
    environment.code_generator_class = QuickCode
    environment.template_class = QuickTemplate
    environment.globals["once"] = Once()
    environment.extend(components={})


class Once:
    """`once(macro, value, …)` in a template: what the macro writes of these very values.

    For parts that many pages share, whose values are text, numbers, or frozen and made once a
    build. They are kept, so that no other object can take the place of one.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int | str, ...], tuple[Any, Any]] = {}

    def __call__(self, macro: Any, *values: Any) -> Any:
        key = (id(macro), *(value if type(value) in (int, str) else id(value) for value in values))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (macro(*values), (macro, values))
        return found[0]


def escaped(value: object) -> str:
    """`escape` for a value that goes straight into the output, where no `Markup` is needed.

    Text is told apart before this is called.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


def imported(environment: Environment, name: str, importer: str) -> TemplateModule:
    """The macros of a component, which sees nothing of the page that imports it."""
    components: dict[str, TemplateModule] = environment.components  # type: ignore[attr-defined]
    found = components.get(name)
    if found is None:
        found = components[name] = environment.get_template(name, importer).module
    return found


def called(
    context: Context,
    target: Any,
    loop_vars: Mapping[str, Any] | None,
    block_vars: Mapping[str, Any] | None,
    /,
    *arguments: Any,
    **named: Any,
) -> Any:
    """`Context.call`; a macro is entered without a detour."""
    if type(target) is Macro and (values := _values_for(target, arguments, named)) is not None:
        return str.__new__(Markup, target._func(*values))
    return _called_as_usual(context, target, loop_vars, block_vars, arguments, named)


def written(
    context: Context,
    target: Any,
    loop_vars: Mapping[str, Any] | None,
    block_vars: Mapping[str, Any] | None,
    /,
    *arguments: Any,
    **named: Any,
) -> str:
    """What `called` gives, as it goes straight into the output: what a macro writes is safe."""
    if type(target) is Macro and (values := _values_for(target, arguments, named)) is not None:
        text: str = target._func(*values)
        return text
    value = _called_as_usual(context, target, loop_vars, block_vars, arguments, named)
    return escape_text(value) if type(value) is str else escaped(value)


def _values_for(
    macro: Macro, arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[Any, ...] | None:
    """What the macro's function takes; None for whatever is not the plain case."""
    absent = macro._argument_count - len(arguments)
    if absent < 0 or macro.catch_varargs or macro.catch_kwargs or macro.explicit_caller:
        return None
    if not named:
        return None if macro.caller else (*arguments, *(missing,) * absent)
    if macro.caller and "caller" not in named:
        return None
    names = [*macro.arguments[len(arguments) :], *(("caller",) if macro.caller else ())]
    if not named.keys() <= {*names}:
        return None
    return (*arguments, *(named.get(name, missing) for name in names))


def _called_as_usual(
    context: Context,
    target: Any,
    loop_vars: Mapping[str, Any] | None,
    block_vars: Mapping[str, Any] | None,
    arguments: tuple[Any, ...],
    named: Mapping[str, Any],
) -> Any:
    if type(target) is Once:
        return target(*arguments)
    found = {"_loop_vars": loop_vars, "_block_vars": block_vars}
    return context.call(
        target, *arguments, **named, **{name: value for name, value in found.items() if value}
    )


class QuickTemplate(Template):
    """Reads attributes of values with a plain dot. Where a value has no such attribute (Jinja then
    asks it for an item), Jinja's own compiler has the word: it renders the page, or says what is
    wrong with it."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        try:
            return super().render(*args, **kwargs)
        except AttributeError:
            return _stock_of(self.environment).get_template(self.name or "").render(*args, **kwargs)


def _stock_of(environment: Environment) -> Environment:
    """The same environment with Jinja's own compiler."""
    if environment not in _stock:
        stock = _stock[environment] = environment.overlay()
        stock.code_generator_class, stock.template_class = CodeGenerator, Template
        stock.bytecode_cache = None
    return _stock[environment]


class QuickCode(CodeGenerator):
    """Writes a shorter way where Jinja takes its general one."""

    _written: nodes.Call | None = None
    """The call whose result goes straight into the output."""
    _may_be_absent = False
    """Whether the expression asks whether something is there."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        super().visit_Template(node, frame)
        # Last, so that it replaces the `escape` that the first line of the module imports.
        self.outdent(self._indentation)
        names = "called, escape_text, escaped as escape, imported, written"
        self.writeline(f"from {__name__} import {names}")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context or not isinstance(node.template, nodes.Const):
            super()._import_common(node, frame)
        else:
            self.write(f"imported(environment, {node.template.value!r}, {self.name!r})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        elif isinstance(node, nodes.Call) and _is_plain(node):
            self._written = node
        else:
            self.write("(escape_text(_v) if (_v := (")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_post(node, frame, finalize)
        elif not (isinstance(node, nodes.Call) and _is_plain(node)):
            self.write(")).__class__ is str else escape(_v))")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if not _is_plain(node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("written(context, " if node is self._written else "called(context, ")
        self.visit(node.node, frame)
        self.write(", _loop_vars" if frame.loop_frame else ", None")
        self.write(", _block_vars" if frame.block_frame else ", None")
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        is_block = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if self._may_be_absent or is_block or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802
        before, self._may_be_absent = self._may_be_absent, node.name in ("defined", "undefined")
        super().visit_Test(node, frame)
        self._may_be_absent = before

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802
        before, self._may_be_absent = self._may_be_absent, node.name in ("d", "default")
        super().visit_Filter(node, frame)
        self._may_be_absent = before


def _is_plain(call: nodes.Call) -> bool:
    return not (call.dyn_args or call.dyn_kwargs)

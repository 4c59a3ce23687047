"""What was made of what, kept from one build to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final

from plugins.kept_parts import Kept, read_parts, write_parts
from plugins.site import assemble
from plugins.site.remembered import FORMAT, Memory
from plugins.site.trace import Facets
from plugins.site.workshop import Made, Output


@dataclass
class State:
    """What was made of what. `templates` are digests; `context` is one of all that every page
    shows. `changes` are the days of the files' last changes in the commit `head`. `answers` are
    what else was found out of the catalogue, each with the facets that it hangs on; `kept` is what
    all of this was read from."""

    world: str = ""
    facets: Facets = field(default_factory=dict)
    units: dict[str, Made] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    context: str = ""
    changes: dict[str, str] = field(default_factory=dict)
    head: str = ""
    answers: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)
    kept: Kept | None = None

    @cached_property
    def outputs(self) -> dict[str, Output]:
        return {output.name: output for made in self.units.values() for output in made.outputs}

    @cached_property
    def downloads(self) -> Mapping[str, Output]:
        return assemble.downloads_of(self.units.values())


_output: Final[Callable[[tuple[Any, ...]], Output]] = partial(tuple.__new__, Output)
"""An output of its plain values, several times as fast as asking for it by its name."""


_PLAIN: Final = {"units": lambda made: (made.reads, tuple(map(tuple, made.outputs)))}
_PROFILES: Final = "profiles"
"""The answer that is kept as a part of its own: it has an entry for every profile."""


def read_state(memory: Memory) -> State:
    """What the last build kept; an empty state where that is missing, damaged or of old shape."""
    kept = read_parts(memory.state)
    if kept is None or kept.parts.get("format") != FORMAT:
        return State()
    parts = kept.parts
    parts["units"] = {
        unit: Made(unit, reads, tuple(map(_output, outputs)))
        for unit, (reads, outputs) in parts["units"].items()
    }
    answers = parts["answers"] | {_PROFILES: ((), parts[_PROFILES])}
    names = ("world", "facets", "units", "templates", "context", "changes", "head")
    return State(answers=answers, kept=kept, **{name: parts[name] for name in names})


def write_state(memory: Memory, state: State, last: State) -> None:
    """Keep `state`; `last` is what was read before it."""
    answers = dict(state.answers)
    _, profiles = answers.pop(_PROFILES, ((), {}))
    parts = {
        "format": FORMAT,
        "world": state.world,
        "facets": state.facets,
        "units": state.units,
        "templates": state.templates,
        "context": state.context,
        "changes": state.changes,
        "head": state.head,
        "answers": answers,
        _PROFILES: profiles,
    }
    write_parts(memory.state, parts, last.kept, _PLAIN)

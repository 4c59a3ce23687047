"""What was made of what, kept from one build to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final

from plugins.site import assemble
from plugins.site.remembered import FORMAT, Memory
from plugins.site.trace import Facets
from plugins.site.workshop import Made, Output
from plugins.whole_file import read_whole, write_whole


@dataclass
class State:
    """What was made of what. `templates` are digests; `context` is one of all that every page
    shows. `changes` are the days of the files' last changes in the commit `head`. `answers` are
    what else was found out of the catalogue, each with the facets that it hangs on."""

    world: str = ""
    facets: Facets = field(default_factory=dict)
    units: dict[str, Made] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    context: str = ""
    changes: dict[str, str] = field(default_factory=dict)
    head: str = ""
    answers: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)

    @cached_property
    def outputs(self) -> dict[str, Output]:
        return {output.name: output for made in self.units.values() for output in made.outputs}

    @cached_property
    def downloads(self) -> Mapping[str, Output]:
        return assemble.downloads_of(self.units.values())


_output: Final[Callable[[tuple[Any, ...]], Output]] = partial(tuple.__new__, Output)
"""An output of its plain values, several times as fast as asking for it by its name."""


def read_state(memory: Memory) -> State:
    """What the last build kept; an empty state where that is missing, damaged or of old shape."""
    plain = read_whole(memory.state)
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        return State()
    units = {
        unit: Made(unit, reads, tuple(map(_output, outputs)))
        for unit, (reads, outputs) in plain["units"].items()
    }
    kept = ("world", "facets", "templates", "context", "changes", "head", "answers")
    return State(units=units, **{name: plain[name] for name in kept})


def write_state(memory: Memory, state: State) -> None:
    plain = {
        "format": FORMAT,
        "world": state.world,
        "facets": state.facets,
        "units": {
            unit: (made.reads, tuple(map(tuple, made.outputs)))
            for unit, made in state.units.items()
        },
        "templates": state.templates,
        "context": state.context,
        "changes": state.changes,
        "head": state.head,
        "answers": state.answers,
    }
    write_whole(memory.state, plain)

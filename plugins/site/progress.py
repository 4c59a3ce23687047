"""What a build says of itself while it runs; nothing where nobody looks on."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status


class Progress:
    """At a terminal, one line that says what is done now and how far it is. Quiet elsewhere and in
    CI. With `verbose`, also a line for each page that is made again, with the reasons."""

    def __init__(self, console: Console | None, *, verbose: bool = False) -> None:
        self._console, self._verbose = console, verbose
        self._status: Status | None = None

    def __enter__(self) -> Progress:
        if self._console is not None and self._console.is_terminal and not os.environ.get("CI"):
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def step(self, words: str, done: int = 0, of: int = 0) -> None:
        """`words` say what is done now; `done` pieces `of` so many."""
        if self._status is not None:
            self._status.update(f"{words} {done}/{of}" if of else words)

    def why(self, unit: str, reasons: list[str]) -> None:
        """A unit is made again because of these inputs."""
        if self._verbose and self._console is not None:
            shown = "、".join(reasons[:5]) + (f" 等 {len(reasons)} 处" if len(reasons) > 5 else "")
            self._console.print(f"{unit}：{shown}", markup=False, highlight=False)

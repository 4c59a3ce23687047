"""What every peer can do: be set up, be built, be edited, forget."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

SCENARIOS = (
    "cold", "unchanged", "edit_profile", "edit_register", "edit_template", "add_photo",
)  # fmt: skip


class Peer(ABC):
    """One generator with its copy of the site below `work`.

    An edit makes one honest change that no earlier turn made; the next build has to show it.
    """

    name: str
    profiles = "content/schools/*/index.md"
    """Where the pages of the schools lie below `folder`."""

    def __init__(self, work: Path) -> None:
        self.work = work

    @abstractmethod
    def prepare(self, tree: Path) -> None:
        """Install what is needed, and write this peer's form of the schools in `tree`."""

    @property
    @abstractmethod
    def command(self) -> Sequence[str]:
        """The command that builds the site."""

    @property
    def env(self) -> Mapping[str, str]:
        return {}

    @property
    def folder(self) -> Path:
        """Where the command runs."""
        return self.work

    @abstractmethod
    def forget(self) -> None:
        """Put output and caches away: the next build is a cold one."""

    def put_away(self, *places: Path) -> None:
        """Move what is there to a folder beside `work`. ext4 without a journal makes files many
        times slower in the minutes after others were deleted: whoever has more of them lost."""
        away = self.work.with_name(f"{self.work.name}-away")
        away.mkdir(exist_ok=True)
        for place in places:
            if place.exists():
                place.rename(away / str(sum(1 for _ in away.iterdir())))

    def profile(self, turn: int) -> Path:
        """The school whose turn it is."""
        found = sorted(self.folder.glob(self.profiles))
        return found[turn * 37 % len(found)]

    def edit_profile(self, turn: int) -> None:
        append_line(self.profile(turn), f"演示数据：第 {turn} 次改动。")

    @abstractmethod
    def edit_register(self, turn: int) -> None: ...

    @abstractmethod
    def edit_template(self, turn: int) -> None: ...

    @abstractmethod
    def add_photo(self, turn: int) -> None: ...

    @property
    @abstractmethod
    def output(self) -> Path:
        """The built site, to count its pages."""

    def edit(self, scenario: str, turn: int) -> None:
        """Bring the site into the state in which `scenario` begins."""
        if scenario == "cold":
            self.forget()
        elif scenario != "unchanged":
            getattr(self, scenario)(turn)


def replace_once(file: Path, old: str, new: str) -> None:
    """Change one place of a text file. Raises ValueError when it is not there."""
    text = file.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{file}: nothing to edit, {old!r} is not there")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append_line(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as text:
        text.write(f"\n{line}\n")


def write_photo(file: Path, turn: int) -> None:
    """A photo of 12 megapixels, another one at each turn."""
    from random import Random

    from PIL import Image

    small = Image.frombytes("RGB", (40, 30), Random(turn).randbytes(40 * 30 * 3))  # noqa: S311
    small.resize((4000, 3000), Image.Resampling.BICUBIC).save(file, quality=85)

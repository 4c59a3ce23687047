"""Cards in the cache: each is drawn once for its words, ever, several at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from plugins.cards.font import font_file, font_key
from plugins.cards.words import CardWords, card_name
from plugins.photos.write_whole import write_whole

FEW: Final = 20
"""So many cards are drawn sooner than workers are started."""
_SHARE: Final = 50


def kept_card(words: CardWords, cache: Path) -> Path | None:
    """The file of a card, drawn now where it is not there yet; None without a font."""
    font = font_file()
    if font is None:
        return None
    file = cache / card_name(words, font_key())
    if not file.is_file():
        _draw((words, os.fspath(font), file))
    return file


def keep_cards(cards: Iterable[CardWords], cache: Path, workers: int) -> None:
    """Draw those that are missing, by `workers` processes where they are many."""
    font = font_file()
    if font is None:
        return
    wanted = {cache / card_name(words, font_key()): words for words in cards}
    missing = [(words, os.fspath(font), file) for file, words in wanted.items()
               if not file.is_file()]  # fmt: skip
    if len(missing) > FEW:
        with ProcessPoolExecutor(workers) as pool:
            for _ in pool.map(_draw, missing, chunksize=_SHARE):
                pass


def _draw(task: tuple[CardWords, str, Path]) -> None:
    from plugins.cards.draw import draw_card

    words, font, file = task
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, draw_card(words, font))

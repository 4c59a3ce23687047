"""The picture that a shared link to a school shows: words in, PNG out. Pure, but for the font."""

from plugins.cards.font import MISSING, font_file, font_key
from plugins.cards.keep import keep_cards, kept_card
from plugins.cards.words import CardWords, card_name, words_of

__all__ = [
    "MISSING",
    "CardWords",
    "card_name",
    "font_file",
    "font_key",
    "keep_cards",
    "kept_card",
    "words_of",
]

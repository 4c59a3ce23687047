"""Pinyin: how a query in Latin letters is read as syllables, and which words sound like another.

Syllables are written without tones, ü as v, as they are typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# Readings of one run of letters that are looked at: xian is xian or xi an.
_MOST_READINGS = 4
# Words that one spelling may stand for: suzhou is 苏州 or 宿州.
_MOST_WORDS = 4
_LONGEST_SYLLABLE = 6
_LONGEST_RUN = 30
INITIALS_MARK = "0"


def sound_text(syllables: Iterable[str]) -> str:
    """What the index holds of a name that is read so: pairs of syllables, triples of initials.

    hang zhou ji shi gives "hangzhou zhouji jishi 0hzj 0zjs".
    """
    read = tuple(syllables)
    pairs = [before + after for before, after in pairwise(read)]
    return " ".join([*pairs, *initial_terms("".join(syllable[0] for syllable in read))])


def initial_terms(letters: str) -> tuple[str, ...]:
    """Every three neighbouring initials, marked so that no typed word equals them."""
    return tuple(
        INITIALS_MARK + letters[start : start + 3] for start in range(max(0, len(letters) - 2))
    )


def one_edit_apart(first: str, second: str) -> bool:
    """Whether one letter added, left out or exchanged turns one into the other, or none."""
    shorter, longer = sorted((first, second), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    rest = start + 1 if len(shorter) == len(longer) else start
    return shorter[rest:] == longer[start + 1 :]


@dataclass(frozen=True)
class Sounds:
    """The readings of a lexicon's words. `whole` words are found by their full reading only;
    of `parts` any two or more neighbouring characters are found too. All are Han words."""

    characters: Mapping[str, str]
    exceptions: Mapping[str, str]
    whole: tuple[str, ...]
    parts: tuple[str, ...]

    @cached_property
    def syllables(self) -> frozenset[str]:
        return frozenset(self.characters.values())

    @cached_property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Syllables, separated by spaces, to the words that are read so, at most four."""
        found: dict[str, list[str]] = {}

        def add(syllables: tuple[str, ...], word: str) -> None:
            words = found.setdefault(" ".join(syllables), [])
            if word not in words and len(words) < _MOST_WORDS:
                words.append(word)

        for word in self.whole:
            if syllables := self.reading(word):
                add(syllables, word)
        for word in self.parts:
            syllables = self.reading(word)
            for length in range(len(syllables), 1, -1):
                for start in range(len(syllables) - length + 1):
                    add(syllables[start : start + length], word[start : start + length])
        return {reading: tuple(words) for reading, words in found.items()}

    @cached_property
    def spelt(self) -> Mapping[str, tuple[str, ...]]:
        """As `words`, the syllables run together."""
        found: dict[str, tuple[str, ...]] = {}
        for reading, words in self.words.items():
            letters = reading.replace(" ", "")
            found[letters] = (*found.get(letters, ()), *words)[:_MOST_WORDS]
        return found

    @cached_property
    def initials(self) -> Mapping[str, tuple[str, ...]]:
        """The initials of each whole word or part from its beginning, three or more."""
        found: dict[str, list[str]] = {}
        for word in self.parts:
            letters = "".join(syllable[0] for syllable in self.reading(word))
            for length in range(3, len(letters) + 1):
                words = found.setdefault(letters[:length], [])
                if word[:length] not in words and len(words) < _MOST_WORDS:
                    words.append(word[:length])
        return {letters: tuple(words) for letters, words in found.items()}

    def reading(self, word: str) -> tuple[str, ...]:
        """The syllables of a Han word; empty when a character's reading is not known."""
        if exception := self.exceptions.get(word):
            return tuple(exception.split(" "))
        syllables = tuple(self.characters.get(character, "") for character in word)
        return syllables if all(syllables) else ()

    def readings_of_letters(self, letters: str) -> tuple[tuple[str, ...], ...]:
        """The ways to read letters as syllables, longest first syllables first, at most four."""
        if len(letters) > _LONGEST_RUN:
            return ()
        found: list[tuple[str, ...]] = []
        dead: set[int] = set()

        def read(start: int, before: tuple[str, ...]) -> bool:
            if start == len(letters):
                found.append(before)
                return True
            if start in dead or len(found) >= _MOST_READINGS:
                return False
            any_way = False
            for length in range(min(_LONGEST_SYLLABLE, len(letters) - start), 0, -1):
                syllable = letters[start : start + length]
                if syllable in self.syllables and len(found) < _MOST_READINGS:
                    any_way = read(start + length, (*before, syllable)) or any_way
            if not any_way and len(found) < _MOST_READINGS:
                dead.add(start)
            return any_way

        read(0, ())
        return tuple(found)

    def like(self, letters: str) -> str | None:
        """The first word that is spelt so, or else, from four letters, one edit away."""
        if words := self.spelt.get(letters):
            return words[0]
        if len(letters) >= 4:
            for spelling, words in self.spelt.items():
                if one_edit_apart(letters, spelling):
                    return words[0]
        return None

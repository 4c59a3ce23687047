"""The words that search knows: the places and levels of the schools it holds.

A student writes 济南数控 without a space. Read blindly, that demands the pair 南数, which no
school has. The known word 济南 is therefore split off first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.search.document import SearchDocument
from plugins.search.tokens import runs

_FIELDS = ("place", "level")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known words, each of two or more Han characters, normalized.

    `longest` is the length of the longest word in characters; 0 when there is none.
    """

    words: frozenset[str]
    longest: int

    @classmethod
    def of_words(cls, words: Iterable[str]) -> "Vocabulary":
        """The words that are one Han run of two or more characters; others are left out."""
        known = set()
        for word in words:
            found = tuple(runs(word))
            if len(found) == 1 and found[0].han and len(found[0].text) > 1:
                known.add(found[0].text)
        return cls(frozenset(known), max(map(len, known), default=0))

    @classmethod
    def of_documents(cls, documents: Iterable[SearchDocument]) -> "Vocabulary":
        """The places (full and short names, as indexed) and levels of these schools."""
        return cls.of_words(
            value for document in documents for field in _FIELDS for value in document.values(field)
        )

    def split(self, run: str) -> tuple[str, ...]:
        """A Han run cut around the known words in it, in order, nothing lost.

        The longest known word goes first, the leftmost of equals; then what is left on each side
        is cut in the same way.
        """
        for length in range(min(self.longest, len(run)), 1, -1):
            for start in range(len(run) - length + 1):
                word = run[start : start + length]
                if word in self.words:
                    before, after = run[:start], run[start + length :]
                    return (*self.split(before), word, *self.split(after))
        return (run,) if run else ()

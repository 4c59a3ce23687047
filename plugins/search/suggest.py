"""What may be meant by what has been typed so far: places, majors, schools.

The browser gives the same (`suggest` in `search-engine.js`, `knownWords` in `search-more.js`).
"""

from dataclasses import dataclass

from plugins.search.index import SearchIndex
from plugins.search.query import site_search
from plugins.search.tokens import normalize, runs
from plugins.search.vocabulary import Vocabulary

MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`kind` is "place", "major" or "school"; only a school has a `school_id`."""

    kind: str
    text: str
    school_id: str | None = None


def suggestions(
    index: SearchIndex, typed: str, vocabulary: Vocabulary, most: int = MOST_SUGGESTIONS
) -> tuple[Suggestion, ...]:
    """At most `most`: half of them places and majors, the rest schools that match exactly."""
    known = _known_words(typed, vocabulary, -(-most // 2))
    answer = site_search(index, typed, vocabulary)
    exact = () if answer.approximate else answer.hits[: most - len(known)]
    return (*known, *(Suggestion("school", hit.name, hit.school_id) for hit in exact))


def _known_words(typed: str, vocabulary: Vocabulary, most: int) -> tuple[Suggestion, ...]:
    """Places and majors that begin so, in Han characters, pinyin or initials; then majors that
    hold it anywhere."""
    wanted = "".join(run.text for run in runs(typed))
    if not wanted:
        return ()
    lexicon = vocabulary.lexicon
    words = [Suggestion("place", place.name) for place in lexicon.places]
    words += [Suggestion("major", major) for major in lexicon.majors]
    begins, holds = [], []
    for word in words:
        written = normalize(word.text)
        syllables = vocabulary.sounds.reading(written)
        initials = "".join(syllable[0] for syllable in syllables)
        if any(form.startswith(wanted) for form in (written, "".join(syllables), initials)):
            begins.append(word)
        elif word.kind == "major" and wanted in written:
            holds.append(word)
    return tuple(dict.fromkeys((*begins, *holds)))[:most]

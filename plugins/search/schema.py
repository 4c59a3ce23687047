"""The fields of the search index: what is searchable, and how much a match in each is worth.

One declaration feeds the index, the scoring and the documents. Nothing here imports Whoosh.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchField:
    """One searchable field.

    `boost`: how much a match here counts against a match in profile text (1); an integer.
    `average_length`: the length, in tokens, of a typical school's field. It is a constant, not a
    measurement of the documents at hand, so that one school's longer text changes no other
    school's score. Names and majors are those of the 2025 Zhejiang plan, rounded; the rest are
    estimates.
    `length_weight`: BM25's b, from 0 (length ignored) to 1. It is low for lists: a school that
    teaches forty majors teaches 数控 no less than a school that teaches three.
    `core`: single Han characters are indexed too, so that 电 finds 电子商务.
    """

    name: str
    boost: int
    average_length: int
    length_weight: float
    core: bool = False


FIELDS = (
    SearchField("name", boost=10, average_length=16, length_weight=0.75, core=True),
    SearchField("aliases", boost=8, average_length=16, length_weight=0.25, core=True),
    SearchField("place", boost=6, average_length=16, length_weight=0.25, core=True),
    SearchField("level", boost=3, average_length=4, length_weight=0.25),
    SearchField("ownership", boost=2, average_length=1, length_weight=0.25),
    SearchField("majors", boost=5, average_length=160, length_weight=0.25, core=True),
    # Pairs of syllables (hangzhou) and, after a 0, three initials (0hzj) of names and places.
    SearchField("sound", boost=4, average_length=40, length_weight=0.25),
    SearchField("employers", boost=2, average_length=60, length_weight=0.25),
    SearchField("honours", boost=2, average_length=60, length_weight=0.25),
    SearchField("text", boost=1, average_length=600, length_weight=0.75),
)

FIELD_NAMES = tuple(field.name for field in FIELDS)


def field_named(name: str) -> SearchField:
    """The field called `name`. Raises KeyError when there is none."""
    for field in FIELDS:
        if field.name == name:
            return field
    raise KeyError(name)

"""Where the documentation explains a problem: a file and an anchor for every problem code."""

from __future__ import annotations

from functools import cache
from typing import Final

from plugins.catalogue.declared import all_declared, declared
from plugins.catalogue.schema import FrontMatter, NoticeFacts, Programme, Record, School

FIELDS: Final = "docs/fields.md"
_SCHOOL: Final = "docs/add-your-school.md"
_PROVINCE: Final = "docs/province-reporting.md"
_NEWS: Final = "docs/news.md"

MODELS: Final[dict[str, type[Record]]] = {
    "profile": FrontMatter,
    "register": School,
    "plan": Programme,
    "news": NoticeFacts,
}
"""The kinds of record by the word that opens their problem codes and anchors."""

_FAMILIES: Final = (
    ("claim-", f"{_SCHOOL}#claims"),
    ("personal-", f"{_SCHOOL}#privacy"),
    ("copied-", f"{_SCHOOL}#copied"),
    ("link-", f"{_SCHOOL}#links"),
    ("profile-link-", f"{_SCHOOL}#links"),
    ("photo-", f"{_SCHOOL}#photos"),
    ("year-", f"{_SCHOOL}#years"),
    ("place-", f"{_SCHOOL}#places"),
    ("change-", f"{_SCHOOL}#submit"),
    ("owner-", f"{_SCHOOL}#submit"),
    ("yaml-", f"{_SCHOOL}#format"),
    ("profile-no-front-matter", f"{_SCHOOL}#format"),
    ("profile-unknown-field", FIELDS),
    ("profile-example-left", f"{_SCHOOL}#format"),
    ("profile-unsourced-", f"{_SCHOOL}#numbers"),
    ("profile-salaries-", f"{_SCHOOL}#numbers"),
    ("profile-not-in-register", f"{_SCHOOL}#files"),
    ("profile-missing", f"{_SCHOOL}#files"),
    ("profile-", f"{_SCHOOL}#story"),
    ("file-", f"{_SCHOOL}#files"),
    ("schools-", f"{_SCHOOL}#files"),
    ("path-", f"{_SCHOOL}#check"),
    ("register-", f"{_PROVINCE}#register"),
    ("registry-", f"{_PROVINCE}#register"),
    ("plan-", f"{_PROVINCE}#plan"),
    ("table-", f"{_PROVINCE}#table"),
    ("reference-", f"{_PROVINCE}#table"),
    ("priority-", f"{_PROVINCE}#table"),
    ("news-", f"{_NEWS}#rules"),
)


def explained(code: str) -> str:
    """`docs/…#anchor` for a problem code: its field where it has one, else its family."""
    kind = code.partition("-")[0]
    for slug in _slugs(kind):
        if code.endswith("-" + slug) and not code.startswith(("profile-unsourced-", "profile-un")):
            return f"{FIELDS}#{kind}-{slug}"
    return next((place for start, place in _FAMILIES if code.startswith(start)), _SCHOOL)


@cache
def _slugs(kind: str) -> tuple[str, ...]:
    """The slugs of a kind's fields, longest first, so that `source-date` wins over `date`."""
    if kind not in MODELS:
        return ()
    slugs = {field.slug for field in all_declared(declared(MODELS[kind]))}
    return tuple(sorted(slugs, key=lambda slug: (-len(slug), slug)))

"""The rules of what a notice says: the same claims, personal data and links as in a profile.

A notice names the document it rests on, which is proof enough for what must be proven. What no
document can allow (a promised job, a quota on the quiet) is an error here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from plugins.catalogue.claims import Proof, check_claims
from plugins.catalogue.links import check_links
from plugins.catalogue.personal_data import check_personal_data
from plugins.catalogue.problem import Problem

_DOCUMENTED: Final = Proof(partner_degree=True, honours=("国家",), employment_source=True)


def check_notice_rules(path: str, lines: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """All faults of what one notice says; `lines` are its numbered lines."""
    yield from check_claims(path, lines, _DOCUMENTED)
    yield from check_links(path, lines)
    for problem in check_personal_data(path, lines, official=()):
        if problem.code == "personal-mobile-number":
            yield replace(problem, fix="个人的号码删掉；咨询电话写单位的座机")
        else:
            yield problem

"""`/aid/`: every national aid policy in plain words, with its document and what is uncertain."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.catalogue.aid import AID_STATES, AidPolicy, AidWords
from plugins.site.page import HOME_LINK, Page
from plugins.site.views.cost import SituationBenefits, usual_benefits

GRADES = {
    "A": "官方文件，或公报、新华网的摘要",
    "B": "媒体报道或转述，不是原件",
    "C": "只有二手转述，而且前后有矛盾",
}
"""What each grade of a source means to a visitor (the grades are those of the source list)."""


class PolicyView(Struct, frozen=True):
    """One policy told plainly, and beside it what the site has seen of its document."""

    anchor: str
    title: str
    gives: str
    who: str
    uncertain: str
    document: str | None
    number: str | None
    number_basis: str | None
    since: str | None
    until: str | None
    source: str | None
    grade: str | None


class AidView(Struct, frozen=True):
    """`groups` are the policies by how they stand today; a state without policies is left out.

    `situations` tell what the usual families get in the year `benefits_year`, at a public school,
    after junior secondary school.
    """

    groups: tuple[tuple[str, tuple[PolicyView, ...]], ...]
    situations: tuple[SituationBenefits, ...]
    benefits_year: int


def pages(catalogue: Catalogue) -> Iterator[Page]:
    policies = {policy.id: policy for policy in catalogue.reference.aid_policies}
    told = catalogue.reference.aid_words
    groups = (
        (state, tuple(_policy(policies[row.policy_id], row) for row in told if row.state == state))
        for state in AID_STATES
    )
    yield Page(
        url=addresses.AID,
        template="aid.html",
        title="国家资助：读技工院校能少花多少钱",
        description="免学费、国家助学金、国家奖学金、雨露计划：给多少、给谁、哪份文件、哪里拿不准。",
        view=AidView(
            tuple(group for group in groups if group[1]),
            usual_benefits(catalogue.reference.aid_rules, catalogue.today.year),
            catalogue.today.year,
        ),
        trail=(HOME_LINK,),
    )


def _policy(policy: AidPolicy, words: AidWords) -> PolicyView:
    return PolicyView(
        anchor=policy.id,
        title=words.title,
        gives=words.gives,
        who=words.who,
        uncertain=words.uncertain,
        document=words.document or policy.document,
        number=policy.doc_number,
        number_basis=policy.doc_number_basis,
        since=policy.effective_from,
        until=policy.effective_to,
        source=policy.source,
        grade=GRADES.get(policy.source_grade or ""),
    )

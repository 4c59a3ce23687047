"""Read and render a contributed text as a build would, for what it costs and not for its result.

Runs in a worker process of `plugins.limited`; see `plugins.catalogue.text_cost`.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Final

from plugins.catalogue.claims import Proof, check_claims
from plugins.catalogue.links import check_links
from plugins.catalogue.personal_data import check_personal_data
from plugins.catalogue.read_notice import parse_notice
from plugins.catalogue.read_profile import parse_profile
from plugins.catalogue.text_cost import Kind
from plugins.sanitize import (
    Renderer,
    long_way,  # noqa: F401 - loaded here, so that no call has to pay for it
)

_DEPTH: Final = 400
"""Calls within each other; a build is itself some way down when it renders, and has 1,000."""


def rehearse(kind: Kind, text: str, today: dt.date) -> None:
    """Do everything that is done with the text of a profile or notice. Raises RecursionError."""
    sys.setrecursionlimit(_DEPTH)
    if kind == "profile":
        profile, _, _ = parse_profile(text, "", "", today)
        lines = list(enumerate(text.split("\n"), start=1))
        for problems in (
            check_claims("", lines, Proof(False, (), False)),
            check_personal_data("", lines, set()),
            check_links("", lines),
        ):
            list(problems)
        for section in profile.sections if profile else ():
            Renderer().render(section.markdown)
    else:
        notice, _ = parse_notice(text, "", "national", dt.date.min, today)
        if notice is not None:
            Renderer(top_heading=2).render(notice.markdown)

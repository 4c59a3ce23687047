"""What every template may know about the site as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from plugins.site.navigation import Navigation


@dataclass(frozen=True, slots=True)
class SiteContext:
    """What every template may know about the site as a whole."""

    name: str
    url: str
    assets: str
    today: dt.date
    navigation: Navigation

    @property
    def year(self) -> int:
        return self.today.year

"""The schools of a major, and the majors of a category, as their lists show them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.site.views.major_offer import by_category, major_offers
from plugins.site.views.major_school import major_schools

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CONTENT, dt.date(2026, 11, 24))[0]


def test_schools_stand_in_the_order_of_the_cities_codes(catalogue: Catalogue) -> None:
    shown = major_schools(catalogue, catalogue.programmes_of_major["shukong-jiagong"])
    cities = list(dict.fromkeys(school.city for school in shown))
    assert cities[:3] == ["杭州市", "宁波市", "温州市"]
    assert len(cities) == len({school.city for school in shown})


def test_a_direction_does_not_repeat_the_name_of_the_major(catalogue: Catalogue) -> None:
    shown = major_schools(catalogue, catalogue.programmes_of_major["shukong-jiagong"])
    asides = {row.aside for school in shown for row in school.programmes if row.aside}
    assert "数控车工" in asides
    assert not any(aside.startswith("数控加工") for aside in asides)


def test_a_category_loses_no_major_when_single_ones_stand_apart(catalogue: Catalogue) -> None:
    rows = [row for group in catalogue.programmes_of_major.values() for row in group]
    offers = major_offers(catalogue, rows)
    groups = by_category(catalogue, offers)
    assert {*offers} == {o for group in groups for o in (*group.several, *group.single)}
    assert all(group.majors == len(group.several) + len(group.single) for group in groups)
    assert all(offer.schools == 1 for group in groups for offer in group.single)

"""Views: what pages say of plans, places and gaps, before any template shows it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.sanitize import Renderer
from plugins.site.assemble import share
from plugins.site.expected import expected_addresses
from plugins.site.pages import all_pages
from plugins.site.sources import Sources
from plugins.site.views import major, news
from plugins.site.views.major_offer import MajorOffer, major_offers, newest_programmes
from plugins.site.views.plan_notice import documents_of, open_windows, stamp_of


def sources_of(catalogue: Catalogue) -> Sources:
    return Sources(share(catalogue, Path(), Path(), Path(), ""), set())


def catalogue_on(small: Path, day: str) -> Catalogue:
    return load(small, dt.date.fromisoformat(day))[0]


@pytest.mark.parametrize(
    ("day", "stamp"),
    [
        ("2026-02-28", "未开始"),
        ("2026-03-01", "招生中"),
        ("2026-08-31", "招生中"),
        ("2026-09-01", "已截止"),
        ("2027-01-01", "往年"),
    ],
)
def test_the_stamp_of_a_plan_follows_its_dates(small: Path, day: str, stamp: str) -> None:
    catalogue = catalogue_on(small, "2026-06-01")
    plan = catalogue.newest_plan(catalogue.school_by_id["yanshi-jishi-xueyuan"])
    assert plan is not None
    assert stamp_of(plan, dt.date.fromisoformat(day)) == stamp


def test_every_expected_address_has_exactly_one_page(real_catalogue: Catalogue) -> None:
    pages = all_pages(sources_of(real_catalogue))
    articles = news.articles(real_catalogue, Renderer(top_heading=2).render)
    addresses = [page.url for page in (*pages, *articles)]
    assert sorted(addresses) == sorted(expected_addresses(real_catalogue))
    for page in pages:
        assert page.title
        assert 10 <= len(page.description) <= 200


def test_seats_of_different_years_are_never_added_up(small: Path) -> None:
    other = small / "registry/beijing/plans"
    other.mkdir()
    plan = (small / "registry/zhejiang/plans/2025.csv").read_text()
    header, row, _ = plan.splitlines()
    other.joinpath("2025.csv").write_text(
        f"{header}\n{row.replace('yanshi-jishi-xueyuan', 'yanshi-beijing-jishi-xueyuan')}\n"
    )
    catalogue = catalogue_on(small, "2026-06-01")
    page = next(page for page in major.pages(catalogue) if page.url == "/majors/shukong-jiagong/")
    assert (page.view.year, page.view.seats) == (2026, 60)
    assert [(p.name, p.year, p.seats) for p in page.view.provinces] == [
        ("北京市", 2025, 35),
        ("浙江省", 2026, 60),
    ]
    offers = {o.name: (o.schools, o.year, o.seats) for o in offers_of(catalogue)}
    assert offers["数控加工"] == (2, 2026, 60)


def offers_of(catalogue: Catalogue) -> tuple[MajorOffer, ...]:
    ids = (school.school_id for school in catalogue.schools)
    return major_offers(catalogue, newest_programmes(catalogue, ids))


def test_a_suspended_school_offers_nothing_in_any_list(small: Path) -> None:
    register = small / "registry/zhejiang/schools.csv"
    first, rest = register.read_text().split(",active,", 1)
    register.write_text(f"{first},suspended,{rest}")
    catalogue = catalogue_on(small, "2026-06-01")
    assert [offer.name for offer in offers_of(catalogue)] == ["汽车维修"]
    assert set(catalogue.programmes_of_major) == {"qiche-weixiu"}


def test_between_two_windows_the_next_one_counts(small: Path) -> None:
    plan_file = small / "registry/zhejiang/plans/2026.csv"
    text = plan_file.read_text().replace("2026-03-01,2026-08-31", "2026-03-01,2026-04-01", 1)
    plan_file.write_text(text.replace("2026-03-01,2026-08-31", "2026-07-01,2026-08-31"))
    catalogue = catalogue_on(small, "2026-06-01")
    plan = catalogue.newest_plan(catalogue.school_by_id["yanshi-jishi-xueyuan"])
    assert plan is not None
    assert stamp_of(plan, catalogue.today) == "未开始"
    assert open_windows(plan.programmes, catalogue.today) == (
        (dt.date(2026, 7, 1), dt.date(2026, 8, 31)),
    )


def test_documents_of_one_title_stand_in_order_of_their_dates(small: Path) -> None:
    catalogue = catalogue_on(small, "2026-06-01")
    plan = catalogue.newest_plan(catalogue.school_by_id["yanshi-jishi-xueyuan"])
    assert plan is not None
    days = [None, *(dt.date(2026, month, 1) for month in range(1, 9))]
    rows = [plan.programmes[0].model_copy(update={"source_date": day}) for day in days]
    assert [document.date for document in documents_of(reversed(rows))] == days

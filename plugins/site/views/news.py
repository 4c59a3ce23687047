"""`/news/`: notices by day, by year and by place; one page a notice, published as an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import NATIONAL, Catalogue, Notice
from plugins.catalogue.vocabulary import NOTICE_KINDS
from plugins.site.page import HOME_LINK, Link, Page

NEWEST: Final = 30
"""Most notices on the first page of the news; the pages by year and by place show all."""

NATIONAL_NAME: Final = "全国"

Render = Callable[[str], str]
"""Safe HTML of contributed Markdown."""


class NewsItem(Struct, frozen=True):
    """One line of a list of news. `is_past` says that the notice is of an earlier year."""

    title: str
    url: str
    date: dt.date
    updated: dt.date | None
    place: str
    summary: str
    is_past: bool
    kind: str | None
    held_on: dt.date | None


class NewsGroup(Struct, frozen=True):
    """A page of notices that belong together, by place or by year, and how many it holds."""

    name: str
    url: str
    notices: int


class NewsListView(Struct, frozen=True):
    """A list of notices, newest first. `feed` is None where nothing can be fed.

    `notices` counts all that belong here; `items` may be only the newest of them.
    """

    heading: str
    lede: str
    items: tuple[NewsItem, ...]
    notices: int
    feed: str | None
    years: tuple[NewsGroup, ...]
    places: tuple[NewsGroup, ...]
    kinds: tuple[NewsGroup, ...]
    province: Link | None


class ArticleView(Struct, frozen=True):
    """One notice. `html` is sanitised and final; the source is the document it was taken from.

    `held_on` is the day of what it announces; `is_over` once that day has passed.
    """

    place: str
    place_slug: str
    place_news: Link
    date: dt.date
    updated: dt.date | None
    checked_on: dt.date | None
    is_past: bool
    kind: Link | None
    kind_slug: str
    school: Link | None
    held_on: dt.date | None
    is_over: bool
    summary: str
    html: str
    source_document: str
    source_number: str | None
    source_date: dt.date | None
    source_address: str | None
    newer: Link | None
    older: Link | None


NEWS_LINK = Link("新闻", addresses.NEWS)


def latest(catalogue: Catalogue, limit: int = 5) -> tuple[NewsItem, ...]:
    """The newest notices of all places, for the home page."""
    return _items(catalogue, catalogue.notices[:limit])


def news_of(catalogue: Catalogue, province: str, limit: int = 5) -> tuple[NewsItem, ...]:
    """The newest notices of one province, given by its slug, for its page."""
    return _items(catalogue, catalogue.notices_of_place.get(province, ())[:limit])


def _items(catalogue: Catalogue, notices: Iterable[Notice]) -> tuple[NewsItem, ...]:
    return tuple(
        NewsItem(
            notice.facts.title,
            addresses.notice(notice),
            notice.date,
            notice.facts.updated,
            place_name(catalogue, notice.place),
            notice.facts.summary,
            _is_past(catalogue, notice),
            notice.facts.kind,
            notice.facts.held_on,
        )
        for notice in notices
    )


def _is_past(catalogue: Catalogue, notice: Notice) -> bool:
    """A notice of an earlier calendar year, unless it was brought up to date in this one."""
    return notice.changed_on.year < catalogue.today.year


def _of_kind(catalogue: Catalogue, kind: str) -> list[Notice]:
    return [notice for notice in catalogue.notices if notice.facts.kind == kind]


def _kinds(catalogue: Catalogue) -> tuple[NewsGroup, ...]:
    """Kinds of which there are notices, in the order of their declaration."""
    return tuple(
        NewsGroup(name, addresses.news_of_kind(kind.slug), len(found))
        for name, kind in NOTICE_KINDS.items()
        if (found := _of_kind(catalogue, name))
    )


def place_name(catalogue: Catalogue, place: str) -> str:
    return NATIONAL_NAME if place == NATIONAL else catalogue.reference.province_by_slug[place].name


def _places(catalogue: Catalogue) -> tuple[NewsGroup, ...]:
    """Places that have news: the country first, then provinces in the order of their codes."""
    order = (NATIONAL, *(province.slug for province in catalogue.reference.provinces))
    return tuple(
        NewsGroup(
            place_name(catalogue, place),
            addresses.news_of_place(place),
            len(catalogue.notices_of_place[place]),
        )
        for place in order
        if place in catalogue.notices_of_place
    )


def pages(catalogue: Catalogue) -> Iterator[Page]:
    """The lists. The page `/news/` exists even where there is no news, and says so."""
    by_year: dict[int, list[Notice]] = {}
    for notice in catalogue.notices:
        by_year.setdefault(notice.date.year, []).append(notice)
    years = tuple(
        NewsGroup(f"{year} 年", addresses.news_of_year(year), len(group))
        for year, group in by_year.items()
    )
    places = _places(catalogue)
    kinds = _kinds(catalogue)
    yield _list_page(
        addresses.NEWS,
        NewsListView(
            heading="新闻",
            lede="招生和资助方面的消息。每一条都写明日期和依据的文件；以前的消息标着“往年”。",
            items=_items(catalogue, catalogue.notices[:NEWEST]),
            notices=len(catalogue.notices),
            feed=addresses.news_feed() if catalogue.notices else None,
            years=years,
            places=places,
            kinds=kinds,
            province=None,
        ),
    )
    for name, kind in NOTICE_KINDS.items():
        of_kind = _of_kind(catalogue, name)
        if not of_kind:
            continue
        yield _list_page(
            addresses.news_of_kind(kind.slug),
            NewsListView(
                heading=name,
                lede=f"{kind.title}。共 {len(of_kind)} 条，新的在前。",
                items=_items(catalogue, of_kind),
                notices=len(of_kind),
                feed=addresses.news_feed(kind.slug),
                years=(),
                places=places,
                kinds=kinds,
                province=None,
            ),
        )
    for year, notices in by_year.items():
        yield _list_page(
            addresses.news_of_year(year),
            NewsListView(
                heading=f"{year} 年的消息",
                lede=f"共 {len(notices)} 条，新的在前。",
                items=_items(catalogue, notices),
                notices=len(notices),
                feed=None,
                years=years,
                places=places,
                kinds=(),
                province=None,
            ),
        )
    for place, of_place in catalogue.notices_of_place.items():
        province = catalogue.reference.province_by_slug.get(place)
        yield _list_page(
            addresses.news_of_place(place),
            NewsListView(
                heading=f"{place_name(catalogue, place)}的消息",
                lede=f"共 {len(of_place)} 条，新的在前。",
                items=_items(catalogue, of_place),
                notices=len(of_place),
                feed=addresses.news_feed(place),
                years=(),
                places=places,
                kinds=(),
                province=Link(province.name, addresses.province(province)) if province else None,
            ),
        )


def _list_page(url: str, view: NewsListView) -> Page:
    title = view.heading if url != addresses.NEWS else "新闻：招生和资助的消息"
    return Page(
        url=url,
        template="news.html",
        title=title,
        description=f"{title}，{view.notices} 条，每条写明日期和依据的文件。",
        view=view,
        trail=(HOME_LINK,) if url == addresses.NEWS else (HOME_LINK, NEWS_LINK),
        changed_on=max((item.updated or item.date for item in view.items), default=None),
    )


def articles(catalogue: Catalogue, render: Render) -> Iterator[Page]:
    """One page a notice, newest first; Pelican publishes them as its own articles."""
    for group in catalogue.notices_of_place.values():
        for at, notice in enumerate(group):
            newer = group[at - 1] if at else None
            older = group[at + 1] if at + 1 < len(group) else None
            yield _article(catalogue, notice, render(notice.markdown), newer, older)


def _article(
    catalogue: Catalogue, notice: Notice, html: str, newer: Notice | None, older: Notice | None
) -> Page:
    facts = notice.facts
    school = catalogue.school_by_id.get(facts.school or "")
    place = place_name(catalogue, notice.place)
    place_news = Link(f"{place}的消息", addresses.news_of_place(notice.place))
    view = ArticleView(
        place=place,
        place_slug=notice.place,
        place_news=place_news,
        date=notice.date,
        updated=facts.updated,
        checked_on=facts.checked_on,
        is_past=_is_past(catalogue, notice),
        kind=Link(facts.kind, addresses.news_of_kind(NOTICE_KINDS[facts.kind].slug))
        if facts.kind
        else None,
        kind_slug=NOTICE_KINDS[facts.kind].slug if facts.kind else "",
        school=Link(school.name, addresses.school(school)) if school else None,
        held_on=facts.held_on,
        is_over=facts.held_on is not None and facts.held_on < catalogue.today,
        summary=facts.summary,
        html=html,
        source_document=facts.source_document,
        source_number=facts.source_number,
        source_date=facts.source_date,
        source_address=facts.source_address,
        newer=_link(newer),
        older=_link(older),
    )
    return Page(
        url=addresses.notice(notice),
        template="article.html",
        title=facts.title,
        description=facts.summary,
        view=view,
        trail=(HOME_LINK, NEWS_LINK, place_news),
        json_ld={
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": facts.title,
            "inLanguage": "zh-CN",
            "datePublished": notice.date.isoformat(),
            "dateModified": notice.changed_on.isoformat(),
        },
        changed_on=notice.changed_on,
    )


def _link(notice: Notice | None) -> Link | None:
    return Link(notice.facts.title, addresses.notice(notice)) if notice else None

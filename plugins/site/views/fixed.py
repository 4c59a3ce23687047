"""The pages that exist once: search, not found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.search.readings import reading
from plugins.site.page import HOME_LINK, Page
from plugins.site.views.home import LevelCount, RegionList, level_counts, regions
from plugins.site.views.major_offer import MajorOffer, major_offers


class FilterGroup(Struct, frozen=True):
    """One group of filters, by the search engine's name for it. A list is chosen from by a select,
    other groups are ticked; a list of more than `most` choices is not shown until another filter
    has made it shorter. Groups that are not here are ticked under 只看."""

    name: str
    title: str
    is_list: bool = False
    most: int | None = None


FILTER_GROUPS: Final = (
    FilterGroup("province", "省份", is_list=True),
    FilterGroup("city", "市", is_list=True, most=60),
    FilterGroup("county", "县区", is_list=True, most=60),
    FilterGroup("entry", "招生对象"),
    FilterGroup("category", "专业大类", is_list=True),
    FilterGroup("major", "专业", is_list=True),
    FilterGroup("level", "办学层次"),
    FilterGroup("ownership", "办学性质"),
    FilterGroup("training", "培养层次"),
)
"""Most asked for first."""


class SearchExample(Struct, frozen=True):
    text: str
    url: str


class SearchView(Struct, frozen=True):
    """`index_url` is the folder of the search index, `year` that of the build in China,
    `examples` questions that have answers; regions, levels and majors are the plain ways in."""

    index_url: str
    filters: tuple[FilterGroup, ...]
    year: int
    examples: tuple[SearchExample, ...]
    regions: tuple[RegionList, ...]
    levels: tuple[LevelCount, ...]
    majors: tuple[MajorOffer, ...]


class NotFoundView(Struct, frozen=True):
    """Where to go on from an address that leads nowhere."""

    regions: tuple[RegionList, ...]
    majors: tuple[MajorOffer, ...]


def search_examples(
    catalogue: Catalogue, majors: tuple[MajorOffer, ...]
) -> tuple[SearchExample, ...]:
    """Questions that show what the search understands: the city of most schools with the major of
    most schools, that city in pinyin, a kind of school with an entry."""
    cities = Counter(catalogue.city_of(school).short_name for school in catalogue.schools)
    texts = []
    if cities:
        city = min(cities, key=lambda name: (-cities[name], name))
        texts += [city + majors[0].name] if majors else []
        texts += ["".join(reading(city, catalogue.reference.readings))]
    texts += ["公办 技师学院", "招初中毕业生"]
    return tuple(
        SearchExample(text, f"{addresses.SEARCH}?{urlencode({'q': text})}") for text in texts
    )


def pages(catalogue: Catalogue, search_index_url: str) -> Iterator[Page]:
    programmes = [row for rows in catalogue.programmes_of_major.values() for row in rows]
    units = regions(catalogue)
    offers = major_offers(catalogue, programmes)
    majors = offers[:24]
    yield Page(
        url=addresses.SEARCH,
        template="search.html",
        title="搜索技工院校",
        description="输入校名、地方或专业，查找全国技工院校。",
        view=SearchView(
            search_index_url,
            FILTER_GROUPS,
            catalogue.today.year,
            search_examples(catalogue, majors),
            units,
            level_counts(catalogue),
            majors,
        ),
        trail=(HOME_LINK,),
    )
    yield Page(
        url=addresses.NOT_FOUND,
        template="404.html",
        title="没有找到这个页面",
        description="没有找到这个页面。可以搜索学校，或按地区查找。",
        view=NotFoundView(units, offers[:12]),
        trail=(HOME_LINK,),
        indexed=False,
    )

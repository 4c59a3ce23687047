"""A synthetic national tree: many small schools, with places, majors and everything filters need.

No school here is real; names are put together from real places and common words.
"""

import random
from functools import lru_cache
from pathlib import Path

from plugins.catalogue import Catalogue, find_content, load
from plugins.clock import today
from plugins.search.document import Programme, SearchDocument
from plugins.search.documents import search_documents, search_lexicon, short_county
from plugins.search.lexicon import Lexicon, Place
from plugins.search.readings import reading
from plugins.search.sounds import sound_text

CONTENT = Path(__file__).parents[3] / "content"
LEVELS = ("技工学校", "高级技工学校", "技师学院")
TRADES = ("", "第一", "第二", "交通", "工贸", "机电", "商贸", "轻工", "建设", "新华", "东方")
WORDS = ("实训", "就业", "企业", "奖学金", "校园", "世界技能大赛", "宿舍", "食堂", "数控车间")


@lru_cache(maxsize=1)
def real_catalogue() -> Catalogue:
    folder = find_content(CONTENT)
    assert folder is not None
    catalogue, _ = load(folder, today())
    return catalogue


def real_tree() -> tuple[list[SearchDocument], Lexicon]:
    """The real content."""
    catalogue = real_catalogue()
    return list(search_documents(catalogue)), search_lexicon(catalogue)


def national_tree(count: int) -> tuple[list[SearchDocument], Lexicon]:
    """`count` schools, spread over the counties of the country."""
    catalogue = real_catalogue()
    reference = catalogue.reference
    chance = random.Random(20260501)  # noqa: S311
    real = search_lexicon(catalogue)
    provinces = {province.division_prefix: province for province in reversed(reference.provinces)}
    counties = sorted(reference.counties.values())
    documents = []
    used: set[tuple[str, str, str]] = set()
    for number in range(count):
        county = chance.choice(counties)
        city = reference.cities[county.city_code]
        province = provinces[city.code[:2]]
        level = chance.choice(LEVELS)
        at = chance.choice([city.short_name, city.short_name, city.name, short_county(county.name)])
        name = f"{at}{chance.choice(TRADES)}{level}"
        majors = tuple(sorted(chance.sample(real.majors, chance.choice([0, 3, 6, 12]))))
        categories = {reference.category_by_code[reference.major_by_name[m].category_code].name
                      for m in majors}  # fmt: skip
        ownership = chance.choice([("公办",), ("民办",), ()])
        has_county = county.name != city.name and chance.random() < 0.7
        path = (province.slug, city.code, county.name if has_county else "")
        used.add(path)
        place = [province.name, province.short_name, city.name, city.short_name]
        known = reference.readings
        spoken = [name, province.short_name, city.short_name]
        fields = {
            "name": (name,),
            "place": (*place, *([county.name] if has_county else [])),
            "level": (level,),
            "ownership": ownership,
            "majors": majors,
            "sound": tuple(sound_text(reading(word, known)) for word in spoken),
            "text": ("，".join(chance.choices(WORDS, k=chance.randint(0, 12))),),
        }
        facets = {
            "province": (province.slug,),
            "city": (city.code,),
            "county": (county.name,) if has_county else (),
            "level": (level,) if chance.random() < 0.9 else (),
            "ownership": ownership,
            "category": tuple(sorted(categories)),
            "training": tuple(sorted(chance.sample(["中级工", "高级工", "预备技师"], 2))),
            "entry": tuple(sorted(chance.sample(["初中", "高中", "中职"], chance.randint(0, 3)))),
            "verified": ("是",) if number % 3 else (),
            "boarding": ("是",) if number % 5 == 0 else (),
            "major": majors,
        }
        documents.append(
            SearchDocument(
                f"s-{number:05d}", name, place[2], level, number % 3 > 0, "/", fields,
                {group: values for group, values in facets.items() if values},
                seats=chance.randint(0, 900),
                sort_name=" ".join(reading(name, known)),
                programmes=_programmes(majors, number),
            )
        )  # fmt: skip
    return documents, _with_counties(real, used)


def _programmes(majors: tuple[str, ...], seed: int) -> tuple[Programme, ...]:
    """Some with a direction, one whose major the lexicon does not have; most seats first."""
    chance = random.Random(seed)  # noqa: S311
    named = [(major, chance.choice(["", "模具方向", "ＣＮＣ編程"])) for major in majors]
    named += [("新设的專業", "数控")] if chance.random() < 0.05 else []
    rows = [Programme(*one, chance.randint(1, 200), 2025) for one in named]
    return tuple(sorted(rows, key=lambda row: (-row.seats, row)))


def _with_counties(lexicon: Lexicon, used: set[tuple[str, str, str]]) -> Lexicon:
    """The same lexicon with the counties that these schools stand in."""
    places: list[Place] = []
    province = ""
    at_province = -1
    for place in lexicon.places:
        if place.group == "province":
            province, at_province = place.value, len(places)
            places.append(place)
        elif place.group == "city":
            at_city = len(places)
            places.append(Place("city", place.value, place.name, place.short, at_province))
            names = sorted(c for p, code, c in used if (p, code) == (province, place.value) and c)
            places += [Place("county", c, c, short_county(c), at_city) for c in names]
    return Lexicon(
        tuple(places), lexicon.values, lexicon.majors, lexicon.words, lexicon.synonyms,
        lexicon.ignored, lexicon.notes, lexicon.characters, lexicon.exceptions,
    )  # fmt: skip

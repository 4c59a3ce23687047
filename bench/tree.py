"""`python -m bench.tree --schools N --seed S --to DIR`: a synthetic national content tree.

All 32 reporting units and every city have schools as far as N goes, each with a register row, a
plan and a profile. Every text says 演示数据. The same N and seed give the same bytes, and a
larger N leaves the schools of a smaller one as they are.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from plugins.catalogue.reference import City, County, Province, Reference, load_reference
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS

PROJECT = Path(__file__).resolve().parents[1]
LABEL = "演示数据"
YEAR = 2025
# Fixed, so that the tree does not depend on the day on which it is made.
_CHECKED_ON = "2025-09-01"
_DOCUMENT = f"{LABEL}（程序生成，不是真实学校）"


@dataclass(frozen=True)
class Words:
    """The word list beside this module, and the reference tables of the site."""

    lists: Mapping[str, Any]
    reference: Reference
    places: tuple[tuple[Province, City], ...]
    counties: Mapping[str, tuple[County, ...]]

    @classmethod
    def load(cls, reference_content: Path, seed: str) -> Words:
        reference, problems = load_reference(reference_content, dt.date.fromisoformat(_CHECKED_ON))
        if problems:
            raise ValueError(f"{reference_content}: {problems[0].message}")
        lists = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
        places = [
            (province, city)
            for province in reference.provinces
            for city in reference.cities_of(province)
        ]
        Random(seed).shuffle(places)  # noqa: S311 - a synthetic tree keeps no secrets
        # The first city of each province comes first, so that few schools still reach all.
        first = {province.slug: (province, city) for province, city in reversed(places)}
        rest = [place for place in places if first[place[0].slug] != place]
        counties: dict[str, list[County]] = {}
        for _, county in sorted(reference.counties.items()):
            counties.setdefault(county.city_code, []).append(county)
        return cls(
            lists,
            reference,
            (*[first[slug] for slug in sorted(first)], *rest),
            {code: tuple(every) for code, every in counties.items()},
        )


@dataclass(frozen=True)
class Demo:
    """One synthetic school."""

    province: str
    school_id: str
    register: dict[str, object]
    plan: list[dict[str, object]]
    profile: str


def demo_school(number: int, seed: str, words: Words, taken: Set[str] = frozenset()) -> Demo:
    """School `number`, from 0; depends on nothing but its number, the seed, the words, and the
    names that are `taken` by schools with lower numbers."""
    chance = Random(f"{seed}/{number}")  # noqa: S311
    province, city = (
        words.places[number] if number < len(words.places) else chance.choice(words.places)
    )
    school_id = f"demo-{province.slug}-{number:05d}"
    invented = _invented(chance, words)
    kind = chance.choices(words.lists["kinds"], (5, 3, 4))[0]
    industry = chance.choice(words.lists["industries"])
    while (name := f"{city.short_name}{invented}{industry}示例{kind}") in taken:
        invented = _invented(chance, words)
    counties = words.counties.get(city.code, ())
    register: dict[str, object] = {
        "school_id": school_id,
        "name": name,
        "level": kind,
        "ownership": "公办" if chance.random() < 0.7 else "民办",
        "city_code": city.code,
        "county_code": chance.choice(counties).code if counties and number % 3 else "",
        "address": f"{city.name}{_invented(chance, words)}路{chance.randint(1, 999)}号（{LABEL}）",
        "founded": chance.randint(1950, 2015),
        "former_names": f"{city.short_name}{invented}示例技工学校" if number % 4 == 0 else "",
        "aliases": f"{city.short_name}{invented}技校" if number % 3 == 0 else "",
        "status": "active",
        "verified": "no",
        "source_document": _DOCUMENT,
        "checked_on": _CHECKED_ON,
        "note": LABEL,
    }
    plan = _plan(chance, words, school_id)
    return Demo(province.slug, school_id, register, plan, _profile(chance, words, name, plan))


def write_tree(schools: int, seed: str, to: Path, reference_content: Path, photos: int = 0) -> None:
    """Write the tree into `to`, which must not exist or be empty. `photos`: how many a school."""
    if to.exists() and any(to.iterdir()):
        raise FileExistsError(f"{to} is not empty")
    words = Words.load(reference_content, seed)
    shutil.copytree(reference_content / "reference", to / "reference")
    registers: dict[str, list[dict[str, object]]] = {}
    plans: dict[str, list[dict[str, object]]] = {}
    taken: set[str] = set()
    for number in range(schools):
        demo = demo_school(number, seed, words, taken)
        taken.add(str(demo.register["name"]))
        registers.setdefault(demo.province, []).append(demo.register)
        plans.setdefault(demo.province, []).extend(demo.plan)
        folder = to / "schools" / demo.province / demo.school_id
        folder.mkdir(parents=True)
        profile = demo.profile
        if photos:
            profile = profile.replace("\n---\n", f"\n{_photos(folder, number, photos)}---\n", 1)
        (folder / "profile.md").write_text(profile, encoding="utf-8")
    for province, rows in registers.items():
        folder = to / "registry" / province
        (folder / "plans").mkdir(parents=True)
        _write_csv(folder / "schools.csv", REGISTER_COLUMNS, rows)
        _write_csv(folder / "plans" / f"{YEAR}.csv", PLAN_COLUMNS, plans[province])


def _plan(chance: Random, words: Words, school_id: str) -> list[dict[str, object]]:
    majors = words.reference.majors
    favourites = chance.sample([category.code for category in words.reference.categories], 3)
    weights = [4 if major.category_code in favourites else 1 for major in majors]
    rows: dict[tuple[str, str], dict[str, object]] = {}
    wanted = chance.randint(8, 15)
    while len(rows) < wanted:
        major = chance.choices(majors, weights)[0]
        training, duration = chance.choice(sorted(words.lists["durations"].items()))
        level, entry = training.split("|")
        tuition = chance.choice(("", 0, 2600, 3500, 4800, 6800))
        rows.setdefault(
            (major.name, training),
            {
                "school_id": school_id,
                "major": major.name,
                "training_level": level,
                "entry": entry,
                "duration_years": duration,
                "seats": chance.randint(15, 200),
                **{f"tuition_year_{year}": tuition for year in range(1, duration + 1)},
                "boarding_fee": chance.choice(("", 600, 800, 1000)),
                "partner_employer": _company(chance, words) if chance.random() < 0.3 else "",
                "source_document": _DOCUMENT,
                "checked_on": _CHECKED_ON,
            },
        )
    return [rows[key] for key in sorted(rows)]


def _profile(chance: Random, words: Words, name: str, plan: Sequence[Mapping[str, object]]) -> str:
    lists = words.lists
    majors = list(dict.fromkeys(str(row["major"]) for row in plan))
    facilities = chance.sample(lists["facilities"], 9)
    employers = [_company(chance, words) for _ in range(4)]
    honours = chance.sample(lists["honours"], 3)
    clubs = chance.sample(lists["clubs"], 6)
    life = chance.sample(lists["student_life"], 6)
    founded = chance.randint(1950, 2005)
    sources = "  - title: 演示数据，由程序生成"
    front = [
        f"summary: {LABEL}：{majors[0]}、{majors[-1]}等专业，工位{chance.randint(200, 3000)}个。",
        f"confirmed_on: {_CHECKED_ON}",
        "employment:",
        f"  rate: {chance.randint(880, 999) / 10}",
        "  cohort_year: 2024",
        f"  graduates: {chance.randint(200, 3000)}",
        "  definition: 毕业当年年底已就业人数占毕业生人数的比例",
        f"  source: {_DOCUMENT}",
        "  employers:",
        *[f"    - {employer}" for employer in dict.fromkeys(employers)],
        "honours:",
        *[
            line
            for honour in honours
            for line in (f"  - name: {honour}（{LABEL}）", "    year: 2021")
        ],
        "sources:",
        sources,
    ]
    history = [
        f"{LABEL}：{name}的沿革由程序生成，不是真实学校。",
        f"{founded}年在{_invented(chance, words)}{chance.choice('镇村堡桥')}办学，最初只有"
        f"{chance.randint(2, 9)}间教室和{chance.randint(20, 90)}名学员，开设{majors[0]}一个班。",
        f"{founded + chance.randint(3, 15)}年迁到{_invented(chance, words)}路，与"
        f"{_invented(chance, words)}职业培训中心合并，增设{'、'.join(majors[1:3])}。",
        f"{founded + chance.randint(16, 19)}年建成{_invented(chance, words)}校区，占地"
        f"{chance.randint(50, 600)}亩，当年招收新生{chance.randint(200, 1500)}人。",
    ]
    strengths = [
        f"{LABEL}。学校现有{'、'.join(facilities[:5])}等实训场所，工位"
        f"{chance.randint(300, 4000)}个，设备总值{chance.randint(800, 9000)}万元。",
        *[_story(chance, words, majors) for _ in range(5)],
        "### 实训条件",
        "\n".join(
            [
                "| 场所 | 工位（个） | 主要服务的专业 |",
                "| --- | ---: | --- |",
                *[
                    f"| {_invented(chance, words)}楼{facility} | {chance.randint(20, 200)} | "
                    f"{chance.choice(majors)} |"
                    for facility in facilities
                ],
            ]
        ),
        "### 技能竞赛",
        "\n".join(
            f"- {chance.randint(2016, 2024)}年，{_invented(chance, words)}班学生参加"
            f"{chance.choice(lists['competitions'])}{chance.choice(majors)}项目，获"
            f"{chance.choice(lists['results'])}（{LABEL}）。"
            for _ in range(6)
        ),
    ]
    work = [
        f"{LABEL}。毕业生主要去{'、'.join(chance.sample(lists['employers'], 6))}工作。",
        *[
            f"{chance.choice(lists['partnerships'])}与{employer}合办，每年安排"
            f"{chance.randint(10, 90)}名{chance.choice(majors)}专业学生到岗实习，由师傅一对一指导，"
            f"地点在{_invented(chance, words)}工业园。"
            for employer in employers
        ],
    ]
    campus = [
        f"{LABEL}。校园里有{_invented(chance, words)}湖、{_invented(chance, words)}广场和"
        f"{'、'.join(facilities[5:])}，藏书{chance.randint(2, 40)}万册。",
        "\n".join(
            [
                f"- 住宿：{'、'.join(life)}。",
                f"- 食堂：{_invented(chance, words)}餐厅，早餐三元起。",
            ]
            + [f"- {club}：每周{chance.choice('一二三四五')}下午活动。" for club in clubs]
        ),
        *[_story(chance, words, majors) for _ in range(2)],
    ]
    aid = [
        f"{LABEL}。符合条件的学生免学费；家庭经济困难的学生可申请国家助学金。",
        f"- {_invented(chance, words)}奖学金：每学年{chance.randint(5, 60) * 100}元，奖给"
        f"{chance.choice(majors)}专业技能突出的学生。",
    ]
    apply = [
        f"{LABEL}。报名请带户口簿、毕业证和两张照片，到{_invented(chance, words)}楼一层招生办。",
        "1. 先打电话问还有没有名额。\n2. 到校参观并选专业。\n3. 收到通知书后按时报到。",
    ]
    sections = (
        ("历史沿革", history), ("优势特色", strengths), ("就业状况", work),
        ("资助政策", aid), ("校园环境", campus), ("报名方式", apply),
    )  # fmt: skip
    story = "\n\n".join(f"## {heading}\n\n" + "\n\n".join(parts) for heading, parts in sections)
    return "---\n" + "\n".join(front) + f"\n---\n\n{story}\n"


def _story(chance: Random, words: Words, majors: Sequence[str]) -> str:
    """One sentence or two about lessons, people or days at school."""
    major, other = chance.sample(majors, 2)
    place, second = _invented(chance, words), _invented(chance, words)
    facility = chance.choice(words.lists["facilities"])
    return chance.choice(
        (
            f"{major}专业实行小班教学，上午在{facility}听讲，下午到{place}车间动手，"
            f"每学期完成{chance.randint(3, 12)}个真实任务。",
            f"教师团队里有{chance.randint(2, 40)}名高级技师，{place}工作室带着学生改造旧设备，"
            f"两年做成{chance.randint(3, 30)}项小发明。",
            f"学校把{place}的老手艺编进{major}课本，请{second}的匠人每月来校讲课，作品在展厅陈列。",
            f"从{second}来的学生可以坐{chance.randint(2, 98)}路公交到校，周末有校车接送；"
            f"{other}班晚自习由班主任陪伴。",
            f"每年春天的{place}技能节持续{chance.randint(2, 7)}天，{major}与{other}的学生同台比拼，"
            f"家长可以进校观看。",
            f"{other}专业对接行业标准，学完可考取相应等级证书；近三年通过率为"
            f"{chance.randint(80, 99)}%，由{place}评价机构考核。",
            f"新生入学先上两周体验课，在{facility}认识工具和安全规程，再决定是否从{other}转到{major}。",
            f"学校图书馆与{second}书屋共享借阅，{place}读书会每月推荐一本讲工匠的书。",
        )
    )


def _invented(chance: Random, words: Words) -> str:
    """A made-up name of two characters."""
    return "".join(chance.sample(words.lists["characters"], 2))


def _company(chance: Random, words: Words) -> str:
    parts = words.lists["company"]
    return "".join(chance.choice(parts[part]) for part in ("region", "mark", "industry", "suffix"))


def _photos(folder: Path, number: int, count: int) -> str:
    """Write photos of 12 megapixels; gives their lines in the front matter."""
    # Only here: a tree without photos needs no Pillow.
    from PIL import Image

    lines = ["photos:"]
    for photo in range(count):
        chance = Random(f"photo/{number}/{photo}")  # noqa: S311
        small = Image.frombytes("RGB", (40, 30), chance.randbytes(40 * 30 * 3))
        large = small.resize((4000, 3000), Image.Resampling.BICUBIC)
        large.save(folder / f"photo-{photo}.jpg", quality=85)
        lines += [f"  - file: photo-{photo}.jpg", f"    alt: {LABEL}：程序生成的色块"]
    return "\n".join(lines) + "\n"


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tree", description=__doc__)
    parser.add_argument("--schools", type=int, required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=0, help="photos of 12 megapixels a school")
    parser.add_argument("--content", type=Path, default=PROJECT / "content")
    options = parser.parse_args(arguments)
    write_tree(options.schools, options.seed, options.to, options.content, options.photos)
    print(f"{options.schools} 所演示学校已写好。")
    return 0


if __name__ == "__main__":
    sys.exit(main())

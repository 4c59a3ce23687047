"""The closed lists of words that registers, plans and profiles may use.

The words are those of the platform's word list (`docs/words.md`). A list here is the only place
where its words are spelt out: checks, pages, forms and documentation read them from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEVELS: Final = ("技工学校", "高级技工学校", "技师学院")
"""Kinds of school, from the lowest to the highest."""

LEVEL_SLUGS: Final = {
    "技工学校": "jigong-xuexiao",
    "高级技工学校": "gaoji-jigong-xuexiao",
    "技师学院": "jishi-xueyuan",
}
"""Address of each level's page, `/levels/<slug>/`."""

OWNERSHIPS: Final = ("公办", "民办")

STATUSES: Final = ("active", "suspended", "closed")
"""Besides these a status may be `merged:<school_id>`."""

TRAINING_LEVELS: Final = ("中级工", "高级工", "预备技师", "技师")
"""What a programme trains for, from the lowest to the highest."""

ENTRIES: Final = ("初中", "高中", "中职", "高级工", "其他")
"""What an applicant must have finished, in the order in which pages list them."""

ENTRY_SLUGS: Final = {
    "初中": "chuzhong",
    "高中": "gaozhong",
    "中职": "zhongzhi",
    "高级工": "gaojigong",
    "其他": "qita",
}
"""Address of each entry's page, `/entry/<slug>/`."""

SECTION_HINTS: Final = {
    "历史沿革": "哪年建校、改名、合并、迁址；一行一件事",
    "优势特色": "有什么设备，跟哪些企业合作，学完会做什么",
    "就业状况": "毕业生去哪里、做什么；数字要写哪一届、哪里公布的",
    "资助政策": "学校自己的奖学金、助学金：多少钱，谁能得到",
    "校园环境": "校区、宿舍、食堂、交通",
    "报名方式": "什么时候、到哪里、带什么材料",
}
SECTIONS: Final = tuple(SECTION_HINTS)
"""The level-2 headings of a profile, in the order in which pages show them."""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: its address, what it is for, and what its text should tell.

    `hints` are questions that the text answers, one a heading; `needs_day` says that it tells of
    something held on a day.
    """

    slug: str
    title: str
    hints: tuple[str, ...]
    needs_day: bool = False


NOTICE_KINDS: Final = {
    "招生公告": NoticeKind(
        "zhaosheng-gonggao",
        "今年招多少人、什么时候报名",
        ("招哪些专业、多少人", "什么时候报名、怎样报", "要带什么、交多少钱"),
    ),
    "政策解读": NoticeKind(
        "zhengce-jiedu",
        "一份文件说了什么，和你有什么关系",
        ("文件说了什么", "谁能得到", "看的时候要注意"),
    ),
    "经验做法": NoticeKind(
        "jingyan-zuofa",
        "各省各校做成了什么，怎样做的",
        ("遇到什么难处", "怎样做的", "结果怎样", "别处能不能照着做"),
    ),
    "技能竞赛": NoticeKind(
        "jineng-jingsai",
        "技能比赛：谁能参加、比什么、结果",
        ("比什么", "谁能参加", "结果或奖励"),
        needs_day=True,
    ),
    "校园开放日": NoticeKind(
        "kaifangri",
        "哪天可以进学校看看",
        ("哪天、几点、在哪里", "能看什么", "要不要预约，要不要钱"),
        needs_day=True,
    ),
}
"""Kinds of notice in the order in which pages list them; address `/news/<slug>/`."""

PLACEHOLDERS: Final = frozenset(
    {
        "待定", "待补充", "待填", "待完善", "暂无", "无", "没有", "不详", "不清楚", "未知", "略",
        "-", "--", "—", "——", "/", "?", "？", "n/a", "na", "none", "null", "~", "todo", "tbd",
        "xxx", "x",
    }
)  # fmt: skip
"""Words that stand for "nothing to say". A gap is left out; it is never filled with these."""


class Reason(StrEnum):
    """Why a value is missing. A profile may give one of these in place of an unknown value."""

    NOT_PUBLISHED = "未公布"
    NOT_APPLICABLE = "不适用"
    SAMPLE_TOO_SMALL = "样本过少"


class Compiler(StrEnum):
    """Who wrote a profile: the school itself, or the platform from public material."""

    SCHOOL = "学校"
    PLATFORM = "平台整理"

"""The closed lists of words that registers, plans and profiles may use.

The words are those of the platform's word list (`docs/words.md`). A list here is the only place
where its words are spelt out: checks, pages, forms and documentation read them from here.
"""

from __future__ import annotations

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

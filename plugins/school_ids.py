"""Ids for schools that a register takes in, made from their names (docs/decisions/0003).

An id that a register has given never changes; only a school without one gets an id here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pypinyin import Style, lazy_pinyin

# Where a word begins and ends; the longest word that fits is taken. Characters that belong to no
# word here (and to no place of the province) run together into one word, as a brand name should.
WORD_LIST: Final = """
    一体化 与 中华 中式 中草药 中药 中药学 中餐 主持 义齿 乘务 事务 云计算 互联网 五金 交通 产品
    人力 人工 仪器 仪表 企业 休闲 会展 会计 体育 使用 供用电 保健 保安 保险 信息 健康 健身 储运
    光伏 公路 养护 农业 农产品 农村 农林 农艺 冶金 分析 切削 制作 制冷 制剂 制品 制图 制药 制造
    加工 动画 劳动 化学 化工 医疗 医药 华策 南方 印刷 及 发电 变配电 口腔 商业 商务 商贸 器械 园林
    国防 国际 地图 地理 地质 城市 外语 多媒体 多轴 大客车 大数据 婴幼儿 媒体 学前 安全 安装 安防
    宝剑 实验 宠物 客运 室内 家具 家政 导游 岭南 工业 工商 工程 工艺 工贸 市场 市政 平面 幼儿 广告
    应用 康养 康复 建筑 建设 建造 弘途 形象 彩绘 影视 打印 托育 技术 护理 指导 控制 摄像 摄影 播音
    操作 改装 教育 数字 数字化 数控 文化 文旅 文秘 新能源 施工 旅游 无人机 智慧 智能 有色 服务
    服装 机器人 机床 机械 机电 机车 材料 核工业 核电 检修 检查 检测 检验 楼宇 模具 民族 汽车 测量
    涂装 消防 润匠 港口 游戏 烘焙 烹调 烹饪 焊接 煤田 照护 物业 物流 物联网 玩具 环境 现代 现实
    珠宝 理赔 甜品 生产 生物 电器 电子 电工 电梯 电气 电算化 电路 眼视光 硅酸盐 社会 种植 科技
    程序 竞技 筑路 管理 精密 系统 纺织 经济 经营 绘画 维修 维护 综合 网络 网联 美发 美容 美术 老年
    能源 自动 自动化 舞蹈 航空 航空器 船舶 艺术 茶 茶叶 药品 药物 营养 营销 虚拟 表演 装备 装调
    装配 装饰 西子 西式 计算机 训练 设备 设计 评估 象山港 财会 财务 财经 质量 贸易 资源 跨境 车工
    车辆 轨道 轮机 轻工 轻工业 辅助 运动 运用 运营 运行 运输 连锁 通信 通用 造价 造型 邮轮 酒店
    重型 金属 钣金 铁路 铣工 集成 零售 青瓷 鞋制品 音乐 风力 风电场 飞机 食品 饭店 首饰 驾驶 高端
"""
WORDS: Final = frozenset(WORD_LIST.split())

# What a place's short name leaves out.
PLACE_ENDING: Final = re.compile(
    r"(?:(?:朝鲜|土家|苗|藏|羌|彝|布依|侗|壮|哈尼|白|傣|景颇|傈僳|回|蒙古)族|蒙古|哈萨克|柯尔克孜)+自治[州县]$"
    r"|(?:地区|林区|省|市|县|区|盟|旗)$"
)

# The kind of school as the end of its name says it, longest first.
KINDS: Final = (
    ("高级技工学校", "gaoji-jigong-xuexiao"),
    ("技师学院", "jishi-xueyuan"),
    ("技工学校", "jigong-xuexiao"),
    ("技术学校", "jishu-xuexiao"),
)

# Names that the source document cuts short: the register keeps them, the id reads them in full.
READ_AS: Final = {"杭州市临安区技工学": "杭州市临安区技工学校"}

LONGEST_ID: Final = 60


class NoFreeId(Exception):
    """Every id that the rule allows is taken, or the name makes none; a person must choose."""


def romanise(word: str, readings: Mapping[str, str]) -> str:
    """The pinyin of one word without tones, its syllables joined (`ü` is `v`, as it is typed).

    `readings` holds the words that the library gets wrong.
    """
    known = readings.get(word)
    return known or "".join(lazy_pinyin(word, style=Style.NORMAL)).lower()


def split_words(text: str, vocabulary: Iterable[str]) -> list[str]:
    """Cut `text` into the longest words of `vocabulary`, ordinals and runs of neither.

    Brackets and other punctuation only separate words.
    """
    known = frozenset(vocabulary)
    longest = max(map(len, known), default=0)
    words: list[str] = []
    run = ""
    at = 0
    while at < len(text):
        ordinal = re.match(r"第[一二三四五六七八九十]+", text[at:])
        sizes = range(min(longest, len(text) - at), 0, -1)
        found = (
            ordinal.group()
            if ordinal
            else next((text[at : at + size] for size in sizes if text[at : at + size] in known), "")
        )
        if found or not text[at].isalnum():
            words += [run] if run else []
            words += [found] if found else []
            run = ""
        else:
            run += text[at]
        at += len(found) or 1
    return [*words, run] if run else words


def short_place(name: str) -> str:
    """A place's name without 市, 县, 自治州 …, where at least two characters remain."""
    short = PLACE_ENDING.sub("", name)
    return short if len(short) > 1 else name


def place_readings(
    province_names: Iterable[str],
    slug: str,
    places: Iterable[str],
    readings: Mapping[str, str],
) -> dict[str, str]:
    """Pinyin of a province and of its cities and counties, by full and by short name."""
    found: dict[str, str] = {}
    for name in sorted(set(places) - {""}):
        found[name] = found[short_place(name)] = romanise(short_place(name), readings)
    return {**found, **dict.fromkeys(province_names, slug)}


def base_id(name: str, places: Mapping[str, str], readings: Mapping[str, str]) -> str:
    """The id that a school's name gives by itself: places, core words, kind of school."""
    plain = re.sub(r"（[^（）]*）", "", READ_AS.get(name, name))
    kind, ending = next(((k, slug) for k, slug in KINDS if plain.endswith(k)), ("", ""))
    words = split_words(plain.removesuffix(kind), {*WORDS, *places})
    return "-".join(
        [*(places.get(word) or romanise(word, readings) for word in words), *filter(None, [ending])]
    )


def free_id(name: str, base: str, province: str, city: str, taken: Iterable[str]) -> str:
    """The first of `base`, province-`base`, province-city-`base` that no other school has."""
    used = frozenset(taken)
    for candidate in (base, f"{province}-{base}", f"{province}-{city}-{base}"):
        if candidate not in used:
            if len(candidate) > LONGEST_ID or not re.fullmatch(
                r"[a-z0-9]+(-[a-z0-9]+)*", candidate
            ):
                raise NoFreeId(f"{name}：编号“{candidate}”太长或有不能用的字符")
            return candidate
    raise NoFreeId(f"{name}：编号“{base}”加了省名和市名仍与别的学校相同")

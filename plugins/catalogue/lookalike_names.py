"""School names that look like another school's: the trick of a fake school, or a slip of the pen.

Two names are alike when they have the same skeleton (Unicode Technical Standard 39, section 4):
compatibility forms, gaps and brackets do not count, and characters that look the same are one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNICODE: Final = (
    "一\u30fc 丨\u1175\u239c\u239f\u23a2\u23a5\u23aa\u23ae\u31d1 丬\u2ea6 乙\u31e0 "
    "乚\u2e83\u31df 乛\u2e82\u31d6 亀\u2ef2 亅\u31da 二\u30cb 亻\u2e85\u30a4 併倂 値值 "
    "兀\u2e8e 八\u30cf 刂\u2e89 力\u30ab 卍\u0fd6 卐\u0fd5 卜\u30c8 口囗\u30ed 啓啟 土士 塡填 "
    "墫壿 夕\u30bf 媯嬀 尢\u2e90 尣\u2e8f 工\u30a8 巳\u2e92 帡帲 幐\u3b3a 幺\u2e93 彑\u2e94 "
    "忄\u2e96 戶戸 扌\u2e98 搉\u3a41 攵\u2e99 斉\u2eeb 旡\u2e9b 晚晩 晣\u403f 曶\u3ada 朌肦 "
    "朏胐 朐胊 朓脁 朘脧 朣膧 朦\u4443 杮柿 榝樧 槩\u3ba3 歯\u2eed 歺\u2e9e 民\u2ea0 氵\u2ea1 "
    "氺\u2ea2 溈潙 灬\u2ea3 爫\u2ea4 犭\u2ea8 研硏 礻\u2ead 竜\u2eef 糹\u2eaf 絕絶 "
    "罒\u2eab\u2eb2 罓\u2eb1 耂\u2eb9 肀\u2eba 胶\u3b35 胼腁 艹\u2ebe\u2ebf\u2ec0 蒍蔿 蘷虁 "
    "虎\u2ec1 衤\u2ec2 西\u2ec4 覀\u2ec3 见\u2ec5 訞\u46b6 訮詽 讆讏 讠\u2ec8 豜豣 贝\u2ec9 "
    "赿趆 跥跺 躗躛 軿輧 车\u2ecb 辶\u2ecc\u2ecd 郎郞 鎭鎮 钅\u2ed0 長\u2ed1 镸\u2ed2 长\u2ed3 "
    "门\u2ed4 阝\u2ecf\u2ed6 隷隸 青\u2ed8 韦\u2ed9 页\u2eda 风\u2edb 飞\u2edc 食\u2edd "
    "飠\u2edf 饣\u2ee0 马\u2ee2 鬼\u2ee4 鱼\u2ee5 鹂鹃 麦\u2ee8 黄\u2ee9 黑黒 齐\u2eec "
    "齿\u2eee 龙\u2ef0 鿃\u4039 "
)
"""Sets of look-alike characters with a Chinese one among them, after NFKC: from `confusables.txt`
of Unicode (https://www.unicode.org/Public/security/, Unicode License v3)."""

_CHINESE: Final = "己已巳 未末 日曰 千干 技枝 人入 戊戌戍 侯候 州洲"
"""Characters that a reader takes for each other and that Unicode's list does not have."""

_SAME: Final = str.maketrans(
    {other: word[0] for word in f"{_UNICODE}{_CHINESE}".split() for other in word[1:]}
)
_NOT_WORDS: Final = re.compile(r"[\W_]+")
_FOREIGN: Final = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff0-9A-Za-z（）()·—-]")


def skeleton(name: str) -> str:
    """What is left of a name for the eye; equal for names that look alike."""
    # Twice, because a few characters stand in both lists.
    same = unicodedata.normalize("NFKC", name).translate(_SAME).translate(_SAME)
    return _NOT_WORDS.sub("", same).lower()


def foreign_character(name: str) -> str | None:
    """The first character of a name that no name of a Chinese school is written with, if any.

    Half of all look-alikes are such: kana, radicals, Cyrillic and Greek letters.
    """
    found = _FOREIGN.search(name)
    return found.group() if found else None

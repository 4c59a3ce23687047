"""Field types: each turns the text of one cell or YAML value into a value, or says why it cannot.

Everything a contributor writes reaches these types as text (the YAML reader and the CSV reader
never guess a type), so `012`, `NO` or `2025-9-1` mean just what a rule here says they mean.
A refusal is a `PydanticCustomError` whose type is the middle part of the problem's code and whose
context carries `fix`, the sentence that tells the contributor what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from plugins.catalogue.problem import did_you_mean, shown
from plugins.catalogue.vocabulary import PLACEHOLDERS, Reason

EARLIEST_YEAR: Final = 1840
"""No technician school in China is older; an earlier year is a typing mistake."""

_WHOLE = re.compile(r"0|[1-9][0-9]*")
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DATE = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PHONE = re.compile(r"[0-9][0-9 /、;；,，()（）转#-]{4,80}")
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


_REMEMBERED: Final = 20_000
"""So many good values each rule remembers: tables repeat the same majors, fees and documents."""


@dataclass(frozen=True, slots=True)
class Rule(BeforeValidator):
    """A check of one value; `says` is its rule in a few Chinese words, for guides and forms."""

    says: str = ""


@dataclass(frozen=True, slots=True)
class RuleOrReason(PlainValidator):
    """A `Rule` that also takes a `vocabulary.Reason`, because a value may be missing for one."""

    says: str = ""


def refuse(code: str, message: str, fix: str) -> PydanticCustomError:
    """An error whose Chinese `message` and `fix` reach the contributor as they are."""
    # Pydantic fills {braces} from the context, so the sentences travel as values, not as templates.
    return PydanticCustomError(code, "{message}", {"message": message, "fix": fix})


def _text(value: object) -> str:
    if isinstance(value, str):
        if content := value.strip():
            return content
        raise refuse("empty", "写了名称，没有写内容", "写上内容；不知道就把这一项整个删掉")
    kind = "一组“名称: 值”" if isinstance(value, dict) else "一个列表"
    raise refuse("not-text", f"这里应当是一段文字，现在是{kind}", "写成一行文字，不要换行缩进")


def _half_width(value: str) -> str:
    """The same text with full-width digits and signs in their ordinary form."""
    return unicodedata.normalize("NFKC", value).replace(",", "").strip()


def _no_placeholder(value: str) -> str:
    if value.lower() in PLACEHOLDERS:
        raise refuse(
            "placeholder",
            f"“{shown(value)}”等于没有写",
            "不知道就把这一项整个删掉；确有原因的写“未公布”“不适用”或“样本过少”",
        )
    return value


def text(limit: int) -> Rule:
    """Plain text of at most `limit` characters, with no control or direction-changing marks."""

    good: dict[str, str] = {}

    def check(value: object, info: ValidationInfo) -> str:
        if isinstance(value, str) and value in good:
            return good[value]
        content = _no_placeholder(_text(value))
        if bad := _CONTROL.search(content):
            raise refuse(
                "control-character",
                f"文字里有换行或看不见的控制字符（U+{ord(bad.group()):04X}）",
                "写成一行；看不见的字符，把这几个字重新打一遍就没有了",
            )
        if len(content) > limit:
            raise refuse(
                "too-long",
                f"写了 {len(content)} 个字，超过 {limit} 个字：“{shown(content, 20)}”",
                f"缩短到 {limit} 个字以内",
            )
        if len(good) < _REMEMBERED:
            good[str(value)] = content
        return content

    return Rule(check, says=f"不超过 {limit} 个字")


def whole(low: int, high: int, unit: str) -> Rule:
    """A whole number from `low` to `high`, written in plain digits with no sign, comma or unit."""

    good: dict[str, int] = {}

    def check(value: object, info: ValidationInfo) -> int:
        if isinstance(value, str) and value in good:
            return good[value]
        content = _no_placeholder(_text(value))
        if not _WHOLE.fullmatch(content):
            digits = re.sub(r"[^0-9]", "", _half_width(content)).lstrip("0")
            raise refuse(
                "not-a-number",
                f"“{shown(content)}”不是整数",
                f"只写阿拉伯数字（单位是{unit}）" + (f"，例如 {digits[:9]}" if digits else ""),
            )
        if len(content) > 12 or not low <= int(content) <= high:
            raise refuse(
                "out-of-range",
                f"“{shown(content)}”超出合理范围（{low} 到 {high} {unit}）",
                "请核对数字；不知道就留空，不要写 0",
            )
        if len(good) < _REMEMBERED:
            good[str(value)] = int(content)
        return int(content)

    return Rule(check, says=f"整数，{low} 到 {high} {unit}")


def _years(value: object, info: ValidationInfo) -> float:
    content = _no_placeholder(_text(value))
    if not re.fullmatch(r"[1-9](\.5)?", content) or float(content) > 8:
        raise refuse(
            "out-of-range",
            f"“{shown(content)}”不是合理的学制",
            "写年数，1 到 8，可以带 .5，例如 3",
        )
    return float(content)


Years = Annotated[float, Rule(_years, says="年数，1 到 8，可以带 .5")]
"""Length of a programme in years, in steps of a half, 1 to 8."""


def _percent(value: object, info: ValidationInfo) -> float:
    content = _text(value)
    number = _half_width(content).removesuffix("%").strip()
    if not _DECIMAL.fullmatch(number) or len(number) > 6:
        raise refuse(
            "not-a-number",
            f"“{shown(content)}”不是百分数",
            "写成 0 到 100 的数，例如 96.5",
        )
    if not 0 < float(number) <= 100:
        raise refuse(
            "out-of-range",
            f"“{shown(content)}”超出 0 到 100",
            "请核对；不知道就删掉这一行",
        )
    if float(number) <= 1:
        raise refuse(
            "out-of-range",
            f"“{shown(content)}”看起来是小数，不是百分数",
            f"写百分数，例如 {float(number) * 100:g}",
        )
    return float(number)


def calendar_year(past_only: bool = True) -> Rule:
    """A four-digit year from `EARLIEST_YEAR`; if `past_only`, not after the current year."""

    def check(value: object, info: ValidationInfo) -> int:
        content = _no_placeholder(_text(value))
        if not re.fullmatch(r"[0-9]{4}", content):
            near = re.search(r"(1[89]|20)[0-9]{2}", _half_width(content))
            raise refuse(
                "not-a-year",
                f"“{shown(content)}”不是年份",
                "只写四位数字的年份" + (f"，例如 {near.group()}" if near else "，例如 1985"),
            )
        latest = _today(info).year + (0 if past_only else 1)
        if not EARLIEST_YEAR <= int(content) <= latest:
            raise refuse(
                "out-of-range",
                f"“{content}”超出合理范围（{EARLIEST_YEAR} 到 {latest} 年）",
                "请核对年份",
            )
        return int(content)

    return Rule(check, says="四位数字的年份，不晚于今年" if past_only else "四位数字的年份")


def calendar_day(past_only: bool = False) -> Rule:
    """A calendar date written YYYY-MM-DD; if `past_only`, not after today."""

    def check(value: object, info: ValidationInfo) -> date:
        content = _no_placeholder(_text(value))
        found = _DATE.fullmatch(content)
        parsed = _date_from(found) if found else None
        if parsed is None:
            near = _LOOSE_DATE.fullmatch(_half_width(content))
            guess = _date_from(near) if near else None
            raise refuse(
                "not-a-date",
                f"“{shown(content)}”不是日期",
                f"写成 {guess.isoformat()}" if guess else "写成“年-月-日”，例如 2026-09-01",
            )
        if parsed.year < EARLIEST_YEAR or (past_only and parsed > _today(info)):
            raise refuse("out-of-range", f"“{content}”这一天还没有到，或早得不合理", "请核对日期")
        return parsed

    return Rule(check, says="日期，写成 2026-09-01 这样" + ("，不晚于今天" if past_only else ""))


def _date_from(found: re.Match[str]) -> date | None:
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        return None


def _today(info: ValidationInfo) -> date:
    assert info.context is not None
    today = info.context["today"]
    assert isinstance(today, date)
    return today


def one_of(words: tuple[str, ...]) -> Rule:
    """One word of a closed list, spelt exactly so."""

    def check(value: object, info: ValidationInfo) -> str:
        content = _text(value)
        if content not in words:
            raise refuse(
                "not-in-list",
                f"“{shown(content)}”不在可选的词里",
                f"只能写：{'、'.join(words)}。{did_you_mean(content, words)}",
            )
        return content

    return Rule(check, says="只能写：" + "、".join(words))


def _yes_no(value: object, info: ValidationInfo) -> bool:
    content = _text(value)
    if content not in ("yes", "no"):
        near = {
            "是": "yes",
            "否": "no",
            "true": "yes",
            "false": "no",
            "有": "yes",
            "无": "no",
        }
        guess = near.get(content.lower(), content.lower())
        hint = f"。是不是想写“{guess}”？" if guess in ("yes", "no") else ""
        raise refuse(
            "not-in-list",
            f"“{shown(content)}”不是 yes 或 no",
            f"只能写 yes 或 no{hint}",
        )
    return content == "yes"


YesNo = Annotated[bool, Rule(_yes_no, says="只能写 yes 或 no")]


def _slug(value: object, info: ValidationInfo) -> str:
    content = _text(value)
    if not _SLUG.fullmatch(content) or len(content) > 60:
        raise refuse(
            "not-an-id",
            f"“{shown(content)}”不是合格的编号",
            "只用小写字母、数字和连字符（a-z 0-9 -），最多 60 个，例如 hangzhou-jishi-xueyuan",
        )
    return content


Slug = Annotated[str, Rule(_slug, says="小写字母、数字和连字符，最多 60 个")]
"""An identifier that may stand in an address: lower-case letters, digits, single hyphens."""


def _division_code(value: object, info: ValidationInfo) -> str:
    content = _text(value)
    if not re.fullmatch(r"[0-9]{6}", content):
        raise refuse(
            "not-a-code",
            f"“{shown(content)}”不是行政区划代码",
            "写六位数字，例如杭州市是 330100",
        )
    return content


DivisionCode = Annotated[str, Rule(_division_code, says="六位数字的行政区划代码")]
"""A six-digit code of GB/T 2260."""


def _phone(value: object, info: ValidationInfo) -> str:
    content = _text(value)
    if not _PHONE.fullmatch(content):
        raise refuse(
            "not-a-phone",
            f"“{shown(content)}”不像电话号码",
            "写区号和号码，例如 0571-12345678；几个号码用“;”隔开",
        )
    return content


def _https(value: object, info: ValidationInfo) -> str:
    content = _text(value)
    if not re.fullmatch(
        r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:[0-9]{2,5})?(/[^\s<>\"'{}|\\^`]*)?",
        content,
    ):
        hint = "https://" + re.sub(r"^[a-z]+://", "", content)
        looks_right = re.fullmatch(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(/\S*)?", hint)
        raise refuse(
            "not-https",
            f"“{shown(content)}”不是 https 网址",
            "写完整的 https:// 网址" + (f"，例如 {shown(hint, 60)}" if looks_right else ""),
        )
    return content


def _file_name(value: object, info: ValidationInfo) -> str:
    content = _text(value)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.(jpg|jpeg|png|webp)", content):
        raise refuse(
            "not-a-photo-name",
            f"“{shown(content)}”不能作照片的文件名",
            "只用小写字母、数字和连字符，以 .jpg .jpeg .png 或 .webp 结尾，例如 school-gate.jpg",
        )
    return content


PhotoName = Annotated[
    str, Rule(_file_name, says="小写字母、数字和连字符，以 .jpg .jpeg .png 或 .webp 结尾")
]


def names(limit: int) -> Rule:
    """Several short names in one cell, separated by `;` (or `；`)."""

    def check(value: object, info: ValidationInfo) -> tuple[str, ...]:
        parts = [part.strip() for part in re.split("[;；]", _text(value))]
        for part in parts:
            if len(part) > limit or _CONTROL.search(part):
                raise refuse(
                    "too-long",
                    f"“{shown(part, 20)}”太长或有控制字符",
                    f"每一项不超过 {limit} 个字，用“;”隔开",
                )
        return tuple(part for part in parts if part)

    return Rule(check, says=f"几个用“;”隔开，每个不超过 {limit} 个字")


def _status(value: object, info: ValidationInfo) -> str:
    content = _text(value)
    if content.startswith("merged:"):
        return "merged:" + _slug(content.removeprefix("merged:"), info)
    if content not in ("active", "suspended", "closed"):
        words = ("active", "suspended", "closed", "merged")
        raise refuse(
            "not-in-list",
            f"“{shown(content)}”不是可用的状态",
            "写 active（在办）、suspended（停招）、closed（停办）或 merged:合并后学校的编号。"
            + did_you_mean(content, words, 0.75),
        )
    return content


Status = Annotated[str, Rule(_status, says="active、suspended、closed 或 merged:编号")]


def or_reason(kind: Rule) -> RuleOrReason:
    """Let a missing value say why it is missing (`vocabulary.Reason`) instead of a value."""

    def check(value: object, info: ValidationInfo) -> Any:
        if isinstance(value, str) and value.strip() in set(Reason):
            return Reason(value.strip())
        # Every check of this module takes the validation context, so the call is uniform.
        return kind.func(value, info)  # type: ignore[call-arg]

    return RuleOrReason(check, says=f"{kind.says}；没有的写原因：{'、'.join(Reason)}")


percentage: Final = Rule(_percent, says="百分数，大于 1、不超过 100")
"""A share in per cent, above 1 and up to 100 (a smaller number is taken for a fraction)."""
phone_number: Final = Rule(_phone, says="区号和号码，几个用“;”隔开")
https_address: Final = Rule(_https, says="以 https:// 开头的完整网址")

Phone = Annotated[str, phone_number]
HttpsAddress = Annotated[str, https_address]

"""Claims that enrolment must not make, claims that need proof, and words that only praise.

Forbidden promises are errors wherever they stand in a profile. A claim that can be true needs its
proof: `partner_degree` in the plan, an entry in `honours`, a source. Superlatives are warnings.
A sentence that denies a claim (不包分配, 谨防“包就业”骗局) is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from plugins.catalogue.folded_text import fold, fold_text
from plugins.catalogue.problem import Problem, Severity, shown


@dataclass(frozen=True, slots=True)
class Proof:
    """What else is known of the school that can prove a claim of its profile."""

    partner_degree: bool
    honours: tuple[str, ...]
    employment_source: bool


_FORBIDDEN: Final = (
    (
        "claim-job-promised",
        r"包(?:学生|毕业生|推荐)?(?:就业|工作|安置)|(?:保证|确保|承诺|保)(?:100%|全部)?(?:就业|安置工作)",
        "改成事实：上一届毕业生去了哪里、多少人，写明届别和来源",
    ),
    (
        "claim-assignment-promised",
        r"(?:包|保证|国家|统一|负责)分配(?:工作)?|分配工作|毕业即分配",
        "毕业生自主择业。改成学校怎样推荐就业，例如“每年组织两次招聘会”",
    ),
    (
        "claim-inside-quota",
        r"内部(?:指标|名额)|(?:关系|特招|内招)(?:指标|名额)|计划外(?:招生|名额)|(?:花钱|交钱)(?:就能|可以?)(?:上|进|录)",
        "删掉。招生名额以省里公布的招生计划为准，没有内部指标",
    ),
    (
        "claim-promotion-promised",
        r"(?:包|保|保证|确保|承诺)(?:升学|升本|升大专|录取|考上|上大学|上大专|上本科|过|拿证|取证)(?!程)",
        "删掉保证。写升学的路怎样走、要考什么、上一届多少人考上，写明来源",
    ),
    (
        "claim-paid-recruiting",
        r"(?:招生|推荐|介绍)(?:提成|返现|返利)|(?:生源|招生)(?:介绍费|中介费|回扣)|推荐(?:一|每)[人名]奖",
        "删掉。不能用钱买卖生源",
    ),
)
_DEGREE: Final = re.compile(
    r"(?:大专|专科|本科|高职)[^，。；！？、:]{0,6}?(?:学历|文凭|毕业证|学位|双证)|(?:学历|文凭)[^，。；！？]{0,3}(?:大专|专科|本科)"
)
_DEGREE_OF_OTHERS: Final = re.compile(r"以上|教师|老师|师资|专任|占[0-9]|教职工|招聘|应聘")
_NATIONAL: Final = re.compile(
    r"国家级(?!新区|开发区|经济|高新|自然|风景|森林|非物质|非遗|贫困|城市|示范区)|国家(?:重点|示范)(?=技|学校|院校|校|专业|基地|实训)"
)
_FULL: Final = re.compile(
    r"就业率(?:连续多年)?(?:高达|达到?|为|是|保持|均为|在)?(?:100%|百分之?百)|(?:100%|百分之?百)(?:对口|推荐|安排|包)?(?:就业|上岗)"
)
_RATE: Final = re.compile(r"就业率(?:高达|达到?|为|是|保持|均|在|超过?|约)*[0-9]{2}(?:\.[0-9]+)?%")
_PRAISE: Final = re.compile(
    r"最(?:好|强|优|佳|牛|先进|权威|专业的|顶尖)|(?:全国|全省|全市|国内|行业|世界|业内|同类)第一(?!所|届|批|个|家|座|次|阶)"
    r"|首屈一指|独一无二|绝无仅有|无与伦比|遥遥领先|国内领先|国际领先|顶级|顶尖|王牌|首选|(?:世界|国际|国内|全国|全省)?一流(?!课程)|翘楚|唯一"
)
_DENIED_BEFORE: Final = re.compile(
    r"(?:不|没有?|无|未|非|勿|莫|别|禁止|严禁|杜绝|拒绝|抵制|谨防|警惕|小心|打击)"
    r"(?:会|能|可|再|得|要|许|存在|有|是|承诺|保证|搞|作|做|提供|以|用|宣传|任何|所谓|相信|轻信|听信|什么|的|“|\")*$"
)
_NOT_DENIED: Final = re.compile(r"(?:不仅|不但|不只|不光|不止|无不|不得不)(?:能|会|是)?$")
_DENIED_AFTER: Final = re.compile(
    r"^(?:”|\")?(?:等|的|都|是|说法|宣传|承诺|均|一律|话|广告|这类|之类)*(?:骗|假|不可信|不实|违规|违法|禁止|严禁)"
)
_SOURCED: Final = re.compile(r"\[来源[0-9]+\]")
_FIRST: Final = (
    "包保确承国统负分毕内关特计花交招推介生大专本高学文就1百最全行世业同首独绝无遥领顶王一翘唯"
)
"""The characters with which a claim can begin: one look at each spares the alternatives."""
_ANY: Final = re.compile(
    f"(?=[{_FIRST}])(?:"
    + "|".join(
        [
            *(pattern for _, pattern, _ in _FORBIDDEN),
            *(found.pattern for found in (_DEGREE, _NATIONAL, _FULL, _RATE, _PRAISE)),
        ]
    )
    + ")"
)


def check_claims(path: str, lines: Sequence[tuple[int, str]], proof: Proof) -> Iterator[Problem]:
    """Every claim in the numbered `lines` of a profile that may not stand as it does."""
    # Folded all at once: character by character is only for the few lines that hold a claim.
    plain = fold_text("\n".join(line for _, line in lines))
    for place in _lines_with_any(plain):
        number, line = lines[place]
        if len(line) > 2_000:
            continue
        folded = fold(line)
        text = folded.text
        sourced = bool(_SOURCED.search(text))

        def problem(
            found: re.Match[str],
            code: str,
            severity: Severity,
            message: str,
            fix: str,
            number: int = number,
            columns: tuple[int, ...] = folded.columns,
        ) -> Problem:
            quoted = message.format(shown(found.group(), 20))
            return Problem(path, number, code, severity, quoted, fix, column=columns[found.start()])

        for code, pattern, fix in _FORBIDDEN:
            for found in re.finditer(pattern, text):
                if not _denied(text, found):
                    yield problem(found, code, "error", "“{}”：招生宣传不能这样承诺", fix)
        for found in _DEGREE.finditer(text):
            others = _DEGREE_OF_OTHERS.search(text[max(0, found.start() - 4) : found.end() + 6])
            if not (proof.partner_degree or sourced or others or _denied(text, found)):
                yield problem(
                    found, "claim-degree-unproven", "error",
                    "“{}”：招生计划里没有学历合作，不能写学历",
                    "技工院校发的是毕业证书和职业技能等级证书。"
                    "确有合作的，先请省里在计划的 partner_degree 写明合作高校和形式",
                )  # fmt: skip
        national = _NATIONAL.search(text)
        if national and not any(re.search("国家|全国", honour) for honour in proof.honours):
            yield problem(
                national, "claim-national-unproven", "error",
                "“{}”：开头的 honours 里没有国家级的荣誉",
                "在 honours 里写明荣誉的全称、年份和授予单位；没有就删掉",
            )  # fmt: skip
        full = _FULL.search(text)
        if full and not (sourced or proof.employment_source or _denied(text, full)):
            yield problem(
                full, "claim-full-employment-unproven", "error",
                "“{}”：没有写来源",
                "把就业率写到 employment 里，补上 cohort_year 和 source；没有依据就删掉",
            )  # fmt: skip
        elif (rate := _RATE.search(text)) and not (sourced or proof.employment_source):
            yield problem(
                rate, "claim-rate-unsourced", "warning", "“{}”：没有写来源",
                "后面加上 [来源1] 这样的标记，或写到 employment 里",
            )  # fmt: skip
        for found in _PRAISE.finditer(text):
            if not _denied(text, found):
                yield problem(
                    found, "claim-superlative", "warning",
                    "“{}”：夸奖的话，读的人无法核对", "换成能核对的事实：数量、名称、年份",
                )  # fmt: skip


def _lines_with_any(plain: str) -> Iterator[int]:
    """The lines of a folded text, counted from 0, in which a claim may begin."""
    line = at = 0
    while found := _ANY.search(plain, at):
        line += plain.count("\n", at, found.start())
        yield line
        end = plain.find("\n", found.start())
        if end < 0:
            return
        line, at = line + 1, end + 1


def _denied(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 12) : found.start()]
    if _DENIED_AFTER.search(text[found.end() : found.end() + 14]):
        return True
    return bool(_DENIED_BEFORE.search(before)) and not _NOT_DENIED.search(before)

"""National aid: what the documents say, how it is said plainly, and what it means in yuan.

Three tables of `reference/` of which each quotes the one before: `aid_policies.csv` holds the
policies as documents give them, `aid_words.csv` one plain account of each, `aid_rules.csv` the
part of them that can be reckoned with. A rule that the documents leave open is 要问当地: pages
show it and never subtract it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Annotated, Final

from pydantic import BeforeValidator, ValidationInfo

from plugins.catalogue.fields import Slug, YesNo, calendar_day, one_of, refuse, text, whole
from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.schema import Record, declare
from plugins.catalogue.vocabulary import OWNERSHIPS

AID_STATES: Final = ("现行", "要问当地", "不发给个人", "以前的")
"""How a policy stands today, in the order in which pages show them."""

AID_KINDS: Final = ("免学费", "助学金", "家庭补助")
AID_LIMITS: Final = ("全免", "到公办标准")
AID_CERTAINTIES: Final = ("写明", "要问当地")

SITUATIONS: Final = ("农村", "县镇", "涉农专业", "家庭经济困难", "脱贫家庭", "特困地区")
"""What may be true of a family and its child, in the words of the policies."""

LAST_STUDY_YEAR: Final = 6


class AidPolicy(Record):
    """One national policy, in the words of its document or of the page that passes it on."""

    id: Slug = declare("政策编号", required=True)
    policy: Annotated[str, text(60)] = declare("政策名称", required=True)
    amount: Annotated[str, text(120)] = declare("金额或内容", required=True)
    unit: Annotated[str, text(60)] | None = declare("单位")
    who: Annotated[str, text(300)] = declare("谁能得到", required=True)
    scope_for_jigong: Annotated[str, text(120)] | None = declare("技工学校是否在内")
    document: Annotated[str, text(200)] | None = declare("文件")
    doc_number: Annotated[str, text(80)] | None = declare("文号")
    doc_number_basis: Annotated[str, text(200)] | None = declare("文号的依据")
    effective_from: Annotated[str, text(60)] | None = declare("从何时起")
    effective_to: Annotated[str, text(60)] | None = declare("到何时止")
    status_note: Annotated[str, text(200)] | None = declare("要注意")
    source: Annotated[str, text(400)] | None = declare("本站看到的来源")
    source_grade: Annotated[str, one_of(("A", "B", "C"))] | None = declare(
        "来源等级", "A 官方文件或公报摘要，B 媒体或转述，C 只有二手且有矛盾"
    )


class AidWords(Record):
    """A policy told plainly. `document` stands in where the policy's own says 同上."""

    policy_id: Slug = declare("政策编号", required=True)
    state: Annotated[str, one_of(AID_STATES)] = declare("现在怎样", required=True)
    title: Annotated[str, text(30)] = declare("通俗的名称", required=True)
    gives: Annotated[str, text(150)] = declare("给什么", required=True)
    who: Annotated[str, text(150)] = declare("给谁", required=True)
    uncertain: Annotated[str, text(200)] = declare("哪里拿不准", required=True)
    document: Annotated[str, text(200)] | None = declare("文件全称", "政策表里写“同上”时填")


def _study_years(value: object, info: ValidationInfo) -> tuple[int, ...]:
    parts = str(value).split(";")
    allowed = [str(year) for year in range(1, LAST_STUDY_YEAR + 1)]
    if not all(part in allowed for part in parts) or parts != sorted(set(parts)):
        raise refuse(
            "not-study-years",
            f"“{shown(value)}”不是几个学年",
            f"从小到大写 1 到 {LAST_STUDY_YEAR}，用“;”隔开，例如 1;2;3",
        )
    return tuple(int(part) for part in parts)


def _conditions(value: object, info: ValidationInfo) -> tuple[frozenset[str], ...]:
    choices = tuple(frozenset(choice.split("+")) for choice in str(value).split(";"))
    for tag in sorted(set().union(*choices) - set(SITUATIONS)):
        raise refuse(
            "unknown-situation",
            f"没有“{shown(tag)}”这种情况",
            did_you_mean(tag, SITUATIONS) or f"可用的有：{'、'.join(SITUATIONS)}",
        )
    return choices


class AidRule(Record):
    """What a policy means for one year of study.

    The rule holds in a study year that begins on a day from `effective_from` to `effective_to`
    and whose number is in `study_years` (empty: the document names none), for a family of which
    one of `who` is true as a whole, at a school of that `ownership` (empty: any).
    """

    rule_id: Slug = declare("规则编号", required=True)
    policy_id: Slug = declare("政策编号", required=True)
    kind: Annotated[str, one_of(AID_KINDS)] = declare("种类", required=True)
    limit: Annotated[str, one_of(AID_LIMITS)] | None = declare("免到哪里", "只有免学费要写")
    yuan: Annotated[int, whole(1, 100000, "元")] | None = declare("每学年多少元", "免学费不写")
    study_years: Annotated[tuple[int, ...], BeforeValidator(_study_years)] = declare(
        "哪几个学年", "例如 1;2;3；文件没有写的留空", default=()
    )
    who: Annotated[tuple[frozenset[str], ...], BeforeValidator(_conditions)] = declare(
        "谁", "几种情况有一种就行的用“;”隔开，要同时有的用“+”连", required=True
    )
    ownership: Annotated[str, one_of(OWNERSHIPS)] | None = declare("哪种学校", "不限的留空")
    except_arts: YesNo = declare("艺术类表演专业除外", "yes 或 no", required=True)
    effective_from: Annotated[dt.date, calendar_day()] | None = declare(
        "从哪天起", "秋季学期记 9 月 1 日，春季学期记 2 月 1 日"
    )
    effective_to: Annotated[dt.date, calendar_day()] | None = declare("到哪天止")
    certainty: Annotated[str, one_of(AID_CERTAINTIES)] = declare("拿得准吗", required=True)
    quote: Annotated[str, text(200)] = declare("政策原话", "与政策表一字不差", required=True)
    why: Annotated[str, text(200)] | None = declare("为什么要问", "要问当地的必须写")


def check_aid(
    policies: tuple[AidPolicy, ...], words: tuple[AidWords, ...], rules: tuple[AidRule, ...]
) -> list[Problem]:
    """Every policy has one plain account; every rule quotes a policy word for word."""
    return [*_check_words(policies, words), *_check_rules(policies, words, rules)]


def _check_words(policies: tuple[AidPolicy, ...], words: tuple[AidWords, ...]) -> Iterator[Problem]:
    def error(line: int, code: str, message: str, fix: str) -> Problem:
        return Problem("reference/aid_words.csv", line, code, "error", message, fix)

    ids = [policy.id for policy in policies]
    told: set[str] = set()
    for line, row in enumerate(words, start=2):
        name = shown(row.policy_id)
        if row.policy_id not in ids:
            yield error(
                line,
                "aid-unknown-policy",
                f"政策表里没有“{name}”",
                did_you_mean(row.policy_id, ids) or "编号要和 aid_policies.csv 的 id 一样",
            )
        if row.policy_id in told:
            yield error(line, "aid-told-twice", f"“{name}”写了两行", "只留一行")
        told.add(row.policy_id)
    for missing in ids:
        if missing not in told:
            yield error(1, "aid-not-told", f"政策“{missing}”没有通俗的说明", "给它加一行")


def _check_rules(
    policies: tuple[AidPolicy, ...], words: tuple[AidWords, ...], rules: tuple[AidRule, ...]
) -> Iterator[Problem]:
    by_id = {policy.id: policy for policy in policies}
    states = {row.policy_id: row.state for row in words}
    seen: set[str] = set()
    for line, rule in enumerate(rules, start=2):

        def error(code: str, message: str, fix: str, line: int = line) -> Problem:
            return Problem("reference/aid_rules.csv", line, code, "error", message, fix)

        if rule.rule_id in seen:
            yield error("aid-duplicate-rule", f"“{shown(rule.rule_id)}”有两行", "换一个编号")
        seen.add(rule.rule_id)
        policy = by_id.get(rule.policy_id)
        if policy is None:
            yield error(
                "aid-unknown-policy",
                f"政策表里没有“{shown(rule.policy_id)}”",
                did_you_mean(rule.policy_id, by_id) or "编号要和 aid_policies.csv 的 id 一样",
            )
            continue
        if rule.quote not in policy.who and rule.quote not in policy.amount:
            yield error(
                "aid-not-quoted",
                f"政策“{rule.policy_id}”里没有这句话：“{shown(rule.quote, 30)}”",
                "从政策表的 who 或 amount 一列原样抄一段",
            )
        if (rule.kind == "免学费") == (rule.limit is None):
            yield error("aid-limit", "免学费要写免到哪里，别的不写", "改 limit 这一格")
        if rule.certainty == "写明":
            yield from _check_certain(rule, policy, states.get(rule.policy_id), error)
        elif rule.why is None:
            yield error("aid-why-missing", "要问当地的规则没有写为什么", "在 why 里写一句话")


def _check_certain(
    rule: AidRule, policy: AidPolicy, state: str | None, error: Callable[[str, str, str], Problem]
) -> Iterator[Problem]:
    """What is subtracted must be sure: the amount stands in the policy, the source is no rumour."""
    if rule.effective_from is None or not rule.study_years:
        yield error("aid-open-ended", "写明的规则要有开始日期和学年", "补上，或改成 要问当地")
    if rule.kind != "免学费" and (rule.yuan is None or str(rule.yuan) not in policy.amount):
        yield error(
            "aid-amount-differs",
            f"金额 {rule.yuan} 元，政策表写的是“{shown(policy.amount)}”",
            "照政策表改",
        )
    if policy.source_grade == "C" or state not in ("现行", "以前的"):
        yield error(
            "aid-not-certain",
            f"政策“{rule.policy_id}”的来源拿不准，不能算钱",
            "把 certainty 改成 要问当地，并写 why",
        )

"""What a profile may not claim, what it must prove, and what only sounds like a claim."""

from __future__ import annotations

import pytest

from plugins.catalogue.claims import Proof, check_claims

NONE = Proof(partner_degree=False, honours=(), employment_source=False)


def codes(text: str, proof: Proof = NONE) -> list[str]:
    return [problem.code for problem in check_claims("p.md", [(7, text)], proof)]


def test_each_line_with_a_claim_is_named_whatever_stands_around_it() -> None:
    # The degree that two lines seem to make together must not hide the claim after it.
    lines = ["我校包就业。", "", "好。大专", "文凭，包分配。", "好", "师资一流，包就业", "全省最好"]
    found = check_claims("p.md", list(enumerate(lines, 7)), NONE)
    assert [(problem.line, problem.code) for problem in found] == [
        (7, "claim-job-promised"),
        (10, "claim-assignment-promised"),
        (12, "claim-job-promised"),
        (12, "claim-superlative"),
        (13, "claim-superlative"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我校包就业。", "claim-job-promised"),
        ("我校包 就 业。", "claim-job-promised"),
        ("我校包**就**业。", "claim-job-promised"),
        ("我校包·就·業。", "claim-job-promised"),
        ("毕业后保证就业", "claim-job-promised"),
        ("承诺100%就业", "claim-job-promised"),
        ("不仅包就业，还管吃住", "claim-job-promised"),
        ("名额不多，包就业", "claim-job-promised"),
        ("毕业包分配", "claim-assignment-promised"),
        ("国家统一分配工作", "claim-assignment-promised"),
        ("有内部指标", "claim-inside-quota"),
        ("还有內部指標五个", "claim-inside-quota"),
        ("交钱就能上", "claim-inside-quota"),
        ("保证升学", "claim-promotion-promised"),
        ("包过包拿证", "claim-promotion-promised"),
        ("保录取", "claim-promotion-promised"),
        ("招生提成面议", "claim-paid-recruiting"),
        ("毕业发大专学历", "claim-degree-unproven"),
        ("可获本科文凭", "claim-degree-unproven"),
        ("毕业取得全日制大专毕业证", "claim-degree-unproven"),
        ("国家级重点学校", "claim-national-unproven"),
        ("国 家 级示范专业", "claim-national-unproven"),
        ("就业率１００％", "claim-full-employment-unproven"),
        ("就业率连续多年达到百分百", "claim-full-employment-unproven"),
        ("就业率达98%", "claim-rate-unsourced"),
        ("全省最好的学校", "claim-superlative"),
        ("师资一流", "claim-superlative"),
        ("行业第一", "claim-superlative"),
    ],
)
def test_a_claim_is_found_however_it_is_spelt(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "学校不包分配，也不包就业。",
        "谨防“包就业”骗局。",
        "没有内部指标，不要相信。",
        "“保证升学”都是假的。",
        "书包工厂、面包房实训",
        "保过程考核",
        "本科以上学历占 85.6%",
        "位于国家级新区",
        "西藏自治区第一所技师学院",
        "2014 年起试点“统招高职（大专）＋技师”双证培养 [来源1]",
        "就业率 98% [来源1]",
    ],
)
def test_what_denies_or_only_looks_like_a_claim_is_left_alone(text: str) -> None:
    assert codes(text) == []


def test_proof_settles_a_claim() -> None:
    assert codes("毕业发大专学历", Proof(True, (), False)) == []
    assert codes("国家级重点学校", Proof(False, ("国家级重点技工学校",), False)) == []
    assert codes("就业率达到100%", Proof(False, (), True)) == []


def test_the_column_points_at_the_claim() -> None:
    (problem,) = check_claims("p.md", [(7, "我们学校 包 就业。")], NONE)
    assert (problem.line, problem.column) == (7, 6)
    assert problem.message == "“包就业”：招生宣传不能这样承诺"

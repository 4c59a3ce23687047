"""The aid tables: every rule quotes its policy, and nothing uncertain is reckoned with."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from plugins.catalogue.reference import load_reference

CONTENT = Path(__file__).parents[3] / "content"
TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT / "reference", tmp_path / "reference")
    return tmp_path


def faults(content: Path) -> list[str]:
    return sorted(problem.code for problem in load_reference(content, TODAY)[1])


def change(content: Path, name: str, old: str, new: str) -> None:
    file = content / "reference" / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_all_twelve_policies_are_told_and_every_rule_quotes_one(content: Path) -> None:
    reference, problems = load_reference(content, TODAY)
    assert problems == []
    assert len(reference.aid_policies) == len(reference.aid_words) == 12
    quotes = {policy.id: policy.who + policy.amount for policy in reference.aid_policies}
    assert reference.aid_rules
    assert all(rule.quote in quotes[rule.policy_id] for rule in reference.aid_rules)


def test_only_two_kinds_of_aid_are_sure(content: Path) -> None:
    """雨露计划 is past its last day, and grade C is hearsay: both stay questions."""
    rules = load_reference(content, TODAY)[0].aid_rules
    sure = {rule.policy_id for rule in rules if rule.certainty == "写明"}
    assert sure == {"free-tuition", "free-tuition-private", "stipend-2000", "stipend-2300"}
    assert all(rule.why for rule in rules if rule.certainty == "要问当地")


@pytest.mark.parametrize(
    ("table", "old", "new", "code"),
    [
        ("aid_rules.csv", "所有农村（含县镇）学生", "所有学生", "aid-not-quoted"),
        (
            "aid_rules.csv",
            "stipend-now,stipend-2300",
            "stipend-now,stipend-9",
            "aid-unknown-policy",
        ),
        ("aid_rules.csv", "waiver-poor,", "waiver-rural,", "aid-duplicate-rule"),
        ("aid_rules.csv", "助学金,,2300", "助学金,,2500", "aid-amount-differs"),
        ("aid_rules.csv", "助学金,,2300", "助学金,全免,2300", "aid-limit"),
        ("aid_rules.csv", "2025-02-01,,写明", ",,写明", "aid-open-ended"),
        ("aid_rules.csv", "农村;县镇,公办", "乡下;县镇,公办", "reference-unknown-situation-who"),
        (
            "aid_rules.csv",
            "1;2;3,农村;县镇",
            "3;2,农村;县镇",
            "reference-not-study-years-study-years",
        ),
        ("aid_words.csv", "scholarship,现行", "scholarships,现行", "aid-unknown-policy"),
        ("aid_words.csv", "scholarship,现行", "yulu,现行", "aid-told-twice"),
    ],
)
def test_a_fault_is_told(content: Path, table: str, old: str, new: str, code: str) -> None:
    change(content, table, old, new)
    assert code in faults(content)


def test_hearsay_and_ended_aid_may_not_be_made_sure(content: Path) -> None:
    change(content, "aid_rules.csv", "2025-12-31,要问当地", "2025-12-31,写明")
    assert "aid-not-certain" in faults(content)


def test_a_policy_without_words_is_told(content: Path) -> None:
    file = content / "reference/aid_words.csv"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("yulu")]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert faults(content) == ["aid-not-told"]


def test_a_question_without_its_reason_is_told(content: Path) -> None:
    file = content / "reference/aid_rules.csv"
    lines = file.read_text("utf-8").splitlines()
    lines[-1] = lines[-1].rpartition(",")[0] + ","
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert faults(content) == ["aid-why-missing"]

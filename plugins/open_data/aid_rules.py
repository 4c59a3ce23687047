"""`/data/aid-rules.json`: the aid rules and their reasons, for the cost form of a school's page."""

from __future__ import annotations

import json
from typing import Any

from plugins.aid import REASONS
from plugins.catalogue import Catalogue
from plugins.catalogue.aid import AidRule


def aid_rules_json(catalogue: Catalogue) -> bytes:
    """`rules` in the order of the table, each with its policy's plain `title`; `reasons` by key."""
    titles = {row.policy_id: row.title for row in catalogue.reference.aid_words}
    record = {
        "rules": [
            rule_record(rule) | {"title": titles[rule.policy_id]}
            for rule in catalogue.reference.aid_rules
        ],
        "reasons": REASONS,
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def rule_record(rule: AidRule) -> dict[str, Any]:
    """One rule as the browser reckons with it; days as ISO text, sets as sorted lists."""
    return {
        "rule_id": rule.rule_id,
        "policy_id": rule.policy_id,
        "kind": rule.kind,
        "limit": rule.limit,
        "yuan": rule.yuan,
        "study_years": list(rule.study_years),
        "who": [sorted(choice) for choice in rule.who],
        "ownership": rule.ownership,
        "except_arts": rule.except_arts,
        "effective_from": rule.effective_from.isoformat() if rule.effective_from else None,
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else None,
        "sure": rule.certainty == "写明",
        "why": rule.why,
    }

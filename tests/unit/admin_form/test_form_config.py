"""The form asks for what the schema declares, and saves where the build says."""

from __future__ import annotations

import pytest

from plugins.admin_form.backend import BackendRefused, parse_backend
from plugins.admin_form.config import fields_of, form_config
from plugins.admin_form.files import page, policy
from plugins.catalogue import Catalogue
from plugins.catalogue.schema import FrontMatter, Honour


def test_every_declared_field_is_in_the_form_and_no_other() -> None:
    fields = fields_of(FrontMatter)
    assert [field["name"] for field in fields] == list(FrontMatter.model_fields)
    honours = next(field for field in fields if field["name"] == "honours")
    assert honours["widget"] == "list"
    assert [field["name"] for field in honours["fields"]] == list(Honour.model_fields)
    assert {field["name"] for field in fields if field["required"]} == {"summary", "confirmed_on"}


def test_a_school_can_be_edited_and_neither_made_nor_deleted(real_catalogue: Catalogue) -> None:
    config = form_config(real_catalogue.reference.provinces, parse_backend("test"))
    assert len(config["collections"]) == 32
    for collection in config["collections"]:
        assert (collection["create"], collection["delete"]) == (False, False)
        assert collection["path"] == "{{slug}}/profile"


def test_a_save_is_never_published_without_somebody_else() -> None:
    github = form_config([], parse_backend("github:a/b"))
    assert github["publish_mode"] == "editorial_workflow"
    gitea = parse_backend("gitea:https://git.example.com/a/b")
    assert gitea.config["branch"] == "web-form"
    with pytest.raises(BackendRefused):
        parse_backend("gitea:https://git.example.com/a/b@main")


@pytest.mark.parametrize(
    "setting", ["", "yes", "github:a", "gitea:http://h.cn/a/b", "github:a/b;c"]
)
def test_a_setting_that_means_nothing_is_refused(setting: str) -> None:
    with pytest.raises(BackendRefused, match="ADMIN_FORM"):
        parse_backend(setting)


def test_the_page_runs_no_text_as_a_script_and_reaches_only_its_server() -> None:
    backend = parse_backend("gitea:https://git.example.com/a/b")
    rules = dict(rule.strip().split(" ", 1) for rule in policy(backend).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert "https://git.example.com" in rules["connect-src"].split()
    assert page(backend).count(b"<script") == 1

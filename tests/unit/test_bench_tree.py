"""The synthetic tree that measurements run on."""

import datetime as dt
from pathlib import Path

from bench.tree import LABEL, Words, demo_school, write_tree
from plugins.catalogue import load

PROJECT = Path(__file__).parents[2]


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_tree_has_no_problems_and_reaches_every_place(tmp_path: Path) -> None:
    """420 schools: all 32 reporting units and every city, each school with plan and profile."""
    write_tree(420, "1", tmp_path / "tree", PROJECT / "content")
    catalogue, problems = load(tmp_path / "tree", dt.date(2025, 11, 1))
    assert [problem.message for problem in problems if problem.severity == "error"] == []
    assert len(catalogue.schools) == len(catalogue.profiles) == 420
    assert len({school.province for school in catalogue.schools}) == 32
    assert {school.city_code for school in catalogue.schools} == set(catalogue.reference.cities)
    for school in catalogue.schools:
        plan = catalogue.newest_plan(school)
        assert plan is not None
        assert 8 <= len(plan.programmes) <= 15
        profile = catalogue.profiles[school.school_id]
        assert 1500 <= sum(len(section.markdown) for section in profile.sections) <= 3000
        assert all(LABEL in section.markdown for section in profile.sections)
        assert LABEL in profile.facts.summary
        assert LABEL in school.source_document


def test_the_same_number_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    """Another seed does not; and more schools leave the first ones' profiles as they are."""
    for name, schools, seed in (("a", 20, "1"), ("b", 20, "1"), ("c", 20, "2"), ("d", 40, "1")):
        write_tree(schools, seed, tmp_path / name, PROJECT / "content")
    first, again, other, more = (content_of(tmp_path / name) for name in "abcd")
    assert first == again
    assert first != other
    profiles = {name: text for name, text in first.items() if name.endswith("profile.md")}
    assert len(profiles) == 20
    assert profiles.items() <= more.items()


def test_no_two_schools_have_one_name() -> None:
    """Among 30,000 invented names some would be alike; a register may hold each once."""
    words = Words.load(PROJECT / "content", "1")
    first = demo_school(500, "1", words)
    taken = {str(first.register["name"])}
    again = demo_school(500, "1", words, taken)
    assert again.register["name"] not in taken
    assert again.school_id == first.school_id

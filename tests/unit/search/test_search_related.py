"""Schools like this one: near by first, with the reason in words."""

from plugins.search.related import MOST_RELATED, related_schools
from tests.unit.search.national import real_catalogue


def test_schools_of_the_city_with_most_majors_in_common_come_first() -> None:
    """For every school of the real content, against the majors counted plainly."""
    catalogue = real_catalogue()
    found = related_schools(catalogue)
    assert set(found) == set(catalogue.school_by_id)
    for school_id, related in found.items():
        school = catalogue.school_by_id[school_id]
        mine = {major.slug for major in catalogue.majors_of_school[school_id]}
        assert len(related) <= MOST_RELATED
        near = []
        for one in related:
            other = catalogue.school_by_id[one.school_id]
            theirs = {major.slug for major in catalogue.majors_of_school[one.school_id]}
            assert other is not school
            assert one.shared == len(mine & theirs)
            near.append((other.city_code != school.city_code, -one.shared))
            assert other.province == school.province
        assert near == sorted(near)


def test_the_reason_is_told_in_words() -> None:
    """同在杭州，8 个相同专业."""
    [first, *_] = related_schools(real_catalogue())["hangzhou-jishi-xueyuan"]
    assert first.why == f"同在杭州，{first.shared} 个相同专业"
    assert first.shared > 0


def test_a_school_that_is_alone_in_its_province_has_none() -> None:
    """西藏技师学院 is the only one of its province; nothing far away is passed off as near."""
    assert related_schools(real_catalogue())["xizang-jishi-xueyuan"] == ()

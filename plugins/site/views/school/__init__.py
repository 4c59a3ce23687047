"""`/schools/<school_id>/`: one school, from official data and, where it has one, its profile.

One module for each part of the page; `page` puts them together.
"""

from plugins.site.views.school.page import NOTHING_CHANGED, SchoolView, pages, school_page
from plugins.site.views.school.story import Render

__all__ = ["NOTHING_CHANGED", "Render", "SchoolView", "pages", "school_page"]

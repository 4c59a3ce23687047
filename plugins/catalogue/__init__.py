"""The catalogue: load registers, plans, profiles and reference data; report every problem.

Pure: imports no Pelican. `load(content, today)` is the one way in.
"""

from plugins.catalogue.catalogue import Catalogue, Plan
from plugins.catalogue.load import find_content, load
from plugins.catalogue.problem import Problem, errors
from plugins.catalogue.read_notice import NATIONAL, Notice
from plugins.catalogue.read_profile import Profile, Section
from plugins.catalogue.reference import City, County, Major, Province, Reference
from plugins.catalogue.schema import Programme, School

__all__ = [
    "NATIONAL",
    "Catalogue",
    "City",
    "County",
    "Major",
    "Notice",
    "Plan",
    "Problem",
    "Profile",
    "Programme",
    "Province",
    "Reference",
    "School",
    "Section",
    "errors",
    "find_content",
    "load",
]

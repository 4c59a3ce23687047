"""Data out: the catalogue as files that programs and spreadsheets read. Pure: no Pelican."""

from plugins.open_data.aid_rules import aid_rules_json
from plugins.open_data.comparison import comparison_file, comparison_files
from plugins.open_data.sitemap import robots_txt, sitemap_files

__all__ = [
    "aid_rules_json",
    "comparison_file",
    "comparison_files",
    "robots_txt",
    "sitemap_files",
]

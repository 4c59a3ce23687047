"""Data out: the catalogue as files that programs and spreadsheets read. Pure: no Pelican."""

from plugins.open_data.aid_rules import aid_rules_json
from plugins.open_data.comparison import comparison_files
from plugins.open_data.downloads import download_files
from plugins.open_data.sitemap import robots_txt, sitemap_xml
from plugins.open_data.versions import TablesHistory, tables_history

__all__ = [
    "TablesHistory",
    "aid_rules_json",
    "comparison_files",
    "download_files",
    "robots_txt",
    "sitemap_xml",
    "tables_history",
]

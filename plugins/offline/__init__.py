"""What is read without a network: the service worker, saved provinces, and packs for USB sticks.

Everything here is made of the rendered tree, after its pages and before the guard: a list of the
files that a browser saves for a province, the province as a zip that opens from a disk, and the
worker that knows the page which stands in for others.
"""

from plugins.offline.files import OfflineFiles
from plugins.offline.part import ProvincePart, province_parts, search_file_of
from plugins.offline.search_bundle import search_bundle
from plugins.offline.web_manifest import web_manifest

__all__ = [
    "OfflineFiles", "ProvincePart", "province_parts", "search_bundle", "search_file_of",
    "web_manifest",
]  # fmt: skip

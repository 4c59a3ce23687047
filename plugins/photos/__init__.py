"""Photos: judge what a school sends in, and make the small clean copies that are published.

Pure: imports neither Pelican nor the catalogue. A contributed file is hostile until proven
otherwise, and the file itself is never published: only fresh pixels made from it are.

The way of a photo::

    path ─ inspect_photo ─▶ PhotoFacts ─ derive ─▶ Derivatives (WebP and JPEG, in the cache)
              │ or PhotoRefused(code, message, fix)

``inspect_photo`` reads the file as bytes (``files``), takes its container apart without decoding
it (``take_apart``), then decodes it once to be sure that it is whole. ``derive`` finds the copies
in the cache by content (``cache``) or makes them (``render``). ``derive_all`` does many at once.

Pillow is imported only when a picture must be decoded, so a build that finds every copy in the
cache never pays for it.
"""

from plugins.photos.cache import Derivative, Derivatives, find_derivatives
from plugins.photos.derive import derive, derive_all
from plugins.photos.inspect import PhotoFacts, inspect_photo
from plugins.photos.limits import WIDTHS_PX
from plugins.photos.refuse import CODES, PhotoRefused

__all__ = [
    "CODES",
    "WIDTHS_PX",
    "Derivative",
    "Derivatives",
    "PhotoFacts",
    "PhotoRefused",
    "derive",
    "derive_all",
    "find_derivatives",
    "inspect_photo",
]

"""Judge one contributed photo."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from plugins.photos import refuse
from plugins.photos.container import Container
from plugins.photos.files import read_regular_file
from plugins.photos.limits import EXTENSIONS, MAX_BYTES, PhotoFormat
from plugins.photos.orientation import SIDEWAYS
from plugins.photos.take_apart import take_apart


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A photo that may be published. ``sha256`` is of the file, in hex; ``width`` and ``height``
    are in pixels, as shown (EXIF orientation applied); ``bytes`` is the size of the file."""

    sha256: str
    format: PhotoFormat
    width: int
    height: int
    bytes: int


def inspect_photo(path: Path) -> PhotoFacts:
    """The facts of the photo at ``path``, or PhotoRefused with the reason.

    A photo is a regular file (no link, pipe or device) of at most 8 MB whose *content* is a
    still, whole JPEG, PNG or WebP of at most 25 megapixels and 16,000 pixels a side, and whose
    name ends accordingly in lower case. Size and kind are judged before anything is decoded;
    wholeness by decoding once (a JPEG at an eighth of its size, which is far cheaper).
    """
    data = read_regular_file(path, MAX_BYTES)
    container = take_apart(data)
    if path.suffix not in EXTENSIONS[container.format]:
        raise refuse.wrong_extension(container.format, path.suffix)
    _require_whole(container)
    width, height = container.width, container.height
    if container.orientation in SIDEWAYS:
        width, height = height, width
    return PhotoFacts(hashlib.sha256(data).hexdigest(), container.format, width, height, len(data))


def _require_whole(container: Container) -> None:
    # Pillow is imported only when there is something to decode.
    from plugins.photos.decode import decode

    decode(container, at_least=(1, 1)).close()

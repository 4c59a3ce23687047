"""Judge one contributed photo."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.cost_limits import BeyondLimits
from plugins.photos import refuse
from plugins.photos.container import Container
from plugins.photos.files import read_regular_file
from plugins.photos.limits import EXTENSIONS, MAX_BYTES, PhotoFormat
from plugins.photos.look import LONG_SIDE_PX, PhotoLook
from plugins.photos.look_cache import find_look, store_look
from plugins.photos.orientation import SIDEWAYS
from plugins.photos.take_apart import take_apart

if TYPE_CHECKING:
    from plugins.limited_later import Worker


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A photo that may be published. ``sha256`` is of the file, in hex; ``width`` and ``height``
    are in pixels, as shown (EXIF orientation applied); ``bytes`` is the size of the file; ``look``
    is what was measured of the picture, None where nobody looked."""

    sha256: str
    format: PhotoFormat
    width: int
    height: int
    bytes: int
    look: PhotoLook | None = None


def inspect_photo(
    path: Path, cache_dir: Path | None = None, worker: Worker | None = None
) -> PhotoFacts:
    """The facts of the photo at ``path``, or PhotoRefused with the reason.

    A photo is a regular file (no link, pipe or device) of at most 8 MB whose *content* is a
    still, whole JPEG, PNG or WebP of at most 25 megapixels and 16,000 pixels a side, and whose
    name ends accordingly in lower case. Size and kind are judged before anything is decoded;
    wholeness by decoding once (a large JPEG at an eighth of its size, which is far cheaper).
    With a ``cache_dir``, a photo that was found whole before is not decoded again. A ``worker``
    (``plugins.photos.worker``) decodes in another process: a photo that costs too much, or that
    crashes a decoder, is then refused (photo-too-costly) like any other.
    """
    data = read_regular_file(path, MAX_BYTES)
    container = take_apart(data)
    if path.suffix not in EXTENSIONS[container.format]:
        raise refuse.wrong_extension(container.format, path.suffix)
    digest = hashlib.sha256(data).hexdigest()
    look = find_look(digest, cache_dir) if cache_dir is not None else None
    if look is None:
        look = _look(container) if worker is None else _look_in(worker, container)
        if cache_dir is not None:
            store_look(digest, look, cache_dir)
    width, height = container.width, container.height
    if container.orientation in SIDEWAYS:
        width, height = height, width
    return PhotoFacts(digest, container.format, width, height, len(data), look)


def _look_in(worker: Worker, container: Container) -> PhotoLook:
    try:
        return worker.submit(_look, container).result()
    except BeyondLimits as beyond:
        raise refuse.too_costly(beyond.reason) from beyond


def _look(container: Container) -> PhotoLook:
    """What the picture looks like; raises PhotoRefused where it is not whole."""
    # Pillow is imported only when there is something to decode.
    from plugins.photos.decode import decode, refused_when_undecodable
    from plugins.photos.look import look_at
    from plugins.photos.render import TO_UPRIGHT, opaque

    enough = LONG_SIDE_PX * 3 // 4
    image = decode(container, at_least=(enough, enough))
    with refused_when_undecodable():
        image = opaque(image)
        if container.orientation in TO_UPRIGHT:
            image = image.transpose(TO_UPRIGHT[container.orientation])
        return look_at(image)

"""Make the published copies of photos, or find that they were made before."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plugins.photos import refuse
from plugins.photos.cache import (
    DerivativeFormat,
    Derivatives,
    find_derivatives,
    plan_sizes,
    store_derivatives,
)
from plugins.photos.files import read_regular_file
from plugins.photos.inspect import PhotoFacts
from plugins.photos.limits import MAX_BYTES
from plugins.photos.take_apart import take_apart

if TYPE_CHECKING:
    from PIL import Image

WEBP_QUALITY: Final = 64
WEBP_METHOD: Final = 2
"""Effort, 0 to 6: 2 takes half the time of 4 for about 4 % more bytes."""

JPEG_QUALITY: Final = 72
"""JPEG is for the few browsers without WebP; 72 looks about like WebP at 64."""


def derive(path: Path, facts: PhotoFacts, cache_dir: Path) -> Derivatives:
    """The published copies of the photo at ``path``, which inspect_photo found to be ``facts``.

    If the cache has them, the photo is not even opened. Otherwise they are made and stored there;
    the same photo always gives the same bytes. Raises PhotoRefused (photo-changed if the file is
    no longer the one inspected) and OSError when the cache cannot be written.
    """
    found = find_derivatives(facts, cache_dir)
    if found is not None:
        return found
    # Pillow is imported only when there is something to make.
    from plugins.photos.render import render

    data = read_regular_file(path, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise refuse.changed()
    largest_first = plan_sizes(facts)[::-1]
    encoded: dict[tuple[DerivativeFormat, int], bytes] = {}
    for image in render(take_apart(data), largest_first):
        encoded["webp", image.width] = _encode_webp(image)
        encoded["jpeg", image.width] = _encode_jpeg(image)
    return store_derivatives(facts, cache_dir, encoded)


def derive_all(
    photos: Sequence[tuple[Path, PhotoFacts]], cache_dir: Path, workers: int
) -> list[Derivatives]:
    """``derive`` for many photos at once, on ``workers`` threads; results in the order given.

    A photo that occurs several times is made once. If some fail, all others are still made and
    stored, then the first failure in the order given is raised, with its path as a note.
    """
    results = {facts.sha256: find_derivatives(facts, cache_dir) for _, facts in photos}
    to_make: dict[str, tuple[Path, PhotoFacts]] = {}
    for path, facts in photos:
        if results[facts.sha256] is None:
            to_make.setdefault(facts.sha256, (path, facts))
    if to_make:
        results |= _derive_on_threads(to_make, cache_dir, workers)
    return [found for _, facts in photos if (found := results[facts.sha256]) is not None]


def _derive_on_threads(
    photos: dict[str, tuple[Path, PhotoFacts]], cache_dir: Path, workers: int
) -> dict[str, Derivatives]:
    # Imported here: a build that finds everything in the cache needs no pool. Threads are enough,
    # because Pillow lets go of the interpreter while it decodes, scales and encodes.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = {
            sha256: pool.submit(derive, path, facts, cache_dir)
            for sha256, (path, facts) in photos.items()
        }
        try:
            errors = [future.exception() for future in futures.values()]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for (path, _), error in zip(photos.values(), errors, strict=True):
        if error is not None:
            error.add_note(str(path))
            raise error
    return {sha256: future.result() for sha256, future in futures.items()}


def _encode_webp(image: "Image.Image") -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return buffer.getvalue()


def _encode_jpeg(image: "Image.Image") -> bytes:
    buffer = BytesIO()
    image.save(
        buffer, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True, subsampling="4:2:0"
    )
    return buffer.getvalue()

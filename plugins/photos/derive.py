"""Make the published copies of photos, or find that they were made before."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from plugins.cost_limits import BeyondLimits
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
    from concurrent.futures import Executor, Future

    from PIL import Image

_Copies: TypeAlias = dict[tuple[DerivativeFormat, int], bytes]

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
    return store_derivatives(facts, cache_dir, make_copies(_read_inspected(path, facts), facts))


def make_copies(data: bytes, facts: PhotoFacts) -> _Copies:
    """The encoded copies of the photo with the bytes ``data``, by format and width in pixels.

    A pure function of picklable values: it may run in another process or on another machine, and
    again where one of them was lost. Raises PhotoRefused.
    """
    # Pillow is imported only when there is something to make.
    from plugins.photos.decode import refused_when_undecodable
    from plugins.photos.render import render

    largest_first = plan_sizes(facts)[::-1]
    encoded: _Copies = {}
    with refused_when_undecodable():
        for image in render(take_apart(data), largest_first):
            encoded["webp", image.width] = _encode_webp(image)
            encoded["jpeg", image.width] = _encode_jpeg(image)
    return encoded


def _read_inspected(path: Path, facts: PhotoFacts) -> bytes:
    data = read_regular_file(path, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise refuse.changed()
    return data


def derive_all(
    photos: Sequence[tuple[Path, PhotoFacts]],
    cache_dir: Path,
    workers: int,
    pool: Executor | None = None,
) -> list[Derivatives]:
    """``derive`` for many photos at once; results in the order given.

    The copies are made by ``pool``, which has ``workers`` workers: threads, processes here or
    machines elsewhere, which get the bytes and give bytes back; files are read and written here
    alone. Without a pool they are made by ``workers`` processes that are killed where a photo
    costs too much (photo-too-costly); see ``plugins.limited``.

    A photo that occurs several times is made once. If some fail, all others are still made and
    stored, then the first failure in the order given is raised, with its path as a note and, if
    it is a PhotoRefused, with the hash of its photo.
    """
    results = {facts.sha256: find_derivatives(facts, cache_dir) for _, facts in photos}
    to_make: dict[str, tuple[Path, PhotoFacts]] = {}
    for path, facts in photos:
        if results[facts.sha256] is None:
            to_make.setdefault(facts.sha256, (path, facts))
    if to_make and pool is not None:
        results |= _derive_in(pool, to_make.values(), cache_dir, workers)
    elif to_make:
        # Imported here: a build that finds everything in the cache needs no pool.
        from plugins.photos.worker import photo_workers

        with photo_workers(workers) as processes:
            results |= _derive_in(processes, to_make.values(), cache_dir, workers)
    return [found for _, facts in photos if (found := results[facts.sha256]) is not None]


def _derive_in(
    pool: Executor, photos: Iterable[tuple[Path, PhotoFacts]], cache_dir: Path, workers: int
) -> dict[str, Derivatives]:
    made: dict[str, Derivatives] = {}
    failures: list[tuple[Path, PhotoFacts, Exception]] = []
    under_way: deque[tuple[Path, PhotoFacts, Future[_Copies]]] = deque()

    def finish_oldest() -> None:
        path, facts, future = under_way.popleft()
        try:
            made[facts.sha256] = store_derivatives(facts, cache_dir, _result_of(future))
        except Exception as failure:
            failures.append((path, facts, failure))

    try:
        for path, facts in photos:
            try:
                data = _read_inspected(path, facts)
            except refuse.PhotoRefused as failure:
                # Those before it come first: they may have failed too.
                while under_way:
                    finish_oldest()
                failures.append((path, facts, failure))
                continue
            under_way.append((path, facts, pool.submit(make_copies, data, facts)))
            # Two for each worker keep it busy; more would only fill the memory.
            if len(under_way) >= 2 * workers:
                finish_oldest()
        while under_way:
            finish_oldest()
    except BaseException:
        for _, _, future in under_way:
            future.cancel()
        raise
    if failures:
        path, facts, first = failures[0]
        first.add_note(str(path))
        if isinstance(first, refuse.PhotoRefused):
            first.sha256 = facts.sha256
        raise first
    return made


def _result_of(future: Future[_Copies]) -> _Copies:
    try:
        return future.result()
    except BeyondLimits as beyond:
        raise refuse.too_costly(beyond.reason) from beyond


def _encode_webp(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return buffer.getvalue()


def _encode_jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(
        buffer, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True, subsampling="4:2:0"
    )
    return buffer.getvalue()

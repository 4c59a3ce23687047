"""What follows from the look of a photo: too small, blurred, a poster, the same as another one.

Only what cannot serve (a tiny picture, the very same file twice) is an error; what is measured by
a rule of thumb is a warning, because a person sees better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Final

from plugins.catalogue.problem import Problem, Severity
from plugins.photos import PhotoFacts
from plugins.photos.look import PhotoLook

LEAST_PX: Final = 480
"""Shortest longer side taken, in pixels: the narrowest published copy."""
GOOD_PX: Final = 960
"""Longer side, in pixels, below which a photo looks coarse on a wide screen."""
LEAST_SHARPNESS: Final = 40
"""Variance of the Laplacian below which a photo is blurred; sharp ones have some hundreds."""
MOST_WRITING: Final = 25
"""Share of printed text, in percent, from which a picture is taken for a poster."""
NEAR: Final = 5
"""Bits of 64 in which two fingerprints of alike photos may differ."""

_BITS: Final = 64
# Seven bands: five different bits leave at least two bands untouched, so alike photos always
# share one pair of bands, and a pair (about 18 bits) is rarely shared by chance.
_EDGES: Final = (0, 9, 18, 27, 36, 45, 54, _BITS)
_PLAIN_BITS: Final = 6
"""Fingerprints with fewer bits set (or unset) are of plain areas and prove nothing."""


def check_photos(photos: Mapping[str, PhotoFacts]) -> Iterator[Problem]:
    """What each photo looks like; `photos` are facts by path."""
    for path, facts in sorted(photos.items()):
        longer = max(facts.width, facts.height)
        size = f"照片只有 {facts.width}×{facts.height} 像素"
        if longer < LEAST_PX:
            yield _problem(
                path, "photo-too-small", "error", f"{size}，长边不到 {LEAST_PX}",
                "换成原来的照片，不用聊天软件里的缩略图；长边最好在 1600 像素以上",
            )  # fmt: skip
        elif longer < GOOD_PX:
            yield _problem(
                path, "photo-small", "warning", f"{size}，大屏幕上会不清楚",
                "有原来的照片就换上；长边最好在 1600 像素以上",
            )  # fmt: skip
        if facts.look is None:
            continue
        if facts.look.sharpness < LEAST_SHARPNESS:
            yield _problem(
                path, "photo-blurred", "warning", "照片看起来是模糊的",
                "打开看一看：没有对准焦、手抖了的，重拍一张；确实清楚的不用改",
            )  # fmt: skip
        if facts.look.writing >= MOST_WRITING:
            yield _problem(
                path, "photo-mostly-text", "warning",
                f"图片里约有 {facts.look.writing}% 是文字，像海报或截图",
                "文字写到正文里，手机上才看得清，搜得到，也能读出来；照片里放真实的场景",
            )  # fmt: skip


def check_same_photos(photos: Mapping[str, PhotoFacts]) -> Iterator[Problem]:
    """Photos that are the same as one before them (by path), or nearly; linear in their number."""
    by_file: dict[str, str] = {}
    # Only photos that are like none before them are kept, so that copies do not fill a bucket.
    buckets: dict[tuple[int, int, int, int], list[tuple[int, str]]] = {}
    for path, facts in sorted(photos.items()):
        if first := by_file.get(facts.sha256):
            yield _same(path, first, exact=True)
            continue
        by_file[facts.sha256] = path
        if facts.look is None or not _tells(facts.look):
            continue
        fingerprint = facts.look.fingerprint
        keys = _bands(fingerprint)
        near = {
            (difference, other)
            for key in keys
            for known, other in buckets.get(key, ())
            if (difference := (known ^ fingerprint).bit_count()) <= NEAR
        }
        if near:
            yield _same(path, min(near)[1], exact=False)
            continue
        for key in keys:
            buckets.setdefault(key, []).append((fingerprint, path))


def _tells(look: PhotoLook) -> bool:
    return _PLAIN_BITS <= look.fingerprint.bit_count() <= _BITS - _PLAIN_BITS


def _bands(fingerprint: int) -> list[tuple[int, int, int, int]]:
    bands = [
        (place, fingerprint >> start & (1 << end - start) - 1)
        for place, (start, end) in enumerate(pairwise(_EDGES))
    ]
    return [(*one, *other) for one, other in combinations(bands, 2)]


def _same(path: str, first: str, *, exact: bool) -> Problem:
    within = path.rpartition("/")[0] == first.rpartition("/")[0]
    shown = first.rpartition("/")[2] if within else first
    if within:
        return _problem(
            path, "photo-twice" if exact else "photo-alike", "error" if exact else "warning",
            f"和 {shown} 是同一张照片" if exact else f"和 {shown} 几乎一样",
            "只留一张；另一张换成别的场景",
        )  # fmt: skip
    return _problem(
        path, "photo-of-another-school" if exact else "photo-like-another-schools",
        "error" if exact else "warning",
        f"和 {shown} 是同一张照片" if exact else f"和 {shown} 几乎一样",
        "换成自己学校拍的照片；两校共用一处校园的，各拍一张",
    )  # fmt: skip


def _problem(path: str, code: str, severity: Severity, message: str, fix: str) -> Problem:
    return Problem(path, 1, code, severity, message, fix)

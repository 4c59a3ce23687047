"""What a contributed photo may be, and what is made of it. Every number carries its unit."""

from typing import Final, Literal, TypeAlias

PhotoFormat: TypeAlias = Literal["jpeg", "png", "webp"]

MAX_BYTES: Final = 8 * 1024 * 1024
"""Largest file taken, in bytes: the "8 MB" that a file manager shows."""

MAX_PIXELS: Final = 25_000_000
"""Largest picture taken, width × height in pixels: 25 megapixels, today's phones' largest."""

MAX_WEBP_PIXELS: Final = 12_600_000
"""Largest WebP taken, in pixels: 4096 × 3072, which is 12 megapixels of a phone. A WebP is always
decoded whole, in three copies of four bytes a pixel; at this size inspecting one takes 235 MB at
worst, at 25 megapixels it was 408."""

MAX_SIDE_PX: Final = 16_000
"""Longest side taken, in pixels: a copy keeps the shape, and WebP itself ends at 16,383."""

MAX_JPEG_SCANS: Final = 30
"""Most scans in one JPEG. Cameras and editors write 1 to about 14; each scan costs a pass over
the whole picture, so a file of thousands of empty scans would keep a machine busy for minutes."""

MAX_JPEG_SEGMENTS: Final = 2_000
"""Most marker segments in one JPEG; 8 MB of full segments is 128, generous metadata some 300."""

MAX_CHUNKS: Final = 20_000
"""Most chunks in one PNG or WebP. Editors write a PNG in chunks of 8 KB or more, which is 1,024 for
8 MB; a file of nothing but empty chunks would take a second to walk through."""

MAX_ICC_BYTES: Final = 4 * 1024 * 1024
"""Largest colour profile used, in bytes after decompression; printers' are up to about 2 MB.
A larger one is ignored, as if the photo had none."""

WIDTHS_PX: Final = (480, 960, 1600)
"""Widths of the published copies, in pixels, narrowest first. A photo is never enlarged."""

MAX_COPY_PIXELS: Final = 8_000_000
"""Largest published copy, width × height in pixels, such as 1600 × 5000. Wider copies of a very
tall photo are left out: they would be megabytes that no phone needs. The narrowest always fits,
because 480 × MAX_SIDE_PX does."""

EXTENSIONS: Final[dict[PhotoFormat, tuple[str, ...]]] = {
    "jpeg": (".jpg", ".jpeg"),
    "png": (".png",),
    "webp": (".webp",),
}
"""The file name endings that each format may have; the first is the one to recommend."""

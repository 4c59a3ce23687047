"""Make the published pixels of a photo: upright, in sRGB, on white, at each width."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image, ImageCms

from plugins.photos.container import Container
from plugins.photos.decode import decode
from plugins.photos.orientation import SIDEWAYS

_WHITE = (255, 255, 255)
_STRIP_PX = 256
TO_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def render(container: Container, sizes: Sequence[tuple[int, int]]) -> Iterator[Image.Image]:
    """One fresh RGB picture for each of ``sizes`` (width, height in pixels, as shown; largest
    first), each made from the one before it. Raises PhotoRefused."""
    width, height = sizes[0]
    stored = (height, width) if container.orientation in SIDEWAYS else (width, height)
    image = opaque(decode(container, at_least=stored))
    # Turning and converting colours comes after the first reduction: there is less to do.
    image = _to_srgb(_resize(image, stored), container.icc)
    if container.orientation in TO_UPRIGHT:
        image = image.transpose(TO_UPRIGHT[container.orientation])
    for size in sizes:
        image = _fresh(_resize(image, size))
        yield image


def opaque(image: Image.Image) -> Image.Image:
    """The picture without transparency (white shows through), as L, RGB or CMYK."""
    if image.mode == "I;16":
        # The high byte of each little-endian pair: Pillow's own conversion would clip, not scale.
        return Image.frombytes("L", image.size, image.tobytes()[1::2])
    if image.has_transparency_data:
        shown = Image.new("RGB", image.size, _WHITE)
        # In strips: a second whole picture in memory would double what a hostile file can cost.
        for top in range(0, image.height, _STRIP_PX):
            bottom = min(top + _STRIP_PX, image.height)
            strip = image.crop((0, top, image.width, bottom)).convert("RGBA")
            shown.paste(strip, (0, top), strip)
        return shown
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _resize(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    if icc is not None:
        try:
            return _convert_by_profile(image, icc)
        except (ImageCms.PyCMSError, ImportError):
            # A profile that is broken or for other channels is as good as none. The import fails
            # where Pillow was built without colour management.
            pass
    return image.convert("RGB")


def _convert_by_profile(image: Image.Image, icc: bytes) -> Image.Image:
    srgb = ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(BytesIO(icc), srgb, image.mode, "RGB").apply(image)


def _fresh(image: Image.Image) -> Image.Image:
    """The pixels alone: a new picture cannot carry anything over from the contributed file."""
    fresh = Image.new("RGB", image.size)
    fresh.paste(image)
    return fresh

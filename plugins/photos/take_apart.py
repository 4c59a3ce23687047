"""Tell what a file is by its first bytes, and hand it to the reader of that format."""

from typing import Final

from plugins.photos import refuse
from plugins.photos.container import Container
from plugins.photos.jpeg import read_jpeg
from plugins.photos.limits import PhotoFormat
from plugins.photos.png import read_png
from plugins.photos.webp import read_webp


def sniff(data: bytes) -> PhotoFormat | None:
    """The format that the first bytes of ``data`` announce, or None if it is none of ours."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return None


def take_apart(data: bytes) -> Container:
    """Take ``data`` apart. Raises PhotoRefused: not one of our formats, too many pixels,
    animated, cut off, damaged or of an unusual coding."""
    match sniff(data):
        case "jpeg":
            return read_jpeg(data)
        case "png":
            return read_png(data)
        case "webp":
            return read_webp(data)
        case None:
            raise _refuse_stranger(data)


_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_HEIC_FIX: Final = (
    "请另存为 JPEG（.jpg）后再提交。苹果手机可以在“设置 → 相机 → 格式”里选“兼容性最佳”，"
    "以后拍的照片就是 JPEG。"
)
_STRANGERS: Final = (
    (b"GIF8", " GIF 图片"),
    (b"BM", " BMP 图片"),
    (b"II*\0", " TIFF 图片"),
    (b"MM\0*", " TIFF 图片"),
    (b"8BPS", " Photoshop 文件"),
    (b"%PDF", " PDF 文档"),
    (b"PK\x03\x04", "压缩包或办公文档"),
    (b"\xd0\xcf\x11\xe0", "办公文档"),
)


def _refuse_stranger(data: bytes) -> refuse.PhotoRefused:
    if data[4:8] == b"ftyp":
        if data[8:12] in _HEIC_BRANDS:
            return refuse.not_allowed(" HEIC 照片（苹果手机常用）", _HEIC_FIX)
        if data[8:12] in (b"avif", b"avis"):
            return refuse.not_allowed(" AVIF 图片")
        return refuse.not_allowed("视频")
    for start, name in _STRANGERS:
        if data.startswith(start):
            return refuse.not_allowed(name)
    text = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in text:
        return refuse.not_allowed(" SVG 图形")
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<?xml", b"<!--")):
        return refuse.not_allowed("网页或文本")
    return refuse.not_allowed("无法识别的数据")

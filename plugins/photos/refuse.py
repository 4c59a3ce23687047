"""Every way a photo is refused, with the words the contributor reads.

One function for each reason, so that code, message and fix stay together. Messages say what is
wrong with this very file; fixes say what to do with an ordinary phone or computer.
"""

from typing import Final, Literal, TypeAlias, get_args

from plugins.cost_limits import LIMITS, Reason
from plugins.photos.limits import EXTENSIONS, MAX_BYTES, MAX_PIXELS, MAX_SIDE_PX, PhotoFormat

PhotoCode: TypeAlias = Literal[
    "photo-animated",
    "photo-changed",
    "photo-not-a-file",
    "photo-not-allowed-format",
    "photo-too-costly",
    "photo-too-many-bytes",
    "photo-too-many-pixels",
    "photo-truncated",
    "photo-unreadable",
    "photo-wrong-extension",
]

CODES: Final[tuple[PhotoCode, ...]] = get_args(PhotoCode)
"""Every code that PhotoRefused can carry, sorted. Codes are stable."""

_NAMES: Final[dict[PhotoFormat, str]] = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP"}

_SAVE_AS_JPEG = "请用看图软件打开照片，另存为 JPEG（.jpg）后再提交。"
_SHRINK = "请用手机或看图软件把照片的长边缩小到 4000 像素以内，另存为 JPEG（.jpg）后再提交。"
_SEND_AGAIN = "请找到原来的照片，确认能正常打开，再重新复制或上传一次。"


class PhotoRefused(Exception):
    """A photo that cannot be published. ``message`` and ``fix`` are Chinese sentences to show.

    ``sha256`` names the file that was inspected before and refused later; empty otherwise.
    """

    def __init__(self, code: PhotoCode, message: str, fix: str) -> None:
        super().__init__(code, message, fix)
        self.sha256 = ""
        self.code: PhotoCode = code
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.code}: {self.message}{self.fix}"


def missing() -> PhotoRefused:
    """No file has this name."""
    return PhotoRefused(
        "photo-not-a-file",
        "找不到这张照片。",
        "请确认照片已经放进学校的文件夹，文件名（包括大小写和后缀）与填写的一致。",
    )


def not_a_file(kind: str) -> PhotoRefused:
    """The name belongs to something that is not a regular file (``kind`` says what)."""
    return PhotoRefused(
        "photo-not-a-file",
        f"这里应该是一张照片，实际是{kind}。",
        "请删掉它，把照片文件本身放到这个位置。",
    )


def no_access() -> PhotoRefused:
    """The file exists, but the system does not let us read it."""
    return PhotoRefused(
        "photo-unreadable",
        "系统不允许读取这张照片，或磁盘读取出错。",
        "请检查文件的读取权限，或换一个位置重新保存这张照片。",
    )


def empty() -> PhotoRefused:
    """The file has no bytes."""
    return PhotoRefused("photo-unreadable", "这个文件是空的（0 字节）。", _SEND_AGAIN)


def damaged() -> PhotoRefused:
    """The file has the right beginning, but its content cannot be decoded."""
    return PhotoRefused("photo-unreadable", "照片文件已损坏，无法读出画面。", _SEND_AGAIN)


def unusual_coding() -> PhotoRefused:
    """A legal but exotic variant that photos do not use."""
    return PhotoRefused(
        "photo-unreadable", "这张照片用了很少见的编码方式，本站无法处理。", _SAVE_AS_JPEG
    )


def truncated() -> PhotoRefused:
    """The file ends too early."""
    return PhotoRefused(
        "photo-truncated", "照片文件不完整，后面缺了一部分（可能没有传完）。", _SEND_AGAIN
    )


def animated(format_: PhotoFormat) -> PhotoRefused:
    """An animation: APNG or animated WebP."""
    return PhotoRefused(
        "photo-animated",
        f"这是会动的 {_NAMES[format_]} 图片，本站只收静止的照片。",
        "请换一张静止的照片，或截取其中一幅画面另存为 JPEG（.jpg）后再提交。",
    )


def not_allowed(what: str, fix: str = "") -> PhotoRefused:
    """The content is not JPEG, PNG or WebP; ``what`` names what it is, as far as known."""
    return PhotoRefused(
        "photo-not-allowed-format",
        f"文件内容是{what}，本站只收 JPEG、PNG 和 WebP 照片。",
        fix or _SAVE_AS_JPEG + "只改文件名的后缀没有用。",
    )


def wrong_extension(format_: PhotoFormat, suffix: str) -> PhotoRefused:
    """Content and file name ending disagree, or the ending is not in lower case."""
    right = EXTENSIONS[format_]
    name = _NAMES[format_]
    if suffix.lower() in right:
        message = f"文件名的后缀“{suffix}”要用小写字母。"
    elif suffix:
        message = f"文件名的后缀是“{suffix}”，内容却是 {name} 照片，两者不一致。"
    else:
        message = f"文件名没有后缀，内容是 {name} 照片。"
    recommended = suffix.lower() if suffix.lower() in right else right[0]
    return PhotoRefused(
        "photo-wrong-extension",
        message,
        f"请把文件名的后缀改成“{recommended}”，引用这张照片的地方也一起改。",
    )


def too_many_bytes(size: int) -> PhotoRefused:
    """The file is larger than MAX_BYTES; ``size`` is in bytes."""
    # Rounded up to the next tenth, so that a file just over the limit never reads "8.0 MB".
    tenths = -(-size * 10 // (1024 * 1024))
    return PhotoRefused(
        "photo-too-many-bytes",
        f"照片有 {tenths // 10}.{tenths % 10} MB，超过了 {MAX_BYTES // (1024 * 1024)} MB 的上限。",
        _SHRINK,
    )


def too_many_pixels(width: int, height: int, max_pixels: int = MAX_PIXELS) -> PhotoRefused:
    """More than ``max_pixels`` in all, or more than MAX_SIDE_PX on one side; sizes in pixels."""
    if width * height > MAX_PIXELS:
        limit = f"超过了 {MAX_PIXELS // 10_000} 万像素的上限"
    elif width * height > max_pixels:
        limit = (
            f"超过了 WebP 照片 {max_pixels // 10_000} 万像素的上限"
            f"（JPEG 和 PNG 可以到 {MAX_PIXELS // 10_000} 万）"
        )
    else:
        limit = f"最长的一边超过了 {MAX_SIDE_PX} 像素的上限"
    return PhotoRefused(
        "photo-too-many-pixels", f"照片的尺寸是 {width}×{height} 像素，{limit}。", _SHRINK
    )


def too_costly(reason: Reason) -> PhotoRefused:
    """Decoding took more than one photo may cost, or it killed the worker that did it."""
    what = {
        "time": f"处理这张照片超过 {LIMITS.cpu_s:g} 秒，已停止。",
        "memory": f"处理这张照片要用的内存超过 {LIMITS.memory_mb} MB，已停止。",
        "crash": "这张照片让解码程序出错退出了。",
    }[reason]
    return PhotoRefused("photo-too-costly", what, _SHRINK)


def changed() -> PhotoRefused:
    """Between inspection and processing, the file became another one."""
    return PhotoRefused(
        "photo-changed",
        "检查之后，这张照片又被改动了。",
        "请等文件保存好以后，再重新运行一次。",
    )

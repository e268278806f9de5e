"""Pictures through Pillow: each frame as a page, decoded, upright and grey, and the words kept beside the pixels.

A picture too small or too plain to hold a word ends here as empty. The size in the head is checked before anything is
decoded, and only the decoder of the format that the first bytes name is ever given the file.
"""

import importlib.util
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from rollcall.items.headers import one_line, safe
from rollcall.items.ocr.look import why_empty
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.pixels import PAGE, page_bytes, page_size
from rollcall.items.plates import upright_grey
from rollcall.items.readable import Readable

if TYPE_CHECKING:
    from PIL.Image import Image

# (offset, bytes there, media type, Pillow's name of the format)
FORMATS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "PNG"),
    (0, b"\xff\xd8\xff", "image/jpeg", "JPEG"),
    (0, b"II*\0", "image/tiff", "TIFF"),
    (0, b"MM\0*", "image/tiff", "TIFF"),
    (0, b"II+\0", "image/tiff", "TIFF"),
    (0, b"MM\0+", "image/tiff", "TIFF"),
    (0, b"GIF87a", "image/gif", "GIF"),
    (0, b"GIF89a", "image/gif", "GIF"),
    (8, b"WEBP", "image/webp", "WEBP"),
    (0, b"BM", "image/bmp", "BMP"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2", "JPEG2000"),
    (0, b"\xff\x4f\xff\x51", "image/jp2", "JPEG2000"),
    (4, b"ftypavif", "image/avif", "AVIF"),
    (4, b"ftypheic", "image/heic", "HEIF"),
    (4, b"ftypheix", "image/heic", "HEIF"),
    (4, b"ftypmif1", "image/heif", "HEIF"),
    (0, b"8BPS", "image/vnd.adobe.photoshop", "PSD"),
    (0, b"P1", "image/x-portable-anymap", "PPM"),
    (0, b"P2", "image/x-portable-anymap", "PPM"),
    (0, b"P3", "image/x-portable-anymap", "PPM"),
    (0, b"P4", "image/x-portable-anymap", "PPM"),
    (0, b"P5", "image/x-portable-anymap", "PPM"),
    (0, b"P6", "image/x-portable-anymap", "PPM"),
)
_MOVING = frozenset(("GIF", "WEBP", "PNG", "AVIF"))
_MOST_FRAMES = 40  # of a moving picture; each is drawn over the ones before it
_BMP_HEADS = frozenset((12, 40, 52, 56, 64, 108, 124))
_CHUNK = 1 << 20
# What Pillow raises at damaged pixels or tags.
_BROKEN = (OSError, ValueError, SyntaxError, LookupError, TypeError, EOFError, ArithmeticError, AttributeError)
# EXIF and TIFF: DocumentName, ImageDescription, PageName, Artist, UserComment, and what Windows lets people write.
_TAGS = {0x010D, 0x010E, 0x011D, 0x013B, 0x9286, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F}
_EXIF_FOLDER = 0x8769


def format_of(untrusted: Readable) -> str:
    """Return Pillow's name of the format that the first bytes name, or "" where none does."""
    head = untrusted.read_at(0, 32)
    for offset, magic, _, name in FORMATS:
        if head.startswith(magic, offset):
            if name == "BMP" and int.from_bytes(head[14:18], "little") not in _BMP_HEADS:
                continue
            if name == "WEBP" and not head.startswith(b"RIFF"):
                continue
            if name == "PPM" and not re.match(rb"P[1-6]\s+(#|\d+\s)", head):
                continue
            return name
    return ""


def looks_like(untrusted: Readable) -> bool:
    """Decide by the signature; a page that is pixels already is not taken for a file of one."""
    return format_of(untrusted) != "" and page_size(untrusted) is None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each frame as a page, then the words beside the pixels."""
    name = format_of(untrusted)
    if name == "HEIF" and importlib.util.find_spec("pillow_heif") is None:
        yield Fault(code="needs_tool", detail="pillow-heif")
        return
    image = _opened(untrusted, name)
    if isinstance(image, Fault):
        yield image
        return
    with image:
        small = image.width * image.height <= limits.max_pixels  # some tags are read only with all pixels
        yield from _frames(image, name, limits)
        if small and (told := "\n".join(dict.fromkeys(filter(None, map(safe, _words(image)))))):
            yield Text(text=told[: limits.max_text], kind="note", label="properties", hidden=True)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return one frame again by its locator."""
    image = _opened(untrusted, format_of(untrusted))
    if isinstance(image, Fault):
        raise ContentError(image.code, image.detail)
    with image:
        number = int(locator.removeprefix("page ")) - 1
        image.seek(number)
        if image.width * image.height > limits.max_pixels:
            raise ContentError("too_large", f"{image.width} x {image.height} pixels")
        _loaded(image)
        return _inner(number, page_bytes(upright_grey(image)))


def _opened(untrusted: Readable, name: str) -> "Image | Fault":
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # sizes are checked here, by the case's own limit
    if name == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        return Image.open(untrusted.stream(), formats=[name])
    except _BROKEN as error:
        return Fault(code="corrupt", detail=f"head of the picture: {type(error).__name__}")


def _frames(image: "Image", name: str, limits: Limits) -> Iterator[Yield]:
    most = min(limits.max_pages, _MOST_FRAMES) if name in _MOVING else limits.max_pages
    number = 0
    while True:
        where = f"page {number + 1}"
        try:
            image.seek(number)
        except EOFError:
            break
        except _BROKEN as error:
            yield Fault(code="partial", detail=f"frame: {type(error).__name__}", locator=where)
            break
        if number >= most:
            yield Fault(code="too_large", detail=f"more than {most} frames")
            break
        yield from _frame(image, number, where, limits)
        number += 1


def _frame(image: "Image", number: int, where: str, limits: Limits) -> Iterator[Yield]:
    if image.width * image.height > limits.max_pixels:
        yield Fault(code="too_large", detail=f"{image.width} x {image.height} pixels", locator=where)
        return
    try:
        whole = _loaded(image)
        grey = upright_grey(image)
    except _BROKEN as error:
        yield Fault(code="corrupt", detail=f"pixels: {type(error).__name__}", locator=where)
        return
    if reason := why_empty(grey):
        yield Fault(code="no_text", detail=reason, locator=where, part=True)
    else:
        yield _inner(number, page_bytes(grey))
    if not whole:
        yield Fault(code="truncated", detail="what was decoded is read", locator=where, part=True)


def _inner(number: int, data: bytes) -> Inner:
    return Inner(
        locator=f"page {number + 1}",
        kind="page",
        media_type=PAGE,
        size=len(data),
        chunks=partial(_chunks, data),
    )


def _chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


def _loaded(image: "Image") -> bool:
    """Decode a frame and say whether it was whole; of one cut short, what there is."""
    from PIL import ImageFile

    try:
        image.load()
    except OSError:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        return False
    return True


def _words(image: "Image") -> Iterator[str]:
    """Yield what people or programs wrote beside the pixels, in lines."""
    for read in (_comments, _tags, _packet):
        try:
            yield from [one_line(line) for line in read(image)]
        except _BROKEN:  # tags that break their own format hold nothing that any program shows
            continue


def _comments(image: "Image") -> Iterator[str]:
    for key, value in image.info.items():
        told = image.format == "PNG" and isinstance(value, str) and not str(key).startswith(("XML:", "Raw profile"))
        if told or key == "comment":
            yield from _decoded(value).splitlines()


def _tags(image: "Image") -> Iterator[str]:
    exif = image.getexif()
    tags: dict[int, Any] = {**dict(exif), **exif.get_ifd(_EXIF_FOLDER), **dict(getattr(image, "tag_v2", None) or {})}
    for number in sorted(_TAGS & tags.keys()):
        value = tags[number]
        wide = number >= 0x9C9B and isinstance(value, (bytes, tuple))
        yield bytes(value).decode("utf-16-le", "ignore").strip("\0 ") if wide else _decoded(value)


def _packet(image: "Image") -> Iterator[str]:
    """Yield the words of an XMP packet."""
    packet = _decoded(image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or "")
    for title in re.findall(r"<(?:dc:(?:title|description|subject)|photoshop:Headline)\b.*?</", packet, re.DOTALL):
        yield from re.sub(r"<[^>]*>?", "\n", title).splitlines()


def _decoded(value: Any) -> str:
    if isinstance(value, tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        value = value.removeprefix(b"ASCII\0\0\0").removeprefix(b"UNICODE\0").decode("utf-8", "replace")
    return str(value).strip("\0 ")


PARSER = Parser(
    name="image",
    version=1,
    media_types=tuple(dict.fromkeys(media_type for _, _, media_type, _ in FORMATS)),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
)

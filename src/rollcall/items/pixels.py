"""Pages as pixels: what every picture of text is turned into, so that equal pages are one content wherever they occur.

A page is a binary PGM: eight grey bits a pixel, rows from the top. Its bytes are named by their hash like any content.
"""

import re
from typing import TYPE_CHECKING

from rollcall.items.readable import Readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAGE = "image/x-portable-graymap"  # contents of this type are read by the task `items.ocr`
_HEADER = re.compile(rb"P5\n(\d{1,6}) (\d{1,6})\n255\n")


def page_bytes(grey: "NDArray[np.uint8]") -> bytes:
    """Return a picture as a page."""
    high, wide = grey.shape
    return b"P5\n%d %d\n255\n" % (wide, high) + grey.tobytes()


def page_size(readable: Readable) -> tuple[int, int, int] | None:
    """Return where the pixels of a page begin, its width and its height; None where it is no page."""
    match = _HEADER.match(readable.read_at(0, 32))
    if match is None or not int(match[1]) or not int(match[2]):
        return None
    return match.end(), int(match[1]), int(match[2])


def page_pixels(readable: Readable) -> "NDArray[np.uint8] | None":
    """Return the pixels of a page; None where some are missing."""
    import numpy as np

    size = page_size(readable)
    if size is None:
        return None
    start, wide, high = size
    data = readable.read_at(start, wide * high)
    if len(data) < wide * high:
        return None
    return np.frombuffer(data, np.uint8).reshape(high, wide)

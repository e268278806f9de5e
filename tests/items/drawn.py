"""Lines of text as grey pixels, cut to what is drawn on."""

from collections.abc import Sequence

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from rollcall.demo.writers.pdf import write_pages


def drawn(lines: Sequence[str], dots: int) -> NDArray[np.uint8]:
    """Return the lines in black on white, with a little room around them."""
    with pypdfium2.PdfDocument(write_pages([list(lines)], mono=False)) as document:
        page = np.asarray(document[0].render(scale=dots / 72, grayscale=True).to_pil().convert("L"))
    rows, columns = np.flatnonzero((page < 128).any(axis=1)), np.flatnonzero((page < 128).any(axis=0))
    room = dots // 4
    top, left = max(0, rows[0] - room), max(0, columns[0] - room)
    return np.ascontiguousarray(page[top : rows[-1] + room, left : columns[-1] + room])

"""Read lines cut out of a page: characters, each with its place along the line and how sure it is."""

from typing import TYPE_CHECKING, NamedTuple

from rollcall.items.ocr.find import Box
from rollcall.items.ocr.models import reader, turner

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEIGHT = 48  # of a line as the network reads it
NARROWEST, WIDEST = 16, 6_400  # pixels; what is longer is squeezed
BATCH_PIXELS = 3_200  # widths of one batch together: bounds the memory
TURNED_LINES = 24  # looked at to say which way up a page is
_TURN_WIDTH = 192


class Letter(NamedTuple):
    """A character, its place along the line from 0 to 1, and how sure it is."""

    char: str
    at: float
    score: float


def cut_out(grey: "NDArray[np.uint8]", box: Box, angle: float) -> "NDArray[np.uint8]":
    """Return a line as an upright strip of HEIGHT pixels, its writing turned by `angle`."""
    import cv2
    import numpy as np

    ratio = HEIGHT / max(box.height, 1.0)
    width = round(min(max(box.length * ratio, NARROWEST), WIDEST))
    turned = np.deg2rad(angle)
    along = np.array([np.cos(turned), np.sin(turned)], np.float32) * box.length / 2
    across = np.array([-np.sin(turned), np.cos(turned)], np.float32) * box.height / 2
    middle = np.array([box.x, box.y], np.float32)
    corners = np.array([middle - along - across, middle + along - across, middle - along + across], np.float32)
    target = np.array([[0, 0], [width, 0], [0, HEIGHT]], np.float32)
    source = grey
    if ratio < 0.6:  # a strip made much smaller by interpolation alone loses thin strokes
        source, corners = _shrunk(grey, corners, ratio)
    matrix = cv2.getAffineTransform(corners, target)
    strip: NDArray[np.uint8] = cv2.warpAffine(
        source, matrix, (width, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return strip


def _shrunk(
    grey: "NDArray[np.uint8]", corners: "NDArray[np.float32]", ratio: float
) -> "tuple[NDArray[np.uint8], NDArray[np.float32]]":
    import cv2
    import numpy as np

    last = corners[1] + corners[2] - corners[0]
    around = np.vstack([corners, last])
    high, wide = grey.shape
    left, top = (max(0, int(value)) for value in around.min(axis=0) - 2)
    right, bottom = (int(value) for value in around.max(axis=0) + 3)
    piece = grey[top : max(top + 1, min(bottom, high)), left : max(left + 1, min(right, wide))]
    small = cv2.resize(piece, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    factor = np.array([small.shape[1] / piece.shape[1], small.shape[0] / piece.shape[0]], np.float32)
    return small, ((corners - np.array([left, top], np.float32)) * factor).astype(np.float32)


def stand_on_head(strips: "list[NDArray[np.uint8]]") -> bool:
    """Decide whether the lines of a page stand on their heads, by the vote of the longest."""
    import cv2
    import numpy as np

    longest = sorted(strips, key=lambda strip: -strip.shape[1])[:TURNED_LINES]
    if not longest:
        return False
    array = np.zeros((len(longest), 1, HEIGHT, _TURN_WIDTH), np.float32)
    for number, strip in enumerate(longest):
        piece = strip[:, : HEIGHT * 4]
        if piece.shape[1] > _TURN_WIDTH:
            piece = cv2.resize(piece, (_TURN_WIDTH, HEIGHT))
        array[number, 0, :, : piece.shape[1]] = piece.astype(np.float32) / 127.5 - 1.0
    says = turner()(np.repeat(array, 3, axis=1))
    return float(says[:, 1].mean()) > 0.5


def read_strips(strips: "list[NDArray[np.uint8]]") -> list[list[Letter]]:
    """Return what stands on each strip; strips of like widths are read together."""
    found: list[list[Letter]] = [[] for _ in strips]
    order = sorted(range(len(strips)), key=lambda number: strips[number].shape[1])
    batch: list[int] = []
    for number in order:
        if batch and strips[number].shape[1] * (len(batch) + 1) > BATCH_PIXELS:
            _read_batch(strips, batch, found)
            batch = []
        batch.append(number)
    if batch:
        _read_batch(strips, batch, found)
    return found


def _read_batch(strips: "list[NDArray[np.uint8]]", batch: list[int], found: list[list[Letter]]) -> None:
    import numpy as np

    network, characters = reader()
    width = max(strips[number].shape[1] for number in batch)
    array = np.zeros((len(batch), 1, HEIGHT, width), np.float32)
    for place, number in enumerate(batch):
        strip = strips[number]
        array[place, 0, :, : strip.shape[1]] = strip.astype(np.float32) / 127.5 - 1.0
    says = network(np.repeat(array, 3, axis=1))
    best, score = says.argmax(axis=2), says.max(axis=2)
    steps = says.shape[1]
    for place, number in enumerate(batch):
        share = width / steps / strips[number].shape[1]
        before = 0
        for step in range(steps):
            code = int(best[place, step])
            if code and code != before:
                found[number].append(
                    Letter(characters[code], min(1.0, (step + 0.5) * share), float(score[place, step]))
                )
            before = code

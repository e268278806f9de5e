"""From a decoded picture to a grey page: upright as the camera says, on paper, in eight bits."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image, Transpose

_ORIENTATION = 0x0112
_WIDE = frozenset(("I", "F", "I;16", "I;16L", "I;16B", "I;16N"))
_SEEN = 128  # alpha from which a pixel is seen
_LIGHT, _DARK = 200, 100
_FEW = 0.005  # of the pixels seen
_SQUARE, _LONGEST = 1.2, 4.2  # how much longer than wide a pixel is: less is square, more is a mistake
_FLAT = 60  # grey levels between dark and light where colours may part what grey does not


def upright_grey(image: "Image") -> "NDArray[np.uint8]":
    """Return a loaded picture as grey pixels, upright by its EXIF, what is transparent as paper."""
    import numpy as np
    from PIL import Image

    if image.mode in _WIDE:
        grey = _spread(np.asarray(image))
    elif "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        grey = _flattened(np.asarray(image.convert("RGBA")))
    elif image.mode in ("1", "L"):
        grey = np.asarray(image.convert("L"))
    else:
        grey = _one_channel(np.asarray(image.convert("RGB")))
    grey = _squared(grey, image.info.get("dpi"))
    method = _transposition(image)
    if method is not None:
        grey = np.asarray(Image.fromarray(grey).transpose(method))
    return np.ascontiguousarray(grey)


def _squared(grey: "NDArray[np.uint8]", dpi: object) -> "NDArray[np.uint8]":
    """Return the pixels of a fax as squares: its lines lie wider apart than the dots in them."""
    import cv2
    import numpy as np

    if not (isinstance(dpi, tuple) and len(dpi) == 2 and all(float(one) > 0 for one in dpi)):
        return grey
    stretch = float(dpi[0]) / float(dpi[1])
    high, wide = grey.shape
    if not _SQUARE < max(stretch, 1 / stretch) <= _LONGEST:
        return grey
    size = (wide, round(high * stretch)) if stretch > 1 else (round(wide / stretch), high)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _transposition(image: "Image") -> "Transpose | None":
    from PIL.Image import Transpose

    try:
        way = image.getexif().get(_ORIENTATION)
    except (OSError, ValueError, SyntaxError, LookupError, TypeError):  # EXIF that breaks its own format says nothing
        return None
    return {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(way if isinstance(way, int) else 0)


def _spread(deep: "NDArray[np.generic]") -> "NDArray[np.uint8]":
    """Return pixels of more than eight bits in eight, from the darkest to the lightest there is."""
    import numpy as np

    values = np.nan_to_num(deep.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    return np.asarray((values - low) * (255.0 / (high - low or 1.0))).astype(np.uint8)


def _flattened(pixels: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """Return pixels on white; on black where all that is seen is light, on grey where it is light and dark.

    White letters on nothing would be gone on white.
    """
    import numpy as np

    grey = _one_channel(pixels[:, :, :3]).astype(np.float32)
    alpha = pixels[:, :, 3]
    seen = grey[alpha >= _SEEN]
    paper = 255
    if len(seen):
        light, dark = float((seen >= _LIGHT).mean()), float((seen <= _DARK).mean())
        if light > _FEW:
            paper = 0 if light > 1 - 2 * _FEW else 128 if dark > _FEW else 255 if light < 0.5 else 0
    share = alpha.astype(np.float32) / 255.0
    return np.asarray(grey * share + paper * (1 - share)).round().astype(np.uint8)


def _one_channel(pixels: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """Return colours as grey; where they differ in colour more than in light, by the channel that parts them best."""
    import numpy as np

    grey = (pixels[:, :, :3].astype(np.uint16) @ np.array([77, 150, 29], np.uint16) >> 8).astype(np.uint8)
    step = max(1, int((grey.size / 250_000) ** 0.5))
    few = pixels[::step, ::step, :3]
    if _range(grey[::step, ::step]) >= _FLAT:
        return grey
    ranges = [_range(few[:, :, channel]) for channel in range(3)]
    best = max(range(3), key=ranges.__getitem__)
    if ranges[best] < 2 * _range(grey[::step, ::step]):
        return grey
    return np.ascontiguousarray(pixels[:, :, best])


def _range(values: "NDArray[np.uint8]") -> float:
    import numpy as np

    low, high = np.percentile(values, (0.5, 99.5))
    return float(high - low)

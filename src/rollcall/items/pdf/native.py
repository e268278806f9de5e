"""PDFium's calls that are made once a character or once an object, without the checks ctypes makes on each argument.

A page has thousands of characters; a checked call costs more than what it asks for.
"""

import ctypes
import functools
from collections.abc import Callable
from typing import Any

_INT, _PTR, _UINT, _FLOAT = ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_float
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "FPDFText_GetLooseCharBox": (_INT, _PTR, _INT, _PTR),
    "FPDFText_GetUnicode": (_UINT, _PTR, _INT),
    "FPDFText_IsGenerated": (_INT, _PTR, _INT),
    "FPDFText_GetCharAngle": (_FLOAT, _PTR, _INT),
    "FPDFText_GetRect": (_INT, _PTR, _INT, _PTR, _PTR, _PTR, _PTR),
    "FPDFPage_GetObject": (_PTR, _PTR, _INT),
    "FPDFFormObj_GetObject": (_PTR, _PTR, ctypes.c_ulong),
    "FPDFPageObj_GetType": (_INT, _PTR),
    "FPDFPageObj_GetBounds": (_INT, _PTR, _PTR, _PTR, _PTR, _PTR),
    "FPDFPageObj_GetMatrix": (_INT, _PTR, _PTR),
    "FPDFPath_CountSegments": (_INT, _PTR),
    "FPDFPath_GetPathSegment": (_PTR, _PTR, _INT),
    "FPDFPathSegment_GetPoint": (_INT, _PTR, _PTR, _PTR),
    "FPDFPathSegment_GetType": (_INT, _PTR),
    "FPDFPathSegment_GetClose": (_INT, _PTR),
}


@functools.cache
def call(name: str) -> Callable[..., Any]:
    """Return one of PDFium's functions; its arguments are addresses and numbers."""
    import pypdfium2.raw as raw

    prototype = ctypes.CFUNCTYPE(*_SIGNATURES[name])
    found: Callable[..., Any] = prototype(address(getattr(raw, name)))
    return found


def address(handle: Any) -> int:
    """Return the address behind a handle of PDFium."""
    return ctypes.cast(getattr(handle, "raw", handle), ctypes.c_void_p).value or 0


def wide(read: Callable[..., int], *arguments: Any) -> str:
    """Return a string that PDFium writes as UTF-16 into a buffer of the size it asked for."""
    import pypdfium2.raw as raw

    size = read(*arguments, None, 0)
    if not 2 < size < 1 << 24:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")

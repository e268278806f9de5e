"""Paths as text that can be kept: file names are bytes, and not all of them are text."""

import os
import re
from pathlib import Path


def written_path(path: Path | str) -> str:
    r"""Return a path as text that leads back: bytes that are no UTF-8 as `\xff`, a backslash doubled."""
    return os.fsencode(path).replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def real_path(written: str) -> Path:
    """Return the path that `written_path` wrote."""
    raw = re.sub(
        rb"\\(\\|x[0-9a-f]{2})",
        lambda match: b"\\" if match[1] == b"\\" else bytes.fromhex(match[1][1:].decode("ascii")),
        written.encode("utf-8"),
    )
    return Path(os.fsdecode(raw))

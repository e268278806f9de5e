"""Paths as text that can be kept: file names are bytes, and not all of them are text; nor are names of mail folders."""

import base64
import os
import re
from pathlib import Path

_UTF7 = re.compile(r"&([A-Za-z0-9+,]*)-")


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


def from_utf7(name: str) -> str:
    """Decode the form of UTF-7 in which IMAP servers write folder names (RFC 3501, 5.1.3)."""

    def plain(match: re.Match[str]) -> str:
        if not match[1]:
            return "&"
        letters = match[1].replace(",", "/")
        try:
            return base64.b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-16-be")
        except ValueError:
            return match[0]

    return _UTF7.sub(plain, name)

"""Zip archives with fixed dates, so that the same members give the same bytes."""

import io
import zipfile
from collections.abc import Iterable

STAMP = (2019, 3, 14, 9, 26, 0)


def zip_bytes(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return an archive of the members, in that order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return out.getvalue()

"""A PDF written by hand: pages of content streams, standard fonts, and any further objects."""

import zlib
from collections.abc import Sequence


def pdf_file(
    contents: Sequence[bytes],
    wide: float = 612,
    high: float = 792,
    fonts: Sequence[str] = ("Helvetica",),
    *,
    turned: bool = False,
    page_keys: bytes = b"",
    catalog_keys: bytes = b"",
    more: Sequence[bytes] = (),
) -> bytes:
    """A file of pages; each font is named by itself. `more` are objects; the first has the number 5.

    `turned` pages lie on their side in the file and are shown upright by /Rotate.
    """
    names = b" ".join(
        b"/%s << /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont /%s >>"
        % (name.encode(), name.encode())
        for name in dict.fromkeys(fonts)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog_keys, b"", b"<< %s >>" % names, b"null", *more,
    ]  # fmt: skip
    kids = []
    box = b"0 0 %.2f %.2f" % ((high, wide) if turned else (wide, high))
    for content in contents:
        if turned:  # drawn a quarter turn against the clock, shown a quarter turn with it
            content = b"q 0 1 -1 0 %.2f 0 cm\n%s\nQ" % (high, content)
        stream = zlib.compress(content)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] %s /Contents %d 0 R /Resources << /Font 3 0 R %s >> %s >>"
            % (box, b"/Rotate 90" if turned else b"", len(objects), b"", page_keys)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return assembled(objects)


def assembled(objects: Sequence[bytes], version: bytes = b"1.7") -> bytes:
    """A file of objects, numbered from 1; the first is the catalog."""
    out = bytearray(b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % version)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)

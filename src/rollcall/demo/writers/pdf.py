"""PDF files with real text, written by hand: one content stream a page, a standard font, no picture."""

import zlib

from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, at

ROWS = 58  # lines of a page


def escaped(line: str) -> bytes:
    """Return text as it stands in a content stream."""
    text = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return text.encode("cp1252", "replace")


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in Helvetica, in points; rather too wide, as bold letters are."""
    wide = sum(
        0.29 if c in " .,:;'|!iljtfI()-/" else 0.9 if c in "mwMW@%" else 0.72 if c.isupper() else 0.57 for c in text
    )
    return wide * size


def _page(lines: list[str], font: str, size: float, top: int = 752) -> bytes:
    ops = [b"BT", f"/{font} {size} Tf {size * 1.22:.2f} TL 46 {top} Td".encode()]
    ops += [b"(" + escaped(line) + b") Tj T*" for line in lines]
    return b"\n".join([*ops, b"ET"])


def write_pdf(
    kind: str,
    layout: str,
    name: str,
    lines: list[str],
    facts: list[tuple[int, Fact]],
    *,
    mono: bool,
    turns: bool = False,
) -> Made:
    """Return a PDF of the lines, wide ones on pages that are turned where asked.

    Each fact comes with the number of its line, from 0.
    """
    landscape = turns and max((len(line) for line in lines), default=0) > 104
    rows = 44 if landscape else ROWS
    pages = [lines[at_line : at_line + rows] for at_line in range(0, max(1, len(lines)), rows)]
    placed = [at(fact, f"page {line // rows + 1}") for line, fact in facts]
    data = write_pages(pages, mono=mono, landscape=landscape)
    return Made(kind, layout, f"{name}.pdf", "application/pdf", data, placed)


def write_pages(pages: list[list[str]], *, mono: bool, landscape: bool = False) -> bytes:
    """Return a PDF of these pages of lines, the letters so small that the widest line fits."""
    widest = max((len(line) for page in pages for line in page), default=1)
    wide, high = (612, 792) if not landscape else (792, 612) if widest < 190 else (1224, 792)  # then on larger paper
    size = min(10.0, (wide - 92) / (0.602 * max(1, widest))) if mono else 10.0
    if landscape:
        longest = max(len(page) for page in pages)
        size = min(size, (high - 60) / (1.22 * max(1, longest)))
    return pdf_file([_page(page, "F2" if mono else "F1", size, high - 40) for page in pages], wide, high)


def pdf_file(contents: list[bytes], wide: int = 612, high: int = 792, *, bold: bool = False) -> bytes:
    """Return a file of pages with these content streams; F1 is Helvetica, F2 Courier, F3 (where asked) bold."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont /%s >>"
    objects += [font % b"Helvetica", font % b"Courier"]
    if bold:
        objects.append(font % b"Helvetica-Bold")
    kids: list[bytes] = []
    for content in contents:
        stream = zlib.compress(content, 6)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R%s >> >> >>"
            % (wide, high, len(objects), b" /F3 5 0 R" if bold else b"")
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects)


def image_file(pages: list[tuple[int, int, bytes]]) -> bytes:
    """Return a PDF whose pages are nothing but pictures (width, height, grey JPEG), as a copier makes it."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids: list[bytes] = []
    for width, height, jpeg in pages:
        wide, high = (612, 792) if width < height else (792, 612)
        content = b"q %d 0 0 %d 0 0 cm /Im1 Do Q" % (wide, high)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
            b" /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(jpeg), jpeg)
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /XObject << /Im1 %d 0 R >> >> >>" % (wide, high, len(objects) - 1, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)

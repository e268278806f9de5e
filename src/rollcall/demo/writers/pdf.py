"""PDF files with real text, written by hand: one content stream a page, a standard font, no picture."""

import zlib

from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, at

ROWS = 58  # lines of a page


def _escaped(line: str) -> bytes:
    text = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return text.encode("cp1252", "replace")


def _page(lines: list[str], font: str, size: float) -> bytes:
    ops = [b"BT", f"/{font} {size} Tf {size * 1.22:.2f} TL 46 752 Td".encode()]
    ops += [b"(" + _escaped(line) + b") Tj T*" for line in lines]
    return b"\n".join([*ops, b"ET"])


def write_pdf(
    kind: str, layout: str, name: str, lines: list[str], facts: list[tuple[int, Fact]], *, mono: bool
) -> Made:
    """Return a PDF of the lines; each fact comes with the number of its line, from 0."""
    widest = max((len(line) for line in lines), default=1)
    size = min(10.0, 520 / (0.602 * widest)) if mono else 10.0
    pages = [lines[at_line : at_line + ROWS] for at_line in range(0, max(1, len(lines)), ROWS)]
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont /%s >>"
    objects += [font % b"Helvetica", font % b"Courier"]
    kids: list[bytes] = []
    for page in pages:
        stream = zlib.compress(_page(page, "F2" if mono else "F1", size), 6)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    placed = [at(fact, f"page {line // ROWS + 1}") for line, fact in facts]
    return Made(kind, layout, f"{name}.pdf", "application/pdf", _file(objects), placed)


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

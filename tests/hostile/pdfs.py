"""PDFs that grow, turn in circles, or draw what no paper holds."""

import zlib

from tests.hostile.archives import zeros
from tests.items.pdf_file import assembled, pdf_file

FONT = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
WORDS = b"BT /F 12 Tf 72 700 Td (Patient: Ann Quorlen, MRN 44718230) Tj ET"


def stream(keys: bytes, data: bytes) -> bytes:
    """An object with a stream."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (keys, len(data), data)


def blanks(n_bytes: int) -> bytes:
    """A zlib stream of zeros, of megabytes that stand alone."""
    return b"\x78\x9c" + zeros(n_bytes)


def page(contents: bytes, more: tuple[bytes, ...] = (), keys: bytes = b"") -> bytes:
    """A file of one page with this stream as number 4."""
    return assembled((
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % keys, contents, *more,
    ))  # fmt: skip


def flate_bomb() -> bytes:
    """A content stream of 560 MB, words at its end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"\x78\x9c" + zeros(560 << 20, whole=False) + packer.compress(WORDS) + packer.flush()
    return page(stream(b"/Filter /FlateDecode", data), keys=FONT)


def flate_chain() -> bytes:
    """A content stream packed again and again."""
    data = WORDS
    for _ in range(40):
        data = zlib.compress(data)
    return page(stream(b"/Filter [%s]" % (b"/FlateDecode " * 40), data))


def text_bomb() -> bytes:
    """A hundred megabytes of words on one page."""
    one = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = one.compress(b"BT /F 1 Tf (MRN 44718230) Tj ET\n" * 32_768) + one.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\x9c" + piece * 100 + one.flush()
    return page(stream(b"/Filter /FlateDecode", packed), keys=FONT)


def pages_cycle() -> bytes:
    """A tree of pages that holds itself, and says it has a million."""
    return assembled((
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1000000 /Parent 3 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1000000 /Parent 2 0 R >>",
    ))  # fmt: skip


def outline_cycle() -> bytes:
    """Bookmarks, names, fields and embedded files, each the next of itself; a good page."""
    keys = (b"/Outlines 5 0 R /AcroForm << /Fields [7 0 R] >> /Names << /EmbeddedFiles 8 0 R >> /PageLabels 8 0 R"
            b" /StructTreeRoot 9 0 R")  # fmt: skip
    return pdf_file([WORDS], fonts=("F",), catalog_keys=keys, more=(
        b"<< /Type /Outlines /First 6 0 R /Last 6 0 R /Count 3 >>",
        b"<< /Title (Ann Quorlen) /Parent 6 0 R /First 6 0 R /Next 6 0 R /Prev 6 0 R >>",
        b"<< /T (a) /FT /Tx /V (Ann) /Kids [7 0 R 7 0 R] /Parent 7 0 R >>",
        b"<< /Kids [8 0 R 8 0 R] /Limits [(a) (z)] /Nums [0 8 0 R] >>",
        b"<< /Type /StructTreeRoot /K [9 0 R 9 0 R] /P 9 0 R >>",
    ))  # fmt: skip


def xref_loop() -> bytes:
    """Each table of places is said to follow itself."""
    made = pdf_file([WORDS], fonts=("F",))
    place = made.rindex(b"startxref\n") + len(b"startxref\n")
    start = made[place:].split(b"\n")[0]
    return made.replace(b"trailer\n<<", b"trailer\n<< /Prev %s /XRefStm %s" % (start, start))


def form_cycle() -> bytes:
    """Drawings that draw each other twice, forty deep, and one that draws itself."""
    n_forms = 40
    forms = [
        stream(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
               % (5 + min(n_forms - 1, number + 1)), b"/X Do /X Do")
        for number in range(n_forms)
    ]  # fmt: skip
    return page(stream(b"", b"/X Do " + WORDS), tuple(forms), b"/Resources << /XObject << /X 5 0 R >> >>")


def object_stream_loop() -> bytes:
    """An object in a stream that lies in itself, a length that is its own length."""
    return assembled((
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents [4 0 R 4 0 R 5 0 R] /MediaBox 6 0 R /Rotate 6 0 R >>",
        b"<< /Type /ObjStm /N 1000000 /First 4 0 R /Length 4 0 R /Extends 4 0 R >>\nstream\n4 0 4 0\nendstream",
        b"<< /Length 5 0 R >>\nstream\nq\nendstream", b"6 0 R",
    ))  # fmt: skip


def deep_arrays() -> bytes:
    """A hundred thousand arrays, one in the other."""
    deep = b"[" * 100_000 + b"]" * 100_000
    return page(stream(b"", WORDS + b" " + deep + b" TJ"), (deep, b"<< /A " * 50_000 + b">>" * 50_000), b"/A 5 0 R")


def huge_page() -> bytes:
    """A page of two billion points, and one of no size."""
    return assembled((
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2147483647 2147483647] /UserUnit 99999 /Contents 4 0 R >>",
        stream(b"", b"0 0 100 100 re f"),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 0] /Contents 4 0 R >>",
    ))  # fmt: skip


def huge_picture() -> bytes:
    """A page that is a picture of 60,000 by 60,000 points, said to be packed in a few bytes."""
    keys = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return page(stream(b"", b"612 0 0 792 0 0 cm /X Do"),
                (stream(keys + b" /Filter /FlateDecode", blanks(64 << 20)),),
                b"/Resources << /XObject << /X 5 0 R >> >>")  # fmt: skip


def many_pages() -> bytes:
    """A tree whose million pages are all one page."""
    return assembled((
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1000000 /Kids [%s] >>" % (b"3 0 R " * 1000),
        b"<< /Type /Pages /Parent 2 0 R /Count 1000 /Kids [%s] >>" % (b"4 0 R " * 1000),
        b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 612 792] /Contents 5 0 R >>", stream(b"", WORDS),
    ))  # fmt: skip


def many_lines() -> bytes:
    """Two hundred thousand ruled lines on one page, as if it were a table."""
    return page(stream(b"/Filter /FlateDecode", zlib.compress(
        b"".join(b"%d 0 m %d 792 l S\n0 %d m 612 %d l S\n" % (n % 612, n % 612, n % 792, n % 792)
                 for n in range(100_000)))))  # fmt: skip


def many_words() -> bytes:
    """A hundred thousand words scattered over one page."""
    said = b"".join(
        b"BT /F 4 Tf %d %d Td (w%d) Tj ET\n" % (n * 37 % 600, n * 101 % 780, n % 97) for n in range(100_000)
    )
    return page(stream(b"/Filter /FlateDecode", zlib.compress(said)), keys=FONT)

"""Made-up attachments that speak of no person, as offices and machines send them: most of a mailbox by weight."""

import datetime
import io
import zipfile
from collections.abc import Callable
from random import Random

PICTURE = (20_000, 900_000)  # bytes
POOL = 60  # attachments that are sent again and again
AGAIN = 0.25  # share of attachments that are one of them
WORDS = (
    "agenda", "budget", "parking", "carpet", "invoice", "pump", "filter", "valve", "boiler", "lamp", "cable", "printer",
    "toner", "shelf", "pallet", "route", "window", "schedule", "deadline", "draft", "revised", "attached", "meeting",
    "quarter", "supplier", "tender", "catalogue", "spare", "order",
)  # fmt: skip
Attachment = tuple[str, str, bytes]  # name, media type, content


def picture(rng: Random) -> bytes:
    """Return the bytes of a file that begins like a JPEG and holds nothing."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + rng.randbytes(rng.randint(*PICTURE))


def sentences(rng: Random, count: int) -> list[str]:
    """Return lines of words."""
    return [" ".join(rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(count)]


def inventory(rng: Random) -> bytes:
    """Return a delimited table that speaks of no person, as machines and stores export them."""
    rows = ["item,shelf,count,weight_kg,checked"]
    for number in range(rng.randint(200, 4_000)):
        words = " ".join(rng.choices(WORDS, k=2))
        checked = datetime.date(2025, 1, 1) + datetime.timedelta(rng.randrange(500))
        rows.append(
            f"{words} {number},{rng.choice('ABCDEF')}{rng.randrange(99)},{rng.randrange(400)},"
            f"{rng.random():.3f},{checked}"
        )
    return "\r\n".join(rows).encode()


def pdf(rng: Random) -> bytes:
    """Return a PDF of a few pages of words, with a picture that nobody can read in most."""
    pages = [_page(rng) for _ in range(rng.randint(1, 12))]
    image = picture(rng) if rng.random() < 0.7 else b""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects.append(b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, len(pages)))
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number, content in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>"
            % (5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
    objects.append(b"<</Type/EmbeddedFile/Length %d>>stream\n%b\nendstream" % (len(image), image))
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)


def _page(rng: Random) -> bytes:
    lines = "".join(f"1 0 0 1 54 {740 - 14 * row} Tm ({line}) Tj\n" for row, line in enumerate(sentences(rng, 45)))
    return f"BT /F 9 Tf\n{lines}ET".encode()


def bundle(rng: Random) -> bytes:
    """Return a zip of pictures, tables and texts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(rng.randint(2, 6)):
            name, _, content = rng.choices(_KINDS, (4, 2, 2, 0), k=1)[0](rng)
            archive.writestr(zipfile.ZipInfo(f"{number} {name}"), content, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("readme.txt"), "\r\n".join(sentences(rng, 20)))
    return target.getvalue()


_KINDS: tuple[Callable[[Random], Attachment], ...] = (
    lambda rng: ("photo.jpg", "image/jpeg", picture(rng)),
    lambda rng: ("offer.pdf", "application/pdf", pdf(rng)),
    lambda rng: ("stock.csv", "text/csv", inventory(rng)),
    lambda rng: ("plans.zip", "application/zip", bundle(rng)),
)


class Attachments:
    """A stream of attachments: some are one of a pool, the others new."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._pool = [self._new() for _ in range(POOL)]

    def next(self) -> Attachment:
        """Return one."""
        return self._rng.choice(self._pool) if self._rng.random() < AGAIN else self._new()

    def _new(self) -> Attachment:
        return self._rng.choices(_KINDS, (50, 28, 4, 18), k=1)[0](self._rng)

"""Write one large mbox of made-up mail, the same bytes for the same seed; streamed, so any size will do.

    python bench/make_mbox.py --megabytes 2048 --seed 7 --to /somewhere/outside/a/case/big.mbox

Its mails are those of made-up hospitals (`rollcall.demo`): bodies, HTML, lists as xlsx and csv, forms, letters, scans.
A real mailbox is mostly something else by weight, so each hospital's mails are spread among mails with pictures, PDFs,
archives and machine-made tables, some of them sent again and again, until they are `--share` of the bytes; `--share 1`
writes the dense mail alone.
"""

import argparse
import base64
import datetime
import email.utils
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import BinaryIO

from attachments import WORDS, Attachment, Attachments, sentences
from rollcall.demo import make_hospital

MESSAGES = 1_500  # of one hospital
PEOPLE = 1_500


def hospital_mails(seed: int) -> Iterator[bytes]:
    """Yield the mails of one hospital, each with its envelope line, those of the Maildir behind those of the mbox."""
    with tempfile.TemporaryDirectory() as scratch:
        make_hospital(Path(scratch), seed, PEOPLE, MESSAGES, "dev")
        evidence = Path(scratch) / "evidence"
        for box in sorted(evidence.glob("*.mbox")):
            for number, piece in enumerate(box.read_bytes().split(b"\nFrom ")):
                yield (piece if not number else b"From " + piece).rstrip(b"\n") + b"\n\n"
        for file in sorted(
            path for path in evidence.rglob("*") if path.is_file() and path.parent.name in ("cur", "new")
        ):
            quoted = b"\n".join(
                b">" + line if line.startswith(b"From ") else line for line in file.read_bytes().split(b"\n")
            )
            yield b"From - Mon Jun 01 10:00:00 2026\n" + quoted.rstrip(b"\n") + b"\n\n"


def other_mail(rng: Random, number: int, attached: Attachment) -> bytes:
    """Return a mail between suppliers and offices with a file attached."""
    when = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC) + datetime.timedelta(minutes=7 * number)
    boundary = f"b{rng.getrandbits(64):016x}"
    lines = "\n".join(sentences(rng, rng.randint(3, 40)))
    name, media, data = attached
    return (
        (
            f"From - {when:%a %b %d %H:%M:%S %Y}\nMessage-ID: <{rng.getrandbits(64):016x}@depot.example>\n"
            f"Date: {email.utils.format_datetime(when)}\nFrom: Depot <depot@depot.example>\n"
            "To: Office <office@depot.example>\n"
            f"Subject: {' '.join(rng.choices(WORDS, k=3))}\nMIME-Version: 1.0\n"
            f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n--{boundary}\n'
            f"Content-Type: text/plain; charset=utf-8\n\n{lines}\n\n--{boundary}\n"
            f'Content-Type: {media}; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'
            "Content-Transfer-Encoding: base64\n\n"
        ).encode()
        + base64.encodebytes(data)
        + f"--{boundary}--\n\n".encode()
    )


def write_mbox(out: BinaryIO, n_bytes: int, seed: int, share: float) -> tuple[int, int]:
    """Write about that many bytes; return how many mails, and how many bytes of them are the hospitals'."""
    rng = Random(f"mbox {seed}")
    attachments = Attachments(rng)
    written = dense = n_mails = n_others = 0
    hospital = 0
    while written < n_bytes:
        for mail in hospital_mails(seed * 1_000 + hospital):
            out.write(mail)
            written, dense, n_mails = written + len(mail), dense + len(mail), n_mails + 1
            while share < 1 and dense > share * written and written < n_bytes:
                written += out.write(other_mail(rng, n_others, attachments.next()))
                n_others, n_mails = n_others + 1, n_mails + 1
            if written >= n_bytes:
                break
        hospital += 1
    return n_mails, dense


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=64)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--share", type=float, default=0.1, help="of the bytes, that is hospital mail (0.1)")
    parser.add_argument("--to", type=Path, required=True, help="the file to write; must not be there")
    given = parser.parse_args()
    with given.to.open("xb") as out:
        n_mails, dense = write_mbox(out, given.megabytes << 20, given.seed, given.share)
    size = given.to.stat().st_size
    print(f"{given.to}: {size / 1e6:.1f} MB, {n_mails} mails, {dense / 1e6:.1f} MB of them a hospital's")


if __name__ == "__main__":
    main()

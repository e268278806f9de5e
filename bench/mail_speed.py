"""How fast mail is split and decoded on one core, beside the standard library. Run it as a script."""

import email
import random
import time
from collections.abc import Callable
from email.message import EmailMessage

from rollcall.items.message import parts
from rollcall.items.mime import read_mail
from rollcall.items.parser import Limits
from rollcall.items.parsers import mbox
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
WORDS = ("please", "see", "the", "visit", "claim", "https://clinic.example/a", "ward", "of", "attached", "census")


def mails(count: int, seed: int = 1) -> list[bytes]:
    """Mails of two bodies; every third has a file of 60,000 bytes."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "bo@clinic.example", "ann@clinic.example", f"visit {number}"
        mail["Date"], mail["Message-ID"] = "Mon, 04 Mar 2024 05:06:08 +0000", f"<{number}@clinic.example>"
        lines = [" ".join(chance.choices(WORDS, k=12)) for _ in range(50)]
        mail.set_content("\n".join(lines))
        mail.add_alternative("".join(f"<p>{line}</p>" for line in lines), subtype="html")
        if number % 3 == 0:
            mail.add_attachment(chance.randbytes(60_000), "application", "pdf", filename="a.pdf")
        found.append(mail.as_bytes())
    return found


def leaves(data: bytes) -> None:
    """Decode every leaf of a mail."""
    for leaf in read_mail(data, LIMITS).leaves:
        for _ in leaf.chunks() if leaf.chunks is not None else ():
            pass


def with_the_library(data: bytes) -> None:
    """Decode every leaf as the standard library does."""
    for part in email.message_from_bytes(data).walk():
        part.get_payload(decode=True)


def main() -> None:
    """Print megabytes per second, the best of three."""
    several = mails(600)
    box = b"".join(b"From - Mon Mar  4 05:06:08 2024\n" + one + b"\n" for one in several)

    def rate(work: Callable[[], object]) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            work()
            best = min(best, time.perf_counter() - start)
        return len(box) / best / 1e6

    print(f"{len(box) / 1e6:.0f} MB in {len(several)} mails")
    print(f"split            {rate(lambda: list(mbox.shards(MemoryReadable(box), LIMITS))):6.0f} MB/s")
    print(f"decoded          {rate(lambda: [leaves(one) for one in several]):6.0f} MB/s")
    print(f"standard library {rate(lambda: [with_the_library(one) for one in several]):6.0f} MB/s")
    print(
        f"parts, with HTML {rate(lambda: [list(parts(read_mail(one, LIMITS), LIMITS)) for one in several]):6.0f} MB/s"
    )


if __name__ == "__main__":
    main()

"""Make the corpus of mailboxes as they are kept once they were fetched; run it from the root of the repository:

python -m tests.corpus.make_imap
"""

from rollcall.items.parsers.imap import Folder, Mail, directory
from tests.corpus.make import PEOPLE, case

SECONDS = 1_709_528_768


def _mail(number: int) -> bytes:
    name, ssn, _, record = PEOPLE[number]
    return (
        f"From: desk@clinic.org\r\nTo: billing@clinic.org\r\nSubject: {record}\r\nMessage-ID: <{number}@clinic.org>\r\n"
        f"Date: Mon, 4 Mar 2024 05:0{number}:08 +0000\r\n\r\n{name}\r\nSSN {ssn}\r\n"
    ).encode("ascii", "replace")


def main() -> None:
    """Write the case."""
    raws = [_mail(0), _mail(1), b"", b"\xff\0 no mail at all"]
    mails, offset = [], 0
    for number, raw in enumerate(raws):
        mails.append(Mail((7, 9, 2, 4_294_967_295)[number], SECONDS if number else None, number, offset, len(raw)))
        offset += len(raw)
    folders = [
        Folder(name="INBOX", kind="", validity=1_709_000_000, first=0, n=2),
        Folder(name="Prüfung/日本語", kind="deleted", validity=3, first=2, n=2),
    ]
    data = directory("0123456789abcdef", folders, mails) + b"".join(raws)
    locators = (
        "INBOX;UIDVALIDITY=1709000000/;UID=7",
        "INBOX;UIDVALIDITY=1709000000/;UID=9",
        "Prüfung/日本語;UIDVALIDITY=3/;UID=2",
        "Prüfung/日本語;UIDVALIDITY=3/;UID=4294967295",
    )
    case("imap", "two_folders", "imap", data, inners=[{"kind": "message", "locator": one} for one in locators])


if __name__ == "__main__":
    main()

"""Mails and their bytes: MIME as several programs write it, and as some write it wrongly."""

import base64
import datetime
import quopri
from email.header import Header
from random import Random

import msgspec

from rollcall.demo.chance import letters
from rollcall.demo.truth import Document

Person = tuple[str, str]  # display name, address


class Attached(msgspec.Struct):
    """One attachment; `contents` are the documents in it with their paths below the mail."""

    name: str
    media: str
    data: bytes
    contents: list[tuple[Document, str]] = []


class Mail(msgspec.Struct):
    """One mail before it becomes bytes."""

    message_id: str
    sender: Person
    to: list[Person]
    subject: str
    when: datetime.datetime
    text: str
    html: str = ""
    cc: list[Person] = []
    attached: list[Attached] = []
    documents: list[Document] = []  # what stands in subject and body, quoted or its own
    references: list[str] = []
    html_only: bool = False
    quirk: str = ""  # one of QUIRKS
    zone: int = -6  # hours from UTC in winter


QUIRKS = ("wrong_charset", "unknown_charset", "no_end", "raw_header", "bad_date", "odd_headers", "loose_base64")
BAD_DATES = (
    "{d:%A}, {d.day} Mrch {d:%Y} late", "{d:%m/%d/%Y} at {d:%H.%M}h", "{d:%a} {d:%b} {d.day} {d:%H:%M:%S} EDT {d:%Y}",
    "{d.day:02}-{d:%b-%y} 25:{d:%M}:00 -0500", "{d:%Y%m%d%H%M}",
)  # fmt: skip
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
YEAR = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_header(when: datetime.datetime, winter: int = -6) -> str:
    """Return the date as a mail header writes it, in the clinic's time."""
    zone = f"-{-winter - (3 < when.month < 11):02}00"
    return f"{WEEK[when.weekday()]}, {when.day:02} {YEAR[when.month - 1]} {when.year} {when:%H:%M:%S} {zone}"


def shown_address(person: Person) -> str:
    """Return `Name <address>`, quoted where the standard asks."""
    name, address = person
    if not name:
        return address
    if not name.isascii():
        return f"{Header(name, 'utf-8').encode()} <{address}>"
    if any(c in name for c in '.,()<>@;:"'):
        name = f'"{name}"'
    return f"{name} <{address}>"


def _folded(name: str, value: str, *, raw: bool = False) -> bytes:
    """Return a header line, folded at blanks, its words encoded unless it is to go wrong."""
    if not value.isascii() and not raw:
        return f"{name}: {Header(value, 'utf-8', maxlinelen=70).encode()}\n".encode()
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + len(word) > 76 and line.strip() and not line.endswith(":"):
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join([*lines, line, ""]).encode("cp1252" if raw else "ascii", "replace")


def _wrapped(data: bytes) -> bytes:
    return base64.encodebytes(data)


class Mime:
    """Turns one mail into bytes."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def _boundary(self) -> str:
        way = self.rng.random()
        token = letters(self.rng, 16, "0123456789abcdef")
        return f"_000_{token.upper()}_" if way < 0.4 else f"000000000000{token}" if way < 0.8 else f"----=_Part_{token}"

    def _text_part(self, text: str, subtype: str, quirk: str = "") -> bytes:
        """Return the headers and content of a text part."""
        rng, charset = self.rng, "us-ascii"
        if not text.isascii() or quirk in ("wrong_charset", "unknown_charset"):
            charset = rng.choice(("utf-8", "utf-8", "windows-1252", "iso-8859-1"))
        encoding = "cp1252" if charset in ("windows-1252", "iso-8859-1") else "utf-8"
        if quirk == "wrong_charset":
            charset, encoding = "utf-8", "cp1252"
        elif quirk == "unknown_charset":
            charset, encoding = "x-user-defined-9", "utf-8"
        data = text.encode(encoding, "replace")
        long = max((len(line) for line in data.split(b"\n")), default=0) > 900
        transfer = rng.choice(("quoted-printable", "quoted-printable", "base64"))
        if data.isascii() and not long and rng.random() < 0.7:
            transfer = "7bit"
        elif not long and rng.random() < 0.25:
            transfer = "8bit"
        if transfer == "quoted-printable":
            data = quopri.encodestring(data)
        elif transfer == "base64":
            data = _wrapped(data)
        head = f'Content-Type: text/{subtype}; charset="{charset}"\nContent-Transfer-Encoding: {transfer}\n\n'
        return head.encode() + data.rstrip(b"\n") + b"\n"

    def _attachment(self, one: Attached, quirk: str) -> bytes:
        name = one.name.replace('"', "'")
        if one.media == "message/rfc822":
            head = (
                f'Content-Type: message/rfc822; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n\n'
            )
            return head.encode() + one.data
        data = _wrapped(one.data)
        if quirk == "loose_base64":
            data = b"\n\n".join(line + b"  " for line in data.split(b"\n")).rstrip() + b"\n"
        head = f'Content-Type: {one.media}; name="{name}"\n'
        if self.rng.random() < 0.15:  # RFC 2231, split
            half = len(name) // 2
            head += f'Content-Disposition: attachment;\n filename*0="{name[:half]}";\n filename*1="{name[half:]}"\n'
        else:
            head += f'Content-Disposition: attachment; filename="{name}"\n'
        return head.encode() + b"Content-Transfer-Encoding: base64\n\n" + data

    def _multipart(self, subtype: str, parts: list[bytes], *, open_end: bool = False) -> bytes:
        boundary = self._boundary()
        end = b"" if open_end else f"--{boundary}--\n".encode()
        inner = b"".join(b"--%s\n%s" % (boundary.encode(), part) for part in parts)
        return f'Content-Type: multipart/{subtype};\n\tboundary="{boundary}"\n\n'.encode() + inner + end

    def body(self, mail: Mail) -> bytes:
        """Return the content headers and all parts."""
        quirk = mail.quirk
        if mail.html_only:
            content = self._text_part(mail.html, "html", quirk)
        elif mail.html:
            both = [self._text_part(mail.text, "plain", quirk), self._text_part(mail.html, "html", quirk)]
            content = self._multipart("alternative", both)
        else:
            content = self._text_part(mail.text, "plain", quirk)
        if mail.attached or quirk == "no_end":
            parts = [content, *(self._attachment(one, quirk) for one in mail.attached)]
            content = self._multipart("mixed", parts, open_end=quirk == "no_end")
        if quirk == "odd_headers":
            content = (
                b"MIME-Version: 1.0\nContent-Language: fran\xe7ais\nX-Empty:\nContent-Disposition: inline;;\n" + content
            )
        return content

    def render(self, mail: Mail) -> bytes:
        """Return the mail as it would be sent, without the lines that each delivery adds."""
        rng = self.rng
        date = date_header(mail.when, mail.zone)
        if mail.quirk == "bad_date":
            date = rng.choice(BAD_DATES).format(d=mail.when)
        lines = [
            _folded("From", shown_address(mail.sender)),
            _folded("To", ", ".join(shown_address(one) for one in mail.to)),
            _folded("Cc", ", ".join(shown_address(one) for one in mail.cc)) if mail.cc else b"",
            _folded("Subject", mail.subject, raw=mail.quirk == "raw_header"),
            f"Date: {date}\nMessage-ID: {mail.message_id}\n".encode(),
        ]
        if mail.references:
            lines.append(f"In-Reply-To: {mail.references[-1]}\n".encode())
            lines.append(b"References: " + b"\n ".join(one.encode() for one in mail.references[-8:]) + b"\n")
        lines.append(
            rng.choice((b"X-Mailer: Microsoft Outlook 16.0\n", b"Accept-Language: en-US\n", b"X-Priority: 3\n", b""))
        )
        lines.append(b"MIME-Version: 1.0\n")
        return b"".join(lines) + self.body(mail)


# --- quoting -------------------------------------------------------------------------------------------------------


def _sent(when: datetime.datetime) -> str:
    hour, half = (when.hour % 12 or 12), "AM" if when.hour < 12 else "PM"
    day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[when.weekday()]
    return f"{day}, {when:%B} {when.day}, {when.year} {hour}:{when:%M} {half}"


def head_lines(mail: Mail) -> list[str]:
    """Return the block of headers that programs put above what they forward."""
    to = "; ".join(name or address for name, address in mail.to)
    return [
        f"From: {shown_address(mail.sender)}",
        f"Sent: {_sent(mail.when)}",
        f"To: {to}",
        f"Subject: {mail.subject}",
    ]


def quoted(rng: Random, mail: Mail, *, forward: bool) -> str:
    """Return the text of a mail as an answer or a forward carries it."""
    way = rng.choice(("gmail", "outlook", "rule", "rule"))
    if way == "gmail" and not forward:
        lead = f"On {WEEK[mail.when.weekday()]}, {YEAR[mail.when.month - 1]} {mail.when.day}, {mail.when.year} at "
        lead += f"{mail.when.hour % 12 or 12}:{mail.when:%M} {'AM' if mail.when.hour < 12 else 'PM'} "
        lead += f"{shown_address(mail.sender)} wrote:"
        return "\n".join([lead, "", *(f"> {line}".rstrip() for line in mail.text.split("\n"))])
    if way == "gmail":
        return "\n".join(["---------- Forwarded message ---------", *head_lines(mail), "", mail.text])
    if way == "outlook":
        return "\n".join(["-----Original Message-----", *head_lines(mail), "", mail.text])
    return "\n".join(["_" * 32, *head_lines(mail), "", mail.text])

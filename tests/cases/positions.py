"""Mails that hold one made-up person each, every one in another place of a mail or of a file in it.

A place is a function of the sentence to plant (and of the person, where a sentence would not stand there) that returns
the bytes of a mail.
"""

import base64
import quopri
import zlib
from collections.abc import Callable, Mapping

import msgspec

_GIVEN = (
    "Aaron Abigail Adrian Albert Alice Amanda Andrea Angela Arthur Barbara Benjamin Beverly Brandon Brenda Bruce Carol "
    "Catherine Charles Cheryl Christina Craig Cynthia Dennis Diana Donald Dorothy"
)
_FAMILY = "Hargrove Whitlock Pemberton Castellano Drummond Easterling Fairbanks Gallagher"


class Person(msgspec.Struct, frozen=True):
    """Whom a mail holds."""

    name: str
    ssn: str

    @property
    def told(self) -> str:
        """The sentence that is planted."""
        return f"Patient {self.name}, SSN {self.ssn}"

    @property
    def digits(self) -> str:
        """The number as the case keeps it."""
        return self.ssn.replace("-", "")


def person(number: int) -> Person:
    """Return the made-up person of a number."""
    first, last = _GIVEN.split(), _FAMILY.split()
    given, family = first[number % len(first)], last[number // len(first) % len(last)]
    return Person(f"{given} {family}", f"{231 + number}-{41 + number % 50}-{2310 + 7 * number}")


Plant = Callable[[Person], bytes]


# --- mails ---------------------------------------------------------------------------------------------------------


def mail(body: bytes = b"See the record.", *, head: str = "", content: str = "text/plain; charset=utf-8") -> bytes:
    """Return a mail with this body and more header lines."""
    lines = [f"Content-Type: {content}"] if content else []
    return "\r\n".join([*lines, *([head] if head else []), "", ""]).encode() + body


def plain(text: str) -> bytes:
    return mail(text.encode())


def html(markup: str) -> bytes:
    return mail(f"<html><body><p>Good morning,</p>{markup}</body></html>".encode(), content="text/html; charset=utf-8")


def multi(*parts: bytes, kind: str = "mixed", before: str = "", after: str = "") -> bytes:
    body = before.encode() + b"".join(b"\r\n--cut\r\n" + part for part in parts) + b"\r\n--cut--\r\n" + after.encode()
    return mail(body, content=f'multipart/{kind}; boundary="cut"', head="MIME-Version: 1.0")


def part(content: bytes | str, kind: str, head: str = "") -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    lines = [f"Content-Type: {kind}", *([head] if head else []), "", ""]
    return "\r\n".join(lines).encode() + raw


def note() -> bytes:
    return part("See the attached.", "text/plain")


def file(name: str, data: bytes, kind: str = "application/octet-stream") -> bytes:
    head = f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64'
    return multi(note(), part(base64.encodebytes(data), kind, head))


MAILS: Mapping[str, Plant] = {
    "body, plain": lambda p: plain(p.told),
    "body, html": lambda p: html(f"<p>{p.told}</p>"),
    "body, html split by tags": lambda p: html(f"<p>{p.told[:-5]}<b>{p.told[-5:]}</b></p>"),
    "html, alt of a picture": lambda p: html(f'<img src="cid:1" alt="{p.told}">'),
    "html, title attribute": lambda p: html(f'<span title="{p.told}">hover</span>'),
    "html, aria-label": lambda p: html(f'<a aria-label="{p.told}" href="#">open</a>'),
    "html, comment": lambda p: html(f"<!-- {p.told} -->"),
    "html, conditional comment": lambda p: html(f"<!--[if mso]><p>{p.told}</p><![endif]-->"),
    "html, hidden by style": lambda p: html(f'<div style="display:none">{p.told}</div>'),
    "html, hidden field": lambda p: html(f'<form><input type="hidden" value="{p.told}"></form>'),
    "html, placeholder of a field": lambda p: html(f'<form><input placeholder="{p.told}"></form>'),
    "html, choice": lambda p: html(f"<select><option>{p.told}</option></select>"),
    "html, value of a choice": lambda p: html(f'<select><option value="{p.told}">one</option></select>'),
    "html, text area": lambda p: html(f"<textarea>{p.told}</textarea>"),
    "html, title": lambda p: mail(
        f"<html><head><title>{p.told}</title></head><body>See.</body></html>".encode(), content="text/html"
    ),
    "html, meta": lambda p: mail(
        f'<html><head><meta name="description" content="{p.told}"></head><body>See.</body></html>'.encode(),
        content="text/html",
    ),
    "html, script": lambda p: html(f'<script type="application/ld+json">{{"about": "{p.told}"}}</script>'),
    "html, template": lambda p: html(f"<template><p>{p.told}</p></template>"),
    "html, noscript": lambda p: html(f"<noscript><p>{p.told}</p></noscript>"),
    "html, frame": lambda p: html(f'<iframe srcdoc="&lt;p&gt;{p.told}&lt;/p&gt;"></iframe>'),
    "html, link to a mail": lambda p: html(f'<a href="mailto:a@b.example?body={p.told.replace(" ", "%20")}">write</a>'),
    "html, link": lambda p: html(
        f'<a href="https://portal.example/p?name={p.name.replace(" ", "+")}&ssn={p.ssn}">open</a>'
    ),
    "html, data attribute": lambda p: html(f'<div data-row="{p.told}">row</div>'),
    "html, picture in the markup": lambda p: html(
        f'<img src="data:image/png;base64,{base64.b64encode(picture(p)).decode()}">'
    ),
    "html, file in the markup": lambda p: html(
        f'<a href="data:text/plain;base64,{base64.b64encode(p.told.encode()).decode()}">open</a>'
    ),
    "html, table": lambda p: html(
        f"<table><tr><th>Name</th><th>SSN</th></tr><tr><td>{p.name}</td><td>{p.ssn}</td></tr>"
        "<tr><td>-</td><td>-</td></tr></table>"
    ),
    "html, unclosed comment": lambda p: html(f"<!-- begins <p>{p.told}</p>"),
    "html, unclosed script": lambda p: html(f"<script>var a; <p>{p.told}</p>"),
    "html, text around CDATA": lambda p: html(f"<![CDATA[ {p.told} ]]>"),
    "html, drawing": lambda p: html(f"<svg><title>x</title><text>{p.told}</text></svg>"),
    "html, formula": lambda p: html(f"<math><mtext>{p.told}</mtext></math>"),
    "html called plain": lambda p: mail(f"<html><body><p>{p.told}</p></body></html>".encode()),
    "subject": lambda p: mail(head=f"Subject: {p.told}"),
    "subject, encoded": lambda p: mail(head=f"Subject: =?utf-8?B?{base64.b64encode(p.told.encode()).decode()}?="),
    "second subject": lambda p: mail(head=f"Subject: first\r\nSubject: {p.told}"),
    "folded subject": lambda p: mail(head="Subject: " + p.told.replace(", ", ",\r\n ")),
    "comments field": lambda p: mail(head=f"Comments: {p.told}"),
    "header of its own": lambda p: mail(head=f"X-Note: {p.told}"),
    "header, a record": lambda p: mail(head=f"X-Patient-Name: {p.name}\r\nX-Patient-SSN: {p.ssn}"),
    "name of the addressee": lambda p: mail(head=f'Cc: "{p.told}" <chart@hospital.example>'),
    "in the header's damage": lambda p: mail(head=f"{p.told}\r\nX-Mailer: a"),
    "part's own header": lambda p: multi(note(), part("see", "text/plain", f"Content-Description: {p.told}")),
    "part's foreign header": lambda p: multi(note(), part("see", "text/plain", f"X-About: {p.told}")),
    "before the first part": lambda p: multi(note(), before=p.told),
    "behind the last part": lambda p: multi(note(), after=f"\r\n{p.told}\r\n"),
    "plain beside html": lambda p: multi(
        part(p.told, "text/plain"), part("<p>nothing here</p>", "text/html"), kind="alternative"
    ),
    "html beside plain": lambda p: multi(
        part("nothing here", "text/plain"), part(f"<p>{p.told}</p>", "text/html"), kind="alternative"
    ),
    "third alternative": lambda p: multi(
        part("nothing", "text/plain"),
        part("<p>nothing</p>", "text/html"),
        part(p.told, "text/enriched"),
        kind="alternative",
    ),
    "second text part": lambda p: multi(note(), part(p.told, "text/plain")),
    "part of a related": lambda p: multi(part("<p>see</p>", "text/html"), part(p.told, "text/plain"), kind="related"),
    "signed mail": lambda p: multi(part(p.told, "text/plain"), part("x", "application/pgp-signature"), kind="signed"),
    "mail without a type": lambda p: mail(p.told.encode(), content=""),
    "type that is none": lambda p: mail(p.told.encode(), content="text"),
    "text of another kind": lambda p: mail(p.told.encode(), content="text/x-chart"),
    "enriched text": lambda p: mail(f"<bold>{p.told}</bold>".encode(), content="text/enriched"),
    "unknown charset": lambda p: mail(p.told.encode(), content="text/plain; charset=x-none-such"),
    "wrong charset": lambda p: mail((p.told + " \u00e9\u00e8").encode("latin-1"), content="text/plain; charset=utf-8"),
    "utf-16": lambda p: mail(p.told.encode("utf-16"), content="text/plain; charset=utf-16"),
    "utf-7": lambda p: mail(p.told.encode("utf-7"), content="text/plain; charset=utf-7"),
    "ebcdic": lambda p: mail(p.told.encode("cp037"), content="text/plain; charset=cp037"),
    "base64": lambda p: mail(base64.encodebytes(p.told.encode()), head="Content-Transfer-Encoding: base64"),
    "base64 with rubbish": lambda p: mail(
        b"!!*" + base64.encodebytes(p.told.encode())[:9] + b"#~" + base64.encodebytes(p.told.encode())[9:],
        head="Content-Transfer-Encoding: base64",
    ),
    "clear text called base64": lambda p: mail(p.told.encode(), head="Content-Transfer-Encoding: base64"),
    "clear text behind base64": lambda p: mail(
        base64.encodebytes(b"see below") + b"\r\n" + p.told.encode(), head="Content-Transfer-Encoding: base64"
    ),
    "quoted-printable": lambda p: mail(
        quopri.encodestring(p.told.encode() + b" \xc3\xa9"), head="Content-Transfer-Encoding: quoted-printable"
    ),
    "quoted-printable, broken off in a line": lambda p: mail(
        p.told[:-4].encode() + b"=\r\n" + p.told[-4:].encode(), head="Content-Transfer-Encoding: quoted-printable"
    ),
    "quoted-printable, damaged": lambda p: mail(
        b"=ZZ = " + p.told.encode() + b" =3", head="Content-Transfer-Encoding: quoted-printable"
    ),
    "unknown transfer encoding": lambda p: mail(p.told.encode(), head="Content-Transfer-Encoding: x-rot"),
    "uuencoded in the text": lambda p: mail(b"See.\r\n" + uu(p.told.encode()) + b"\r\nBye"),
    "flowed text": lambda p: mail(
        p.told.replace(", ", ", \r\n").encode(), content="text/plain; format=flowed; delsp=no"
    ),
    "quoted text": lambda p: plain(f"Thanks!\r\n\r\nOn Monday Ann Lee wrote:\r\n> Hi,\r\n> {p.told}\r\n"),
    "quoted twice": lambda p: plain(f"ok\r\n\r\n> fine\r\n>> Hello,\r\n>> {p.told}\r\n"),
    "behind a signature": lambda p: plain(f"See below.\r\n-- \r\nAnn Lee\r\nClinic\r\n\r\n{p.told}\r\n"),
    "forwarded in the text": lambda p: plain(
        f"FYI\r\n\r\n-----Original Message-----\r\nFrom: Ann Lee\r\nSubject: x\r\n\r\n{p.told}\r\n"
    ),
    "mail in a mail": lambda p: multi(note(), part(plain(p.told), "message/rfc822")),
    "mail in a mail, base64": lambda p: multi(
        note(), part(base64.encodebytes(plain(p.told)), "message/rfc822", "Content-Transfer-Encoding: base64")
    ),
    "mail in a mail in a mail": lambda p: multi(
        note(), part(multi(note(), part(plain(p.told), "message/rfc822")), "message/rfc822")
    ),
    "subject of a mail in a mail": lambda p: multi(note(), part(mail(head=f"Subject: {p.told}"), "message/rfc822")),
    "headers of a returned mail": lambda p: multi(
        note(), part(f"From: a@b.example\r\nSubject: {p.told}\r\n", "text/rfc822-headers"), kind="report"
    ),
    "report of a failed delivery": lambda p: multi(
        note(),
        part(f"Reporting-MTA: dns; a\r\n\r\nDiagnostic-Code: {p.told}\r\n", "message/delivery-status"),
        kind="report",
    ),
    "piece of a mail": lambda p: mail(
        f"Subject: x\r\n\r\n{p.told}".encode(), content='message/partial; id="1"; number=1; total=2'
    ),
    "mail kept elsewhere": lambda p: mail(
        f"Content-Type: text/plain\r\n\r\n{p.told}".encode(), content="message/external-body; access-type=ftp"
    ),
    "boundary that never comes": lambda p: mail(p.told.encode(), content='multipart/mixed; boundary="never"'),
    "boundary not announced": lambda p: mail(
        b"--other\r\n\r\n" + p.told.encode() + b"\r\n--other--\r\n", content="multipart/mixed"
    ),
    "no closing boundary": lambda p: mail(
        b"--cut\r\n\r\n" + p.told.encode(), content='multipart/mixed; boundary="cut"'
    ),
    "name of a file": lambda p: file(f"{p.told}.txt", b"see"),
    "second name of a file": lambda p: multi(
        note(), part("x", f'text/plain; name="{p.told}.txt"', 'Content-Disposition: attachment; filename="a.txt"')
    ),
    "description of a file": lambda p: multi(
        note(),
        part("x", "text/plain", f'Content-Disposition: attachment; filename="b.txt"\r\nContent-Description: {p.told}'),
    ),
    "name of an inline text": lambda p: multi(
        note(), part("x", f'text/plain; name="{p.told}.txt"', "Content-Disposition: inline")
    ),
    "name of an empty file": lambda p: file(f"{p.told}.pdf", b""),
    "mail of a header only": lambda p: mail(b"", head=f"Subject: {p.told}"),
    "line of a million characters": lambda p: plain("lorem ipsum " * 87_378 + p.told + " lorem ipsum" * 2_000),
    "behind a NUL": lambda p: mail(b"a\0b\r\n" + p.told.encode()),
    "between zero-width blanks": lambda p: plain(p.told.replace("-", "\u200b-\u200b")),
    "no-break blanks": lambda p: plain(p.told.replace(" ", "\u00a0")),
    "wide digits": lambda p: plain(p.told.translate({ord(str(n)): 0xFF10 + n for n in range(10)})),
    "dashes of a typesetter": lambda p: plain(p.told.replace("-", "\u2011")),
    "end of line CR": lambda p: mail(b"one\rtwo\r" + p.told.encode() + b"\rthree"),
}


def uu(data: bytes) -> bytes:
    lines = [b"begin 644 note.txt"]
    import binascii

    lines += [binascii.b2a_uu(data[at : at + 45]).rstrip(b"\n") for at in range(0, len(data), 45)]
    return b"\r\n".join([*lines, b"`", b"end"])


def picture(p: Person) -> bytes:
    """Return a PNG that says something in a text chunk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"tEXt", b"Comment\0" + p.told.encode())
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )

"""Made-up mails for tests, and ways to look at a message."""

from pathlib import Path

from rollcall.items.message import Message

MIXED = b"""Received: from c by d; Tue, 2 Mar 2021 10:04:09 -0500
Received: from a by b; Tue, 2 Mar 2021 10:04:07 -0500
From: "Desk, Front" <front@x.example>
To: a@x.example, b@x.example
Date: Tue, 2 Mar 2021 10:04:05 -0500
Message-ID: <one@x.example>
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="out"

This is a multi-part message in MIME format.
--out
Content-Type: multipart/alternative; boundary="in"

--in
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

plain body =C3=A9

--in
Content-Type: text/html; charset=utf-8

<p>html body</p>
--in--
--out
Content-Type: text/csv
Content-Disposition: attachment; filename="list.csv"
Content-Transfer-Encoding: base64

YSxiDQoxLDINCg==
--out
Content-Type: image/png; name="logo.png"
Content-ID: <logo>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--out
Content-Type: message/rfc822

From: c@x.example
Subject: inside
Date: Mon, 1 Mar 2021 10:00:00 +0000
Message-ID: <two@x.example>

inner text
--out
Content-Type: message/delivery-status

Reporting-MTA: dns; x.example

Final-Recipient: rfc822; a@x.example
--out
Content-Type: text/calendar

BEGIN:VCALENDAR
END:VCALENDAR
--out--
"""
SIMPLE = b"From: a@x.example\nTo: b@x.example\nSubject: s\nDate: Tue, 2 Mar 2021 10:04:05 -0500\n\nbody\n"
JAPANESE = (
    b"From: a@x.example\nSubject: =?iso-2022-jp?B?GyRCJCIbKEI=?=\n"
    b'Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$"$$\x1b(B\n'
)
ALL = (MIXED, SIMPLE, JAPANESE)


def texts(message: Message) -> list[str]:
    return [leaf.text for leaf in message.leaves if leaf.text is not None]


def contents(message: Message) -> dict[str, bytes]:
    return {leaf.locator: b"".join(leaf.chunks()) for leaf in message.leaves if leaf.chunks is not None}


def sample_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())

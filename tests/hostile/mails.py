"""Mail, feeds and texts that are endless in one direction, and names that would act on whoever reads a list."""

import struct

from tests.hostile.archives import OUTSIDE

# Names of files: each would act in a spreadsheet, a browser or a terminal, or shows another name than it has.
NAMES = {
    "formula": '=HYPERLINK("http://192.0.2.1/x","Ann Quorlen").txt',
    "plus": "+1+cmd|' /C calc'!A0.txt",
    "minus": "-2+3+cmd|' /C calc'!A0.txt",
    "at": "@SUM(1+9)*cmd|' /C calc'!A0.txt",
    "tab": "\t=1+1.txt",
    "image": "<img src=x onerror=alert(1)>.txt",
    "script": "</td></tr></table><script>alert(1)</script>.txt",
    "quotes": "\"' onmouseover='alert(1)'.txt",
    "template": "{{7*7}}{% raw %}${7*7}.txt",
    "turned": "Ann\u202eftp.txt",
    "unseen": "Qu\u200bor\u200blen\u2060\ufeff.txt",
    "escape": "\x1b[2J\x1b]0;owned\x07.txt",
    "percent": "%s%n%p.txt",
    "climbing": f"../../../../tmp/{OUTSIDE}.txt",
    "long": "a" * 5_000 + ".txt",
    "comma": '","=1+1","',
}


def deep_mime(levels: int = 3_000) -> bytes:
    """Multiparts, one in the other."""
    head = b"From: desk@clinic.org\nTo: x@clinic.org\nSubject: deep\nMessage-ID: <deep@x>\nMIME-Version: 1.0\n"
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(levels)
    )
    closed = b"".join(b"\n--b%d--\n" % level for level in reversed(range(levels)))
    return head + opened + b"Content-Type: text/plain\n\nMRN 44718230\n" + closed


def deep_mails(levels: int = 3_000) -> bytes:
    """Mails attached to mails, one in the other."""
    head = b"From: desk@clinic.org\nSubject: again\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    return head * levels + b"Subject: last\n\nMRN 44718230\n"


def many_parts() -> bytes:
    """Half a million parts."""
    head = b"Subject: parts\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + b"--b\n\nx\n" * 500_000 + b"--b--\n"


def many_headers() -> bytes:
    """Half a million headers, and one that goes on for half a million lines."""
    return (
        b"Subject: many\n" + b"X-A: b\n" * 500_000 + b"To: a@b.org\n" + b" ,c@d.org\n" * 500_000 + b"\nMRN 44718230\n"
    )


def many_parameters() -> bytes:
    """A type of a hundred thousand parameters, continued and encoded."""
    pieces = b"".join(b";\n name*%d*=utf-8''%%41" % number for number in range(100_000))
    return b"Subject: parameters\nMIME-Version: 1.0\nContent-Type: text/plain" + pieces + b"\n\nMRN 44718230\n"


def encoded_words() -> bytes:
    """A subject of a hundred thousand encoded words, some open."""
    return b"Subject: " + b"=?utf-8?q?a?= =?utf-8?b?" * 100_000 + b"\n\nMRN 44718230\n"


def addresses() -> bytes:
    """Addresses in comments in comments, groups and quotes without end."""
    return b"From: " + b"(" * 100_000 + b"a@b.org" + b'<"' * 50_000 + b"\nTo: " + b"a:" * 50_000 + b"\n\nMRN 44718230\n"


def same_boundary() -> bytes:
    """Multiparts in multiparts that all have the same boundary."""
    one = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    return b"Subject: same\nMIME-Version: 1.0\n" + one * 5_000 + b"\nMRN 44718230\n" + b"--b--\n" * 5_000


def uuencoded() -> bytes:
    """Beginnings of files without end."""
    return b"Subject: uu\n\n" + b"begin 644 a.txt\nM\n" * 100_000


def wide_csv(n_bytes: int) -> bytes:
    """One line, quoted and never closed."""
    return b'name,mrn\n"Ann Quorlen,' + b"44718230," * (n_bytes // 9)


def quoted_csv(n_bytes: int) -> bytes:
    """Quotes and separators of every kind, as if each were the one."""
    return b"a,b;c|d\te\n" + b'",;|\t""\n' * (n_bytes // 8)


def wide_hl7() -> bytes:
    """A million segments with no end of a line between them."""
    return b"MSH|^~\\&|A|B|C|D|20260302||ADT^A01|1|P|2.5" + b"PID|1||44718230^^^A^MR||QUORLEN^ANN" * 1_000_000


def many_hl7() -> bytes:
    """A million repeats in one field, and as many components."""
    head = b"MSH|^~\\&|A|B|C|D|20260302||ADT^A01|1|P|2.5\rPID|1||"
    return head + b"44718230^^^A^MR~" * 300_000 + b"||" + b"QUORLEN^" * 300_000 + b"\r"


def many_x12() -> bytes:
    """Half a million subscribers in one line, each below the one before."""
    isa = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1200*^*00501*000000001*0*P*:~"
    start = isa + b"GS*HC*A*B*20260302*1200*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*1*20260302*1200*CH~"
    loops = b"".join(
        b"HL*%d*%d*22*1~NM1*IL*1*QUORLEN*ANN****MI*%d~" % (number, number - 1, number) for number in range(2, 150_000)
    )
    return start + b"HL*1**20*1~" + loops


def deep_ics() -> bytes:
    """Components in components, and an event that recurs each second for ever."""
    event = b"BEGIN:VEVENT\r\nSUMMARY:Ann Quorlen\r\nDTSTART:19700101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n"
    return b"BEGIN:VCALENDAR\r\n" + event + b"BEGIN:VTODO\r\n" * 100_000


def hostile_text() -> bytes:
    """Texts on which careless patterns never end."""
    return b"\n".join((
        b"a" * 200_000 + b"!", b"1" * 200_000, b"1-" * 100_000, b"." * 200_000, b"a." * 100_000 + b"@", b"@" * 100_000,
        b" " * 200_000 + b"x", b"\t" * 100_000, b"((((" * 50_000, b"Name:" * 50_000, b"DOB: " * 50_000,
        b"A B " * 50_000, b"Ann Quorlen, " * 20_000, b"1/1/" * 50_000, b"> " * 100_000, b"From: " * 50_000,
        b"=" * 100_000, b"_" * 100_000, b"MRN" * 50_000, b"O'" * 50_000, b"-" * 100_000 + b"x", b"123-45-" * 30_000,
        b"http://" * 30_000, b"&#1" * 50_000, b"Street " * 30_000, b"Suite 1 " * 30_000, b"Dr. " * 30_000,
    ))  # fmt: skip


def many_lines() -> bytes:
    """Four million empty lines and as many of one letter."""
    return b"\n" * 4_000_000 + b"x\n" * 1_000_000


def many_headed_mbox() -> bytes:
    """A mailbox of a hundred thousand mails of no bytes."""
    return b"From a@b.org Mon Mar  2 10:00:00 2026\n\n" * 100_000


def pst() -> bytes:
    """A store whose trees lead nowhere, said to be of a size it is not."""
    head = bytearray(b"!BDN" + bytes(4) + b"SM" + struct.pack("<HH", 23, 19) + b"\1\1" + bytes(560))
    struct.pack_into("<Q", head, 184, 1 << 62)
    struct.pack_into("<Q", head, 216, 564)
    struct.pack_into("<Q", head, 232, 564)
    return bytes(head) + b"\x81\x81" * 4_000


def tnef() -> bytes:
    """A winmail.dat whose attributes are said to be four gigabytes, properties without number."""
    attribute = b"\1" + struct.pack("<LL", 0x00069003, 16) + struct.pack("<LLLL", 0xFFFFFFFF, 0x1003001F, 0x7FFFFFFF, 9)
    attribute += struct.pack("<H", sum(attribute[9:]) & 0xFFFF)
    huge = b"\2" + struct.pack("<LL", 0x0006800F, 0xFFFFFFF0) + bytes(64)
    return struct.pack("<LH", 0x223E9F78, 1) + attribute * 100 + huge

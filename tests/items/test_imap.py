"""A fetched mailbox as a content: what a mail is told from, and what a directory that lies can do."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.parser import Inner, Limits
from rollcall.items.parsers.imap import PARSER, Folder, Mail, directory, open_child, open_shard, shards
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
CASE = Path(__file__).parents[1] / "corpus" / "imap" / "two_folders" / "input.imap"


def inners(data: bytes) -> list[Inner]:
    return [value for value in PARSER.parse(MemoryReadable(data), LIMITS) if isinstance(value, Inner)]


def box(raws: list[bytes], received: int | None = None, flags: int = 0, kind: str = "", name: str = "INBOX") -> bytes:
    mails, offset = [], 0
    for number, raw in enumerate(raws):
        mails.append(Mail(number + 1, received, flags, offset, len(raw)))
        offset += len(raw)
    return directory("s" * 16, [Folder(name=name, kind=kind, validity=1, first=0, n=len(raws))], mails) + b"".join(raws)


def test_a_mail_is_found_again_by_its_number() -> None:
    readable = MemoryReadable(CASE.read_bytes())
    listed = inners(CASE.read_bytes())
    assert len(listed) == 4
    for inner in listed:
        again = open_child(readable, inner.locator, LIMITS)
        assert (again.message, again.folder) == (inner.message, inner.folder)
    for locator in ("INBOX;UIDVALIDITY=1709000000/;UID=8", "INBOX;UIDVALIDITY=1/;UID=7", "Sent;UIDVALIDITY=3/;UID=2"):
        with pytest.raises(LookupError):
            open_child(readable, locator, LIMITS)


@pytest.mark.parametrize(
    ("name", "kind", "flags", "told"),
    [
        ("INBOX", "", 0, ""),
        ("Papierkorb", "deleted", 0, "deleted"),  # the server says what it is for
        ("Sent Items/2019", "", 0, "sent"),  # its name does
        ("INBOX", "", 1 << 3, "deleted"),  # a deleted mail that was not expunged yet
        ("Sent", "sent", 1, "sent"),
    ],
)
def test_what_a_folder_is_for(name: str, kind: str, flags: int, told: str) -> None:
    (inner,) = inners(box([b"Subject: x\r\n\r\n"], flags=flags, kind=kind, name=name))
    assert inner.folder_kind == told


def test_the_servers_date_counts_where_the_mail_has_none() -> None:
    hop = b"Received: from a by b; Mon, 4 Mar 2024 05:06:08 +0000\r\n"
    for raw, told in ((b"Subject: x\r\n\r\n", "2024-03-04T05:06:09Z"), (hop + b"\r\n", "2024-03-04T05:06:08Z")):
        (inner,) = inners(box([raw], received=1_709_528_769))
        assert inner.message is not None
        assert inner.message.received_at == told
    (inner,) = inners(box([b"Subject: x\r\n\r\n"], received=1 << 62))
    assert inner.message is not None
    assert inner.message.received_at is None


def test_no_byte_is_read_as_two_mails() -> None:
    """A directory whose every line names all bytes would make little much."""
    data = bytearray(box([b"Subject: x\r\n\r\n" * 10] * 3))
    end = len(data) - 3 * 140
    data[end - 16 : end - 8] = struct.pack(">Q", 0)
    with pytest.raises(ValueError, match="does not fit"):
        inners(bytes(data))


def test_slices_belong_to_one_state() -> None:
    data = box([b"Subject: x\r\n\r\n"] * 4_500)
    names = list(shards(MemoryReadable(data), LIMITS))
    assert names == [f"{'s' * 16}:{start}-{end}" for start, end in ((0, 2000), (2000, 4000), (4000, 4500))]
    assert sum(len(list(open_shard(MemoryReadable(data), name, LIMITS))) for name in names) == 4_500


@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes_that_lie(garbage: bytes, cut: int) -> None:
    for data in (CASE.read_bytes()[:cut] + garbage, b"RCIMAP\x00\x01" + garbage):
        try:
            assert len(inners(data)) <= 4
        except (ValueError, LookupError, struct.error):
            continue

"""What shapes of a drawing say in letters, in documents of old."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.blips import drawn


def options(*texts: tuple[int, str]) -> bytes:
    """Return the properties of a shape, and behind them what they say."""
    values = [(name, f"{text}\0".encode("utf-16-le")) for name, text in texts]
    heads = b"".join(struct.pack("<HI", name | 0x8000, len(value)) for name, value in values)
    body = heads + b"".join(value for _, value in values)
    return struct.pack("<HHI", len(values) << 4 | 3, 0xF00B, len(body)) + body


def container(kind: int, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack("<HHI", 0xF, kind, len(body)) + body


SHAPES = container(0xF002, container(0xF003, container(0xF004, options((0x00C0, "Ann Tindall"), (0x0380, "Shape 1")))))
PICTURE = container(0xF002, container(0xF004, options((0x0381, "card of B. Ott"))))


def test_wordart_and_descriptions() -> None:
    data = container(0xF000, struct.pack("<HHI", 0, 0xF006, 4) + bytes(4)) + b"\0" + SHAPES + b"\1" + PICTURE
    assert list(drawn(data)) == ["Ann Tindall", "card of B. Ott"]


@given(st.binary(max_size=80), st.integers(0, 200), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_damage_ends(noise: bytes, at: int, value: int) -> None:
    data = bytearray(SHAPES + noise)
    data[at % len(data)] = value
    list(drawn(bytes(data)))

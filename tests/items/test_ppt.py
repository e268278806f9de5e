"""PowerPoint of old: text is read whatever is broken around it; the real ones are read."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.compound import written
from rollcall.items.parser import Fault, Inner, Limits, Table, Text
from rollcall.items.parsers import ppt
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make_old_office import atom, chars, record

LIMITS = Limits()


def read(stream: bytes, user: bytes = b"") -> list[object]:
    return list(ppt.parse(MemoryReadable(written({("PowerPoint Document",): stream, ("Current User",): user})), LIMITS))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=20),
        min_size=1,
        max_size=6,
    )
)
def test_slides_that_nothing_names_are_read(lines: list[str]) -> None:
    kept = [line for line in lines if line != "*"]
    found = [value.text for value in read(record(1006, *map(chars, lines))) if isinstance(value, Text)]
    assert found == (["\n".join(dict.fromkeys(kept))] if kept else [])


def test_wordart_and_descriptions() -> None:
    """They stand in the looks of a shape, behind the list of all looks and in its order."""
    name, art, picture = (text.encode("utf-16-le") + b"\0\0" for text in ("WordArt 1", "Ann Frobisher", "Ward map"))
    looks = struct.pack("<HI", 0x0004, 9) + b"".join(
        struct.pack("<HI", 0x8000 | kind, len(value))
        for kind, value in ((0x0380, name), (0x00C0, art), (0x0381, picture))
    )
    shape = record(0xF004, atom(0xF00B, looks + name + art + picture, instance=4))
    found = [value.text for value in read(record(1006, shape)) if isinstance(value, Text)]
    assert found == ["Ann Frobisher\nWard map"]


@pytest.mark.parametrize(("packed", "code"), [(b"", "corrupt"), (b"not packed", "corrupt")])
def test_embedded_that_does_not_unpack(packed: bytes, code: str) -> None:
    stream = atom(0x1011, b"\x10\0\0\0" + packed, instance=1)
    inner = next(value for value in read(stream) if isinstance(value, Inner))
    assert inner.chunks is not None
    with pytest.raises(Exception, match=code):
        list(inner.chunks())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=40))
def test_any_bytes_end(stream: bytes, user: bytes) -> None:
    assert all(isinstance(value, (Text, Table, Fault, Inner)) for value in read(stream, user))


@pytest.mark.samples
def test_real_presentations(samples: Path) -> None:
    counted = 0
    for path in sorted((samples / "slides").glob("*.ppt")):
        values = list(ppt.parse(FileReadable(path), LIMITS))
        faults = [value.code for value in values if isinstance(value, Fault)]
        assert faults == (["encrypted"] if "protected" in path.name else [])
        assert faults or any(isinstance(value, (Text, Inner)) for value in values)
        counted += 1
    assert counted > 15

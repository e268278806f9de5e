"""Plain text: which characters bytes stand for, what is no text, and that every character is in some part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items import charsets, plain
from rollcall.items.parser import Fault, Limits, Text
from rollcall.items.parsers import text
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
RUSSIAN = "Иван Петров родился второго марта, живёт в Москве. Анализы хорошие, приём окончен. " * 4


def read(data: bytes) -> str:
    return "".join(part.text for part in text.parse(MemoryReadable(data), LIMITS) if isinstance(part, Text))


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        ("é".encode(), None, "é"),
        ("é".encode("cp1252"), None, "é"),
        (b"\x93quoted\x94", "iso-8859-1", "“quoted”"),
        ("é".encode(), "iso-8859-1", "é"),
        ("é".encode("cp1252"), "utf-8", "é"),
        ("日本".encode("shift_jis"), "Shift_JIS", "日本"),
        ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
        ("中文".encode("gbk"), "gb2312", "中文"),
        ("Иван".encode("koi8-r"), "KOI8-R", "Иван"),
        ("Ann".encode("utf-16"), None, "Ann"),
        ("Ann é".encode("utf-16-le"), None, "Ann é"),
        ("Ann é".encode("utf-16-be"), None, "Ann é"),
        (b"\xef\xbb\xbfAnn", "cp1252", "Ann"),
        (b"a\x81b\x93", None, "a\x81b“"),
        (b"Ann", "no-such-charset", "Ann"),
        (b"Ann", "base64", "Ann"),
    ],
)
def test_decode(data: bytes, declared: str | None, expected: str) -> None:
    assert charsets.decode(data, declared) == (expected, True)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-8", "utf-16-le"])
def test_guess_of_another_alphabet(encoding: str) -> None:
    assert charsets.decode(RUSSIAN.encode(encoding)) == (RUSSIAN, True)


@pytest.mark.parametrize(
    "data", [b"", bytes(100), b"\x7fELF\x01\x01\x01" + bytes(range(32)) * 4, b"text " * 20000 + bytes(range(8)) * 20000]
)
def test_no_text(data: bytes) -> None:
    assert text.looks_like(MemoryReadable(data)) is False


@pytest.mark.parametrize(
    ("number", "name"), [(1252, "cp1252"), (65001, "utf-8"), (28605, "iso8859_15"), (0, None), (99, None)]
)
def test_codepages(number: int, name: str | None) -> None:
    assert charsets.of_codepage(number) == name


def test_cut_at_lines() -> None:
    lines = "".join(f"line {number} of a long report\n" for number in range(20_000))
    parts = [part.text for part in text.parse(MemoryReadable(lines.encode()), LIMITS) if isinstance(part, Text)]
    assert "".join(parts) == lines
    assert all(len(part) <= text.PART and part.endswith("\n") for part in parts)


def test_one_long_line() -> None:
    line = "é" * 5_000_000
    assert read(line.encode()) == line


def test_another_encoding_further_on() -> None:
    assert read(b"plain\n" * 200_000 + "café\n".encode("cp1252")).endswith("plain\ncafé\n")


def test_bytes_that_are_nothing_are_named() -> None:
    values = list(text.parse(MemoryReadable("日本語".encode("utf-16-le") + b"\x00"), LIMITS))
    assert [value.code for value in values if isinstance(value, Fault)] in ([], ["undecodable"], ["unknown_format"])


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_marked_text_is_read_whole(written: str, encoding: str) -> None:
    assert read((written + "\nend").encode(encoding)) == written + "\nend"


@given(st.lists(st.text(alphabet="ab\u00e9 ,", max_size=9)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines(written: list[str], end: str) -> None:
    data = ("x" + end.join([*written, "y"])).encode()
    assert "".join(plain.lines(MemoryReadable(data), "utf-8", set())) == "x" + "\n".join([*written, "y"])

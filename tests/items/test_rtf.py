"""RTF: unpacking as the specification's examples have it, alphabets, and bodies that were HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items import rtf, rtf_packed

# MS-OXRTFCP 3.1 and 3.2: the two worked examples.
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        (HELLO, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
        (CROSSING, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
        (b"\x10\0\0\0\x05\0\0\0MELA\0\0\0\0hello and more", b"hello"),
        (b"{\\rtf1 x}", b"{\\rtf1 x}"),
        (b"", b""),
        (bytes(40), b""),
    ],
)
def test_unpacking(packed: bytes, expected: bytes) -> None:
    assert rtf_packed.unpack(packed, 1000) == expected


@pytest.mark.parametrize("cut", range(0, len(HELLO), 3))
def test_unpacking_what_is_cut_off(cut: int) -> None:
    assert b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n".startswith(rtf_packed.unpack(HELLO[:cut], 1000))


@given(st.binary(max_size=60))
def test_unpacking_noise_ends(noise: bytes) -> None:
    header = b"\0\0\0\0\xff\xff\xff\x7fLZFu\0\0\0\0"
    assert len(rtf_packed.unpack(header + noise, 1 << 20)) <= len(noise) * 17


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (rb"{\rtf1 a\par b}", "<div>a</div>\n<div>b</div>\n"),
        (rb"{\rtf1 a\line b}", "<div>a<br>b</div>\n"),
        (rb"{\rtf1\ansicpg1251 \'c8\'e2}", "<div>Ив</div>\n"),
        (rb"{\rtf1\ansicpg932 \'93\'fa\'96\'7b}", "<div>日本</div>\n"),
        (rb"{\rtf1\uc1 \u233?x}", "<div>éx</div>\n"),
        (rb"{\rtf1\uc2 \u233??x}", "<div>éx</div>\n"),
        (rb"{\rtf1\uc0 \u233x}", "<div>éx</div>\n"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "<div>\U0001f600</div>\n"),
        (rb"{\rtf1\uc1 \u233\'e9x}", "<div>éx</div>\n"),
        (rb"{\rtf1 a\~b\_c\-d \{\}\\}", "<div>a\xa0b-cd {}\\</div>\n"),
        (rb"{\rtf1 <b> & x}", "<div>&lt;b&gt; &amp; x</div>\n"),
        (rb"{\rtf1{\stylesheet Normal;}{\*\unknown no}{\v hidden}x}", "<div>hiddenx</div>\n"),
        (rb"{\rtf1{\header top\par}x}", "<div>x</div>\n"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}}", "<div>shown</div>\n"),
        (rb"{\rtf1\trowd a\cell b\cell\row x}", "<table><tr><td>a</td><td>b</td></tr>\n</table>\n<div>x</div>\n"),
        (rb"{\rtf1\trowd\intbl a\par c\cell b\cell\row}", "<table><tr><td>a<br>c</td><td>b</td></tr>\n</table>\n"),
        (b"{\\rtf1 x{\\pict\\bin4 \x7d\x7d\x7b\x5c}y}", "<div>xy</div>\n"),
        (b"{\\rtf1 }}}}x", "<div>x</div>\n"),
        (b"\\", ""),
    ],
)
def test_text(source: bytes, expected: str) -> None:
    assert rtf.read(source).text == expected


@pytest.mark.parametrize(
    ("source", "media_type", "expected"),
    [
        (
            rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <td>}\htmlrtf \intbl {\htmlrtf0 899-45\tab x{\*\htmltag72 </td>}"
            rb"\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 {\*\mhtmltag84 no}}",
            "text/html",
            "<td>899-45\tx</td>&nbsp;",
        ),
        (rb"{\rtf1\ansi\fromtext one\par two\par}", "text/plain", "one\ntwo\n"),
    ],
)
def test_bodies_that_were_something_else(source: bytes, media_type: str, expected: str) -> None:
    body = rtf.read(source)
    assert (body.media_type, body.text) == (media_type, expected)


def test_contents() -> None:
    body = rtf.read(b"{\\rtf1{\\pict 0aff0}{\\object{\\*\\objdata 41 42}}{\\*\\shppict{\\pict\\bin2 \x00\x01}}")
    assert body.objects == (("pict", b"\x0a\xff"), ("objdata", b"AB"), ("pict", b"\x00\x01"))
    assert not body.is_whole


@given(st.text(alphabet="\\{}'*abu1 \n", max_size=60))
def test_noise_ends(noise: str) -> None:
    assert isinstance(rtf.read(b"{\\rtf1" + noise.encode()).text, str)


@pytest.mark.parametrize(
    ("source", "text", "apart", "deleted"),
    [
        (rb"{\rtf1{\header top\par}x}", "<div>x</div>\n", [("header", "<div>top</div>\n")], ""),
        (rb"{\rtf1 su{\*\annotation call her}per}", "<div>super</div>\n", [("comments", "<div>call her</div>\n")], ""),
        (
            rb"{\rtf1\trowd\intbl a{\footnote n}\cell b\cell\row}",
            "<table><tr><td>a</td><td>b</td></tr>\n</table>\n", [("footnotes", "<div>n</div>\n")], "",
        ),
        (rb"{\rtf1 a{\shp{\*\shpinst{\shptxt box\par}}}b", "<div>ab</div>\n", [("text boxes", "<div>box</div>\n")], ""),
        (
            rb"{\rtf1 a{\*\annotation{\*\atnref 7}\ltrpar\pard call \b her}b}",
            "<div>ab</div>\n", [("comments", "<div>call her</div>\n")], "",
        ),
        (
            rb"{\rtf1 a{\shp{\*\shpinst\shpleft9{\sp{\sn x}{\sv 1}}{\shptxt box}}}b}",
            "<div>ab</div>\n", [("text boxes", "<div>box</div>\n")], "",
        ),
        (rb"{\rtf1{\footer open", "", [("footer", "<div>open</div>\n")], ""),
        (rb"{\rtf1 kept {\deleted gone\par}x}", "<div>kept </div>\n<div>x</div>\n", [], "gone"),
        (rb"{\rtf1{\header {\footnote in}out}x}", "<div>x</div>\n", [("header", "<div>inout</div>\n")], ""),
    ],
)  # fmt: skip
def test_what_has_a_place_of_its_own(source: bytes, text: str, apart: list[tuple[str, str]], deleted: str) -> None:
    body = rtf.read(source)
    assert (body.text, list(body.apart), body.deleted) == (text, apart, deleted)

"""Envelopes of S/MIME: content in clear is read in its mail, signatures are nothing, ciphers have their code."""

import contextlib
import datetime
import zlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items import cms
from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Inner, Limits
from rollcall.items.parsers import PARSERS, smime
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
MAIL = (
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nBed 4: Tindall\r\n"
    b"--x\r\nContent-Type: text/csv; name=roll.csv\r\n\r\n899-02-0087\r\n--x--\r\n"
)
SIGNED, ENVELOPED, DATA = b"\x02", b"\x03", b"\x01"
OID = bytes.fromhex("06092a864886f70d0107")
COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")


def tlv(tag: int, *content: bytes, endless: bool = False) -> bytes:
    body = b"".join(content)
    if endless:
        return bytes((tag, 0x80)) + body + b"\0\0"
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes(4, "big")
    return bytes((tag, 0x84)) + length + body


def envelope(content: bytes, *, endless: bool = False, piece: int = 0) -> bytes:
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)] if piece else []
    octets = tlv(0x24, *(tlv(4, one) for one in pieces), endless=endless) if piece else tlv(4, content)
    inner = tlv(0x30, OID + DATA, tlv(0xA0, octets, endless=endless), endless=endless)
    signed = tlv(0x30, tlv(2, b"\1"), tlv(0x31), inner, tlv(0x31), endless=endless)
    return tlv(0x30, OID + SIGNED, tlv(0xA0, signed, endless=endless), endless=endless)


def mail(content: bytes, kind: str = "signed-data") -> bytes:
    head = "From: bo@x.example\nDate: Mon, 04 Mar 2024 05:06:08 +0000\n"
    return f"{head}Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\n\n".encode() + content


@pytest.mark.parametrize("endless", [False, True])
@pytest.mark.parametrize("piece", [0, 7, 1000])
def test_signed_content_is_read_in_place(endless: bool, piece: int) -> None:
    message = read_mail(mail(envelope(MAIL, endless=endless, piece=piece)), LIMITS)
    body, roll = message.leaves
    assert ((body.text or "").strip(), roll.name) == ("Bed 4: Tindall", "roll.csv")
    assert b"".join(roll.chunks() if roll.chunks else ()) == b"899-02-0087"
    assert len({leaf.locator for leaf in message.leaves}) == 2
    assert not message.faults


def test_what_a_real_library_signs() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bo Quill")])
    day = datetime.datetime(2024, 3, 4, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(day).not_valid_after(day + datetime.timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    signer = pkcs7.PKCS7SignatureBuilder().set_data(MAIL).add_signer(certificate, key, hashes.SHA256())
    opaque = signer.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    assert cms.content(opaque, 1 << 20) == MAIL
    pem = signer.sign(serialization.Encoding.PEM, [pkcs7.PKCS7Options.Binary])
    assert cms.content(pem, 1 << 20) == MAIL
    detached = signer.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature])
    assert cms.content(detached, 1 << 20) is None
    assert not list(smime.parse(MemoryReadable(detached), LIMITS))


def test_compressed_content() -> None:
    inner = tlv(0x30, OID + DATA, tlv(0xA0, tlv(4, zlib.compress(MAIL))))
    packed = tlv(0x30, COMPRESSED, tlv(0xA0, tlv(0x30, tlv(2, b"\0"), tlv(0x30, tlv(6, b"\x2a")), inner)))
    assert [leaf.name for leaf in read_mail(mail(packed, "compressed-data"), LIMITS).leaves] == ["", "roll.csv"]
    with pytest.raises(ValueError, match="too large"):
        cms.content(packed, 10)


def test_an_attached_envelope_is_a_container() -> None:
    readable = MemoryReadable(envelope(MAIL))
    assert next(parser.name for parser in PARSERS if parser.looks_like(readable)) == "smime"
    (inner,) = smime.parse(readable, LIMITS)
    assert isinstance(inner, Inner)
    assert b"".join(inner.chunks() if inner.chunks else ()) == MAIL


def test_a_cipher_has_its_code() -> None:
    closed = tlv(0x30, OID + ENVELOPED, tlv(0xA0, tlv(0x30, tlv(2, b"\0"))))
    assert [value.code for value in smime.parse(MemoryReadable(closed), LIMITS) if isinstance(value, Fault)] == [
        "encrypted_smime"
    ]
    (leaf,) = read_mail(mail(closed, "enveloped-data"), LIMITS).leaves
    assert (leaf.kind, leaf.name) == ("attachment", "smime.p7m")


def test_envelopes_in_envelopes_have_a_depth() -> None:
    data = MAIL
    for _ in range(100):
        data = b"Content-Type: application/pkcs7-mime\n\n" + envelope(data)
    assert read_mail(data, LIMITS).leaves


def test_deep_strings_are_refused() -> None:
    way = b"\x30\x80" + OID + SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80" + OID + DATA + b"\xa0\x80"
    with pytest.raises(ValueError, match="too deep"):
        cms.content(way + b"\x24\x80" * 50_000, 1 << 20)


@given(st.binary(max_size=400), st.integers(0, 400))
def test_garbage(data: bytes, cut: int) -> None:
    for one in (data, envelope(MAIL, endless=True, piece=9)[:cut] + data):
        cms.kind_of(one)
        with contextlib.suppress(ValueError):
            cms.content(one, 1 << 16)
        assert list(smime.parse(MemoryReadable(one), LIMITS)) is not None

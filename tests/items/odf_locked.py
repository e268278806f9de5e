"""Writes OpenDocument files behind a password, as ODF 1.2 part 3 has it and as OpenOffice 2 wrote them."""

import base64
import hashlib
import io
import zipfile
import zlib

from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NAMES = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
KIND = "application/vnd.oasis.opendocument.text"


def locked(
    members: dict[str, bytes], password: str, *, old: bool = False, algorithm: str = "", derivation: str = "PBKDF2",
    said_rounds: int = 0,
) -> bytes:  # fmt: skip
    """Return a document of these members, each with a key of its own; the manifest may say something else of it."""
    rounds = 1024
    out, said = io.BytesIO(), [f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>']
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(zipfile.ZipInfo("mimetype"), KIND)
        for number, (name, data) in enumerate(members.items()):
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = packer.compress(data) + packer.flush()
            salt, size, digest = bytes([number + 1]) * 16, 16 if old else 32, hashlib.sha1 if old else hashlib.sha256
            key = hashlib.pbkdf2_hmac("sha1", digest(password.encode()).digest(), salt, rounds, size)
            vector = bytes(range(number, number + (8 if old else 16)))
            if old:
                hidden = Cipher(Blowfish(key), CFB(vector)).encryptor().update(packed)
                names = (algorithm or "Blowfish CFB", derivation, "", "SHA1/1K")
            else:
                fill = 16 - len(packed) % 16
                padded = packed + bytes(range(100, 99 + fill)) + bytes([fill])
                hidden = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor().update(padded)
                names = (algorithm or "http://www.w3.org/2001/04/xmlenc#aes256-cbc", derivation,
                         "http://www.w3.org/2000/09/xmldsig#sha256", f"{NAMES}#sha256-1k")  # fmt: skip
            checksum = digest(packed[:1024]).digest()
            said.append(_entry(name, len(data), names, vector, salt, checksum, said_rounds or rounds, size))
            made.writestr(zipfile.ZipInfo(name), hidden)
        made.writestr(
            zipfile.ZipInfo("META-INF/manifest.xml"),
            f'<manifest:manifest xmlns:manifest="{NAMES}">{"".join(said)}</manifest:manifest>',
        )
    return out.getvalue()


def whole() -> bytes:
    """Return a document that is enciphered as one package, with the names LibreOffice 24 uses."""
    names = ("http://www.w3.org/2009/xmlenc11#aes256-gcm", "urn:example:argon2id", "", "")
    entry = _entry("encrypted-package", 99, names, bytes(12), bytes(16), b"", 3, 32)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", KIND)
        made.writestr("encrypted-package", bytes(range(99)))
        made.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{NAMES}">{entry}</manifest:manifest>'
        )
    return out.getvalue()


def _entry(
    name: str, length: int, names: tuple[str, str, str, str], vector: bytes, salt: bytes, checksum: bytes, rounds: int,
    size: int,
) -> str:  # fmt: skip
    def coded(data: bytes) -> str:
        return base64.b64encode(data).decode()

    algorithm, derivation, start, check = names
    # OpenOffice 2 says neither how the start key is made nor how long the key is.
    more = f' manifest:key-size="{size}"' if start else ""
    begin = (
        f'<manifest:start-key-generation manifest:start-key-generation-name="{start}" manifest:key-size="32"/>'
        if start
        else ""
    )
    return (
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml" manifest:size="{length}">'
        f'<manifest:encryption-data manifest:checksum-type="{check}" manifest:checksum="{coded(checksum)}">'
        f'<manifest:algorithm manifest:algorithm-name="{algorithm}" manifest:initialisation-vector="{coded(vector)}"/>'
        f'<manifest:key-derivation manifest:key-derivation-name="{derivation}" manifest:iteration-count="{rounds}"'
        f' manifest:salt="{coded(salt)}"{more}/>{begin}</manifest:encryption-data></manifest:file-entry>'
    )

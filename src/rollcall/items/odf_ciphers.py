"""How members of an OpenDocument file are enciphered (ODF 1.2 part 3, 3.4 and 4), as the manifest says of each.

Each has a key of its own, derived from the password, and a checksum of its first bytes, which proves the password.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec

from rollcall.items.ooxml import Package
from rollcall.items.parser import ContentError
from rollcall.items.xml_stream import attribute, local

MANIFEST = "meta-inf/manifest.xml"
ROUNDS = 25_000_000  # of all keys that are tried, and of all keys of a document: some seconds
_MOST = 2_500_000  # of one key
_BLOCK = 16


class Enciphered(msgspec.Struct, frozen=True, kw_only=True):
    """How one member is enciphered."""

    algorithm: str  # names stand as in the manifest, in small letters
    derivation: str
    start: str
    check: str
    vector: bytes
    salt: bytes
    checksum: bytes
    rounds: int
    size: int  # bytes of the key

    def is_known(self) -> bool:
        """Say whether this is one of the two ways that have been standard: AES, and Blowfish before it."""
        if "pbkdf2" not in self.derivation or not 0 < self.rounds <= _MOST:
            return False
        if "blowfish" in self.algorithm:
            return 5 <= self.size <= 56 and len(self.vector) == 8
        aes = self.algorithm.endswith(("#aes128-cbc", "#aes192-cbc", "#aes256-cbc"))
        return aes and self.size in (16, 24, 32) and len(self.vector) == _BLOCK

    def fits(self, data: bytes, password: str, most: int) -> bool:
        """Say whether a password opens a member: by its checksum, or where there is none, by what comes out."""
        try:
            self.plain(data, password, most)
        except ContentError as error:
            return error.code == "bomb"
        return True

    def plain(self, data: bytes, password: str, most: int) -> bytes:
        """Return the bytes of a member, deciphered and unpacked; ContentError where they are not those it had."""
        packed = self._deciphered(data, password)
        digest = hashlib.sha256 if "sha256" in self.check else hashlib.sha1
        proven = packed[:1024] if "1k" in self.check else packed
        if self.checksum and digest(proven).digest() != self.checksum:
            raise ContentError("corrupt", "checksum")
        inflater = zlib.decompressobj(-15)
        try:
            plain = inflater.decompress(packed, most + 1)
        except zlib.error:
            raise ContentError("corrupt", "deflate") from None
        if len(plain) > most:
            raise ContentError("bomb", f"more than {most} bytes")
        if not inflater.eof:
            raise ContentError("corrupt", "deflate")
        return plain

    def _deciphered(self, data: bytes, password: str) -> bytes:
        from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
        from cryptography.hazmat.decrepit.ciphers.modes import CFB
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        digest = hashlib.sha256 if "sha256" in self.start else hashlib.sha1
        start = digest(password.encode("utf-8", "replace")).digest()
        key = hashlib.pbkdf2_hmac("sha1", start, self.salt, self.rounds, self.size)
        if "blowfish" in self.algorithm:
            return Cipher(Blowfish(key), CFB(self.vector)).decryptor().update(data)
        plain = Cipher(algorithms.AES(key), modes.CBC(self.vector)).decryptor().update(data)
        filled = plain[-1] if plain else 0  # the last byte says how many were added (XML Encryption 5.2)
        return plain[:-filled] if 0 < filled <= _BLOCK else plain


def enciphered(package: Package) -> Iterator[tuple[str, Enciphered]]:
    """Yield (name in small letters, cipher) of each member that the manifest says is enciphered."""
    for _, entry in package.elements(MANIFEST, ("file-entry",)):
        said = {local(element.tag): element.attrib for element in entry.iter() if isinstance(element.tag, str)}
        if "encryption-data" in said:
            yield attribute(entry.attrib, "full-path").lower(), _read(said)


def _read(said: dict[str, Any]) -> Enciphered:
    def get(element: str, name: str, default: str = "") -> str:
        return attribute(said.get(element, {}), name, default)

    return Enciphered(
        algorithm=get("algorithm", "algorithm-name").lower(),
        derivation=get("key-derivation", "key-derivation-name").lower(),
        start=get("start-key-generation", "start-key-generation-name", "sha1").lower(),
        check=get("encryption-data", "checksum-type").lower(),
        vector=base64.b64decode(get("algorithm", "initialisation-vector")),
        salt=base64.b64decode(get("key-derivation", "salt")),
        checksum=base64.b64decode(get("encryption-data", "checksum")),
        rounds=int(get("key-derivation", "iteration-count", "1024")),
        size=int(get("key-derivation", "key-size", "16")),
    )

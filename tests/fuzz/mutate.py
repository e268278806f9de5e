"""Damage contents as chance has it: cuts, flips, splices, numbers at their limits; inside the members of a zip too."""

import io
import zipfile
from random import Random

LARGEST = 1 << 20
EDGES = (
    b"\0", b"\xff", b"\x7f", b"\0\0", b"\xff\xff", b"\xff\x7f", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f",
    b"\0\0\0\x80", b"\xff" * 8, b"\0" * 8, b"-1", b"0", b"99999999999", b"%s", b"\r\n", b"<", b">", b"{", b"}", b"[",
    b"\"", b"(", b"&", b"=", b"\xef\xbb\xbf", b"\xff\xfe",
)  # fmt: skip


def mutated(data: bytes, other: bytes, rng: Random) -> bytes:
    """Return the content damaged in one to eight ways; `other` is another of its kind."""
    if data.startswith(b"PK\3\4") and rng.random() < 0.7:
        return _inside_zip(data, other, rng)
    made = bytearray(data[:LARGEST])
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        rng.choice((_cut, _flip, _flip, _edge, _edge, _repeat, _drop, _swap))(made, rng)
        if rng.random() < 0.1:
            _splice(made, other, rng)
    return bytes(made[: 2 * LARGEST])


def _at(made: bytearray, rng: Random) -> int:
    """Return a place; heads are hit more often, for what counts stands there."""
    return rng.randrange(min(len(made), 512) if rng.random() < 0.4 else len(made)) if made else 0


def _cut(made: bytearray, rng: Random) -> None:
    if rng.random() < 0.3:
        del made[_at(made, rng) :]


def _flip(made: bytearray, rng: Random) -> None:
    for _ in range(rng.choice((1, 1, 4, 32))):
        if made:
            made[_at(made, rng)] ^= 1 << rng.randrange(8)


def _edge(made: bytearray, rng: Random) -> None:
    at, edge = _at(made, rng), rng.choice(EDGES)
    made[at : at + (len(edge) if rng.random() < 0.7 else 0)] = edge


def _repeat(made: bytearray, rng: Random) -> None:
    at, length = _at(made, rng), rng.choice((1, 8, 64, 512))
    made[at:at] = made[at : at + length] * rng.choice((1, 2, 50, 500))
    del made[2 * LARGEST :]


def _drop(made: bytearray, rng: Random) -> None:
    at = _at(made, rng)
    del made[at : at + rng.choice((1, 2, 16, 256, 4096))]


def _swap(made: bytearray, rng: Random) -> None:
    one, two, length = _at(made, rng), _at(made, rng), rng.choice((4, 64, 512))
    made[one : one + length], made[two : two + length] = made[two : two + length], made[one : one + length]


def _splice(made: bytearray, other: bytes, rng: Random) -> None:
    if other:
        at = rng.randrange(len(other))
        made[_at(made, rng) :] = other[at : at + LARGEST]


def _inside_zip(data: bytes, other: bytes, rng: Random) -> bytes:
    """Damage a member, and pack the archive anew, so that the damage is reached."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as copy:
            infos = archive.infolist()
            hit = {rng.randrange(len(infos)) for _ in range(rng.choice((1, 1, 3)))} if infos else set()
            for number, info in enumerate(infos):
                content = archive.read(info)
                if number in hit:
                    content = mutated(content, other, rng)
                copy.writestr(zipfile.ZipInfo(info.filename), content, info.compress_type)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, LookupError):
        return data[: rng.randrange(len(data))]
    except Exception as error:
        if type(error).__module__ not in ("zlib", "lzma", "struct"):
            raise
        return data[: rng.randrange(len(data))]
    return target.getvalue()

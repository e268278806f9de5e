"""In what order work is done, so that what is known early is honest.

Taking the files as they come would show one custodian first; taking the large ones first would show no small ones.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def spread(things: Iterable[T], size_of: Callable[[T], int], name_of: Callable[[T], str]) -> list[T]:
    """Return the things in random order within size strata, the strata interleaved in proportion.

    A stratum is a power of two of the size; inside it the order is that of the SHA-256 of the names, so chance is the
    same in every run. Every beginning of the list holds about the same share of each stratum (systematic sampling, one
    random start for each), which is what lets a rate measured on it be projected to the rest.
    """
    strata: dict[int, list[tuple[bytes, T]]] = defaultdict(list)
    for thing in things:
        strata[max(size_of(thing), 0).bit_length()].append(
            (hashlib.sha256(name_of(thing).encode("utf-8", "surrogatepass")).digest(), thing)
        )
    placed: list[tuple[float, bytes, T]] = []
    for members in strata.values():
        members.sort(key=lambda member: member[0])
        start = int.from_bytes(members[0][0][-4:]) / 2**32
        placed += [((rank + start) / len(members), chance, thing) for rank, (chance, thing) in enumerate(members)]
    placed.sort(key=lambda place: place[:2])
    return [thing for _, _, thing in placed]

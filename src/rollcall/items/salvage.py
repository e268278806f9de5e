"""Words in bytes of a form no reader takes apart: what a person would see in them with an editor."""

import bisect
import re
from collections.abc import Iterator

_WIDE = re.compile(rb"(?:[\x09\x20-\x7e\xa0-\xff]\0){4,}")
_NARROW = re.compile(rb"[\x09\x20-\x7e\xa0-\xff]{4,}")


def runs(data: bytes) -> Iterator[str]:
    """Yield the runs of Western text, of two bytes a character or of one, in the order they stand."""
    wide = [(match.start(), match.end(), match[0].decode("utf-16-le")) for match in _WIDE.finditer(data)]
    ends = [end for _, end, _ in wide]
    found = [(start, text) for start, _, text in wide]
    for match in _NARROW.finditer(data):
        place = bisect.bisect_right(ends, match.start())
        if place == len(wide) or wide[place][0] >= match.end():
            found.append((match.start(), match[0].decode("cp1252", "replace")))
    for _, text in sorted(found):
        if sum(map(str.isalnum, text)) * 2 >= len(text):
            yield text.strip()

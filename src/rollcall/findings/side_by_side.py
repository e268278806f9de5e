"""Tables that stand beside each other in the same rows: which columns make one, and whose the second one's are.

Two people a row under the same headers twice, or two lists with an empty column between them: each stretch is read as a
table of its own, and the person of the second one is as much what the row is about as that of the first.
"""

import re
from collections.abc import Collection, Mapping

import msgspec

from rollcall.findings.meaning import Meaning

SECOND = "subject"  # "subject_2" is the second person a row is about
_TAIL = re.compile(r"[\s_(#.-]*\d{1,2}\)?$")
_MAIN = ("", "patient", "member", "employee", "subscriber")
MOST = 4  # tables side by side


def repeated(headers: Mapping[int, str]) -> list[dict[int, int]]:
    """Return the stretches of headers that come again as a whole ("Name, DOB, Name 2, DOB 2").

    Each is a map of its columns to those of the first.
    """
    if len(headers) < 4:
        return []
    first, last = min(headers), max(headers)
    texts = [_TAIL.sub("", headers.get(col, "").strip()).lower() for col in range(first, last + 1)]
    for times in range(MOST, 1, -1):
        size = len(texts) // times
        told = [text for text in texts[:size] if text]
        if size * times != len(texts) or len(told) < 2 or len(set(told)) < len(told):
            continue
        if all(text == texts[at % size] for at, text in enumerate(texts)):
            return [{first + n * size + at: first + at for at in range(size)} for n in range(times)]
    return []


def apart(columns: Collection[int]) -> list[list[int]]:
    """Return the stretches of columns that an empty one parts; those of a single column stay with the one before."""
    found: list[list[int]] = []
    for col in sorted(columns):
        if not found or col > found[-1][-1] + 1:
            found.append([])
        found[-1].append(col)
    joined: list[list[int]] = []
    for stretch in found:
        if joined and (len(stretch) < 2 or len(joined[-1]) < 2):
            joined[-1] += stretch
        else:
            joined.append(stretch)
    return joined


def names_somebody(meanings: Mapping[int, Meaning]) -> bool:
    """Say whether a stretch has a name of whom its rows are about."""
    return any(one.element == "name" and one.group in _MAIN for one in meanings.values())


def of_person(meaning: Meaning, ordinal: int) -> Meaning:
    """Return a meaning as one of the second (third, ...) person of the row."""
    if ordinal < 2 or not meaning.element:
        return meaning
    group = SECOND if meaning.group in _MAIN else meaning.group
    return msgspec.structs.replace(meaning, group=f"{group}_{ordinal}")

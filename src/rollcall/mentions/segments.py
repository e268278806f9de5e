"""A body cut into who wrote what: the newest text, and each mail it quotes, with the sender and day it says.

Two habits: marks before each quoted line (">"), after which the outer writer goes on, and a block of header lines or a
ruled line, after which everything is the older mail. One pass over the lines; nothing is gone through twice.
"""

import bisect
import re
from collections.abc import Iterator

import msgspec

_MARKS = re.compile(r"[ \t]*(?:>[ \t]?)*")
_WROTE = re.compile(
    r"On\b[^\n]{4,90}?(?:,|\d{4}|[AP]M)\s+\"?(?P<on>[^\n<\"@\d]{3,60}?)\"?\s*(?:<[^>\n]*>)?[\s>]*wrote:|"
    r"(?:El|Em)\b[^\n]{4,90}?(?:,|\d{4})\s+\"?(?P<el>[^\n<\"@\d]{3,60}?)\"?\s*(?:<[^>\n]*>)?[\s>]*(?:escribi[oó]|escreveu):"
)
_FROM = re.compile(r"(?:From|De|Von):[ \t]*\"?(?P<from>[^\n<\"@\[]{3,60}?)\"?[ \t]*(?:<[^>\n]*>|\[[^\]\n]*\])?[ \t]*$")
_OF_HEADER = re.compile(
    r"(?:From|To|Cc|Bcc|Sent|Date|Reply-To|Subject|De|Para|Enviado|Asunto|Fecha)[ \t]*:", re.IGNORECASE
)
_RULE = re.compile(
    r"(?:_{10,}|-{2,}[ \t]*(?:Original Message|Forwarded message|Mensaje original|Mensagem original)[ \t]*-{2,}"
    r"|Begin forwarded message:)[ \t]*$",
    re.IGNORECASE,
)
_LONGEST = 1_000  # characters of a line that are looked at: header lines are short
_HELD = 200  # characters of a line and the next one in which "On ... wrote:" may be wrapped


class Segment(msgspec.Struct, frozen=True):
    """What one writer wrote, as far as it stands together."""

    start: int
    level: int  # which mail: 0 the newest, then in the order they are quoted; the outer one goes on after a quote
    sender: str  # as written; "" for the newest, whose sender the message tells
    header: bool = False  # lines of a quoted header, which speak of nobody's affairs


class Segments:
    """The segments of a text, by position."""

    def __init__(self, text: str) -> None:
        self.all = list(_cut(text))
        self._starts = [one.start for one in self.all]

    def at(self, position: int) -> Segment:
        """Return the segment at a position."""
        return self.all[max(0, bisect.bisect_right(self._starts, position) - 1)]


def _cut(text: str) -> Iterator[Segment]:
    stack = [(0, 0, "")]  # marks, level, sender
    level, in_header = 0, False
    yield Segment(0, 0, "")
    position = 0
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        start, position = position, position + len(line)
        marks = _MARKS.match(line)
        lead = marks.end() if marks else 0
        bare = line[lead : lead + _LONGEST].rstrip("\r\n")
        if not bare.strip():
            if in_header:
                in_header = False
                yield Segment(position, stack[-1][1], stack[-1][2])
            continue
        depth = line[:lead].count(">")
        if depth < stack[-1][0]:
            while len(stack) > 1 and depth < stack[-1][0]:
                stack.pop()
            in_header = False
            yield Segment(start, stack[-1][1], stack[-1][2])
        elif depth > stack[-1][0]:
            level += 1
            stack.append((depth, level, ""))
            in_header = False
            yield Segment(start, level, "")
        if in_header and _OF_HEADER.match(bare):
            continue
        if in_header:
            in_header = False
            yield Segment(start, stack[-1][1], stack[-1][2])
        sender = _FROM.match(bare)
        wrapped = (
            bare
            if len(bare) > _HELD or "wrote:" in bare
            else bare + " " + "".join(lines[index + 1 : index + 2]).strip()
        )
        wrote = _WROTE.match(wrapped[: _HELD * 2]) if bare[:2] in ("On", "El", "Em") else None
        if wrote is not None:
            level += 1
            # What follows with one mark more is theirs; without marks everything below is.
            marked = _next_depth(lines, index) > depth
            stack.append((depth + 1 if marked else depth, level, (wrote["on"] or wrote["el"]).strip()))
            yield Segment(position, level, stack[-1][2])
        elif sender is not None or _RULE.match(bare):
            level += 0 if _RULE.match(lines[index - 1][lead:] if index else "") and sender else 1
            stack[-1] = (depth, level, sender["from"].strip(" \"'") if sender else "")
            in_header = sender is not None
            yield Segment(start, level, stack[-1][2], header=in_header)


def _next_depth(lines: list[str], index: int) -> int:
    """Return how many marks the next line that says anything has; only the two after an attribution are looked at."""
    for line in lines[index + 1 : index + 4]:
        marks = _MARKS.match(line)
        lead = marks.end() if marks else 0
        if line[lead:].strip() and "wrote:" not in line:
            return line[:lead].count(">")
    return 0

"""All patterns of the catalogue compiled into one pass: RE2 sets say which can fire in a line, `re` finds where.

A set's automaton has a state for every combination of patterns met so far, so one set of all is slow: several small
ones are asked, and those whose patterns need more digits than a line has are not asked at all.
"""

import functools
import re
import re._constants as opcode  # type: ignore[import-not-found]  # what `re` itself compiles from
import re._parser as reading  # type: ignore[import-not-found]
from collections.abc import Iterator
from typing import Any

import msgspec
import re2

from rollcall.elements import ELEMENTS
from rollcall.elements.element import Element, Pattern

_MAX_LINE = 20_000  # characters of one line looked at in one go; longer ones are cut at a space
_MAX_HITS = 4_000  # of one pattern in one line
_TOGETHER = 8  # patterns of one set
_WORDED = 40  # ... of those that need no digit: rarely two of them stand in one line
_DIGIT = re.compile(r"\d")
# A match that begins inside a word is never one (`bounded`); saying so here spares `re` most of its tries.
_FREE = r"(?<![^\W_])"


class Shape(msgspec.Struct, frozen=True):
    """One regular expression and every (element, pattern) it may stand for."""

    regex: re.Pattern[str]
    readings: tuple[tuple[Element, Pattern], ...]
    group: str | int  # of the match that is the value


class Gate(msgspec.Struct, frozen=True):
    """Some shapes and the set that tells which of them a line can hold, if it has digits enough."""

    n_digits: int
    first: int  # the number of the first shape
    which: re2.Set


class Gates(msgspec.Struct, frozen=True):
    """The compiled catalogue: its shapes, those that need few digits first, and the gates before them."""

    shapes: tuple[Shape, ...]
    gates: tuple[Gate, ...]


def _loosened(regex: str) -> str:
    """Return a regular expression that matches wherever this one does, with counts that cost no states.

    Counted repeats multiply the states of the set's automaton until it gives up and crawls; the set only has to say
    that a line is worth a look.
    """
    regex = re.sub(r"\{0,\d{1,2}\}", "*", regex)
    return re.sub(r"\{([1-9]),\d{1,2}\}", lambda match: "+" if match[1] == "1" else f"{{{match[1]},}}", regex)


def fewest_digits(regex: str) -> int:
    """Return how many digits a match has at least; too low where that cannot be told, never too high."""
    return _fewest(reading.parse(regex))


def _fewest(parsed: Any) -> int:
    total = 0
    for code, argument in parsed:
        if code is opcode.LITERAL:
            total += chr(argument).isdecimal()
        elif code is opcode.IN:
            total += all(_is_digits(*one) for one in argument)
        elif code is opcode.BRANCH:
            total += min(_fewest(branch) for branch in argument[1])
        elif code is opcode.SUBPATTERN:
            total += _fewest(argument[-1])
        elif code in (opcode.MAX_REPEAT, opcode.MIN_REPEAT):
            total += argument[0] * _fewest(argument[2])
    return total


def _is_digits(code: Any, argument: Any) -> bool:
    if code is opcode.RANGE:
        return chr(argument[0]).isdecimal() and chr(argument[1]).isdecimal()
    return (code is opcode.LITERAL and chr(argument).isdecimal()) or argument is opcode.CATEGORY_DIGIT


@functools.cache
def gates() -> Gates:
    """Return the compiled catalogue."""
    by_regex: dict[str, list[tuple[Element, Pattern]]] = {}
    for element in ELEMENTS:
        for pattern in element.patterns:
            by_regex.setdefault(pattern.regex, []).append((element, pattern))
    needed = {regex: fewest_digits(regex) for regex in by_regex}
    ordered = sorted(by_regex, key=lambda regex: needed[regex])
    made, first = [], 0
    while first < len(ordered):
        n_digits = needed[ordered[first]]
        together = [regex for regex in ordered[first:] if n_digits or not needed[regex]]
        together = together[: _TOGETHER if n_digits else _WORDED]
        made.append(Gate(n_digits, first, _set_of(together)))
        first += len(together)
    return Gates(tuple(_shape(regex, by_regex[regex]) for regex in ordered), tuple(made))


def _set_of(regexes: list[str]) -> re2.Set:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    which = re2.Set.SearchSet(options)
    for regex in regexes:
        which.Add(_loosened(regex))
    which.Compile()
    return which


def _shape(regex: str, readings: list[tuple[Element, Pattern]]) -> Shape:
    compiled = re.compile(f"{_FREE}(?:{regex})")
    return Shape(compiled, tuple(readings), "value" if "value" in compiled.groupindex else 0)


def bounded(text: str, start: int, end: int) -> bool:
    """Say whether a span stands free: no letter or digit beside it, and no digit behind a joining mark."""
    if start > 0:
        before = text[start - 1]
        if before.isalnum() or (before in "-/._" and start > 1 and text[start - 2].isdigit() and text[start].isdigit()):
            return False
        if before in "@$" or (before == "+" and text[start].isdigit()):
            return False
    if end < len(text):
        after = text[end]
        if after.isalnum() or after in "@%":
            return False
        if after in "-/._" and end + 1 < len(text) and text[end + 1].isdigit() and text[end - 1].isdigit():
            return False
    return True


def hits(line: str) -> Iterator[tuple[Shape, int, int]]:
    """Yield (shape, start, end) of every free-standing match of every shape that the sets say can fire."""
    compiled = gates()
    n_digits = len(_DIGIT.findall(line))
    for gate in compiled.gates:
        if gate.n_digits > n_digits:
            return
        for index in sorted(gate.which.Match(line) or ()):
            yield from _matches(compiled.shapes[gate.first + index], line)


def _matches(shape: Shape, line: str) -> Iterator[tuple[Shape, int, int]]:
    position = n_hits = 0
    while n_hits < _MAX_HITS and (match := shape.regex.search(line, position)):
        start, end = match.span()
        if end > start and bounded(line, start, end):
            yield shape, *match.span(shape.group)
            position = end
            n_hits += 1
        else:
            position = start + 1


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, line) without line ends; very long lines are cut at a space."""
    offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        start = 0
        while len(bare) - start > _MAX_LINE:
            cut = bare.rfind(" ", start + _MAX_LINE // 2, start + _MAX_LINE)
            cut = cut if cut > 0 else start + _MAX_LINE
            yield offset + start, bare[start:cut]
            start = cut
        yield offset + start, bare[start:]
        offset += len(line)

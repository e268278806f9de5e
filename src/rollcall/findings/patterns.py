"""All patterns of the catalogue compiled into one pass: an RE2 set says which can fire in a line, `re` finds where."""

import functools
import re
from collections.abc import Iterator

import msgspec
import re2

from rollcall.elements import ELEMENTS
from rollcall.elements.element import Element, Pattern

_MAX_LINE = 20_000  # characters of one line looked at in one go; longer ones are cut at a space
_RUN = re.compile(r"[^\W_]+")
_MAX_HITS = 4_000  # of one pattern in one line


class Shape(msgspec.Struct, frozen=True):
    """One regular expression and every (element, pattern) it may stand for."""

    regex: re.Pattern[str]
    readings: tuple[tuple[Element, Pattern], ...]


class Gate(msgspec.Struct, frozen=True):
    """The shapes and the set that tells which of them a line can hold."""

    shapes: tuple[Shape, ...]
    which: re2.Set


def _loosened(regex: str) -> str:
    """Return a regular expression that matches wherever this one does, with counts that cost no states.

    Counted repeats multiply the states of the set's automaton until it gives up and crawls; the set only has to say
    that a line is worth a look.
    """
    regex = re.sub(r"\{0,\d{1,2}\}", "*", regex)
    return re.sub(r"\{([1-9]),\d{1,2}\}", lambda match: "+" if match[1] == "1" else f"{{{match[1]},}}", regex)


@functools.cache
def gate() -> Gate:
    """Return the compiled catalogue."""
    by_regex: dict[str, list[tuple[Element, Pattern]]] = {}
    for element in ELEMENTS:
        for pattern in element.patterns:
            by_regex.setdefault(pattern.regex, []).append((element, pattern))
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    which = re2.Set.SearchSet(options)
    for regex in by_regex:
        which.Add(_loosened(regex))
    which.Compile()
    shapes = tuple(Shape(re.compile(regex), tuple(readings)) for regex, readings in by_regex.items())
    return Gate(shapes, which)


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


def _next_start(line: str, start: int) -> int:
    """Return where to look again: behind the run of letters and digits when the match began inside one."""
    if start and line[start - 1].isalnum():
        run = _RUN.match(line, start)
        return run.end() if run else start + 1
    return start + 1


def hits(line: str) -> Iterator[tuple[Shape, int, int]]:
    """Yield (shape, start, end) of every free-standing match of every shape that the set says can fire."""
    compiled = gate()
    for index in sorted(compiled.which.Match(line) or ()):
        shape = compiled.shapes[index]
        position, n_hits = 0, 0
        while n_hits < _MAX_HITS and (match := shape.regex.search(line, position)):
            if match.end() == match.start():
                position = match.end() + 1
                continue
            if bounded(line, match.start(), match.end()):
                yield shape, *match.span("value" if "value" in shape.regex.groupindex else 0)
                position = match.end()
                n_hits += 1
            else:
                position = _next_start(line, match.start())


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

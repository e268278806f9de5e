"""Labels and values by how they are laid out, whatever the labels say: what stands before, over or under what.

A form keeps its questions from its answers by a mark (colon, equals sign, tab, rule, dots, a wide gap), by a line (the
answer under its question, or on a rule over it), or, typed in one line, by semicolons. Which it is shows in that
several lines do the same. Nothing is decided here about what a pair means.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from rollcall.findings.beside_pairs import PARTED, beside
from rollcall.findings.pair import Line, Pair, knows, whose_head
from rollcall.findings.stacked_pairs import columns, over_answers, under_answers

_HEAD = re.compile(r"[ \t>]*[-=*~#\[<>_]*[ \t]*(?P<text>[^\W\d_][^:=|\t]{1,60}?)[ \t]*[-=*~#\]<>_:]*[ \t]*")
_MAIL_LABELS = frozenset(
    ("from", "to", "cc", "bcc", "sent", "date", "subject", "reply-to", "importance", "attachments")
)
_DOUBTFUL = frozenset(("dash", "gap", "plain"))  # marks that running text has as well
_LEAST = 3  # pairs of a form
_GONE = 4  # lines without a pair that end a form


def forms_of(lines: Iterable[tuple[int, str]]) -> Iterator[list[Pair]]:
    """Yield the pairs of each form of a text, in order of place."""
    held = [Line(offset, text) for offset, text in lines]
    if len(held) < _LEAST and not any(len(PARTED.findall(line.text)) >= _LEAST for line in held):
        return
    found = sorted(_pairs(held), key=lambda pair: (pair.line, pair.start))
    run: list[Pair] = []
    for pair in found:
        if run and _apart(held, run[-1].line, pair.line):
            yield from _kept(run)
            run = []
        run.append(pair)
    yield from _kept(run)


def _apart(lines: Sequence[Line], above: int, below: int) -> bool:
    """Say whether what stands between two pairs ends a form: too many lines, or running text."""
    between = [line.bare for line in lines[above + 1 : below] if line.bare]
    return len(between) > _GONE or below - above > 2 * _GONE or sum(len(text) > 90 for text in between) > 1


def _kept(run: list[Pair]) -> Iterator[list[Pair]]:
    """Yield a run if it is a form's: three pairs or more, most laid out alike; the head of a mail is none."""
    labels = {pair.label.lower().strip() for pair in run}
    if len(labels & _MAIL_LABELS) >= 3:
        run = [pair for pair in run if pair.label.lower().strip() not in _MAIL_LABELS]
    counts: dict[str, int] = {}
    for pair in run:
        counts[pair.style] = counts.get(pair.style, 0) + 1
    lines = {pair.line for pair in run}
    run = [
        pair
        for pair in run
        if pair.style not in _DOUBTFUL
        or counts[pair.style] > 2
        or (pair.style != "plain" and knows(pair.label))
        or (pair.style == "gap" and lines & {pair.line - 1, pair.line + 1})
    ]
    if len(run) < _LEAST or not any(knows(pair.label) for pair in run):
        return
    yield run


def _pairs(lines: Sequence[Line]) -> Iterator[Pair]:
    """Yield every pair that a layout suggests, with the head it stands under."""
    taken: set[int] = set()
    found = [
        *under_answers(lines, taken),
        *columns(lines, taken),
        *beside(lines, taken),
        *over_answers(lines, taken),
    ]
    if len(found) < _LEAST:
        return
    heads = _heads(lines, {pair.line for pair in found} | taken)
    section, position = "", 0
    for pair in sorted(found, key=lambda one: (one.line, one.start)):
        while position < len(heads) and heads[position][0] <= pair.line:
            section = heads[position][1]
            position += 1
        if not pair.value and whose_head(pair.label):
            section = pair.label
        yield msgspec.structs.replace(pair, section=section)


def _heads(lines: Sequence[Line], taken: set[int]) -> list[tuple[int, str]]:
    """Return the short lines of words alone that no pair holds: what stands over a part of a form."""
    heads = []
    for number, line in enumerate(lines):
        if number in taken or not line.text or len(line.text) > 80:
            continue
        match = _HEAD.fullmatch(line.text)
        if match is not None and len(match["text"].split()) <= 6 and not match["text"].endswith((".", ",", "!", "?")):
            heads.append((number, match["text"]))
    return heads

"""Pairs over several lines: answers on a rule over their label, under it, or under a row of labels."""

import re
from collections.abc import Iterator, Sequence

from rollcall.findings.beside_pairs import chunks_of
from rollcall.findings.pair import Line, Pair, is_label, knows, pair_at, split_label

_RULE = re.compile(r"[ \t>]*[_\-=~.*]{4,}[ \t]*")
_UNDER = re.compile(r"[ \t>]*\((?P<label>[^\W\d_].{0,70})\)[ \t]*")
_QUOTE = re.compile(r"^[ \t>]*>")
_WIDEST = 300  # characters of a line of labels
_NARROW, _LONG = 90, 160  # characters of a line that is a label, and of one that is an answer
_FEWEST = 6  # lines of labels over their answers
_MARKED = re.compile(r"[:=]\s*\S")


def under_answers(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield values that stand on a rule, with the label under it, as signed forms have them."""
    for number in range(2, len(lines)):
        if _RULE.fullmatch(lines[number - 1].text) is None or len(lines[number].text) >= _NARROW:
            continue
        match = _UNDER.fullmatch(lines[number].text)
        label = match["label"] if match is not None else lines[number].bare
        alone = match is not None or ("  " not in label and split_label(label) is None and knows(label))
        value, above = lines[number - 2], number - 2
        if not alone or not is_label(label) or above in taken or not value.bare or len(value.text) > _LONG:
            continue
        if _UNDER.fullmatch(value.text) or _RULE.fullmatch(value.text):
            continue
        taken.update((above, number - 1, number))
        yield pair_at(value, above, (0, len(value.text)), label, "under")


def over_answers(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield values under their labels, line by line in turn; a label may be left without a value."""
    number = 0
    shown = [index for index, line in enumerate(lines) if line.bare and index not in taken]
    if sum(len(lines[index].text) < _NARROW for index in shown) < _FEWEST:
        return
    while number < len(shown):
        first = lines[shown[number]].bare.rstrip(":")
        if not is_label(first) or not knows(first):
            number += 1
            continue
        end, steps = _ladder(lines, shown, number)
        if steps:
            taken.update(shown[number:end])
            for label, value in steps:
                line = lines[value]
                yield pair_at(line, value, (0, len(line.text)), lines[label].bare.rstrip(":"), "over")
        number = max(end, number + 1)


def _ladder(lines: Sequence[Line], shown: Sequence[int], at: int) -> tuple[int, list[tuple[int, int]]]:
    """Return where a run of labels over values that begins at a line ends, and its (label, value) lines.

    Between two steps up to two lines may stand that are none: a head, or a label left without a value.
    """
    steps: list[tuple[int, int]] = []
    known = skipped = 0
    position, end = at, at + 1
    while position + 1 < len(shown) and skipped <= 2:
        label, value = lines[shown[position]], lines[shown[position + 1]]
        if not _is_step(label, value) or shown[position + 1] - shown[position] > 2:
            if not steps or not is_label(label.bare):
                break
            skipped += 1
            position += 1
            continue
        question = label.bare.rstrip(":")
        deeper = _indent(value.text) >= _indent(label.text) + 2
        surely = knows(question)
        if not surely and not (deeper and steps) and not (steps and _then_label(lines, shown, position + 2)):
            skipped += 1
            position += 1
            if not steps:
                break
            continue
        steps.append((shown[position], shown[position + 1]))
        known, skipped = known + surely, 0
        position += 2
        end = position
    if known < 2 or len(steps) < 3:
        return at + 1, []
    return end, steps


def _is_step(label: Line, value: Line) -> bool:
    """Say whether one line can ask what the next one answers."""
    question, answer = label.bare.rstrip(":"), value.bare
    if len(label.text) >= _NARROW or len(value.text) > _LONG or not is_label(question):
        return False
    if _quoted(label.text) != _quoted(value.text):
        return False
    level = _indent(value.text) <= _indent(label.text)
    return not (level and is_label(answer) and len(answer.split()) <= 5 and knows(answer.rstrip(":")))


def _then_label(lines: Sequence[Line], shown: Sequence[int], position: int) -> bool:
    return position < len(shown) and knows(lines[shown[position]].bare.rstrip(":"))


def _quoted(text: str) -> str:
    return "".join(_QUOTE.findall(text)[:1]).replace(" ", "")


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t>"))


def columns(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield the values that stand in one line under a row of labels; several such lines are a table, and no form."""
    for number in range(len(lines) - 1):
        text, below = lines[number].text, lines[number + 1].text
        if number in taken or "  " not in text or len(text) > _WIDEST or len(below) > _WIDEST or _MARKED.search(text):
            continue
        labels = chunks_of(text)
        if len(labels) < 2 or not all(is_label(text[slice(*label)]) for label in labels):
            continue
        if sum(knows(text[slice(*label)]) for label in labels) * 3 < len(labels) * 2:
            continue
        values = chunks_of(below)
        under = [_column(labels, start) for start, _ in values]
        asking = sum(knows(below[slice(*value)]) and is_label(below[slice(*value)]) for value in values)
        third = lines[number + 2].text if number + 2 < len(lines) else ""
        again = [_column(labels, start) for start, _ in chunks_of(third)] if "  " in third.strip() else []
        if not values or None in under or len(set(under)) < len(under) or asking * 2 >= len(values):
            continue
        if len(again) > 1 and None not in again and not any(knows(third[slice(*one)]) for one in chunks_of(third)):
            continue
        taken.update((number, number + 1))
        for column, value in zip(under, values, strict=True):
            if column is not None:
                yield pair_at(lines[number + 1], number + 1, value, text[slice(*labels[column])], "column")


def _column(labels: Sequence[tuple[int, int]], start: int) -> int | None:
    """Return the label under which a value begins: at its first character, give or take one."""
    return next((index for index, label in enumerate(labels) if abs(label[0] - start) <= 1), None)

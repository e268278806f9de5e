"""Forms in tables of cells: the question in one cell and the answer beside it, or both in one box over each other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from rollcall.elements.headers import Header
from rollcall.findings.asking import Question, meanings
from rollcall.findings.headings import LOOK, label_pairs, labels_in_a_row
from rollcall.findings.kinds import shapes_of_value
from rollcall.findings.pair import is_label, knows

Rows = Sequence[tuple[int, dict[int, str]]]
_WIDEST = 8  # cells of a row of a form
_MOST = 0.5  # share of the labels with words that forms ask with
_WIDE = 4  # cells from which a row of labels alone is the header of a table


class Box(msgspec.Struct, frozen=True):
    """An answer in a sheet: its row (index) and column, from where in the cell, the label's column, what it means."""

    index: int
    col: int
    start: int
    label_col: int
    header: Header


def form_boxes(rows: Rows) -> list[Box] | None:
    """Return the answers of a sheet that is a form, or None for a table."""
    known = label_pairs(list(rows))
    laid = list(_laid_out(rows))
    questions = [question for question, _, _, _, _ in laid]
    if not _is_form(questions, rows):
        return [Box(index, value, 0, label, header) for index, label, header, value in known] if known else None
    found: dict[tuple[int, int], Box] = {}
    for index, label, header, value in known or ():
        found[index, value] = Box(index, value, 0, label, header)
    told = 0
    for (_, index, col, start, label_col), meant in zip(laid, meanings(questions), strict=True):
        if meant is not None and meant.element:
            found[index, col] = Box(index, col, start, label_col, meant)
            told += 1
    if not known and told < 2:
        return None
    return [found[place] for place in sorted(found)]


def _laid_out(rows: Rows) -> Iterator[tuple[Question, int, int, int, int]]:
    """Yield (question, row index, column of the answer, where in the cell it begins, column of the label)."""
    section = ""
    for index, (_, cells) in enumerate(rows):
        columns = [col for col in sorted(cells) if cells[col].strip()]
        boxed = [col for col in columns if "\n" in cells[col].strip()]
        for col in boxed:
            text = cells[col]
            label, _, value = text.partition("\n")
            if is_label(label.strip().rstrip(":")):
                yield Question(label.strip().rstrip(":"), value.strip(), section), index, col, len(label) + 1, col
        if boxed or len(columns) > _WIDEST:
            continue
        if len(columns) == 1:
            text = cells[columns[0]].strip()
            if is_label(text.rstrip(":")) and not text.endswith(":"):
                section = text
            continue
        for left, right in list(pairwise(columns))[::2]:
            label = cells[left].strip().rstrip(" :.*")
            if is_label(label):
                yield Question(label, cells[right].strip(), section), index, right, 0, left


def _is_form(questions: Sequence[Question], rows: Rows) -> bool:
    """Say whether a sheet asks: many different labels of the words of forms, whose values differ in kind."""
    if len(questions) < 3 or any(_heads_a_table(cells) for _, cells in rows[:LOOK]):
        return False
    labels = {one.label.lower() for one in questions}
    known = sum(knows(label) for label in labels)
    answered = [one for one in questions if one.value]
    asking = sum(knows(one.value) and not shapes_of_value(one.value) - {"words"} for one in answered)
    kinds = {shapes for one in answered if (shapes := shapes_of_value(one.value))}
    wide = sum(len(cells) > 1 or any("\n" in text for text in cells.values()) for _, cells in rows)
    asked_rows = len({one.label.lower() for one in questions}) >= 3 and len(questions) * 2 >= wide
    most = max(len(cells) for _, cells in rows)
    return (
        asked_rows
        and known >= max(2, (_MOST if most < _WIDE else 1.5 * _MOST) * len(labels))
        and asking * 2 <= len(answered)
        and len(kinds) >= 2
        and len(labels) * 3 >= len(questions)
    )


def _heads_a_table(cells: dict[int, str]) -> bool:
    """Say whether a row is the header of a table: most of its many cells ask, and none of them answers."""
    if labels_in_a_row(cells):
        return True
    texts = [text.strip().rstrip(":") for text in cells.values() if text.strip()]
    asking = sum(is_label(text) and knows(text) and not shapes_of_value(text) - {"words"} for text in texts)
    return len(texts) >= _WIDE and asking * 5 > len(texts) * 3

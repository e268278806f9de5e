"""From cells to findings: the value of a mapped cell, what else stands in it, and ids."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rollcall.elements import BY_ID
from rollcall.elements.address import is_box
from rollcall.elements.dates import excel_serial
from rollcall.elements.headers import Header, names_a_field
from rollcall.findings import forms
from rollcall.findings.candidate import Candidate, read, settle
from rollcall.findings.columns import SUPPORT
from rollcall.findings.meaning import Meaning
from rollcall.findings.placeholders import is_placeholder
from rollcall.findings.readings import readings_of
from rollcall.findings.scan import candidates
from rollcall.findings.sheet_forms import Box
from rollcall.model import Finding, Place

Cells = dict[int, str]
_CITY_STATE_ZIP = re.compile(r"^\s*([^\d,]+?),?\s+([A-Za-z]{2}|[A-Za-z ]{4,20})\.?,?\s+(\d{5}(?:-\d{4})?)\s*$")
_DIGIT = re.compile(r"\d")
_WORTH = re.compile(r"\d{3}|@|\d[/-]\d|[A-Z]\d\d")
_BAD = frozenset(("wrong_length", "no_date", "bad_form", "too_short", "too_long", "no_name"))
# Subtypes whose values cannot be without a digit.
NUMBERED = frozenset(
    kind
    for kind, shapes in SUPPORT.items()
    if not {"alpha", "full", "suffix", "email", "state", "street"} & set(shapes)
)
_MEMO = 5_000  # values of one column that are remembered


class Cell(NamedTuple):
    """One value read in a cell; `start` and `end` are characters of the cell."""

    col: int
    text: str
    start: int
    end: int
    element: str
    subtype: str
    group: str
    value: str
    check: str
    confidence: float
    why: str


class Emitter:
    """Makes the findings of one part, row by row."""

    def __init__(self, blob_id: str, part_no: int, seal: Callable[[str], str]) -> None:
        self.blob_id = blob_id
        self.part_no = part_no
        self._seal = seal
        self._made_by = {element_id: f"{element.id}@{element.version}" for element_id, element in BY_ID.items()}
        # The kinds of row met last: what their columns mean, and column -> text -> values.
        self._memos: list[tuple[dict[int, Meaning], dict[int, dict[str, tuple[Cell, ...]]]]] = []

    def row(self, table: int, row: int, cells: Cells, meanings: dict[int, Meaning]) -> Iterator[Finding]:
        """Yield the findings of a table's row, from left to right."""
        memos = self._memo_of(meanings)
        found: list[Cell] = []
        for col, text in cells.items():
            memo = memos.get(col)
            if memo is None:
                memo = memos[col] = {}
            values = memo.get(text)
            if values is None:
                meaning = meanings.get(col)
                read_here = mapped_cell(text, meaning) if meaning and meaning.element else free_cell(text)
                values = tuple(value._replace(col=col) for value in read_here)
                if len(memo) < _MEMO:
                    memo[text] = values
            found += values
        return self.cells(table, row, found)

    def _memo_of(self, meanings: dict[int, Meaning]) -> dict[int, dict[str, tuple[Cell, ...]]]:
        for known, memo in self._memos:
            if known is meanings:
                return memo
        self._memos = [(meanings, {}), *self._memos[:2]]
        return self._memos[0][1]

    def cells(self, table: int, row: int, cells: list[Cell]) -> Iterator[Finding]:
        """Yield the findings of values read in one row; equal ones are counted apart."""
        seen: dict[tuple[str, str, str], int] = {}
        anchor = f"{self.blob_id}|{self.part_no}|{row}|"
        for col, text, start, end, element, subtype, group, value, check, confidence, why in cells:
            key = (element, subtype, value)
            ordinal = seen[key] = seen.get(key, -1) + 1
            yield Finding(
                finding_id=self._seal(f"{anchor}{element}|{subtype}|{value}|{ordinal}"),
                blob_id=self.blob_id,
                place=Place(part_no=self.part_no, table=table, row=row, col=col, start=start, end=end),
                block=None,
                group=group,
                element=element,
                subtype=subtype,
                text=text,
                value=value,
                check=check,
                confidence=confidence,
                why=why,
                made_by=self._made_by[element],
            )


def _cell(one: Candidate, text: str, group: str = "", why: str = "", factor: float = 1.0) -> Cell:
    return Cell(
        -1,
        text[one.start : one.end],
        one.start,
        one.end,
        one.element,
        one.subtype,
        one.group or group,
        one.value,
        one.check,
        round(one.confidence * factor, 4),
        why or one.why,
    )


def free_cell(text: str) -> list[Cell]:
    """Return what stands in a cell whose column says nothing: notes, titles, columns nobody named."""
    if len(text) < 8 or not _WORTH.search(text):
        return []
    normal, found = candidates(text)
    placed = []
    for one in found:
        start, end = normal.span(one.start, one.end)
        placed.append(_cell(one, text)._replace(text=text[start:end], start=start, end=end))
    return placed


def _finding_subtype(element: str, subtype: str, text: str, value: str) -> str:
    if element == "name":
        return "full" if subtype == "full" and " " in value else "partial"
    if element == "address" and subtype in ("street", "po_box"):
        return "po_box" if is_box(text) else "street"
    return subtype


def _date_serial(element: str, text: str) -> str | None:
    return excel_serial(text) if element in ("date_of_birth", "date_of_death", "date_of_service") else None


def mapped_cell(text: str, meaning: Meaning) -> list[Cell]:
    """Return the value of a cell whose column has a meaning, and what else stands in it where it does not fit."""
    if is_placeholder(text):
        return []
    element, subtype = meaning.element, meaning.subtype
    if subtype == "city_state_zip":
        return _place_cells(text, meaning)
    if (element, subtype) in NUMBERED and not _DIGIT.search(text) and element != "date_of_death":
        return []  # "pending", "refused", "see chart"
    lead = len(text) - len(text.lstrip())
    bare = text.strip()
    if element == "name" and names_a_field(bare):
        return []
    serial = _date_serial(element, bare)
    value, check, factor = (serial, "valid", 0.97) if serial else read(element, subtype, bare)
    if check in _BAD and len(bare) > 3:
        inside = _inside(text, meaning)
        if inside:
            return inside
    if element == "ssn" and subtype == "full" and len(value) == 4 and value.isdecimal():
        subtype, check, factor = "last4", "unchecked", 0.9
    if check == "incomplete":
        check, factor = "unchecked", 1.0
    confidence = round(meaning.confidence * factor, 4)
    kind = _finding_subtype(element, subtype, bare, value)
    return [Cell(-1, bare, lead, lead + len(bare), element, kind, meaning.group, value, check, confidence, meaning.why)]


def _inside(text: str, meaning: Meaning) -> list[Cell]:
    """Return what can be read in a cell that is not one plain value: two numbers, a value and a note."""
    header = Header(
        element=meaning.element, subtype=meaning.subtype, group=meaning.group, hint="", score=1.0, whole=True
    )
    found = readings_of(text, header)
    if meaning.element == "name":
        name = forms.value_of(text, 0, len(text), header)
        found += [name] if name is not None else []
    kept = []
    for one in settle(found):
        own = one.element == meaning.element and one.why.startswith("label:")
        group, why = (meaning.group, meaning.why) if own else ("", "")  # an address under "PCP" is not the clinician's
        kept.append(_cell(one, text, group, why, meaning.confidence if own else 1.0))
    return kept


def _place_cells(text: str, meaning: Meaning) -> list[Cell]:
    """Return city, state and ZIP of a cell that holds all three; else the whole as a city, less sure."""
    match = _CITY_STATE_ZIP.match(text)
    pieces = ((1, "city", 1.0), (2, "state", 1.0), (3, "zip", 1.0)) if match else ((0, "city", 0.7),)
    found = []
    for number, subtype, trust in pieces:
        start, end = match.span(number) if match else (0, len(text))
        value, check, factor = read("address", subtype, text[start:end])
        confidence = round(meaning.confidence * factor * trust, 4)
        piece = Cell(
            -1, text[start:end], start, end, "address", subtype, meaning.group, value, check, confidence, meaning.why
        )
        found.append(piece)
    return found


def form_cell(col: int, text: str, box: Box | None) -> list[Cell]:
    """Return what a cell of a form holds: the answer to its question, or whatever can be found."""
    if box is None or not box.header.element:
        return [cell._replace(col=col) for cell in free_cell(text)]
    header = box.header
    clinician = header.element == "name" and header.group == "provider"  # a fact about whom the form is about
    meaning = Meaning(
        element="provider" if clinician else header.element,
        subtype="provider" if clinician else header.subtype,
        group="" if clinician else header.group,
        confidence=round(0.95 * header.score, 4),
        why="form",
    )
    found = mapped_cell(text[box.start :], meaning)
    return [cell._replace(col=col, start=cell.start + box.start, end=cell.end + box.start) for cell in found]

"""Values entered into the fields of a form, and what people wrote on a page: notes, links, files pinned to it.

A value is put where its field lies, so that it reads beside the printed label. Where nothing is printed near, the name
of the field goes with it.
"""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rollcall.items.headers import one_line, safe
from rollcall.items.pdf.native import wide
from rollcall.items.pdf.shapes import Box
from rollcall.items.pdf.words import Word

_LINK, _FILE, _WIDGET = 2, 17, 20
_WRITTEN = frozenset((1, 3, 9, 10, 11, 12, 13, 14, 16))  # subtypes of annotations that people write into
_BUTTON, _CHECK, _RADIO, _CHOICES = 1, 2, 3, (4, 5)
MOST = 100_000  # annotations of a page
_REACH = 260.0  # points to the left within which a label stands
_ABOVE = 2.5  # heights of a line over the field
_LETTER = 10.0  # points: a usual height


class Entry(NamedTuple):
    """A field that was filled in."""

    name: str
    value: str
    box: Box
    ticked: bool = False


class Notes(NamedTuple):
    """What stands on a page beside its content."""

    entries: list[Entry]
    texts: list[str]
    files: list[int]  # numbers of annotations that hold a file
    links: list[str]  # where they lead


def notes_of(document: Any, page: Any) -> Notes:
    """Return the filled fields, the notes and the places of pinned files of a page."""
    import pypdfium2.raw as raw

    found = Notes([], [], [], [])
    form = getattr(document, "formenv", None)
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), MOST)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        try:
            subtype = raw.FPDFAnnot_GetSubtype(annotation)
            if subtype == _WIDGET and form is not None:
                found.entries.extend(_entry(form, annotation))
            elif subtype == _LINK:
                found.links.extend(_link(document, annotation))
            elif subtype == _FILE:
                found.files.append(place)
            if subtype in _WRITTEN or subtype == _FILE:
                text = one_line(wide(raw.FPDFAnnot_GetStringValue, annotation, b"Contents"))
                if text and text not in found.texts[-2:]:  # a note and its window say the same
                    found.texts.append(text)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return found


def _entry(form: Any, annotation: Any) -> Iterator[Entry]:
    import pypdfium2.raw as raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind == _BUTTON:
        return
    value = safe(wide(raw.FPDFAnnot_GetFormFieldValue, form, annotation)).replace("\r\n", "\n").replace("\r", "\n")
    ticked = kind in (_CHECK, _RADIO)
    if ticked:
        if not raw.FPDFAnnot_IsChecked(form, annotation):
            return
        value = value or "Yes"
    elif kind in _CHOICES:
        value = _chosen(form, annotation) or value
    name = one_line(wide(raw.FPDFAnnot_GetFormFieldName, form, annotation))
    told = one_line(wide(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation))
    if value.strip():
        yield Entry(told or name, value.strip(), _box(annotation), ticked)


def _chosen(form: Any, annotation: Any) -> str:
    """Return the options that are chosen, as the user reads them."""
    import pypdfium2.raw as raw

    count = min(raw.FPDFAnnot_GetOptionCount(form, annotation), 10_000)
    chosen = (index for index in range(count) if raw.FPDFAnnot_IsOptionSelected(form, annotation, index))
    return ", ".join(one_line(wide(raw.FPDFAnnot_GetOptionLabel, form, annotation, index)) for index in chosen)


def _box(annotation: Any) -> Box:
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return (0.0, 0.0, 0.0, 0.0)
    return (
        min(rect.left, rect.right), min(rect.bottom, rect.top), max(rect.left, rect.right), max(rect.bottom, rect.top)
    )  # fmt: skip


def placed(entries: Sequence[Entry], printed: Sequence[Word]) -> tuple[list[Word], list[str]]:
    """Return the values that have a label printed near, as words at their places, and the others as "name: value"."""
    words: list[Word] = []
    named: dict[str, None] = {}
    for entry in entries:
        if _labelled(entry.box, printed):
            words += _words(entry)
        else:
            value = one_line(entry.value)
            named[f"{entry.name}: {value}" if entry.name else value] = None
    return words, list(named)


def _labelled(box: Box, printed: Sequence[Word]) -> bool:
    left, bottom, right, top = box
    if right <= left or top <= bottom:
        return False
    for word in printed:
        y = word.middle
        beside = bottom - 2 <= y <= top + 2 and left - _REACH <= word.left <= right + 60
        above = top - 2 <= y <= top + _ABOVE * word.height and left - 60 <= word.left <= right
        if (beside or above) and any(map(str.isalpha, word.text)):
            return True
    return False


def _words(entry: Entry) -> Iterator[Word]:
    """Yield the lines of a value as words of the page."""
    left, bottom, right, top = entry.box
    lines = ["[x]"] if entry.ticked else [line.strip() for line in entry.value.split("\n")]
    height = min(_LETTER, (top - bottom) / len(lines))
    start = (bottom + top) / 2 + height * (len(lines) / 2 - 1) + 0.1 * height
    for number, line in enumerate(lines):
        if line:
            width = min(max(right - left - 4, 1.0), 0.5 * height * len(line))
            yield Word(left + 2, left + 2 + width, start - number * height, height, line, 0, 0)


def _link(document: Any, annotation: Any) -> Iterator[str]:
    """Yield the address a link leads to."""
    import pypdfium2.raw as raw

    action = raw.FPDFLink_GetAction(raw.FPDFAnnot_GetLink(annotation))
    size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
    if 1 < size < 1 << 16:
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFAction_GetURIPath(document, action, buffer, size)
        yield one_line(buffer.value.decode("utf-8", "replace"))

"""What is drawn on a page beside text: straight rules, fields of colour, pictures, outlines of letters."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from rollcall.items.pdf.glyphs import turn
from rollcall.items.pdf.native import address, call

_PATH, _IMAGE, _SHADING, _FORM = 2, 3, 4, 5
_LINE, _BEZIER, _MOVE = 0, 1, 2
MOST_OBJECTS = 60_000
_MOST_POINTS = 60_000
_MOST_DEPTH = 8
_MOST_PASTED = 1_000  # annotations that are looked at
_NEVER_PASTED = frozenset((2, 16, 20))  # links, windows of notes, fields of forms
_THIN = 3.2  # points: a filled box no wider is a rule
_SLOPE = 0.7  # points by which a rule may lean

Box = tuple[float, float, float, float]  # left, bottom, right, top
Matrix = NDArray[np.float64]  # 3 x 3, as PDF writes them: a row of x, y, 1 stands before it


class Rule(NamedTuple):
    """A straight line across (`at` is its height) or upright (`at` is its distance from the left)."""

    at: float
    start: float
    end: float


class Shapes(msgspec.Struct):
    """All that is drawn on a page and is no text."""

    across: list[Rule] = msgspec.field(default_factory=list)
    upright: list[Rule] = msgspec.field(default_factory=list)
    images: list[Box] = msgspec.field(default_factory=list)
    outlines: list[Box] = msgspec.field(default_factory=list)  # curves, in pieces of the size of letters or larger
    n_paths: int = 0
    cut: bool = False  # there was more than is looked at

    def turned(self, kind: int) -> "Shapes":
        """Return the rules as they stand once the page is turned back by so many quarters."""
        if not kind:
            return self
        found = Shapes(images=self.images, outlines=self.outlines, n_paths=self.n_paths, cut=self.cut)
        boxes = [(one.start, one.at, one.end, one.at) for one in self.across]
        boxes += [(one.at, one.start, one.at, one.end) for one in self.upright]
        for box in boxes:
            found.add_edges(*turn(kind, *box), thick=True)
        return found

    def add_edges(self, left: float, bottom: float, right: float, top: float, *, thick: bool = False) -> None:
        """Add a box: a thin one is a rule, of a larger one the four sides are."""
        if top - bottom <= (_THIN if not thick else _SLOPE) and right - left > top - bottom:
            self.across.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= (_THIN if not thick else _SLOPE) and top - bottom > right - left:
            self.upright.append(Rule((left + right) / 2, bottom, top))
        elif not thick:
            self.across += [Rule(bottom, left, right), Rule(top, left, right)]
            self.upright += [Rule(left, bottom, top), Rule(right, bottom, top)]


def shapes_of(page: Any) -> Shapes:
    """Return what is drawn on a page, looking into the parts it is composed of."""
    found = Shapes()
    reader = _Reader(found)
    for number, (kind, handle, matrix) in enumerate(_objects(page)):
        if number >= MOST_OBJECTS or reader.points > _MOST_POINTS:
            found.cut = True
            break
        if kind == _PATH:
            reader.path(handle, matrix)
        elif kind in (_IMAGE, _SHADING) and (box := reader.bounds(handle, matrix)) is not None:
            if kind == _IMAGE:
                found.images.append(box)
            else:
                found.outlines.append(box)
    found.images += _pasted(page)
    return found


def _pasted(page: Any) -> Iterator[Box]:
    """Yield the boxes of what was put on a page and is drawn as a picture: stamps, signatures, posters of films."""
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_PASTED)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) in _NEVER_PASTED or not _is_picture(annotation):
                continue
            if raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
                across, up = sorted((rect.left, rect.right)), sorted((rect.bottom, rect.top))
                yield across[0], up[0], across[1], up[1]
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _is_picture(annotation: Any) -> bool:
    """Say whether an image is drawn by what stands for an annotation."""
    import pypdfium2.raw as raw

    count = min(raw.FPDFAnnot_GetObjectCount(annotation), MOST_OBJECTS)
    handles = (address(raw.FPDFAnnot_GetObject(annotation, index)) for index in range(count))
    return any(kind == _IMAGE for kind, _, _ in _within((one, None) for one in handles))


def _objects(page: Any) -> Iterator[tuple[int, int, Matrix | None]]:
    """Yield each object that is no text, those inside others too, with how it is moved."""
    import pypdfium2.raw as raw

    on_page, handle = call("FPDFPage_GetObject"), address(page)
    yield from _within((on_page(handle, index) or 0, None) for index in range(raw.FPDFPage_CountObjects(page)))


def _within(objects: Iterator[tuple[int, Matrix | None]]) -> Iterator[tuple[int, int, Matrix | None]]:
    import pypdfium2.raw as raw

    kind_of, inside = call("FPDFPageObj_GetType"), call("FPDFFormObj_GetObject")
    stack = [objects]
    while stack:
        for one, matrix in stack[-1]:
            kind = kind_of(one) if one else 0
            if kind == _FORM:
                if len(stack) < _MOST_DEPTH:
                    form = ctypes.cast(one, raw.FPDF_PAGEOBJECT)
                    stack.append(_inside(inside, one, raw.FPDFFormObj_CountObjects(form), _moved(one, matrix)))
                    break
            elif kind in (_PATH, _IMAGE, _SHADING):
                yield kind, one, matrix
        else:
            stack.pop()


def _inside(read: Any, form: int, count: int, matrix: Matrix | None) -> Iterator[tuple[int, Matrix | None]]:
    return ((read(form, index) or 0, matrix) for index in range(max(count, 0)))


def _moved(handle: int, outer: Matrix | None) -> Matrix:
    six = (ctypes.c_float * 6)()
    call("FPDFPageObj_GetMatrix")(handle, ctypes.addressof(six))
    a, b, c, d, e, f = six
    own = np.array([[a, b, 0], [c, d, 0], [e, f, 1]], np.float64)
    return own if outer is None else own @ outer


class _Reader:
    """Turns paths into rules and outlines."""

    def __init__(self, found: Shapes) -> None:
        self._found = found
        self._four = (ctypes.c_float * 4)()
        self._at = [ctypes.addressof(self._four) + 4 * index for index in range(4)]
        self.points = 0

    def bounds(self, handle: int, matrix: Matrix | None) -> Box | None:
        """Return the box around an object, on the page."""
        if not call("FPDFPageObj_GetBounds")(handle, *self._at):
            return None
        left, bottom, right, top = self._four
        if matrix is not None:
            corners = np.array([[left, bottom, 1], [left, top, 1], [right, bottom, 1], [right, top, 1]]) @ matrix
            (left, bottom), (right, top) = corners[:, :2].min(axis=0).tolist(), corners[:, :2].max(axis=0).tolist()
        return (left, bottom, right, top) if abs(left) + abs(bottom) + abs(right) + abs(top) < 1e7 else None

    def path(self, handle: int, matrix: Matrix | None) -> None:
        """Add the rules of a path, or where it is of curves its outline."""
        box = self.bounds(handle, matrix)
        if box is None:
            return
        self._found.n_paths += 1
        count = call("FPDFPath_CountSegments")(handle)
        wide, high = box[2] - box[0], box[3] - box[1]
        if min(wide, high) <= _THIN:
            self._found.add_edges(*box)
            return
        if count == 2:
            return  # a leaning line
        pieces = list(self._pieces(handle, min(count, _MOST_POINTS)))
        self.points += count
        if any(curved for _, _, curved in pieces):
            self._found.outlines.append(box)
        straight = np.array([(*start, 1, *end, 1) for start, end, curved in pieces if not curved], np.float64)
        if len(straight):
            moved = _moved(handle, matrix)
            self._rules((straight[:, :3] @ moved)[:, :2], (straight[:, 3:] @ moved)[:, :2], box)

    def _rules(self, starts: Any, ends: Any, box: Box) -> None:
        low, high = np.minimum(starts, ends), np.maximum(starts, ends)
        wide, tall = (high - low).T
        level, steep = (tall <= _SLOPE) & (wide > 1), (wide <= _SLOPE) & (tall > 1)
        if not (level | steep).all():
            self._found.outlines.append(box)
        for (left, bottom), (right, top) in zip(low[level].tolist(), high[level].tolist(), strict=True):
            self._found.across.append(Rule((bottom + top) / 2, left, right))
        for (left, bottom), (right, top) in zip(low[steep].tolist(), high[steep].tolist(), strict=True):
            self._found.upright.append(Rule((left + right) / 2, bottom, top))

    def _pieces(self, handle: int, count: int) -> Iterator[tuple[tuple[float, float], tuple[float, float], bool]]:
        segment, point = call("FPDFPath_GetPathSegment"), call("FPDFPathSegment_GetPoint")
        kind_of, closes = call("FPDFPathSegment_GetType"), call("FPDFPathSegment_GetClose")
        x, y = self._at[0], self._at[1]
        begin = before = (0.0, 0.0)
        for index in range(count):
            one = segment(handle, index)
            if not one or not point(one, x, y):
                continue
            here = (self._four[0], self._four[1])
            kind = kind_of(one)
            if kind == _MOVE:
                begin = here
            elif here != before:
                yield before, here, kind == _BEZIER
            if kind != _MOVE and closes(one) and here != begin:
                yield here, begin, False
            before = here

"""What running text says without a label: a date right beside a name, a number the case knows, a second such value.

"- Olson, Mary / 3/7/84 / asthma": nobody says that this is a birth date, and every reader knows. A date in apposition
to a person's name tells which Mary Olson is meant, unless it is so young that it may be the day of a visit. "Born
5/8/77 and 1/17/49" labels both.
"""

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from rollcall.elements import BY_ID
from rollcall.elements.dates import NUMERIC, REFERENCE_YEAR, WORDED, parse_date
from rollcall.mentions.layout import Layout
from rollcall.mentions.subjects import Subject
from rollcall.mentions.taught import Taught
from rollcall.model import Finding, Place

_DATE = rf"(?P<date>(?i:{WORDED})|{NUMERIC})(?![\w/]|[.-]\d)"
_ANY_DATE = re.compile(rf"(?<![\w/.-])(?:{_DATE})")
_WRAP = re.compile(r"\r?\n(?=[^\s>])")  # of a line, inside of which a date may stand
_BREAK = r"(?:[ \t]|[ \t]?\r?\n[> \t]*)"
# Between a name and the date that tells whose name it is: marks and nothing else.
_BESIDE = re.compile(rf"(?:'s|’s)?{_BREAK}?(?:[,(/|\[:;–—-]{_BREAK}{{0,2}}|{_BREAK}){{1,2}}{_DATE}")
_BEFORE = re.compile(rf"(?:^|(?<=[\n>*•;]))[ \t>]*(?:[-*•][ \t]*)?{_DATE}[ \t]*[,/|:;)\]–—-]{{0,2}}[ \t]*$")
_NOT_BIRTH = re.compile(
    r"[ \t,;)]*(?:at[ \t]+)?\d{1,2}(?::\d{2}|[ ]?[ap]\.?m\b)"
    r"|[ \t,;)]*(?:visit|appt|appointment|surgery|procedure|admit|admission|discharge|dos\b|date of service|exam|scan|"
    r"labs?\b|draw|follow|refill|cita|consulta|visita)",
    re.IGNORECASE,
)
_AND = re.compile(rf"{_BREAK}?(?:,|;|/|&|\b(?:and|or|y|e|o|und)\b|,{_BREAK}?(?:and|y|e)\b){_BREAK}?", re.IGNORECASE)
_COORDINATED = frozenset(
    ("date_of_birth", "ssn", "medical_record_number", "health_insurance", "patient_account_number", "date_of_service")
)
_CODE = re.compile(r"[A-Za-z]{0,6}[ -]?\d[\dA-Za-z]*(?:-[\dA-Za-z]+){0,3}")
_SURE = 0.5  # a finding of at least this keeps its span
_LATER = re.compile(
    r"\b(?:since|from|effective|eff|dated|started|start|onset|hired|hire|opened|until|through|thru|expire[sd]?|exp|dos|"
    r"seen|visit|surgery|in|policy|revised|rev|version|form|desde|until|before|after|sent|received|paid|due)\W*$",
    re.IGNORECASE,
)
_OLD = 3650  # days before the mail: a date farther back in a sentence on a person is hardly anything but the birth
_FAR = 160  # characters between a person and such a date
_YOUNG, _GROWN = 400, 1200  # days before the mail: a date nearer may be a visit, one farther is none
_WINDOW = 48  # characters before a name in which a date may stand
_MOST = 5  # of one kind, enumerated


class Reader:
    """Reads one part; `day` is when its message was sent, as ISO text, "" where nobody says."""

    def __init__(self, text: Layout, held: Sequence[Finding], day: str, seal: Callable[[str], str]) -> None:
        self._text = text
        self._flat = _WRAP.sub(lambda one: " " * len(one[0]), text.text)
        self._seal = seal
        self._held = sorted(held, key=lambda one: (one.place.start or 0, one.place.end or 0))
        self._taken = bytearray(len(text.text) + 1)
        for one in self._held:
            if one.confidence >= _SURE and one.place.start is not None and one.element != "name":
                self._take(one.place.start, one.place.end or one.place.start)
        self._day = day or self._newest()

    def _take(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\1" * (min(end, len(self._taken)) - start)

    def _free(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) < 0

    def _newest(self) -> str:
        """Return the newest date of the text, where there are several; a letter says when it was written."""
        days = {parse_date(one["date"]) for _, one in zip(range(50), _ANY_DATE.finditer(self._text.text), strict=False)}
        known = sorted(day for day in days if day and day[:4] <= str(REFERENCE_YEAR))
        return known[-1] if len(known) > 1 else ""

    @property
    def may_name(self) -> bool:
        """Whether there is a date without meaning, which a name beside it would explain."""
        return any(self._free(one.start("date"), one.end("date")) for one in _ANY_DATE.finditer(self._flat))

    def numbers(self, taught: Taught) -> Iterator[Finding]:
        """Yield the numbers that the case knows."""
        for one in taught.search(self._text.text):
            if self._free(one.start, one.end):
                yield self._finding(
                    (one.start, one.end), one.element, one.subtype, 0.93 if one.known else 0.8,
                    "known in the case" if one.known else "form of the case", one.issuer,
                )  # fmt: skip

    def coordinated(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what follows a value of a kind, joined to it by a comma or "and", and is written like it."""
        text = self._text.text
        for one in [*self._held, *found]:
            if one.element not in _COORDINATED or one.confidence < _SURE or one.place.end is None:
                continue
            position, is_date = one.place.end, one.element.startswith("date_")
            for _ in range(_MOST):
                joint = _AND.match(text, position)
                match = (_ANY_DATE if is_date else _CODE).match(text, joint.end()) if joint else None
                if match is None or not self._free(match.start(), match.end()):
                    break
                if not is_date and _form(match.group()) != _form(one.text):
                    break
                if is_date and _NOT_BIRTH.match(text, match.end()):
                    break
                yield self._finding(
                    match.span(), one.element, one.subtype, 0.9 * one.confidence, "enumerated", one.issuer
                )
                position = match.end()

    def births(self, subjects: Iterable[Subject]) -> Iterator[Finding]:
        """Yield the dates that tell which person of that name is meant."""
        for one in subjects:
            if not one.is_meant() or one.start < 0:
                continue
            match = _BESIDE.match(self._text.text, one.end)
            if match is None or not self._free(*match.span("date")):
                line = max(self._text.line(one.start), one.start - _WINDOW)
                match = _BEFORE.search(self._text.text[line : one.start])
                span = (line + match.start("date"), line + match.end("date")) if match else None
            else:
                span = match.span("date")
            if span is None or not self._free(*span) or _NOT_BIRTH.match(self._text.text, span[1]):
                continue
            if sure := self._age(self._text.text[span[0] : span[1]]):
                yield self._finding(span, "date_of_birth", "full", sure, "beside the name")

    def old(self, subjects: Iterable[Subject]) -> Iterator[Finding]:
        """Yield the dates of long ago in a sentence that speaks of somebody, where nothing says what else they are."""
        meant = [one for one in subjects if one.is_meant() and one.start >= 0]
        starts = [one.start for one in meant]
        if not meant or not self._day:
            return
        for match in _ANY_DATE.finditer(self._flat):
            span = match.span("date")
            day = parse_date(match["date"], birth=True)
            if day is None or day[:4] <= "1900" or _days(self._day) - _days(day) < _OLD or not self._free(*span):
                continue
            index = bisect.bisect_left(starts, span[0])
            near = [one for one in meant[max(0, index - 1) : index + 1] if abs(one.start - span[0]) < _FAR]
            here = self._text.sentence(span[0])
            if not any(self._text.sentence(one.start) == here for one in near):
                continue
            if _LATER.search(self._text.text, max(0, span[0] - 16), span[0]) or _NOT_BIRTH.match(
                self._text.text, span[1]
            ):
                continue
            yield self._finding(span, "date_of_birth", "full", 0.7, "old date in a sentence on somebody")

    def _age(self, written: str) -> float:
        """Return how sure a date beside a name is a birth date: by how long it lies back when the mail was sent."""
        day = parse_date(written, birth=True)
        if day is None or int(day[:4]) < 1900 or int(day[:4]) > REFERENCE_YEAR:
            return 0.0
        if not self._day:
            return 0.75 if int(day[:4]) <= REFERENCE_YEAR - 14 else 0.0
        days = _days(self._day) - _days(day)
        return 0.85 if days > _GROWN else 0.55 if days > _YOUNG else 0.0

    def _finding(
        self, span: tuple[int, int], element: str, subtype: str, sure: float, why: str, issuer: str | None = None
    ) -> Finding:
        self._take(*span)
        part, text = self._text.part, (self._text.part.text or "")[span[0] : span[1]]
        known = BY_ID[element]
        value = known.normalise(text, subtype) if known.normalise else " ".join(text.split())
        check = known.check(value, subtype) if known.check else "unchecked"
        block = self._text.block_id(span[0])
        return Finding(
            finding_id=self._seal(f"{part.blob_id}|{part.part_no}|{block}|{element}|{subtype}|{value}|{span[0]}|prose"),
            blob_id=part.blob_id,
            place=Place(part_no=part.part_no, start=span[0], end=span[1]),
            block=block or None,
            group="",
            element=element,
            subtype=subtype,
            issuer=issuer,
            text=text,
            value=value,
            check=check,
            confidence=round(sure * known.weigh.get(check, 1.0), 4),
            why=why,
            made_by="prose@2",
        )


def _days(day: str) -> int:
    year, month, date = (int(piece) for piece in day[:10].split("-"))
    return year * 365 + month * 30 + date


def _form(text: str) -> str:
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "0", text))

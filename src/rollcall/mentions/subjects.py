"""Who is named in a text, and which of them what stands there may be about."""

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rollcall.elements.names import name_candidates, parse_name
from rollcall.mentions.lexicon import Lexicon, addresses
from rollcall.model import Finding, Mention

LEAST = 0.5  # of a candidate's score

_TITLE = re.compile(r"\b(?:dr|doctor|nurse|prof|professor)\.?\s*$", re.IGNORECASE)
_CREDENTIALS = re.compile(
    r"\s*,?\s*(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|N\.?P\.?|PA-?C|Ph\.?D\.?|PharmD|LPN|LCSW|DDS|DMD|DPM|APRN|FNP|CNM|MSW)\b"
)
_GREETING = re.compile(
    r"^[\s>]*(?:hi|hello|dear|hey|good (?:morning|afternoon|evening)|thanks|thank you)[\s,]+(?:(?:mr|mrs|ms|dr)\.? )?$",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^[\s>]*$")
_ENDS_CALL = re.compile(r"[,:!-]|[ \t]*[-–—](?=[ \t]*(?:\n|$))|\s*(?=\n|$)")
_CLOSING = re.compile(
    r"^[\s>]*(?:--\s*$|(?:best(?: regards| wishes)?|kind(?:est)? regards|warm regards|regards|sincerely|"
    r"thanks(?: again)?|many thanks|thank you|cheers|respectfully|yours(?: truly)?|v/r)\s*[,.!]?\s*$)",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"(?:^|\n)[\s>]*(?:On\b[^\n]{4,90}?(?:,|\d{4}|[AP]M)\s+\"?(?P<on>[^\n<\"@\d]{3,60}?)\"?\s*(?:<[^>\n]*>)?[\s>]*wrote:|"
    r"From:[ \t]*\"?(?P<from>[^\n<\"@\[]{3,60}?)\"?[ \t]*(?:<[^>\n]*>|\[[^\]\n]*\])?[ \t]*(?=\n|$))"
)
_FIRST_NAME = re.compile(r"[ \t>]*[-–—~]{0,2}[ \t]*[A-Z][\w.'’-]*[ \t]*\r?\n?$")
_OLDER = re.compile(r"[ \t>]*(?:_{10,}|-{2,}[ \t]*[A-Za-z]|From[ \t]*:|On\b.{0,90}\d)")
_HEADER_LINE = re.compile(r"^[\s>]*(?:From|To|Cc|Bcc|Sent|Reply-To)\s*:", re.IGNORECASE)
_BLANK = re.compile(r"[\s>_]+")
_BLANK_LINE = re.compile(r"\n[ \t\r>]*\n[ \t\r>]*\Z")
_LINE_END = re.compile(r"\n")
_SIGNATURE_LINES = 8
_SHORT = re.compile(r"(?:[^\W\d]\S*|[-–,!:;]+)(?:[ \t]+(?:[^\W\d]\S*|[-–,!:;]+)){0,3}")
_MARKS = " \t\r>.,!;:*~-–"
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Mm]ine)\b")
_SHORT_LINE = 60  # characters
_LEAD = 200  # characters before a name that say who it is
_AROUND = 32  # people on each side who may be the nearest to a value


class Subject(msgspec.Struct, kw_only=True):
    """A person named at a place."""

    start: int
    end: int
    name: str  # as written, on one line
    part_no: int = 0
    person: tuple[str, str]  # given and family name in lower case
    kind: str = "person"  # person, provider, staff, correspondent
    known: bool = False  # met in a table or form of this case
    score: float = 0.9
    vocative: bool = False
    finding_id: str = ""  # of the name, where the first pass found it
    mention_id: str = ""  # of the record it stands in, where it has one

    def is_meant(self) -> bool:
        """Say whether the text speaks of them, and does not call on them."""
        return self.kind == "person" and not self.vocative

    def distance(self, start: int, end: int) -> float:
        """Return how far a value is from the name; names mostly come first."""
        if self.end <= start:
            return float(start - self.end)
        return 1.3 * (self.start - end) + 5.0 if self.start >= end else 0.0


class InOrder:
    """Subjects in the order of their places, so that a text that names thousands is not gone through for each value."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.subjects = subjects
        self._starts = [one.start for one in subjects]

    def before(self, position: int) -> int:
        """Return how many begin before a position."""
        return bisect.bisect_left(self._starts, position)

    def around(self, position: int) -> Sequence[Subject]:
        """Return the nearest on both sides."""
        index = self.before(position)
        return self.subjects[max(0, index - _AROUND) : index + _AROUND]


def one_line(text: str) -> str:
    """Return a name without the line ends and quote marks inside."""
    return _BLANK.sub(" ", text).strip(" ,")


def person_key(name: str) -> tuple[str, str]:
    """Return given and family name for comparison inside one content."""
    parsed = parse_name(name)
    given, family = parsed.given.lower().rstrip("."), parsed.family.lower()
    if parsed.prefix and given and not family:
        given, family = "", given
    return given, family


class Writers:
    """Who wrote and received a message, by name."""

    def __init__(self, correspondents: Sequence[str]) -> None:
        pairs = [pair for written in correspondents for pair in addresses(written)]
        self.people = frozenset(person_key(name) for name, _ in pairs if name and "@" not in name)
        self.mails = frozenset(mail for _, mail in pairs)
        sender = addresses(correspondents[0]) if correspondents else []
        self.sender = sender[0][0] if sender and "@" not in sender[0][0] else ""


def in_first_person(text: str) -> bool:
    """Say whether who writes speaks of themselves, more than in passing."""
    return len(_FIRST_PERSON.findall(text)) > 1


def signature_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of signatures: from a closing formula some lines on, until an empty line after the name."""
    spans = []
    position = 0
    lines = text.splitlines(keepends=True)
    offsets = []
    for line in lines:
        offsets.append(position)
        position += len(line)
    for index, line in enumerate(lines):
        if _signed(lines, index):
            spans.append((offsets[index], offsets[index] + len(line)))
        if not _CLOSING.match(line):
            continue
        end, seen = index + 1, 0
        quoted = line.lstrip().startswith(">")
        while end < len(lines) and seen < _SIGNATURE_LINES and not _HEADER_LINE.match(lines[end]):
            # "Thanks!" over a quoted mail closes nothing: what another wrote is no signature.
            bare = lines[end].strip()
            if bare and (bare.startswith(">") != quoted or _ATTRIBUTION.match(bare)):
                break
            if lines[end].strip(" >\r\n\t"):
                seen += 1
            elif seen > 1:
                break
            end += 1
        spans.append((offsets[index], offsets[end] if end < len(lines) else position))
    return spans


def _signed(lines: Sequence[str], index: int) -> bool:
    """Say whether a line is a first name alone, under which nothing more stands but an older mail: who signs so."""
    if not index or lines[index - 1].strip(" >\r\n\t") or not _FIRST_NAME.match(lines[index]):
        return False
    below = next((line for line in lines[index + 1 : index + 4] if line.strip(" >\r\n\t")), "")
    return not below or bool(_ATTRIBUTION.match(below.lstrip("> ")) or _OLDER.match(below))


def find_subjects(
    text: str,
    lexicon: Lexicon,
    writers: Writers,
    given: Iterable[Subject] = (),
    not_names: Sequence[tuple[int, int]] = (),
    *,
    guess: bool = True,
) -> list[Subject]:
    """Return who is named, in order of place: people already found (`given`), known people, and what looks like a name.

    `not_names` are spans that were read as something else (a town, a street, a payer). Without `guess` names are only
    recognised, not discovered.
    """
    taken = sorted(given, key=lambda one: (one.start, -one.end))
    lines = line_starts(text)
    covered = bytearray(len(text))  # 1 where a name stands already
    for one in taken:
        covered[one.start : one.end] = b"\1" * (min(one.end, len(text)) - one.start)
    candidates = [(start, end, 0.93, True) for start, end in lexicon.search(text)]
    if guess:
        candidates += [(start, end, score, False) for start, end, _, score in name_candidates(text) if score >= LEAST]
    other = bytearray(len(text))
    for start, end in not_names:
        other[start:end] = b"\1" * (min(end, len(text)) - start)
    for start, end, score, known in candidates:
        if covered.find(1, start, end) < 0 and (known or other.find(1, start, end) < 0):
            line = lines[bisect.bisect_right(lines, start) - 1]
            taken.append(_subject(text, (line, start, end), score, lexicon, writers, known=known))
            covered[start:end] = b"\1" * (end - start)
    signatures = signature_spans(text)
    for one in taken:
        if within(signatures, one.start) and not one.finding_id and not one.known:
            line = lines[bisect.bisect_right(lines, one.start) - 1]
            # A signature gives a name a line of its own; in a sentence below "Thanks!" somebody is spoken of.
            if _LINE_START.match(text[max(line, one.start - _LEAD) : one.start]):
                one.kind = "correspondent"
    return _merge_partial(sorted(taken, key=lambda one: (one.start, one.end)))


def within(spans: Sequence[tuple[int, int]], position: int) -> bool:
    """Say whether a position lies in one of the spans, which are in order of their starts and overlap by pairs."""
    index = bisect.bisect_right(spans, position, key=lambda span: span[0])
    return any(start <= position < end for start, end in spans[max(0, index - 2) : index])


def line_starts(text: str) -> list[int]:
    """Return where each line of a text begins; looked up by halves, since a line may be as long as the text."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _subject(
    text: str, at: tuple[int, int, int], score: float, lexicon: Lexicon, writers: Writers, *, known: bool
) -> Subject:
    """Return the subject `at` a place: where its line begins, where the name begins and ends."""
    line_start, start, end = at
    name = one_line(text[start:end])
    person = person_key(name)
    lead = text[max(line_start, start - _LEAD) : start]
    kind = "person"
    apart = "" if all(person) else _set_apart(text, line_start, start, end)
    if (
        apart == "signed"
        or _HEADER_LINE.match(text[line_start : min(end, line_start + _LEAD)])
        or person in writers.people
    ):
        kind = "correspondent"
    elif _TITLE.search(lead) or _CREDENTIALS.match(text, end, end + 12):
        kind = "provider"
    elif not known and lexicon.is_staff(*person):
        kind = "staff"
    return Subject(
        start=start,
        end=end,
        name=name,
        person=person,
        kind=kind,
        known=known,
        score=score,
        vocative=apart == "called" or _is_called(text, lead, end, whole=all(person)),
    )


def _is_called(text: str, lead: str, end: int, *, whole: bool) -> bool:
    """Say whether a name calls on the reader: "Hi Mary,", or "Mary," at the start of a line."""
    stop = _ENDS_CALL.match(text, end)
    if stop is None:
        return False
    return bool(_GREETING.match(lead)) or (
        not whole and stop.group().strip() in (",", "-", "–", "—") and bool(_LINE_START.match(lead))
    )


def _set_apart(text: str, line_start: int, start: int, end: int) -> str:
    """Return what a part of a name is for that stands on a short line between empty ones: "signed", "called" or ""."""
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    line = text[line_start:line_end].strip(_MARKS)
    stated = text[line_start:line_end].rstrip().endswith((".", "?")) and line != text[start:end].strip(_MARKS)
    if stated or line_end - line_start > _SHORT_LINE or not _SHORT.fullmatch(line):
        return ""
    above = text[max(0, line_start - _SHORT_LINE) : line_start].rstrip(" \t\r>")
    below = text[line_end + 1 : line_end + _SHORT_LINE].lstrip(" \t\r>")
    if above and not _BLANK_LINE.search(above):
        return ""
    if line == text[start:end].strip(_MARKS):
        return "called" if not above.strip() else "signed"
    return "called" if below[:1] == "\n" else ""


def _merge_partial(subjects: list[Subject]) -> list[Subject]:
    """Give part of a name ("Mr. Carter", "John") the whole name, where one person of the text has it."""
    whole = {one.person: one for one in subjects if all(one.person)}
    fits: dict[tuple[str, str], list[Subject]] = {}
    for (given, family), other in whole.items():
        for key in {(given, ""), ("", family), (family, "")}:
            fits.setdefault(key, []).append(other)
    for one in subjects:
        if all(one.person):
            continue
        fitting = fits.get(one.person, [])
        if len(fitting) == 1:
            one.person, one.name, one.known = fitting[0].person, fitting[0].name, fitting[0].known
            one.kind = fitting[0].kind if one.kind == "person" else one.kind
    return subjects


def names_somebody(finding: Finding) -> bool:
    """Say whether a finding names a person, or bears a clinician's licence: it is told of nobody else."""
    return finding.element in ("name", "provider") or (finding.element, finding.group) == ("other_id", "provider")


def found_before(findings: Iterable[Finding], record_of: Mapping[str, Mention]) -> list[Subject]:
    """Return the people whose names the first pass found in a text; `record_of` says which are of a record."""
    made = []
    for finding in findings:
        if finding.element != "name" or finding.place.start is None:
            continue
        record = record_of.get(finding.finding_id)
        name = one_line(record.name if record and record.name else finding.text)
        kind = "person"
        if finding.group == "sender" or (record and record.role == "correspondent"):
            kind = "correspondent"
        elif finding.group == "provider" or (record and record.role == "provider"):
            kind = "provider"
        made.append(
            Subject(
                start=finding.place.start,
                end=finding.place.end or finding.place.start,
                name=name,
                person=person_key(name),
                kind=kind,
                known=record is not None,
                score=finding.confidence,
                finding_id=finding.finding_id,
                mention_id=record.mention_id if record else "",
            )
        )
    return made

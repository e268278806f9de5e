"""Labelled fields in text: "Patient Name: ...   DOB: ...", a label over its value, dotted leaders, plain columns.

Values with a shape of their own (numbers, dates) are found by their patterns and asked for the label before them. What
has no shape (names, addresses, payers, words of a diagnosis) is found here, from the label to the next one.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from rollcall.elements import BY_ID
from rollcall.elements.address import TAIL, is_box
from rollcall.elements.headers import Header
from rollcall.elements.labels import label_before, read_label
from rollcall.elements.name_parts import SUFFIXES
from rollcall.elements.name_tables import given_weight
from rollcall.elements.names import looks_like_name, parse_name
from rollcall.findings.candidate import Candidate, read
from rollcall.findings.profile import reads_as_name

_SEPARATOR = re.compile(r"\s*(?::(?!//)|=(?!=)|\.{3,}|_{2,})[\s._]*|\s*[\t|]\s*|\s{3,}")
_MARKS = (":", "=", "|", "\t", "   ", "...", "__")  # one of them stands in every separator
_STOP = re.compile(r"\t|\s*[|;]\s*|\s*_{2,}|\s{3,}|\s+-{2,}\s+")
_SEGMENT = re.compile(r"(?:(?! {2}|\t|\||;).)+")
_TAIL = re.compile(rf"(?i)[\s>]*({TAIL})\s*$")
_NAME = re.compile(
    r"[^\W\d_](?:[\w'.\-]|\([A-Za-z]+\)|\"[^\"]{1,20}\")*(?:(?:,\s?|\s)\(?[^\W\d_](?:[\w'.\-])*\)?){0,6}"
)
_CODES = re.compile(r"(?:[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?\b[\s,;:\-()]*)+")
_LEAD = re.compile(r"[\s:=#*_\"'(\[<>.\u2022-]*")
_NOT_NAMES = frozenset(
    [
        "is",
        "was",
        "has",
        "had",
        "were",
        "and",
        "or",
        "who",
        "for",
        "with",
        "at",
        "on",
        "in",
        "to",
        "from",
        "of",
        "please",
        "see",
        "the",
        "this",
        "that",
        "will",
        "would",
        "can",
        "not",
        "she",
        "he",
        "they",
        "dob",
        "ssn",
        "mrn",
        "phone",
        "address",
        "age",
        "aged",
        "male",
        "female",
        "called",
        "reports",
        "states",
        "presented",
        "born",
        "id",
        "no",
        "number",
        "date",
    ]
)
_HINT = re.compile(r"\((?![^()]*\d\d)[^()]{1,48}\)(?=\s*[:\]])")
_BRACKETED = re.compile(r"^([ \t>*-]*)\[([^\[\]\d:]{2,48})\](?=\s+\S)")
_WORDED = frozenset(("treatment", "medication"))  # told by words; what else they may hold is found by its shape
NAMES = frozenset(("full", "given", "family", "middle", "preferred"))
# What people write where there is nothing to write, in forms and in cells alike.
NO_VALUE = frozenset(("", "-", "--", "?", "n/a", "na", "nil", "none", "null", "tbd", "unk", "unknown"))
_BLANKS = NO_VALUE | {"not given", "same", "see above", "self"}


_ABOUT = frozenset(("re", "regarding", "about", "subject"))
_ID_ALONE = re.compile(r"(?i)\W*id(?:entification)?(?: ?(?:#|no\.?|number))?\W*$")
_BANK = re.compile(r"(?i)\b(?:routing|aba|bank|checking|savings|direct deposit|credit union)\b")
_INSURED = re.compile(
    r"(?i)\b(?:members?|subscribers?|insured|insurance|policy|group|grp|plan|payer|carrier|health ?plan|coverage|"
    r"health|trust|blue (?:cross|shield)|medicaid|medicare)\b"
)


def in_context(header: Header, line: str, label: tuple[int, int], before: str) -> Header:
    """Return what a label means where it stands: an "ID" beside a member's name or an insurer is the insurer's.

    So is an "account" beside the number of a bank that bank's.
    """
    if header.element == "patient_account_number" and header.subtype == "bill" and _BANK.search(line):
        return msgspec.structs.replace(header, element="financial_account", subtype="account")
    if header.element != "medical_record_number" or not _ID_ALONE.fullmatch(line[label[0] : label[1]].strip()):
        return header
    near = line[: label[0]] or before
    if not (_INSURED.search(near) or (_INSURED.search(before) and not line[: label[0]].strip(" \t>*-"))):
        return header
    return msgspec.structs.replace(header, element="health_insurance", subtype="member_id")


# What is known of a name that stands where a form's person is named, under a label nobody knows.
NAME_LABEL = Header(element="name", subtype="full", group="", hint="", score=0.7, whole=False)
_ANY_FIELD = re.compile(
    r"[ \t>*-]*(?:\d{1,2}[a-z]?[.)] )?(?P<label>[^\W\d_][^:=|\]\t\n]{1,48}?)\s*"
    r"(?:[:=|\]\t]|\.{3,}|_{2,}|\s{3,})[\s._:]*(?P<value>[^\W\d_][^:|\t\[\]\n_]{3,40}?)(?:_{2,}|\s{3,}.*)?\s*"
)


def unlabelled_name(lines: Iterable[tuple[int, str]], known: list[Candidate]) -> Candidate | None:
    """Return the name of whom a form is about where no label that is known announces it.

    It is the first value behind a label that reads as a name, a few lines above the first fields known.
    """
    told = [one for one in known if one.why.startswith("label:")]
    if len({one.element for one in told}) < 2 or any(one.element == "name" for one in told):
        return None
    first = min(one.start for one in told)
    near: list[tuple[int, str]] = []
    for offset, line in lines:
        if line.strip() and offset <= first:
            near.append((offset, plain_labels(line)))
    for offset, line in near[-4:]:
        match = _ANY_FIELD.fullmatch(line) if len(line) < 160 else None
        if match is None or len(match["value"].split()) < 2 or not reads_as_name(match["value"]):
            continue
        header = read_label(match["label"])
        if header is not None and header.element:
            continue
        one = value_of(line, match.start("value"), match.end("value"), msgspec.structs.replace(NAME_LABEL, score=0.8))
        if one is not None:
            return msgspec.structs.replace(one, start=one.start + offset, end=one.end + offset)
    return None


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A label and the room for its value in one line."""

    header: Header
    label: str
    start: int
    end: int


def is_blank(text: str) -> bool:
    """Say whether a field is left empty, or says that nothing is known."""
    return text.strip(" .*_:").lower() in _BLANKS


def fields(line: str) -> list[Field]:
    """Return the labelled fields of a line, in order; the last may have no room (its value is on the next line)."""
    if not any(mark in line for mark in _MARKS):
        return []
    marks: list[tuple[int, int, Header, str]] = []
    floor = 0
    for separator in _SEPARATOR.finditer(line):
        mark = separator.group().strip()
        if mark in ("", "|"):
            # Only a gap: the whole of what stands since the last gap or value must be the label.
            head = line[floor : separator.start()].strip(" *->\u2022")
            header = read_label(head) if (head and not marks) or not mark else None
            begin = floor
            if header is None or header.score < 0.9 or (marks and marks[-1][1] == floor):
                floor = separator.end()
                continue
        else:
            label = label_before(line, separator.start())
            if label is None or label.start < floor:
                floor = separator.end()
                continue
            header, begin = label.header, label.start
        header = _about(header, line, separator.end(), begin)
        marks.append((begin, separator.end(), header, line[begin : separator.start()].strip()))
        floor = separator.end()
    found = []
    for index, (_, start, header, label_text) in enumerate(marks):
        limit = marks[index + 1][0] if index + 1 < len(marks) else len(line)
        stop = _STOP.search(line, start, limit)
        end = stop.start() if stop else limit
        found.append(Field(header=header, label=label_text, start=start, end=end))
    return found


def _about(header: Header, line: str, start: int, begin: int) -> Header:
    """Return the header of "Re: Olson, Mary": whom a letter is about, where a name stands there and nothing more."""
    if header.element or line[begin:start].strip(" >*:\t").lower() not in _ABOUT:
        return header
    value = _STOP.split(line[start:].strip(), maxsplit=1)[0]
    if 2 <= len(value.split()) <= 5 and looks_like_name(value) >= 0.9:
        return Header(element="name", subtype="full", group="patient", hint="", score=0.9, whole=True)
    return header


def why_label(header: Header) -> str:
    """Return the code for a value whose label says so."""
    return f"label:{header.element}" if header.element != "date_of_birth" else "label:dob"


def value_of(line: str, start: int, end: int, header: Header, trust: float = 1.0) -> Candidate | None:
    """Return the candidate that a field's room holds, for elements whose values have no shape; else None."""
    if is_blank(line[start:end]):
        return None
    if header.element == "name":
        return _name(line, start, end, header, trust)
    kind = (header.element, header.subtype)
    worded = kind in (("health_insurance", "payer"), ("diagnosis", "words")) or header.element in _WORDED
    if header.element != "address" and not worded:
        return None
    lead = _LEAD.match(line, start, end)
    start = lead.end() if lead else start
    if header.element == "diagnosis" and (codes := _CODES.match(line, start, end)) is not None:
        start = codes.end()
    text = line[start:end].rstrip(" .,;:\t")
    if not 2 <= len(text) <= 160:
        return None
    subtype, confidence = header.subtype, 0.85
    if header.element == "address":
        if subtype in ("street", "po_box", "city_state_zip"):
            if not any(c.isdigit() for c in text) or "@" in text:
                return None
            subtype = "po_box" if is_box(text) else "street" if subtype != "city_state_zip" else "city"
            confidence = 0.9
        elif len(text) > 40:
            return None
    elif len(text.split()) > 14:
        return None
    value, check, factor = read(header.element, subtype, text)
    return Candidate(
        start=start,
        end=start + len(text),
        element=header.element,
        subtype=subtype,
        group=header.group,
        value=value,
        check=check,
        confidence=confidence * factor * header.score * trust,
        why=why_label(header),
    )


def _before_comma(text: str) -> str:
    """Return a name without what follows it: "Brock Jung, Lakes Trust" is not "last name, first name"."""
    head, comma, tail = text.partition(",")
    words, after = head.split(), tail.split()
    if not comma or len(words) < 2 or not after or after[0].rstrip(".").lower() in SUFFIXES:
        return text
    if len(after) == 2 and len(after[1].rstrip(".")) == 1:
        return text  # "De Querido, Elisangela S"
    turned = given_weight(after[0]) >= 7 and given_weight(words[0]) < given_weight(after[0])
    return text if turned or len(after[0].rstrip(".")) < 2 else head


def _name(line: str, start: int, end: int, header: Header, trust: float) -> Candidate | None:
    lead = _LEAD.match(line, start, end)
    match = _NAME.match(line, lead.end() if lead else start, end)
    if match is None:
        return None
    text = match.group()
    words = list(re.finditer(r"\S+", text))
    for index, word in enumerate(words):
        bare = word.group().strip(".,()'\"").lower()
        # "Olson DOB" ends before what is asked next; the last word of all, though, may be a surname that is a word.
        final = match.start() + word.end() >= len(line[:end].rstrip()) and word.group()[1:].islower()
        asks = index and not final and len(bare) > 2 and read_label(word.group()) is not None
        if bare in _NOT_NAMES or asks:
            text = text[: word.start()]
            break
    text = _before_comma(text.rstrip(" ,-'\"("))
    likeness = looks_like_name(text)
    if likeness < 0.25:
        return None
    parsed = parse_name(text)
    subtype = "full" if parsed.full and header.subtype == "full" else "partial"
    value, check, factor = read("name", header.subtype if header.subtype in NAMES else "full", text)
    confidence = (0.55 + 0.43 * likeness) * factor * header.score * trust
    return Candidate(
        start=match.start(),
        end=match.start() + len(text),
        element="name",
        subtype=subtype,
        group=header.group,
        value=value,
        check="unchecked" if check == "incomplete" else check,
        confidence=min(0.98, confidence),
        why="label:name" if header.subtype == "full" else f"label:{header.subtype}_name",
    )


def address_tail(line: str) -> int | None:
    """Return where "City, ST 12345" ends if that is all a line holds, to be added to the street above."""
    match = _TAIL.match(line)
    return match.end(1) if match else None


def text_columns(line: str) -> list[Field] | None:
    """Return the headers of a table set in plain text (two or more labels with gaps between), or None."""
    if ":" in line or not ("  " in line or "\t" in line or "|" in line):
        return None
    segments = [match for match in _SEGMENT.finditer(line) if match.group().strip(" |>")]
    if len(segments) < 2:
        return None
    found = []
    for segment in segments:
        header = read_label(segment.group().strip())
        if header is not None:
            found.append(Field(header=header, label=segment.group().strip(), start=segment.start(), end=segment.end()))
    named = sum(bool(field.header.element) for field in found)
    return found if named >= 2 and len(found) * 3 >= len(segments) * 2 else None


def segments(line: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between gaps of a line of a table set in plain text."""
    for match in _SEGMENT.finditer(line):
        text = match.group()
        start = match.start() + len(text) - len(text.lstrip(" >"))
        end = match.end() - (len(text) - len(text.rstrip()))
        if end > start:
            yield start, end


def column_for(columns: list[Field], start: int, end: int, index: int, n_segments: int) -> Field | None:
    """Return the column a segment stands under: by order where the counts agree, else by position."""
    if n_segments == len(columns):
        return columns[index]
    over = [field for field in columns if field.start < end and start < field.end]
    return over[0] if len(over) == 1 else None


def known(element_id: str) -> bool:
    """Say whether an element's values are found in running text at all."""
    return bool(BY_ID[element_id].patterns) or element_id == "name"


def plain_labels(line: str) -> str:
    """Return a line whose bracketed labels and the hints in its labels are written plainly; lengths stay.

    "[Birth (m/d/y)] 1/2/80" and "Patient's name (last, first): Olson" read as labels before a colon.
    """
    if "(" not in line and "[" not in line:
        return line
    line = _HINT.sub(lambda match: " " * len(match.group()), line)
    return _BRACKETED.sub(lambda match: f"{match[1]} {match[2]}:", line)

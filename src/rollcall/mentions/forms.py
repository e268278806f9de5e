"""Labelled fields that follow each other ("Patient Name: ...", "DOB: ...") are one person's record.

A record begins where the name of its main subject is labelled and lasts until another one is, until a gap, or until a
thing a person has one of is told anew (then a name was missed, and the rest is a record without one). Where the name
is not the first label, what stands above it belongs to it. The same holds for lines of text and for rows of a sheet
whose labels stand beside the values.
"""

from collections.abc import Iterable, Sequence

import msgspec

from rollcall.mentions.assembled import Assembled, from_records
from rollcall.mentions.roles import NOT_SUBJECTS, Cast, cast
from rollcall.mentions.rows import PARTS_OF_NAME, compose_name
from rollcall.model import Finding, Membership, Mention, Relation, digest

MAX_GAP = 4  # lines without a labelled field that end a record
_MAIN = frozenset(("", "patient", "member", "employee"))
# Fields of which a person has one; a second, different one speaks of somebody else.
SINGLE = frozenset(("ssn", "date_of_birth", "medical_record_number", "drivers_license", "passport"))


class _Field(msgspec.Struct, frozen=True):
    line: int
    finding: Finding


class _Record:
    """The fields of one person and of those named beside them."""

    def __init__(self, fields: Sequence[_Field] = ()) -> None:
        self.fields: list[_Field] = []
        self.single: dict[tuple[str, str, str], str] = {}
        self.names: dict[str, str] = {}  # part of the name -> as written, of the main subject
        for field in fields:
            self.add(field)

    def add(self, field: _Field) -> None:
        """Take a field in."""
        finding = field.finding
        self.fields.append(field)
        if finding.element in SINGLE:
            self.single.setdefault((finding.group, finding.element, finding.subtype), finding.value)
        if is_main_name(finding):
            self.names.setdefault(piece(finding), finding.text)

    def renamed(self, finding: Finding) -> bool:
        """Say whether a field names a main subject other than this record's."""
        return is_main_name(finding) and self.names.get(piece(finding), finding.text) != finding.text

    def contradicts(self, finding: Finding) -> bool:
        """Say whether a field tells anew what a person has one of."""
        key = (finding.group, finding.element, finding.subtype)
        return finding.element in SINGLE and self.single.get(key, finding.value) != finding.value


def is_main_name(finding: Finding) -> bool:
    """Say whether a field names whom its record is about."""
    return finding.element == "name" and finding.group in _MAIN


def is_labelled(finding: Finding) -> bool:
    """Say whether a label beside the value told what it is."""
    return finding.why.startswith(("label:", "form"))


def piece(finding: Finding) -> str:
    """Return which part of a name a labelled finding holds; "full" unless its label says less."""
    if finding.subtype in PARTS_OF_NAME:
        return finding.subtype
    label = finding.why.removeprefix("label:").removesuffix("_name")
    return label if label in PARTS_OF_NAME else "full"


def assemble_forms(findings: Iterable[Finding], text: str | None = None, label: str = "") -> Assembled:
    """Return the records of one part: of its text, or of a sheet of labels and values (`text` is None).

    In text a record needs a labelled name and one thing more; the rest is left to prose. In a sheet nothing is left:
    what belongs to no record becomes a nameless mention of its row.
    """
    ordered = _ordered(findings, text)
    labelled = [field for field in ordered if is_labelled(field.finding) and field.finding.group != "sender"]
    mentions: list[Mention] = []
    memberships: list[Membership] = []
    relations: list[Relation] = []
    taken: set[str] = set()
    for ordinal, record in enumerate(_records(labelled)):
        named = any(field.finding.element == "name" for field in record)
        if text is not None and (not named or len(record) < 2):
            continue
        inside = _inside(ordered, record)
        made = _people(inside, ordinal, text, label)
        mentions += made[0]
        memberships += made[1]
        relations += made[2]
        taken.update(field.finding.finding_id for field in inside)
    if text is None:
        rest = [field for field in ordered if field.finding.finding_id not in taken]
        for made_row in _rows_without_record(rest, label):
            mentions.append(made_row[0])
            memberships += made_row[1]
    return from_records(mentions, memberships, relations)


def _ordered(findings: Iterable[Finding], text: str | None) -> list[_Field]:
    if text is None:
        fields = [_Field(one.place.row or 0, one) for one in findings if one.place.row is not None]
        return sorted(fields, key=lambda f: (f.line, f.finding.place.col or 0, f.finding.place.start or 0))
    held = sorted((one for one in findings if one.place.start is not None), key=_span)
    fields, line, position = [], 0, 0
    for one in held:
        start = one.place.start or 0
        line += text.count("\n", position, start)
        position = start
        fields.append(_Field(line, one))
    return fields


def _span(finding: Finding) -> tuple[int, int, float, str]:
    return finding.place.start or 0, finding.place.end or 0, -finding.confidence, finding.finding_id


def _records(fields: Sequence[_Field]) -> list[list[_Field]]:
    cut = [one for record in _led(_at_names(fields)) for one in _at_contradictions(record)]
    merged: list[_Record] = []
    for record in cut:
        above = merged[-1] if merged else None
        if above is not None and _belongs_below(above, record):
            merged[-1] = _Record([*above.fields, *record.fields])
        else:
            merged.append(record)
    return [record.fields for record in merged]


def _at_names(fields: Sequence[_Field]) -> list[_Record]:
    """Return the fields cut before each line that names a new main subject, and at further names in it."""
    records = [_Record()]
    for line in _by_line(fields):
        fresh = False
        if any(is_main_name(field.finding) for field in line):
            first = next(field.finding for field in line if is_main_name(field.finding))
            if records[-1].fields and (not records[-1].names or records[-1].renamed(first)):
                records.append(_Record())
                fresh = True
        for field in line:
            if records[-1].renamed(field.finding) and (fresh or records[-1].fields):
                records.append(_Record())
            records[-1].add(field)
    return [record for record in records if record.fields]


def _led(records: list[_Record]) -> list[_Record]:
    """Return the records cut before the label that leads them, where the first of all shows that it is not the name."""
    if len(records) < 2 or records[0].names or not _belongs_below(records[0], _Record(records[1].fields[:1])):
        return records
    lead = _label(records[0].fields[0])
    moved = [records[0].fields, *(record.fields for record in records[1:])]
    for index in range(1, len(moved) - 1):
        own, following = moved[index], moved[index + 1]
        at = next((n for n in range(len(own) - 1, 0, -1) if _label(own[n]) == lead), None)
        if at is not None and following[0].line - own[-1].line <= 1 and len(own) - at <= len(records[0].fields):
            moved[index], moved[index + 1] = own[:at], [*own[at:], *following]
    return [_Record(fields) for fields in moved]


def _label(field: _Field) -> tuple[str, str, str]:
    return field.finding.group, field.finding.element, field.finding.subtype


def _at_contradictions(record: _Record) -> list[_Record]:
    """Return a record cut where it contradicts itself, and at gaps."""
    kept = [_Record()]
    for line in _by_line(record.fields):
        held = kept[-1]
        gap = bool(held.fields) and line[0].line - held.fields[-1].line > MAX_GAP
        if held.fields and (gap or any(held.contradicts(field.finding) for field in line)):
            kept.append(_Record())
        for field in line:
            if kept[-1].contradicts(field.finding):
                kept.append(_Record())
            kept[-1].add(field)
    return kept


def _belongs_below(above: _Record, below: _Record) -> bool:
    """Say whether fields without a name stand right above the record they begin."""
    if above.names or not below.names or below.fields[0].line - above.fields[-1].line > 1:
        return False
    return not any(below.contradicts(field.finding) for field in above.fields)


def _by_line(fields: Sequence[_Field]) -> list[list[_Field]]:
    lines: list[list[_Field]] = []
    for field in fields:
        if lines and lines[-1][-1].line == field.line:
            lines[-1].append(field)
        else:
            lines.append([field])
    return lines


def _inside(ordered: Sequence[_Field], record: Sequence[_Field]) -> list[_Field]:
    """Return the fields of a record and what else was found between its first and its last."""
    held = {field.finding.finding_id for field in record}
    first, last = _position(record[0]), _position(record[-1])
    return [
        field
        for field in ordered
        if field.finding.finding_id in held
        or (first < _position(field) <= last and not is_labelled(field.finding) and field.finding.element != "name")
    ]


def _position(field: _Field) -> tuple[int, int, int]:
    place = field.finding.place
    return field.line, place.col or 0, place.start or 0


def _people(
    record: Sequence[_Field], ordinal: int, text: str | None, label: str
) -> tuple[list[Mention], list[Membership], list[Relation]]:
    findings = [field.finding for field in record]
    played = _cast(findings, text, label)
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(played.fold(finding.group, finding.element), []).append(finding)
    mentions, memberships, relations, ids = [], [], [], {}
    for group in sorted(groups):
        mention = _mention(groups[group], (group, ordinal), played)
        ids[group] = mention.mention_id
        mentions.append(mention)
        memberships += [
            Membership(mention_id=mention.mention_id, finding_id=one.finding_id, confidence=0.93, why="same record")
            for one in groups[group]
        ]
    for group, mention_id in ids.items():
        relation = played.relation(group)
        if group and relation and "" in ids:
            relations.append(Relation(mention_id=mention_id, other_id=ids[""], relation=relation))
    return mentions, memberships, relations


def _cast(findings: Sequence[Finding], text: str | None, label: str) -> Cast:
    words = label
    if text is not None:
        words += " " + text[findings[0].place.start or 0 : findings[-1].place.end or 0][:2000]
    named: dict[str, set[str]] = {}
    for one in findings:
        if one.element == "name":
            named.setdefault(one.group, set()).add(piece(one))
    return cast({one.group for one in findings}, named, ((one.element, one.subtype) for one in findings), words)


def _mention(findings: Sequence[Finding], anchor: tuple[str, int], played: Cast) -> Mention:
    group, ordinal = anchor
    first = findings[0]
    parts: dict[str, str] = {}
    for one in findings:
        if one.element == "name":
            parts.setdefault(piece(one), " ".join(one.text.split()))
    name = compose_name(parts)
    role = played.role(group)
    return Mention(
        mention_id=digest("form", first.blob_id, first.place.part_no, ordinal, group),
        blob_id=first.blob_id,
        part_no=first.place.part_no,
        row=first.place.row,
        block=first.block,
        ordinal=ordinal,
        kind="form",
        role=role,
        is_subject=role not in NOT_SUBJECTS,
        name=name,
        confidence=0.92 if name else 0.75,
        why="labelled fields",
    )


def _rows_without_record(fields: Sequence[_Field], label: str) -> list[tuple[Mention, list[Membership]]]:
    made = []
    for line in _by_line(fields):
        findings = [field.finding for field in line]
        first = findings[0]
        played = _cast(findings, None, label)
        names = [one.text for one in findings if one.element == "name"]
        mention = Mention(
            mention_id=digest("row", first.blob_id, first.place.part_no, line[0].line, "", 0),
            blob_id=first.blob_id,
            part_no=first.place.part_no,
            row=first.place.row,
            block=None,
            ordinal=0,
            kind="row",
            role=played.role(""),
            is_subject=True,
            name=names[0] if names else "",
            confidence=0.6,
            why="row of a sheet without headers",
        )
        members = [
            Membership(mention_id=mention.mention_id, finding_id=one.finding_id, confidence=0.8, why="same row")
            for one in findings
        ]
        made.append((mention, members))
    return made

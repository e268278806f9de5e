"""HL7 version 2 in its bar-and-hat encoding (ER7), as interfaces send and log it: a message is a part of its own.

Framing bytes (MLLP), batches (FHS, BHS) and any separators a message names are read. What a field means is in
`hl7_fields`; what is written freely, and segments nobody knows, are yielded as sections about the message's patient.
HL7 v2.5.1, chapter 2.
"""

import re
from collections.abc import Iterator

from rollcall.items import plain
from rollcall.items.drafts import Draft, are_one, born_as, day_of, name_of, phone_of, records, spoken, street_of, who
from rollcall.items.edi import encoding_of
from rollcall.items.er7 import Signs, Span, decoded
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.parsers.hl7_fields import CODES_OF_DISEASES, FIELDS, GUARDIANS, ID_TYPES, SELF, SILENT
from rollcall.items.readable import Readable

_START = re.compile(r"[\x0b\s\ufeff]*(?:MSH|FHS|BHS)([^\w\s])[^\w\s]{1,5}\1")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}(?=\W|$)")
_CODED = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?\Z|\d{3}(?:\.?\d{1,2})?\Z")
_SENTENCE = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")
_MOST_LINES = 200_000  # of one message; what goes on longer never ends


def looks_like(untrusted: Readable) -> bool:
    """Say whether a text begins with the header of a message or of a batch of them."""
    return plain.begins(untrusted, _START, encoding_of=encoding_of)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each message as a part with the records of its people, then its notes, documents and defects."""
    encoding = encoding_of(untrusted)
    if encoding is None:
        yield Fault(code="unknown_format", detail="not text")
        return
    notes: set[str] = set()
    number = 0
    for lines in _messages(plain.lines(untrusted, encoding, notes)):
        number += any(line.startswith("MSH") for line in lines)
        yield from _Message(lines, number).read()
    if "undecodable" in notes:
        yield Fault(code="undecodable", detail="characters replaced")


def _messages(lines: Iterator[str]) -> Iterator[list[str]]:
    """Yield the lines of each message; what frames a batch stands with the message after it."""
    held: list[str] = []
    for raw in lines:
        line = raw.strip("\x0b\x1c\r\n\ufeff").encode("utf-8", "replace").decode()
        begins = line.startswith(("MSH", "FHS", "BHS"))
        if held and ((begins and any(one.startswith("MSH") for one in held)) or len(held) >= _MOST_LINES):
            yield held
            held = []
        if line.strip():
            held.append(line)
    if held:
        yield held


class _Message:
    """One message being read."""

    def __init__(self, lines: list[str], number: int) -> None:
        self._where = f"message {number}" if number else "batch"
        head = next((line for line in lines if line[:3] in ("MSH", "FHS", "BHS") and len(line) > 4), "")
        given = head[4:9].partition(head[3])[0] if head else ""
        self._signs = Signs(head[3] if head else "|", *(given[at] if at < len(given) else "" for at in range(4)))
        self._documents: list[Inner] = []
        self._odd = 0
        self._lines = [self._lighter(line) for line in lines]
        self._drafts: list[Draft] = []
        self._group: list[Draft] = []  # those since the last PID
        self._providers: set[str] = set()
        self._patient: Draft | None = None
        self._beside: dict[str, Draft] = {}  # contact, guarantor, insured of the segment in hand
        self._self: set[str] = set()  # those of them that are the patient
        self._counts: dict[str, int] = {}
        self._notes: list[tuple[str, str, list[str]]] = []  # label, key of the record, lines

    def read(self) -> Iterator[Yield]:
        """Yield the message's values."""
        position = 0
        for line in self._lines:
            self._segment(Span(line, position))
            position += len(line) + 1
        self._settle()
        yield Text(text="\n".join(self._lines), kind="record", label=self._where)
        yield from records(self._drafts)
        for label, about, lines in self._notes:
            yield Text(text="\n".join(lines), kind="section", label=label, about=about)
        yield from self._documents
        if self._odd:
            yield Fault(code="defect", detail=f"{self._odd} lines that are no segments", locator=self._where)

    def _lighter(self, line: str) -> str:
        """Return a line without the bytes of a document set into it, which becomes a content of its own."""
        fields = line.split(self._signs.field)
        if not line.startswith("OBX") or len(fields) < 6 or fields[2] != "ED":
            return line
        parts = fields[5].split(self._signs.component or "^")
        if len(parts) < 5 or len(parts[4]) < 64:
            return line
        data, kind = parts[4], f"{parts[1]}/{parts[2]}".lower()
        place = f"{self._where} OBX {len(self._documents) + 1}"
        self._documents.append(
            Inner(locator=place, kind="attachment", media_type=kind, chunks=lambda: iter((decoded(data, parts[3]),)))
        )
        parts[4] = "..."
        fields[5] = (self._signs.component or "^").join(parts)
        return self._signs.field.join(fields)

    # --- segments --------------------------------------------------------------------------------------------------

    def _segment(self, line: Span) -> None:
        match = _SEGMENT.match(line.text)
        name = match[0] if match else ""
        if not name or (len(line.text) > 3 and line.text[3] != self._signs.field):
            self._odd += 1
            self._note(f"{self._where} text", line.text)
            return
        if name in SILENT:
            return
        if name not in FIELDS:
            words = line.text.replace(self._signs.field, " | ")
            for sign in (self._signs.component, self._signs.repetition, self._signs.part):
                words = words.replace(sign, " ") if sign else words
            self._note(f"{self._where} {name}", words)
            return
        fields = line.split(self._signs.field)
        self._open(name, fields)
        values = {number: fields[number] for number, *_ in FIELDS[name] if number < len(fields)}
        for number, kind, whose, what in FIELDS[name]:
            field = values.get(number)
            if field is None or field.text.strip() in ("", '""'):
                continue
            place = f"{self._where} {name}-{number}"
            if kind == "note":
                self._note(place, self._signs.unescape(field.text))
            elif kind == "result":
                self._result(fields, field, place)
            else:
                for one in field.split(self._signs.repetition) if self._signs.repetition else [field]:
                    self._field(kind, whose, what, one, place)

    def _open(self, name: str, fields: list[Span]) -> None:
        """Begin whom a segment is about."""
        count = self._counts[name] = self._counts.get(name, 0) + 1
        key = f"{self._where} {name}" + (f" {count}" if count > 1 else "")
        if name == "PID":
            self._settle()
            self._group = []
            self._patient = self._new(key, "patient")
            self._beside = {}
        elif name == "NK1":
            codes = {one.upper() for at in (3, 7) for one in self._at(fields, at).split(self._signs.component or "^")}
            kin = self._beside["contact"] = self._new(key, "emergency_contact")
            guards = codes & GUARDIANS or any("GUARDIAN" in one for one in codes)
            kin.relate("guardian_of" if guards else "contact_of", self._main())
        elif name in ("GT1", "IN1"):
            who = "guarantor" if name == "GT1" else "insured"
            draft = self._beside[who] = self._new(key, "guarantor" if name == "GT1" else "subscriber")
            draft.relate(f"{draft.role}_of", self._main())
            relation = self._at(fields, 11 if name == "GT1" else 17).partition(self._signs.component or "^")[0]
            if relation.strip().upper() in SELF:
                self._self.add(key)

    def _at(self, fields: list[Span], number: int) -> str:
        return fields[number].text if number < len(fields) else ""

    def _new(self, key: str, role: str) -> Draft:
        draft = Draft(key, role)
        self._drafts.append(draft)
        self._group.append(draft)
        return draft

    def _main(self) -> Draft:
        """Return the patient; a message may speak of one without saying who it is."""
        if self._patient is None:
            self._patient = self._new(f"{self._where} patient", "patient")
        return self._patient

    def _whose(self, whose: str, place: str) -> list[Draft]:
        if whose == "patient":
            return [self._main()]
        if whose == "mother":
            draft = self._new(place, "other")
            draft.relate("contact_of", self._main())
            return [draft]
        if whose == "coverage":
            insured = self._beside.get("insured")
            return [self._main(), *([insured] if insured else [])]
        draft = self._beside.get(whose) or self._new(f"{place} {whose}", "subscriber" if whose == "insured" else whose)
        self._beside.setdefault(whose, draft)
        return [draft]

    def _settle(self) -> None:
        """Make guarantor and insured one with the patient where they are; no insured is kept for a contract alone."""
        patient = self._patient
        if patient is None:
            return
        known = {(one.element, one.start) for one in patient.fields}
        theirs = who(patient)
        for draft in self._group:
            if draft.role not in ("guarantor", "subscriber"):
                continue
            own = [one for one in draft.fields if one.element != "health_insurance"]
            name, born = who(draft)
            unnamed = not name and (not born or not theirs[1] or born == theirs[1])
            if draft.key in self._self or are_one((name, born), theirs) or unnamed or not own:
                patient.fields += [one for one in draft.fields if (one.element, one.start) not in known]
                draft.fields = []

    # --- fields ----------------------------------------------------------------------------------------------------

    def _field(self, kind: str, whose: str, what: str, field: Span, place: str) -> None:
        if field.text.strip() in ("", '""'):
            return
        parts = field.split(self._signs.component) if self._signs.component else [field]
        parts += [Span("", field.end)] * (8 - len(parts))
        for draft in self._whose(whose, place):
            _WRITE[kind](self, draft, what, field, parts, place)

    def _value(self, span: Span) -> str:
        """Return the first part of a component, escapes resolved."""
        text = span.text.partition(self._signs.part)[0] if self._signs.part else span.text
        text = self._signs.unescape(text).strip()
        return "" if text == '""' else text

    def _name(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        family, given, middle, suffix = (self._value(part) for part in parts[:4])
        value = name_of(family, given, middle, suffix)
        if value:
            last = next(part for part in reversed(parts[:4]) if part.text)
            draft.add(what, field.start, last.end, place, value)

    def _maiden(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        draft.add(what, parts[0].start, parts[0].end, place, self._value(parts[0]))

    def _address(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        street = " ".join(one for one in map(self._value, parts[:2]) if one)
        if street:
            end = parts[1].end if self._value(parts[1]) else parts[0].end
            draft.add(street_of(street), parts[0].start if parts[0].text else parts[1].start, end, place, street)
        for part, subtype in zip(parts[2:5], ("city", "state", "zip"), strict=True):
            draft.add(f"address.{subtype}", part.start, part.end, place, self._value(part))

    def _reach(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        texts = [self._value(part) for part in parts]
        number = next((one for one in (texts[0], texts[3], texts[5] + texts[6]) if one), "")
        found, value = phone_of(number)
        if found:
            draft.add(found, field.start, field.end, place, value)
        if found != "email.email" and "@" in texts[3]:
            draft.add("email.email", parts[3].start, parts[3].end, place, texts[3])

    def _id(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        value = self._value(parts[0])
        if not value:
            return
        what = ID_TYPES.get(parts[4].text.strip().upper(), what)
        issuer = self._value(parts[3]) or self._value(parts[5])
        if what.startswith("drivers_license"):
            issuer = self._value(parts[1])[:2] or issuer  # DLN: number, state
        elif not what.startswith("medical_record_number"):
            issuer = ""
        draft.add(what, parts[0].start, parts[0].end, place, value, issuer)

    def _day(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        span = parts[0].split(self._signs.part)[0] if self._signs.part else parts[0]
        day = day_of(span.text)
        if any(map(str.isdigit, day)):
            what = born_as(day) if what.startswith("date_of_birth") else what
            draft.add(what, span.start, span.end, place, day)

    def _timing(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        self._day(draft, what, field, parts[3:4], place)

    def _code(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        for at in (0, 3):
            code, text, system = (self._value(part) for part in (*parts[at : at + 3],))
            if what.startswith("diagnosis"):
                coded = _CODED.match(code.upper()) and (
                    system.upper().startswith(CODES_OF_DISEASES) or not code.isdigit()
                )
                if code and coded:
                    draft.add("diagnosis.code", parts[at].start, parts[at].end, place, code)
                elif code and not text and not code.isdigit():
                    draft.add(what, parts[at].start, parts[at].end, place, code)
            elif code and (what == "treatment.procedure" or not text):
                draft.add(what, parts[at].start, parts[at].end, place, code)
            if text:
                draft.add(what, parts[at + 1].start, parts[at + 1].end, place, text)

    def _clinician(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        names = [self._value(part) for part in parts[:6]]
        at = 1
        if names[0] and not any(map(str.isdigit, names[0])) and not (names[1] and names[2]):
            at = 0  # written without a number before the name
        family, given, middle, suffix = names[at : at + 4]
        value = spoken(family, given, middle, suffix)
        if not name_of(family, given):
            return
        start, end = parts[at].start, next(one for one in reversed(parts[at : at + 4]) if one.text).end
        draft.add(what, start, end, place, value)
        if (listed := name_of(family, given, middle, suffix)) not in self._providers:
            self._providers.add(listed)
            self._new(place, "provider").add("name.full", start, end, place, listed)

    def _words(self, draft: Draft, what: str, field: Span, parts: list[Span], place: str) -> None:
        draft.add(what, parts[0].start, parts[0].end, place, self._value(parts[0]))

    def _note(self, label: str, text: str) -> None:
        """Keep free text; what follows in segments of the same name is one text, as reports are sent line by line."""
        about = self._main().key if self._patient is not None else ""
        if not text.strip():
            return
        if self._notes and self._notes[-1][1] == about and self._notes[-1][0] == label:
            self._notes[-1][2].append(text)
        else:
            self._notes.append((label, about, [text]))

    def _result(self, fields: list[Span], field: Span, place: str) -> None:
        """Take what an observation says: words as notes, what is coded or counted as part of the result."""
        kind = self._at(fields, 2).strip()
        if kind in ("TX", "FT", "") or (kind == "ST" and _SENTENCE.search(field.text)):
            signs = self._signs.repetition
            self._note(place, self._signs.unescape(field.text.replace(signs, "\n") if signs else field.text))
        elif kind in ("CE", "CWE", "CNE", "CF"):
            for one in field.split(self._signs.repetition) if self._signs.repetition else [field]:
                self._field("code", "patient", "treatment.lab_result", one, place)
        elif kind not in ("NM", "SN", "ST", "DT", "TM", "TS", "ED", "RP", "NA", "MO"):
            self._note(place, self._signs.unescape(field.text.replace(self._signs.component or "^", " ")))


_WRITE = {
    "name": _Message._name, "maiden": _Message._maiden, "address": _Message._address, "reach": _Message._reach,
    "id": _Message._id, "day": _Message._day, "timing": _Message._timing, "code": _Message._code,
    "clinician": _Message._clinician, "payer": _Message._words, "number": _Message._words, "words": _Message._words,
    "amount": _Message._words,
}  # fmt: skip


PARSER = Parser(name="hl7", version=1, media_types=("application/hl7-v2",), looks_like=looks_like, parse=parse)

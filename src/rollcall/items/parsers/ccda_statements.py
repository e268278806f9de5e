"""The body of a clinical document: tables of its sections by their headings, and entries by what they state."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from rollcall.elements.labels import read_label
from rollcall.items.drafts import Draft, Lines, day_of, name_of, phone_of, spoken
from rollcall.items.parsers.ccda_header import address
from rollcall.items.parsers.ccda_sections import (
    CLASSES,
    CODES_OF_BILLS,
    CODES_OF_DISEASES,
    CODES_OF_PROVIDERS,
    COLUMNS,
    DATED,
    ENTRIES,
    RELATED,
)
from rollcall.items.xml import at, child, children, local, text_of

_BLOCKS = frozenset(("paragraph", "item", "caption", "tr", "list", "table", "br"))
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SENTENCE = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}\W+[^\W\d_]{2,}")
_STATEMENTS = frozenset(
    ("observation", "procedure", "substanceAdministration", "encounter", "act", "organizer", "supply")
)
_PERSONS = ("assignedPerson", "relatedPerson", "associatedPerson", "playingEntity")
_MOST_COLUMNS = 100
_SURE = 0.9  # of a heading that only the general words know


def narrative(section: Any, kind: str, place: str, patient: Draft, lines: Lines) -> list[str]:
    """Take over the tables whose headings are known; return the lines of all other text."""
    words: list[str] = []
    text = child(section, "text")
    if text is not None and text.get("representation") != "B64":
        _read(text, (kind, place), patient, lines, words)
    return words


def _read(element: Any, where: tuple[str, str], patient: Draft, lines: Lines, words: list[str]) -> None:
    """Read an element of the narrative, block by block."""
    pieces = [element.text or ""]

    def close() -> None:
        line = " ".join("".join(pieces).split())
        if line:
            words.append(line)
        pieces.clear()

    for one in children(element):
        if local(one) == "table":
            close()
            words.extend(_table(one, where, patient, lines))
        elif local(one) in _BLOCKS:
            close()
            _read(one, where, patient, lines, words)
        else:
            pieces.append(text_of(one))
        pieces.append(one.tail or "")
    close()


def _table(table: Any, where: tuple[str, str], patient: Draft, lines: Lines) -> list[str]:
    """Take over a table; return what of it is to be read as text."""
    kind, place = where
    rows = list(_rows(table))
    heads = next((cells for cells, is_head in rows if is_head and len(cells) > 1), [])
    meanings = [_meaning(kind, head) for head in heads]
    words = [" ".join(text_of(one).split()) for one in children(table, "caption")]
    if not any(meanings) or not kind:
        return words + [" | ".join(cells) for cells, _ in rows if any(cells)]
    for number, (cells, is_head) in enumerate(rows, 1):
        if is_head:
            lines.add(f"{place} row {number}", " | ".join(cells))
            continue
        for index, cell in enumerate(cells):
            head = heads[index] if index < len(heads) else ""
            if not cell:
                continue
            span = lines.add(f"{place} row {number} {head}".strip(), cell)
            if index < len(meanings) and meanings[index]:
                patient.add(meanings[index], *span, f"{place} row {number}", cell)
            elif _SENTENCE.search(cell):
                words.append(cell)
    return words


def _meaning(kind: str, head: str) -> str:
    """Return what stands below a heading: as the section has it, else as any table would."""
    plain = " ".join(_NOT_WORD.sub(" ", head.lower()).split())
    columns = COLUMNS.get(kind, {})
    known = columns.get(plain) or ("date" in columns and {"date", "dates"} & set(plain.split()) and columns["date"])
    if known:
        return known
    header = read_label(plain) if plain else None
    if header is None or header.score < _SURE or header.element in ("", "name", "date_of_birth", "address", "phone"):
        return ""
    return f"{header.element}.{header.subtype}" if kind else ""


def _rows(table: Any) -> Iterator[tuple[list[str], bool]]:
    """Yield (cells, whether all are headings) of each row, cells that span rows or columns repeated."""
    below: dict[int, tuple[int, str]] = {}  # column -> rows it still spans, its text
    for row in table.iter("{*}tr", "tr"):
        cells: list[str] = []
        found = list(children(row, "td", "th"))
        for cell in found:
            _fill(cells, below)
            text = " ".join(" ".join(cell.itertext()).split())
            down, across = _number(cell.get("rowspan")), _number(cell.get("colspan"))
            for _ in range(min(across, _MOST_COLUMNS - len(cells))):
                if down > 1:
                    below[len(cells)] = (down - 1, text)
                cells.append(text)
        _fill(cells, below)
        if cells:
            yield cells, all(local(cell) == "th" for cell in found)


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    while (held := below.get(len(cells))) is not None:
        left, text = held
        if left > 1:
            below[len(cells)] = (left - 1, text)
        else:
            del below[len(cells)]
        cells.append(text)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 and int(text) else 1


# --- entries -------------------------------------------------------------------------------------------------------


def entries(section: Any, kind: str, place: str, people: tuple[Draft, dict[str, Draft]], lines: Lines) -> None:
    """Take over the coded statements of a section, and whom they name."""
    patient, beside = people
    for number, entry in enumerate(children(section, "entry"), 1):
        where = f"{place} entry {number}"
        for statement in _outer(entry):
            if kind == "payers":
                _contract(statement, where, patient, lines)
            for name, path, what in ENTRIES.get(kind, ()):
                if local(statement) == name:
                    for coded in at(statement, path):
                        _coded(coded, (what, where), statement, patient, lines)
            if kind in DATED:
                _dates(statement, where, patient, lines)
        _people(entry, where, (patient, beside), lines)


def _outer(entry: Any) -> Iterator[Any]:
    """Yield the statements of an entry that are no part of another statement: acts and organizers only group them."""
    waiting = deque(children(entry))
    while waiting:
        element = waiting.popleft()
        name = local(element)
        if name in _STATEMENTS:
            yield element
        if name in ("act", "organizer", "entryRelationship", "component"):
            waiting.extend(children(element))


def _coded(element: Any, meant: tuple[str, str], statement: Any, patient: Draft, lines: Lines) -> None:
    what, where = meant
    negated = statement.get("negationInd") == "true"
    if any(one.get("code") in ("NKA", "NKDA", "409137002") for one in (element,)) or element.get("nullFlavor") == "NI":
        return
    told = set()
    for one in (element, *children(element, "translation")):
        code, system, name = (one.get(each, "").strip() for each in ("code", "codeSystem", "displayName"))
        polarity = "negated" if negated else "asserted"
        diseases = what.startswith("diagnosis") and system in CODES_OF_DISEASES
        if code and (diseases or system in CODES_OF_BILLS or (not name and not what.startswith("diagnosis"))):
            span = lines.add(f"{where} code", code)
            patient.add("diagnosis.code" if diseases else what, *span, where, code, polarity=polarity)
        if name and name not in told:
            told.add(name)
            patient.add(what, *lines.add(where, name), where, name, polarity=polarity)
    written = " ".join(text_of(child(element, "originalText")).split())
    if written and not told:
        patient.add(what, *lines.add(where, written), where, written, polarity="negated" if negated else "asserted")


def _dates(statement: Any, where: str, patient: Draft, lines: Lines) -> None:
    time = child(statement, "effectiveTime")
    for one in (time, *children(time, "low", "high")) if time is not None else ():
        if any(map(str.isdigit, day := day_of(one.get("value", "")))):
            span = lines.add(f"{where} effectiveTime", one.get("value", ""))
            patient.add("date_of_service.date", *span, where, day)


def _contract(statement: Any, where: str, patient: Draft, lines: Lines) -> None:
    """Take over what a policy says: who pays, and under which numbers."""
    for payer in at(statement, "performer/assignedEntity/representedOrganization/name"):
        if name := " ".join(text_of(payer).split()):
            patient.add("health_insurance.payer", *lines.add(f"{where} payer", name), where, name)
    for part in children(statement, "participant"):
        what = {"COV": "member_id", "HLD": "subscriber_id"}.get(part.get("typeCode", ""))
        for one in at(part, "participantRole/id") if what else ():
            if number := one.get("extension", "").strip():
                patient.add(f"health_insurance.{what}", *lines.add(f"{where} id", number), where, number)


def _people(entry: Any, where: str, people: tuple[Draft, dict[str, Draft]], lines: Lines) -> None:
    """Take over whom an entry names; who performed something is the patient's provider."""
    patient, beside = people
    for person in (one for name in _PERSONS for one in entry.iter(f"{{*}}{name}", name)):
        name, holder = child(person, "name"), person.getparent()
        if name is None or holder is None:
            continue
        family, given = (
            [" ".join(text_of(one).split()) for one in children(name, part)] for part in ("family", "given")
        )
        listed = name_of(" ".join(family[:1]), " ".join(given[:1]), " ".join(given[1:2]))
        if not listed:
            continue
        shown = spoken(" ".join(family[:1]), " ".join(given))
        span = lines.add(f"{where} {local(person)}", shown)
        relation, taking = _relation(holder), holder.getparent()
        if taking is not None and taking.get("typeCode") == "COV":
            patient.add(
                "name.full", *span, where, listed
            )  # whom the policy covers: the patient, as the payer writes it
            continue
        if not relation and taking is not None and local(taking) == "performer":
            patient.add("provider.provider", *span, where, shown)
        role = RELATED.get(relation, "emergency_contact") if relation else "provider"
        key = f"{role} {listed}"
        if key not in beside:
            beside[key] = Draft(f"{where} {listed}", role)
            beside[key].add("name.full", *span, where, listed)
            if relation:
                beside[key].relate(relation, patient)
                _reached(holder, where, beside[key], lines)


def _reached(holder: Any, where: str, owner: Draft, lines: Lines) -> None:
    """Take over where a person lives and how they are reached."""
    for one in children(holder, "addr"):
        address(one, f"{where} addr", owner, lines)
    for one in children(holder, "telecom"):
        what, value = phone_of(one.get("value", ""))
        if what:
            owner.add(what, *lines.add(f"{where} telecom", one.get("value", "")), where, value)


def _relation(holder: Any) -> str:
    """Return what a person in an entry is to the patient, "" for a clinician or clerk."""
    code, taking = child(holder, "code"), holder.getparent()
    classes = (holder.get("classCode", ""), code.get("code", "") if code is not None else "")
    if local(holder) in ("assignedEntity", "assignedAuthor"):
        return "guarantor_of" if "GUAR" in classes else ""
    if taking is not None and taking.get("typeCode") == "HLD":
        return "subscriber_of"
    if code is not None and code.get("codeSystem") == CODES_OF_PROVIDERS:
        return ""
    return next((CLASSES[one] for one in classes if one in CLASSES), "contact_of")


def remarks(section: Any) -> Iterator[str]:
    """Yield what is written freely inside the entries: their narrative may not repeat it."""
    for entry in children(section, "entry"):
        for text in entry.iter("{*}text", "text"):
            if text.get("representation") != "B64" and (line := " ".join(text_of(text).split())):
                yield line

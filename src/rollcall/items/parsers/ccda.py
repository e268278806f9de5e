"""C-CDA: clinical documents in XML, with a coded header, sections to be read by people, and entries for machines.

The header becomes lines of "path: value" with the records of patient, guardian, contacts and clinicians. Of each
section the tables whose headings are known and the coded entries are taken over; all other narrative is a section of
text about the patient, a family's history apart. HL7 CDA Release 2; sections in `ccda_sections`. No DTD, no entity is
read.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from rollcall.items.drafts import Draft, Lines, records
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.parsers.ccda_header import Header
from rollcall.items.parsers.ccda_sections import KINDS
from rollcall.items.parsers.ccda_statements import entries, narrative, remarks
from rollcall.items.readable import Readable
from rollcall.items.xml import child, children, local, text_of

_ROOT = re.compile(rb"<(?:[\w.-]+:)?ClinicalDocument\b")
_BEFORE = re.compile(rb"\s*(?:(?><\?.*?\?>)\s*+|(?><!--.*?-->)\s*+|<!DOCTYPE[^>\[]*>\s*+)*+", re.DOTALL)
_LOOK = 1 << 16


def looks_like(untrusted: Readable) -> bool:
    """Say whether the root of an XML document is a clinical document."""
    head = untrusted.read_at(0, _LOOK).removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    before = _BEFORE.match(head)
    return before is not None and _ROOT.match(head, before.end()) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the header with its people, then section by section what was understood and what is to be read."""
    from lxml import etree

    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    root = etree.parse(untrusted.stream(), reader).getroot()
    if root is None or local(root) != "ClinicalDocument":
        yield Fault(code="corrupt", detail="no clinical document in the XML")
        return
    header = Header(root)
    yield header.text()
    yield from records(header.drafts)
    patient = header.patient
    body = child(root, "component")
    for number, section in enumerate(_sections(body), 1):
        yield from _section(section, number, patient)
    yield from _files(body)
    if any(error.level_name in ("ERROR", "FATAL") for error in reader.error_log):
        yield Fault(code="partial", detail="the XML is not well formed; what stands before the break was read")


def _sections(body: Any) -> Iterator[Any]:
    """Yield the sections in order, those inside others after them."""
    waiting = [body] if body is not None else []
    while waiting:
        element = waiting.pop()
        if local(element) == "section":
            yield element
        inside = [one for one in children(element) if local(one) in ("structuredBody", "component", "section")]
        waiting += reversed(inside)


def _section(section: Any, number: int, patient: Draft) -> Iterator[Yield]:
    code = child(section, "code")
    kind = KINDS.get(code.get("code", "") if code is not None else "", "")
    title = " ".join(text_of(child(section, "title")).split()) or (
        code.get("displayName", "") if code is not None else ""
    )
    place = title or f"section {number}"
    if kind == "family":
        words = [one for one in narrative(section, "", place, Draft("", ""), Lines()) if one.strip()]
        words += [one.get("displayName", "") for one in section.iter() if one.get("displayName")]
        yield Text(text="\n".join(words), kind="family_history", label=place)
        return
    said, lines = Draft(patient.key, patient.role), Lines()
    beside: dict[str, Draft] = {}
    words = narrative(section, kind, place, said, lines)
    entries(section, kind, place, (said, beside), lines)
    if lines.length:
        yield lines.text(place)
        yield from records([said, *beside.values()])
    words += dict.fromkeys(one for one in remarks(section) if one not in words)
    if words:
        yield Text(text="\n".join(words), kind="section", label=place, about=patient.key)


def _files(body: Any) -> Iterator[Inner]:
    """Yield the documents set into the body."""
    if body is None:
        return
    number = 0
    for name in ("text", "value"):
        for element in body.iter(f"{{*}}{name}"):
            if element.get("representation") == "B64" and element.text:
                number += 1
                yield _file(f"{name} {number}", element.text, element.get("mediaType", ""))


def _file(place: str, data: str, kind: str) -> Inner:
    return Inner(locator=place, kind="attachment", media_type=kind, chunks=lambda: iter((_decoded(data),)))


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data)
    except (ValueError, binascii.Error):
        raise ContentError("corrupt", "Base64 of a document") from None


PARSER = Parser(name="ccda", version=1, media_types=("application/hl7-cda+xml",), looks_like=looks_like, parse=parse)

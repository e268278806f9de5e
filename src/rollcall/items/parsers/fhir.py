"""FHIR: a resource, a bundle, or one resource a line (NDJSON), in JSON; resources and bundles in XML too.

Each resource becomes lines of "path: value"; what `fhir_paths` names goes to the record of the patient it is about,
found by reference inside the content, contained resources included. HL7 FHIR R4, http://hl7.org/fhir/R4.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from rollcall.items import plain
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.parsers.fhir_reading import Reading
from rollcall.items.parsers.fhir_values import as_list
from rollcall.items.readable import Readable

_TOKEN = re.compile(r'"((?:[^"\\]|\\.){0,200})"|[{}\[\]]')
_XML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*+|(?><!--.*?-->)\s*+)*+<[A-Z]\w+\b[^>]*\bxmlns\s*=\s*[\"']http://hl7\.org/fhir[\"']",
    re.DOTALL,
)
_LOOK = 1 << 16
_PART = 200_000  # characters of a part


def looks_like(untrusted: Readable) -> bool:
    """Say whether a JSON object, or the first of some, names a type of resource, or an XML root is in FHIR's space."""
    encoding = plain.encoding_of(untrusted)
    if encoding is None:
        return False
    head = untrusted.read_at(0, _LOOK).decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if head[:1] not in "{[" or not head:
        return _XML.match(head) is not None
    depth, most = 0, 2 if head[0] == "[" else 1
    for token in _TOKEN.finditer(head):
        sign = token[0]
        depth += sign in "{[" or -(sign in "}]")
        if token[1] == "resourceType" and depth == most:
            return re.match(r'\s*:\s*"[A-Z]', head[token.end() : token.end() + 40]) is not None
        if depth == 0:
            return False
    return False


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the resources as parts with the records of their people, then notes and files."""
    encoding = plain.encoding_of(untrusted)
    if encoding is None:
        yield Fault(code="unknown_format", detail="not text")
        return
    start = untrusted.read_at(0, 4096).decode(encoding, "replace").lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        yield from _whole(_from_xml(untrusted), Reading())
        return
    notes: set[str] = set()
    lines = plain.lines(untrusted, encoding, notes)
    first = next(lines, "")
    try:
        value = json.loads(first.lstrip("\ufeff"))
    except ValueError:
        try:
            value = json.loads("".join((first, *lines)).lstrip("\ufeff"))
        except ValueError:
            yield Fault(code="corrupt", detail="JSON that does not close or breaks off")
            return
        yield from _whole(value, Reading())
    else:
        yield from _by_line(value, lines)
    if "undecodable" in notes:
        yield Fault(code="undecodable", detail="characters replaced")


def _whole(value: Any, reading: Reading) -> Iterator[Yield]:
    """Yield what one document holds: a resource, a bundle, or a list of resources."""
    for resource in as_list(value):
        if not isinstance(resource, dict):
            continue
        entries = [one for one in as_list(resource.get("entry")) if isinstance(one, dict)]
        if resource.get("resourceType") != "Bundle":
            entries = []
        for entry in entries:
            reading.index(entry.get("resource"), str(entry.get("fullUrl", "")))
        for number, entry in enumerate(entries, 1):
            reading.resource(entry.get("resource"), f"entry {number} ", str(entry.get("fullUrl", "")))
            if reading.length > _PART:
                yield from reading.flush()
        rest = {name: one for name, one in resource.items() if name != "entry"} if entries else resource
        if not entries:
            reading.index(rest, "")
        reading.resource(rest, "", "")
        if reading.length > _PART:
            yield from reading.flush()
    yield from reading.flush()


def _by_line(first: Any, lines: Iterator[str]) -> Iterator[Yield]:
    """Yield what stands in resources a line each; a first line that is all there is, is a document."""
    following = next((line for line in lines if line.strip()), None)
    reading = Reading()
    if following is None:
        yield from _whole(first, reading)
        return
    bad: list[str] = []
    numbers: list[int] = []
    reading.resource(first, "line 1 ", "")
    number = 1
    while following is not None:
        number += 1
        if following.strip():
            try:
                reading.resource(json.loads(following), f"line {number} ", "")
            except ValueError:
                bad.append(following)
                numbers.append(number)
        if reading.length > _PART:
            yield from reading.flush()
        following = next(lines, None)
    yield from reading.flush()
    if bad:
        yield Text(text="".join(bad), kind="section", label="lines that are no resources")
        yield Fault(code="skipped_row", detail=f"{len(bad)} lines: {', '.join(map(str, numbers[:20]))}", part=True)


def _from_xml(untrusted: Readable) -> Any:
    """Return the resource of an XML document as its JSON form has it."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.parse(untrusted.stream(), parser).getroot()
    return _resource_of(root) if root is not None else None


def _resource_of(element: Any) -> dict[str, Any]:
    return {"resourceType": _local(element), **_members(element)}


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _members(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        name = _local(child)
        if not name:
            continue
        found.setdefault(name, []).append(_value_of(child, name))
    found |= {name: value for name, value in element.attrib.items() if name in ("url", "id")}
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in found.items()}


def _value_of(element: Any, name: str) -> Any:
    if name == "div":
        return " ".join(" ".join(element.itertext()).split())
    if name in ("resource", "contained"):
        inside = [child for child in element if _local(child)]
        return _resource_of(inside[0]) if inside else {}
    value = element.get("value")
    if value is not None:
        return value
    return _members(element)


PARSER = Parser(
    name="fhir",
    version=1,
    media_types=("application/fhir+json", "application/fhir+xml", "application/fhir+ndjson"),
    looks_like=looks_like,
    parse=parse,
)

"""Take over what a structured format says: each field of a record is a finding, as it is, with no second reading."""

from collections.abc import Callable, Iterable, Iterator

from rollcall.elements import BY_ID
from rollcall.findings.candidate import read
from rollcall.model import Finding, Part, Place, RecordField

SURE = 0.98  # the format says what it is; only a check of the value lowers it
# Parts whose findings do not count for the person they stand about.
POLARITY = {"family_history": "family"}


def findings_of_records(fields: Iterable[RecordField], seal: Callable[[str], str]) -> Iterator[Finding]:
    """Yield the findings of the fields of one content; a field that two records share is one finding."""
    seen: set[tuple[int, int, str, str, str]] = set()
    ordinals: dict[tuple[int, str, str, str, str], int] = {}
    for field in fields:
        anchor = (field.part_no, field.start, field.locator, field.element, field.subtype)
        if anchor in seen or field.element not in BY_ID:
            continue
        seen.add(anchor)
        value, check, factor = read(field.element, field.subtype, field.value)
        if not value:
            continue
        equal = (field.part_no, field.locator, field.element, field.subtype, value)
        ordinal = ordinals[equal] = ordinals.get(equal, -1) + 1
        yield Finding(
            finding_id=seal("|".join((field.blob_id, *map(str, equal), str(ordinal), "record"))),
            blob_id=field.blob_id,
            place=Place(part_no=field.part_no, start=field.start, end=field.end, locator=field.locator),
            block=None,
            group="",
            element=field.element,
            subtype=field.subtype,
            issuer=field.issuer,
            polarity=field.polarity,
            text=field.text,
            value=value,
            check=check,
            confidence=round(SURE * factor, 4),
            why="record",
            made_by=f"{field.element}@{BY_ID[field.element].version}",
        )


def is_understood(part: Part) -> bool:
    """Say whether a part was taken over from its format, so that nothing is to be looked for in it."""
    return part.kind == "record"

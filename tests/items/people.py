"""What the readers of structured formats say of people, as plain values for tests."""

from rollcall.items.parser import Fault, Limits, Parser, Record, Text, Yield
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
Said = dict[str, set[tuple[str, str]]]  # record -> (element.subtype, value)


def values(parser: Parser, data: bytes) -> list[Yield]:
    """Everything a reader yields."""
    return list(parser.parse(MemoryReadable(data), LIMITS))


def people(found: list[Yield]) -> Said:
    """Each record by its key, and what it holds; a record goes on wherever its key comes again."""
    said: Said = {}
    for one in found:
        if isinstance(one, Record):
            said.setdefault(one.key, set()).update((f"{f.element}.{f.subtype}", f.value) for f in one.fields)
    return said


def named(found: list[Yield]) -> dict[str, Record]:
    """Each record by the name it holds first; providers are left out."""
    made: dict[str, Record] = {}
    for one in found:
        names = [field.value for field in one.fields if field.element == "name"] if isinstance(one, Record) else []
        if isinstance(one, Record) and one.role != "provider" and names:
            made.setdefault(names[0], one)
    return made


def values_of(record: Record, what: str) -> list[str]:
    """The values of one element.subtype of a record."""
    return [field.value for field in record.fields if f"{field.element}.{field.subtype}" == what]


def notes(found: list[Yield]) -> dict[str, str]:
    """The free text of a content, by its label."""
    return {one.label: one.text for one in found if isinstance(one, Text) and one.kind != "record"}


def codes(found: list[Yield]) -> list[str]:
    """The codes of its faults."""
    return [one.code for one in found if isinstance(one, Fault)]

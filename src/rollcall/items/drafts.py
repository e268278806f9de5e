"""Records in the making: what the readers of structured formats gather about a person before they say it."""

import re
from collections.abc import Iterator, Sequence

from rollcall.elements.address import is_box
from rollcall.items.parser import Field, Record, Text

_LETTERS = re.compile(r"[^\W\d_]")
_NOT_LETTER = re.compile(r"[\W\d_]+")
_DIGITS = re.compile(r"\d+")


class Draft:
    """One person's fields so far."""

    def __init__(self, key: str, role: str) -> None:
        self.key = key
        self.role = role
        self.fields: list[Field] = []
        self.relations: dict[tuple[str, str], None] = {}

    def add(
        self, what: str, start: int, end: int, locator: str, value: str = "", issuer: str = "",
        polarity: str = "asserted",
    ) -> None:  # fmt: skip
        """Take a field in; `what` is "element.subtype". Nothing is taken in where nothing stands."""
        element, _, subtype = what.partition(".")
        if end > start:
            self.fields.append(
                Field(
                    element=element, subtype=subtype, start=start, end=end, locator=locator, value=value,
                    issuer=issuer or None, polarity=polarity,
                )
            )  # fmt: skip

    def relate(self, relation: str, other: "Draft") -> None:
        """Say what this person is to another."""
        if other is not self:
            self.relations[relation, other.key] = None

    def take(self, other: "Draft") -> None:
        """Take over all of another draft that turned out to be the same person."""
        self.fields += other.fields
        other.fields = []

    def value_of(self, element: str) -> str:
        """Return the first value of an element, "" where there is none."""
        return next((field.value for field in self.fields if field.element == element), "")

    def is_named(self) -> bool:
        """Say whether it has a name."""
        return any(field.element == "name" for field in self.fields)

    def record(self) -> Record:
        """Return it as a record."""
        return Record(key=self.key, role=self.role, fields=tuple(self.fields), relations=tuple(self.relations))


def records(drafts: Sequence[Draft]) -> Iterator[Record]:
    """Yield the drafts that say anything of anybody."""
    for draft in drafts:
        if draft.fields:
            yield draft.record()


class Lines:
    """The text of a record part, "what: value" a line, built while its fields are noted."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0

    def add(self, label: str, value: str) -> tuple[int, int]:
        """Write a line; return where the value stands in the text."""
        value = " ".join(value.encode("utf-8", "replace").decode().split())
        line = f"{label}: {value}\n"
        self._pieces.append(line)
        self.length += len(line)
        return self.length - 1 - len(value), self.length - 1

    def text(self, label: str = "") -> Text:
        """Return what was written as a part, and begin anew."""
        text = "".join(self._pieces)
        self._pieces, self.length = [], 0
        return Text(text=text, kind="record", label=label)


def name_of(family: str, given: str = "", middle: str = "", suffix: str = "") -> str:
    """Return a name in parts as one writes it in lists: "OLSON, MARY LEE, JR"."""
    family, given, middle, suffix = (" ".join(part.split()) for part in (family, given, middle, suffix))
    first = " ".join(part for part in (given, middle) if part)
    if not _LETTERS.search(family + first):
        return ""
    if not family or not first:
        return family or first
    return ", ".join(part for part in (family, first, suffix) if part)


def spoken(family: str, given: str = "", middle: str = "", suffix: str = "") -> str:
    """Return a name in the order one says it."""
    return " ".join(" ".join(part.split()) for part in (given, middle, family, suffix) if part.strip())


def key_of(name: str) -> tuple[str, ...]:
    """Return a listed name for comparison inside one content: family, first name, suffix."""
    family, _, rest = name.upper().partition(",")
    first, _, suffix = rest.partition(",")
    return tuple(_NOT_LETTER.sub("", part) for part in (family, first.strip().partition(" ")[0], suffix))


def who(draft: Draft) -> tuple[str, str]:
    """Return the name and the birth date of a draft, to be compared with another's."""
    return draft.value_of("name"), draft.value_of("date_of_birth")[:8]


def are_one(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two drafts of one content name one person: the same name, and no birth date against it."""
    born_apart = one[1] and other[1] and one[1] != other[1]
    return bool(one[0]) and key_of(one[0]) == key_of(other[0]) and not born_apart


def street_of(text: str) -> str:
    """Return what a line of an address is: a post office box or a street."""
    return "address.po_box" if is_box(text) else "address.street"


def day_of(stamp: str) -> str:
    """Return the date of a time stamp in digits ("198403071230" -> "19840307"); what is none as it is."""
    match = _DIGITS.match(stamp.strip())
    digits = match[0] if match else ""
    return digits[:8] if len(digits) >= 8 else digits[:4] if len(digits) in (4, 6) else stamp.strip()


def born_as(day: str) -> str:
    """Return the subtype of a birth date: a year alone is less."""
    return "date_of_birth.year" if len(day) == 4 else "date_of_birth.full"


def phone_of(text: str) -> tuple[str, str]:
    """Return (element, value) of a way to reach somebody: "tel:+1-612-555-0142", "mailto:..."; "" where it is none."""
    value = text.strip()
    scheme, colon, rest = value.partition(":")
    if colon and scheme.lower() in ("tel", "mailto", "fax", "sms"):
        value = rest
    if "@" in value:
        return "email.email", value
    return ("phone.phone", value) if sum(map(str.isdigit, value)) >= 7 else ("", "")

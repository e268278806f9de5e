"""A person's name. Shapes alone say little, so names come from columns, labelled fields and the second pass."""

from rollcall.elements.element import Element
from rollcall.elements.name_parts import parse_name

_PIECES = ("given", "family", "middle", "suffix", "preferred", "prefix")


def normalise(text: str, subtype: str) -> str:
    """Return the name in the order one says it, without titles; a piece of a name as it is written."""
    if subtype in _PIECES or subtype == "partial" or any(c.isdigit() for c in text):
        return " ".join(text.split())
    return parse_name(text).natural or " ".join(text.split())


def check(value: str, subtype: str) -> str:
    """Say whether given and family name are both there."""
    if any(c.isdigit() for c in value):
        return "no_name"
    return "valid" if subtype != "full" or " " in value else "incomplete"


def mask(value: str) -> str:
    """Names are shown: a list of people without them serves nobody."""
    return value


ELEMENT = Element(
    id="name",
    subtypes=("full", "partial"),
    version=1,
    label="Name",
    group="identity",
    headers=(
        ("name", "full"),
        ("full name", "full"),
        ("member name", "full"),
        ("last first name", "full"),
        ("first last name", "full"),
        ("nombre", "full"),
        ("nombre completo", "full"),
        ("nombre apellido", "full"),
        ("first name", "given"),
        ("first", "given"),
        ("given name", "given"),
        ("given", "given"),
        ("forename", "given"),
        ("christian name", "given"),
        ("primer nombre", "given"),
        ("last name", "family"),
        ("last", "family"),
        ("family name", "family"),
        ("surname", "family"),
        ("apellido", "family"),
        ("apellido paterno", "family"),
        ("apellido materno", "family"),
        ("primer apellido", "family"),
        ("segundo apellido", "family"),
        ("middle name", "middle"),
        ("middle", "middle"),
        ("middle initial", "middle"),
        ("initial", "middle"),
        ("segundo nombre", "middle"),
        ("suffix", "suffix"),
        ("name suffix", "suffix"),
        ("preferred name", "preferred"),
        ("nickname", "preferred"),
        ("known as", "preferred"),
    ),
    normalise=normalise,
    check=check,
    weigh={"no_name": 0.3, "incomplete": 0.85},
    mask=mask,
    examples=(
        ("LOPEZ, ANA M", "full", "valid"),
        ("Ana Lopez", "full", "valid"),
        ("Ana", "full", "incomplete"),
        ("Ana", "partial", "valid"),
        ("Room 12", "full", "no_name"),
    ),
)

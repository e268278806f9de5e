"""The clinician named as somebody's: columns and fields headed so; in prose a clinician is a person of the text."""

from rollcall.elements.element import Element


def normalise(text: str, _subtype: str) -> str:
    """Return the name as written, on one line."""
    return " ".join(text.split())


def check(value: str, _subtype: str) -> str:
    """Say whether a name can be meant."""
    return "unchecked" if any(character.isalpha() for character in value) else "no_name"


def mask(value: str) -> str:
    """Hide all of it."""
    return "*" * min(8, len(value))


ELEMENT = Element(
    id="provider",
    subtypes=("provider",),
    version=1,
    label="Name of the provider",
    group="health",
    normalise=normalise,
    check=check,
    weigh={"no_name": 0.3},
    mask=mask,
    examples=(("Joseph Chea, MD", "provider", "unchecked"), ("12", "provider", "no_name")),
)

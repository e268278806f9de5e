"""Values of FHIR resources, whatever shape they come in: once or in lists, as objects or as texts."""

import base64
import binascii
from typing import Any

from rollcall.items.drafts import Lines, spoken
from rollcall.items.markup import strip_tags
from rollcall.items.parser import ContentError
from rollcall.items.parsers.fhir_paths import GUARDIANS


def as_list(value: Any) -> list[Any]:
    """Return what stands there as a list, whether once, more than once, or not at all."""
    return [] if value is None else value if isinstance(value, list) else [value]


def said(value: Any, *names: str) -> str:
    """Return a text below an object, "" where there is none; of lists the first."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, list):
            value = value[0] if value else None
    return "" if value is None or isinstance(value, dict | list) else str(value)


def leaves(value: Any, path: str, lines: Lines) -> None:
    """Write all texts below a value."""
    if isinstance(value, dict):
        for name, inside in value.items():
            for one in as_list(inside):
                leaves(one, f"{path}.{name}" if name else path, lines)
    elif isinstance(value, list):
        for one in value:
            leaves(one, path, lines)
    elif value is not None:
        text = str(value)
        lines.add(path, strip_tags(text) if path.endswith(".div") else text)


def without(value: Any, *names: str) -> Any:
    """Return an object without some of its members; what is no object as it is."""
    return {name: one for name, one in value.items() if name not in names} if isinstance(value, dict) else value


def called(names: list[Any]) -> str:
    """Return how one says the first of some names."""
    if not names:
        return ""
    given = " ".join(str(one) for one in as_list(names[0].get("given"))) if isinstance(names[0], dict) else ""
    return spoken(said(names[0], "family"), given) or said(names[0], "text")


def kinship(person: dict[str, Any]) -> str:
    """Return what a contact or related person is to the patient."""
    codes = {
        said(coding, "code").upper()
        for one in as_list(person.get("relationship"))
        if isinstance(one, dict)
        for coding in as_list(one.get("coding"))
    }
    return "guardian_of" if codes & GUARDIANS else "contact_of"


def file_bytes(data: str) -> bytes:
    """Return the bytes of a file set into a resource."""
    try:
        return base64.b64decode(data)
    except (ValueError, binascii.Error):
        raise ContentError("corrupt", "Base64 of a file") from None

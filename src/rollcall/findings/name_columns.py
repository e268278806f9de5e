"""Names that stand over several columns: which holds the first name, which the surname, and whose they are."""

import itertools

import msgspec

from rollcall.findings.meaning import Meaning
from rollcall.findings.profile import Profile


def hear(found: dict[int, Meaning], profiles: dict[int, Profile]) -> None:
    """A first name and a surname side by side; "Name" beside "Surname" is a first name."""
    _own_parts(found)
    by_group: dict[str, set[str]] = {}
    for meaning in found.values():
        if meaning.element == "name":
            by_group.setdefault(meaning.group, set()).add(meaning.subtype)
    for col, meaning in found.items():
        subtypes = by_group.get(meaning.group, set())
        alone = meaning.element == "name" and meaning.subtype == "full" and "given" not in subtypes
        if alone and "family" in subtypes and profiles[col].share("full", "inverted") < 0.5:
            found[col] = msgspec.structs.replace(meaning, subtype="given")
    _two_halves(found, profiles)
    _missing_given(found, profiles)
    if any(meaning.element == "name" for meaning in found.values()):
        return
    # Two columns of words are names only beside something of a person, or in a long list.
    personal = any(meaning.element in ("ssn", "date_of_birth", "phone", "email") for meaning in found.values())
    single = [
        col
        for col, profile in profiles.items()
        if not found[col].element
        and profile.share("given", "family") >= 0.6
        and profile.distinct > 0.3
        and profile.n >= (1 if personal else 8)
    ]
    for left, right in itertools.pairwise(single):
        if right - left > 2:
            continue
        lean = (profiles[left].given - profiles[left].family) - (profiles[right].given - profiles[right].family)
        first, last = (left, right) if lean >= 0 else (right, left)
        found[first] = Meaning(element="name", subtype="given", confidence=0.7, why="content")
        found[last] = Meaning(element="name", subtype="family", confidence=0.7, why="content")
        return


def _own_parts(found: dict[int, Meaning]) -> None:
    """A surname "of the father" beside a first name of nobody else is the person's own, as in Spanish headers."""
    parts: dict[str, set[str]] = {}
    for meaning in found.values():
        if meaning.element == "name":
            parts.setdefault(meaning.group, set()).add(meaning.subtype)
    own = parts.get("", set())
    for group, subtypes in parts.items():
        if group in ("father", "mother", "parent") and subtypes == {"family"} and own and "family" not in own:
            for col, meaning in found.items():
                if meaning.element == "name" and meaning.group == group:
                    found[col] = msgspec.structs.replace(meaning, group="")
            return


def _two_halves(found: dict[int, Meaning], profiles: dict[int, Profile]) -> None:
    """Two columns called names of one person, of single words each, are a first name and a surname ("F/Name")."""
    half: dict[str, list[int]] = {}
    for col in sorted(found):
        one = found[col]
        single = profiles[col].n and profiles[col].share("full", "inverted", "comma") < 0.5
        if one.element == "name" and one.subtype == "full" and single and profiles[col].share("alpha") >= 0.8:
            half.setdefault(one.group, []).append(col)
    for columns in half.values():
        if len(columns) == 2 and columns[1] - columns[0] <= 3:
            lean = [profiles[col].given - profiles[col].family for col in columns]
            first, last = columns if lean[0] >= lean[1] else reversed(columns)
            found[first] = msgspec.structs.replace(found[first], subtype="given")
            found[last] = msgspec.structs.replace(found[last], subtype="family")


def _missing_given(found: dict[int, Meaning], profiles: dict[int, Profile]) -> None:
    """Beside a surname without a first name, the nearest column of first names is it, whatever stands above it."""
    subtypes = {meaning.subtype for meaning in found.values() if meaning.element == "name" and not meaning.group}
    if "family" not in subtypes or subtypes & {"given", "full"}:
        return
    last = next(col for col, meaning in found.items() if meaning.subtype == "family" and not meaning.group)
    near = [
        col
        for col, profile in profiles.items()
        if not found[col].element
        and abs(col - last) <= 3
        and profile.n
        and profile.share("alpha") >= 0.9
        and profile.share("given") >= 0.4
        and profile.distinct > 0.3
    ]
    if near:
        first = min(near, key=lambda col: (-round(profiles[col].share("given"), 1), abs(col - last), col))
        found[first] = Meaning(element="name", subtype="given", confidence=0.7, why="content")

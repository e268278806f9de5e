"""What each column of a table means: header words and content together, then the columns beside it.

Content overrules a header that lies; a header that content does not support is kept at lower confidence.
"""

import msgspec

from rollcall.elements.headers import Header, near_readings, read_after, read_column, words_of
from rollcall.findings import beside, name_columns
from rollcall.findings.meaning import Meaning
from rollcall.findings.profile import Profile

# Which shapes speak for what a header says. Anything not listed is supported by being there.
_CODES = ("code", "mbi", "hicn", "ssn")
SUPPORT: dict[tuple[str, str], tuple[str, ...]] = {
    ("name", "full"): ("full", "given", "family", "inverted"),
    ("name", "given"): ("alpha",),
    ("name", "family"): ("alpha",),
    ("name", "middle"): ("alpha", "initial"),
    ("name", "preferred"): ("alpha",),
    ("name", "suffix"): ("suffix",),
    ("ssn", "full"): ("ssn", "nine", "padded", "hyphened"),
    ("ssn", "last4"): ("four", "last4"),
    ("date_of_birth", "full"): ("date", "serial"),
    ("date_of_birth", "year"): ("four",),
    ("date_of_death", "date"): ("date", "serial"),
    ("date_of_service", "date"): ("date", "serial"),
    ("phone", "phone"): ("phone", "ten"),
    ("email", "email"): ("email",),
    ("address", "street"): ("street", "house"),
    ("address", "po_box"): ("street",),
    ("address", "city"): ("alpha",),
    ("address", "state"): ("state",),
    ("address", "zip"): ("zip", "number"),
    ("medical_record_number", "mrn"): _CODES,
    ("drivers_license", "licence"): _CODES,
    ("drivers_license", "state_id"): _CODES,
    ("health_insurance", "member_id"): _CODES,
    ("health_insurance", "subscriber_id"): _CODES,
    ("health_insurance", "medicaid_id"): _CODES,
    ("health_insurance", "mbi"): ("mbi", "hicn", "code"),
    ("health_insurance", "hicn"): ("hicn", "mbi", "code"),
    ("diagnosis", "code"): ("icd", "icd_plain"),
    ("billing_amount", "amount"): ("amount", "number"),
    **{("patient_account_number", one): _CODES for one in ("bill", "visit", "encounter", "claim", "guarantor_account")},
    ("payment_card", "card"): ("card",),
}
# Headers with these words are of somebody's place of work or care, whatever stands below.
INSTITUTIONAL = frozenset(
    (
        "facility",
        "hospital",
        "clinic",
        "company",
        "employer",
        "school",
        "department",
        "site",
        "practice",
        "pharmacy",
        "vendor",
        "office",
        "organization",
        "agency",
        "building",
        "center",
        "carrier",
        "payer",
        "family",
        "social",
    )
)
# A shape that says what it is whatever stands above it, and how sure that is.
STRONG: tuple[tuple[str, str, str, float], ...] = (
    ("ssn", "ssn", "full", 0.93),
    ("email", "email", "email", 0.96),
    ("mbi", "health_insurance", "mbi", 0.95),
    ("hicn", "health_insurance", "hicn", 0.8),
    ("last4", "ssn", "last4", 0.8),
    ("phone", "phone", "phone", 0.85),
)
WEAK: tuple[tuple[str, str, str, float], ...] = (
    ("street", "address", "street", 0.8),
    ("state", "address", "state", 0.75),
    ("icd", "diagnosis", "code", 0.75),
    ("full", "name", "full", 0.8),
    ("condition", "diagnosis", "words", 0.7),
    ("drug", "medication", "drug", 0.75),
    ("service", "treatment", "procedure", 0.6),
)


def header_of(text: str, above: str, profile: Profile, shared: str = "") -> Header | None:
    """Return what the header of a column means; words it cuts short are what the column's content bears out.

    `shared` is what other headers of the table begin with, too.
    """
    header = read_after(shared, text, above) if shared else read_column(text, above) if text or above else None
    if header is not None and (not header.element or header.score >= 0.5):
        return header
    near = [
        one
        for one in near_readings(text, above)
        if profile.n
        and profile.share(*SUPPORT.get((one.element, one.subtype), ("none",))) >= 0.6
        and (one.group != "provider" or profile.share("clinician") >= 0.3)
    ]
    return near[0] if len(near) == 1 else header


def by_content(profile: Profile, *, headed: bool) -> Meaning:
    """Return what a column's content alone says; `headed` columns need more, for their header did not say it."""
    for shape, element, subtype, confidence in (*STRONG, *WEAK):
        share = profile.share(shape)
        enough = profile.n >= (5 if headed and (shape, element, subtype, confidence) in WEAK else 1)
        if share >= 0.7 and enough and not (shape in ("state", "icd") and profile.n < 3):
            return Meaning(element=element, subtype=subtype, confidence=round(confidence * share, 3), why="content")
    if profile.share("date") >= 0.8 and profile.birthlike:
        return Meaning(element="date_of_birth", subtype="full", confidence=0.6 if not headed else 0.45, why="content")
    # Nine digits each of which could be issued: one in eight random numbers could not.
    if profile.share("nine") >= 0.97 and profile.n >= 12 and not headed and not profile.counted:
        return Meaning(element="ssn", subtype="full", confidence=0.55, why="content")
    return Meaning()


def meaning_of(header: Header | None, profile: Profile) -> Meaning:
    """Return what a column means from its header and its content."""
    if header is not None and header.element and header.score < 0.5 and profile.n:
        return by_content(profile, headed=False)  # "ID": a header that says nothing
    if header is None or profile.n == 0:
        found = by_content(profile, headed=header is not None)
        return found if header is None else _from_header(header, profile)
    for shape, element, subtype, confidence in STRONG:
        if shape == "last4" or profile.share(shape) < 0.8:
            continue
        if _allows(header, shape, element):
            break
        return Meaning(
            element=element,
            subtype=subtype,
            group=header.group,
            hint=header.hint,
            confidence=round(confidence * 0.9, 3),
            why="content",
        )
    return _from_header(header, profile)


# Headers of another element over a shape that they may well hold.
_ALLOWED = {
    "ssn": frozenset(("health_insurance",)),
    "mbi": frozenset(("health_insurance",)),
    "hicn": frozenset(("health_insurance",)),
    "email": frozenset(("credentials",)),
    "phone": frozenset(("other_id",)),
}


def _allows(header: Header, shape: str, element: str) -> bool:
    """Say whether a header may stand over a strong shape: "Fax" knows whose a number is, "Phone" over SSNs lies."""
    if header.element == element or header.element in _ALLOWED.get(shape, ()):
        return True
    return shape == "phone" and (not header.element or header.score < 0.7)


def _from_header(header: Header, profile: Profile) -> Meaning:
    if not header.element or header.score < 0.5:
        if header.score < 0.5 and header.element:
            return by_content(profile, headed=True)
        return Meaning()
    subtype, support = header.subtype, 1.0
    shapes = SUPPORT.get((header.element, subtype))
    if shapes is not None and profile.n:
        support = profile.share(*shapes)
    if header.element == "diagnosis":
        subtype = "code" if profile.share("icd", "icd_plain") >= 0.6 else "words"
        support = 1.0
    if header.element == "name" and subtype == "full" and support < 0.5 and profile.share("alpha") >= 0.7:
        # Names of origins the lists do not know; but "Unit name" over room names is not a person's.
        support = 0.6 if header.score >= 0.85 else 0.3
    if header.element == "name" and subtype in ("given", "family") and profile.share("inverted") >= 0.5:
        subtype = "full"
    if header.element == "name" and header.score < 0.85 and support < 0.6:
        return Meaning()
    if header.element == "address" and subtype == "street" and profile.share("zip") >= 0.8:
        subtype = "zip"
    if (
        header.element in ("medical_record_number", "health_insurance")
        and profile.share("date") >= 0.8
        and profile.share("code", "number") < 0.5
    ):
        support = 0.0
    other = _otherwise(header, profile, support)
    if other is not None:
        return other
    if support >= 0.3:
        confidence = header.score * (0.62 + 0.37 * min(1.0, support * 1.05))
        return Meaning(
            element=header.element,
            subtype=subtype,
            group=header.group,
            hint=header.hint,
            confidence=round(confidence, 3),
            why="header+content" if shapes is not None and profile.n else "header",
        )
    return Meaning(
        element=header.element,
        subtype=subtype,
        group=header.group,
        hint=header.hint,
        confidence=round(0.45 * header.score * (0.5 + support), 3),
        why="header",
    )


def _otherwise(header: Header, profile: Profile, support: float) -> Meaning | None:
    """Return what a column means where its content says that its header cannot be taken by its word."""
    if header.element in ("treatment", "patient_account_number") and profile.share("date") >= 0.6:
        return Meaning(element="date_of_service", subtype="date", group=header.group, confidence=0.7, why="content")
    if header.element == "tax_id" and header.subtype == "itin" and profile.share("nine", "padded", "ssn") >= 0.8:
        # Whom the tax office knows by a number that Social Security gave out, it knows by that.
        return Meaning(element="ssn", subtype="full", group=header.group, confidence=0.85, why="header+content")
    worded = profile.share("alpha", "icd", "icd_plain", "text") >= 0.6
    if header.element == "diagnosis" and header.score < 0.9 and not worded:
        return Meaning()
    if support < 0.1 and profile.n >= 2:
        # Nothing in the column is what its header says ("Patient/DOB ref" over names): then what is there counts.
        said = by_content(profile, headed=False)
        if said.element and said.element != header.element:
            return msgspec.structs.replace(said, group="" if said.element == "name" else header.group)
    return None


def together(
    meanings: dict[int, Meaning],
    profiles: dict[int, Profile],
    read: dict[int, Header | None],
    headers: dict[int, str],
    whose: dict[int, str],
    *,
    of_people: bool = False,
) -> dict[int, Meaning]:
    """Return the meanings once the columns beside each other have been heard.

    `read` is what the headers were read as, and `whose` the columns are by what their headers share with others; with
    `of_people` the rows are of people who are named elsewhere.
    """
    found = dict(meanings)
    name_columns.hear(found, profiles)
    _places(found, profiles)
    blind = {col for col, header in read.items() if header is None or header.score < 0.5}
    # Content that is nothing of what its header says makes that as good as none.
    refuted = {
        col: found[col]
        for col, header in read.items()
        if header is not None and header.element and found[col].confidence < 0.3 and profiles[col].n >= 2
    }
    found |= dict.fromkeys(refuted, Meaning())
    other = {col for col, header in read.items() if header is not None and not header.element}
    other -= {col for col in other if INSTITUTIONAL & set(words_of(headers.get(col, "")))}
    beside.hear(found, profiles, blind | set(refuted), other, of_people=of_people)
    found |= {col: meaning for col, meaning in refuted.items() if not found[col].element}
    for col, role in whose.items():
        if found[col].element and not found[col].group and found[col].element != "provider":
            found[col] = msgspec.structs.replace(found[col], group=role)
    groups = {meaning.group for meaning in found.values() if meaning.element == "name" and meaning.group}
    for col, meaning in found.items():
        if meaning.hint and not meaning.group and meaning.hint in groups:
            found[col] = msgspec.structs.replace(meaning, group=meaning.hint)
    apart_again(found, headers)
    _clinicians(found, profiles)
    return found


def _clinicians(found: dict[int, Meaning], profiles: dict[int, Profile]) -> None:
    """A clinician's name beside the patient's own is a fact about the patient ("PCP", "Attending").

    Where no other person is named the clinicians are whom the table lists, and theirs are names.
    """
    names = [col for col, meaning in found.items() if meaning.element == "name" and meaning.subtype == "full"]
    for col in names:
        titled = profiles[col].share("clinician") >= 0.3 and found[col].why == "content" and len(names) > 1
        if titled:
            found[col] = msgspec.structs.replace(found[col], group="provider")
    if not any(meaning.element == "name" and meaning.group != "provider" for meaning in found.values()):
        return
    for col, profile in profiles.items():
        if not found[col].element and profile.n >= 3 and profile.share("clinician") >= 0.3:
            found[col] = Meaning(element="provider", subtype="provider", confidence=0.6, why="content")
    for col, meaning in found.items():
        if meaning.element == "name" and meaning.group == "provider" and meaning.subtype in ("full", "family"):
            found[col] = msgspec.structs.replace(meaning, element="provider", subtype="provider", group="")


def _places(found: dict[int, Meaning], profiles: dict[int, Profile]) -> None:
    """Five digits are a ZIP, and words a city, beside a state."""
    states = [col for col, meaning in found.items() if meaning.element == "address" and meaning.subtype == "state"]
    for state in states:
        group = found[state].group
        zip_col, city = found.get(state + 1), found.get(state - 1)
        if zip_col is not None and not zip_col.element and profiles[state + 1].share("zip") >= 0.7:
            found[state + 1] = Meaning(element="address", subtype="zip", group=group, confidence=0.8, why="content")
        if city is not None and not city.element and profiles[state - 1].share("alpha") >= 0.8:
            found[state - 1] = Meaning(element="address", subtype="city", group=group, confidence=0.7, why="content")


def apart_again(found: dict[int, Meaning], headers: dict[int, str]) -> None:
    """Tables set side by side: where the same name header comes again, another person begins."""
    seen: dict[tuple[str, str, str], int] = {}
    ordinal = 1
    for col in sorted(found):
        meaning = found[col]
        if meaning.element == "name":
            key = (meaning.group, meaning.subtype, headers.get(col, "").strip().lower())
            if key[2] and key in seen:
                ordinal = seen[key] = seen[key] + 1
            else:
                seen[key] = 1
        if ordinal > 1:
            found[col] = msgspec.structs.replace(meaning, group=f"{meaning.group or 'person'}_{ordinal}")

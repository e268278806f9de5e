"""What columns without a telling header are, judged by their content and by what stands beside them.

In a table of people a column of old dates holds birth dates and one of this year's dates visits; the same column
anywhere else may be anything. So nothing here speaks before a person stands in the table.
"""

from rollcall.elements.dates import REFERENCE_YEAR
from rollcall.findings.meaning import Meaning
from rollcall.findings.profile import Profile

Found = dict[int, Meaning]
Profiles = dict[int, Profile]

# Something that only people have: beside it words may be names.
_PERSONAL = frozenset(
    [
        "ssn",
        "date_of_birth",
        "phone",
        "email",
        "address",
        "medical_record_number",
        "health_insurance",
        "diagnosis",
        "medication",
    ]
)
# Content whose kind shows in some of the cells: shapes, the least share of them, what the column then is, how sure.
_TOLD: tuple[tuple[tuple[str, ...], float, str, str, float], ...] = (
    (("icd_dotted",), 0.7, "diagnosis", "code", 0.7),
    (("street", "located"), 0.6, "address", "street", 0.75),
    (("drug",), 0.3, "medication", "drug", 0.55),
    (("payer",), 0.5, "health_insurance", "payer", 0.6),
    (("condition",), 0.5, "diagnosis", "words", 0.6),
    (("service", "hcpcs"), 0.5, "treatment", "procedure", 0.55),
)
_WORDED = ("condition", "service", "drug", "payer", "state")
_BESIDES = frozenset(
    ["provider", "emergency_contact", "guarantor", "guardian", "mother", "father", "parent", "spouse", "sender"]
)
_NO_CODE = ("zip", "date", "cents", "phone", "icd_dotted")  # what may look like a code and is none
_OLD = 1990  # no mail of today speaks of visits before
_GROWN = 12  # years before the newest date of a table from where a date in it is more likely a birth than a visit


def hear(found: Found, profiles: Profiles, blind: set[int], other: set[int], *, of_people: bool = False) -> None:
    """Give meanings to columns that have none: `blind` ones, whose header says nothing, and `other` ones.

    The header of the latter is known as none of ours ("Unit", "Location"), and only content that is plain outdoes it.
    With `of_people` the rows are lines of people who are named elsewhere: they need not show that here.
    """
    if of_people:
        _visits(found, profiles, blind)
        _told(found, profiles, blind | other, peopled=True)
        return
    _dates(found, profiles, blind)
    _lone_name(found, profiles)
    _split_name(found, profiles)
    _dates(found, profiles, blind)
    _told(found, profiles, blind | other)
    _bank(found, profiles, blind)
    _nine_digits(found, profiles, blind)
    _untold(found, profiles, blind)
    _identifiers(found, profiles, blind)
    _record_number(found, profiles, blind)


def _main_named(found: Found) -> bool:
    """Say whether whom the rows are about has a name already; clinicians and contacts are named beside them."""
    return any(meaning.element == "name" and meaning.group not in _BESIDES for meaning in found.values())


def is_peopled(found: Found) -> bool:
    """Say whether a table speaks of people: they are named, or told in two ways."""
    elements = {meaning.element for meaning in found.values()}
    return "name" in elements or len(elements & _PERSONAL) > 1


def _dates(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """Tell birth dates from dates of service: the old ones, and those close to the newest date of the table."""
    if not is_peopled(found):
        return
    dated = {col: profile.years for col, profile in profiles.items() if profile.years and profile.share("date") >= 0.8}
    dated |= {col: profile.serials for col, profile in profiles.items() if _day_numbers(profile)}
    if not dated:
        return
    newest = max(years[-1] for years in dated.values())
    born = any(meaning.element == "date_of_birth" and not meaning.group for meaning in found.values())
    unknown = [col for col in dated if not found[col].element and col in blind]
    for col in sorted(unknown, key=lambda col: (dated[col][len(dated[col]) // 2], col)):
        years = dated[col]
        spread, age = years[-1] - years[0], newest - years[len(years) // 2]
        if not born and newest <= REFERENCE_YEAR and (age >= _GROWN or spread >= 2 * _GROWN or years[-1] < _OLD):
            found[col] = Meaning(element="date_of_birth", subtype="full", confidence=0.5, why="content")
            born = True
        elif spread <= 5 and years[-1] >= newest - 10 and years[0] >= _OLD:
            found[col] = Meaning(element="date_of_service", subtype="date", confidence=0.45, why="content")


def _day_numbers(profile: Profile) -> bool:
    """Say whether numbers may be of days as a spreadsheet counts them: all in years that people speak of."""
    years = profile.serials
    return len(years) >= 3 and profile.share("serial") >= 0.95 and years[0] >= 1915 and profile.distinct > 0.3


def _visits(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """Dates in lines under a person are of what was done, and so are codes of procedures."""
    for col, profile in profiles.items():
        if found[col].element or col not in blind or not profile.n:
            continue
        if profile.share("date") >= 0.8:
            found[col] = Meaning(element="date_of_service", subtype="date", confidence=0.5, why="content")
        elif profile.share("five", "hcpcs") >= 0.8:
            found[col] = Meaning(element="treatment", subtype="procedure", confidence=0.5, why="content")


def _told(found: Found, profiles: Profiles, blind: set[int], *, peopled: bool = False) -> None:
    """Beside people, what some of the cells say by their words or form holds for the column."""
    if not (peopled or is_peopled(found)):
        return
    for col, profile in profiles.items():
        if found[col].element or col not in blind or not profile.n:
            continue
        for shapes, least, element, subtype, confidence in _TOLD:
            if profile.share(*shapes) >= least:
                found[col] = Meaning(element=element, subtype=subtype, confidence=confidence, why="content")
                break


def _untold(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """Beside a name more can be taken for what it looks like: ten digits for a phone, cents for money."""
    if not any(meaning.element == "name" for meaning in found.values()):
        return
    placed = any(meaning.element == "address" and meaning.subtype == "state" for meaning in found.values())
    for col, profile in profiles.items():
        if found[col].element or profile.n < 2 or col not in blind:
            continue
        if profile.share("ten") >= 0.9:
            found[col] = Meaning(element="phone", subtype="phone", confidence=0.6, why="content")
        elif profile.share("cents") >= 0.5 and profile.share("decimal") >= 0.95:
            found[col] = Meaning(element="billing_amount", subtype="amount", confidence=0.5, why="content")
        elif profile.share("five", "hcpcs") >= 0.9 and not placed and profile.scattered:
            # ZIP codes of one hospital's people begin alike; five digits that do not are procedures.
            found[col] = Meaning(element="treatment", subtype="procedure", confidence=0.45, why="content")


def _bank(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """Nine digits that all bear out the check digit of routing numbers are banks, and numbers beside them accounts."""
    if not is_peopled(found):
        return
    free = {col for col in profiles if not found[col].element and col in blind}
    for col in sorted(free):
        if profiles[col].n < 3 or profiles[col].share("routing") < 0.9:
            continue
        found[col] = Meaning(element="financial_account", subtype="routing", confidence=0.7, why="content")
        for near in (col + 1, col - 1):
            if near in free and profiles[near].share("number") >= 0.9 and not found[near].element:
                found[near] = Meaning(element="financial_account", subtype="account", confidence=0.6, why="content")
                break
        return


def _nine_digits(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """Nine plain digits beside people, all issuable, that begin in many ways, are Social Security numbers.

    The numbers of a counter (records, accounts) begin alike or are filled up with zeros.
    """
    if not is_peopled(found) or any(meaning.element == "ssn" and not meaning.group for meaning in found.values()):
        return
    for col, profile in profiles.items():
        unclear = not found[col].element and col in blind and profile.n >= 3
        if unclear and profile.share("nine") >= 0.97 and profile.scattered and not (profile.zeros or profile.counted):
            found[col] = Meaning(element="ssn", subtype="full", confidence=0.5, why="content")
            return


def _lone_name(found: Found, profiles: Profiles) -> None:
    """Where no header says "name", the one column that reads as whole names is it, whatever stands above it."""
    if _main_named(found):
        return
    personal = any(meaning.element and meaning.element not in ("provider", "name") for meaning in found.values())
    ranked = sorted(
        (-profile.distinct, col)
        for col, profile in profiles.items()
        if not found[col].element
        and profile.n >= 2
        and profile.share(*_WORDED) < 0.2
        and profile.share("alpha") >= 0.9
        and (profile.share("full", "inverted") >= 0.5 or profile.share("comma") >= 0.75)
    )
    if personal and ranked:
        found[ranked[0][1]] = Meaning(element="name", subtype="full", confidence=0.7, why="content")


def _split_name(found: Found, profiles: Profiles) -> None:
    """A column of first names with words beside it that are no places or plans: the surnames, however rare."""
    if _main_named(found) or not any(meaning.element in _PERSONAL for meaning in found.values()):
        return
    words = {
        col: profile
        for col, profile in profiles.items()
        if (not found[col].element or found[col].element == "name")
        and profile.n >= 2
        and profile.share("alpha") >= 0.9
        and profile.share(*_WORDED, "state", "text") < 0.2
        and profile.distinct > 0.3
    }
    for first, profile in words.items():
        near = [col for col in words if col != first and abs(col - first) <= 2 and not found[col].element]
        if found[first].element or profile.share("given") < 0.6 or not near:
            continue
        last = min(near, key=lambda col: (-round(words[col].share("family"), 1), abs(col - first), col))
        if words[last].share("family") >= 0.2:
            found[first] = Meaning(element="name", subtype="given", confidence=0.65, why="content")
            found[last] = Meaning(element="name", subtype="family", confidence=0.65, why="content")
            return


def _identifiers(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """A column of codes that is called "ID" or nothing: a member's where insurers number, whose forms differ.

    One hospital gives its record numbers one form; the members of several insurers have several, and a family one.
    """
    elements = {(meaning.element, meaning.subtype) for meaning in found.values()}
    if not any(element in ("name", "date_of_birth") for element, _ in elements):
        return
    taken = {"member_id", "subscriber_id"} & {subtype for _, subtype in elements}
    insured = any(element == "health_insurance" for element, _ in elements)
    numbered = ("medical_record_number", "mrn") in elements
    for col, profile in profiles.items():
        unclear = not found[col].element and col in blind
        if taken or not unclear or profile.n < 3 or profile.share("code") < 0.9 or profile.share(*_NO_CODE) >= 0.5:
            continue
        if not numbered and profile.maker >= 0.6 and profile.distinct >= 0.9:
            continue  # most are of one maker's form, as one hospital's record numbers are
        if profile.lengths >= 2 and (profile.mixed or insured or numbered):
            found[col] = Meaning(element="health_insurance", subtype="member_id", confidence=0.45, why="content")
            return


def _record_number(found: Found, profiles: Profiles, blind: set[int]) -> None:
    """Under headers that say nothing: beside a person a column of distinct codes is most likely the record number."""
    elements = {meaning.element for meaning in found.values()}
    if not elements & {"name", "date_of_birth"} or "medical_record_number" in elements:
        return
    codes = [
        col
        for col, profile in profiles.items()
        if not found[col].element
        and col in blind
        and profile.n >= 2
        and profile.share("code") >= 0.9
        and profile.distinct >= 0.9
        and (profile.lengths <= 2 or profile.maker >= 0.6)
        and profile.share(*_NO_CODE) < 0.9
        and profile.share("amount") < 0.9
    ]
    # Record numbers are filled up with zeros on their left; other numbers of the same people are those of accounts.
    codes.sort(key=lambda col: (not profiles[col].zeros, col))
    for rank, col in enumerate(codes[:3]):
        what = ("patient_account_number", "bill") if rank else ("medical_record_number", "mrn")
        if profiles[col].share("four") >= 0.9 and "ssn" not in elements:
            what = ("ssn", "last4")  # too short for a record: of somebody's numbers one writes the last four of this
        found[col] = Meaning(element=what[0], subtype=what[1], confidence=0.4 if rank else 0.45, why="content")

"""Which person of a row or form a label speaks of, what that person is to the hospital, and how two of them relate.

A *group* is the role word of a header or label ("Guarantor DOB" -> guarantor; "DOB" -> ""). The main subject of a
row always has the group "" in its anchor, whatever its columns are called, so that a scanner that learns one more
header does not move the anchors of rows already ruled on.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from rollcall.model import Finding

ROLES = {
    "patient": "patient",
    "member": "member",
    "subscriber": "subscriber",
    "employee": "employee",
    "dependent": "dependent",
    "spouse": "dependent",
    "guarantor": "guarantor",
    "emergency_contact": "emergency_contact",
    "provider": "provider",
    "sender": "correspondent",
}
OTHER = "other"  # the group of a name that is neither the main subject's nor labelled
SUBJECT = "subject"  # the role of whom a row, form or text is about where nothing in it says what they are
NOT_SUBJECTS = frozenset({"provider", "correspondent"})

# Words for the person a row is about. Without a name of their own they only qualify the main subject's identifiers.
_MAIN = ("patient", "member", "employee", "subscriber")
_RELATIONS = {
    "guarantor": "guarantor_of",
    "subscriber": "subscriber_of",
    "member": "subscriber_of",
    "guardian": "guardian_of",
    "parent": "parent_of",
    "mother": "parent_of",
    "father": "parent_of",
    "emergency_contact": "contact_of",
    "dependent": "dependent_of",
}

_CHART = frozenset({"medical_record_number", "patient_account_number"})
EVENTS = frozenset({"diagnosis", "treatment", "medication", "date_of_service", "provider", "billing_amount"})
_STAFF_ELEMENTS = frozenset({"tax_form", "benefit_election", "work_evaluation"})
_STAFF = re.compile(
    r"\b(payroll|salary|salaries|wages?|hire date|hired|new hires?|date of hire|employees?|direct deposit|w-?2s?|"
    r"pay rate|pay period|hourly rate|job title|personnel|human resources|timesheets?|401k|onboarding|w-?4s?|"
    r"open enrollment|benefits? elections?|staff roster|credentialing|paychex|adp|paycom|paylocity|kronos)\b"
)
_PATIENT = re.compile(
    r"\b(patients?|pt|census|admissions?|admitted|discharges?|discharged|appointments?|referrals?|chart|"
    r"encounters?|inpatients?|outpatients?|lab results?|diagnos[ei]s|surgery|surgeries)\b"
)
# A plan's list of whom it covers, or of whom it counts to a practice.
_ROLL = re.compile(
    r"\b(elig|eligibility|enrollees?|enrollment|membership|member (?:list|roster|file)|attribution|attributed|"
    r"capitation|capitated|covered lives|aco|gaps? in care|(?<!lipid )(?<!metabolic )(?<!thyroid )(?<!lab )panel)\b"
)
_CLINICAL = EVENTS - {"provider"}  # every plan's list names who each member's doctor is
_PARTICIPANT = re.compile(r"\b(participants?|ptcpt)\b")  # of a plan, and of any programme of care
_MEMBER = re.compile(r"\b(members?|subscribers?|beneficiar(?:y|ies)|insured|coverage)\b")


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """Who plays in each row of a table: where each group's findings go, and what role each person has."""

    folds: dict[str, str]  # group as labelled -> group in the anchor ("" is the main subject)
    roles: dict[str, str]  # group in the anchor -> role
    other_name: bool = False  # a plain name column beside the main subject's own: somebody else

    def fold(self, group: str, element: str = "") -> str:
        """Return the anchor's group for a label's group."""
        if self.other_name and group == "" and element == "name":
            return OTHER
        return self.folds.get(group, group)

    def role(self, group: str) -> str:
        """Return the role of a person of the row."""
        if group.startswith("subject_"):  # a second list beside the first: as much its subject
            return self.roles.get("", SUBJECT)
        return self.roles.get(group) or ROLES.get(group, "other")

    def relation(self, group: str) -> str | None:
        """Return what the person of `group` is to the main subject, if that is worth keeping."""
        if group == "spouse":
            return "dependent_of" if self.role("") in ("employee", "member", "subscriber") else "contact_of"
        return _RELATIONS.get(group)


_CORE = frozenset(("full", "given", "family"))


def cast(
    groups: Collection[str], named: Mapping[str, Collection[str]], elements: Iterable[tuple[str, str]], words: str
) -> Cast:
    """Decide who the main subject is and what role each group has.

    `named` are the groups that have a name of their own, and which parts of it. "Subscriber ID" beside a plain "Name"
    qualifies the patient's coverage; "Subscriber Name" makes a second person. "Patient Last" and "First" are one name;
    "Patient" and a second whole name are two people, and the patient is the one the row is about.
    """
    # A column of initials alone names nobody.
    named = {group: parts for group, parts in named.items() if _CORE & set(parts)} or named
    main = ""
    if "" not in named:
        main = next((group for group in (*_MAIN, "dependent") if group in named), "")
    else:
        main = next((group for group in ("patient", "member") if group in named), "")
    other_name = bool(main) and "" in named and not _complete(named[main], named[""])
    absorbed = [group for group in _MAIN if group in groups and group not in named]
    folds = dict.fromkeys((main, *absorbed, ""), "")
    return Cast(folds=folds, roles={"": _main_role(main, absorbed, frozenset(elements), words)}, other_name=other_name)


def _complete(one: Collection[str], other: Collection[str]) -> bool:
    """Say whether the parts of two names make one, rather than two whole ones."""
    parts, rest = set(one), set(other)
    return (
        not (parts & rest)
        and not ("full" in parts and rest & {"given", "family"})
        and not ("full" in rest and parts & {"given", "family"})
    )


def _main_role(main: str, absorbed: list[str], elements: frozenset[tuple[str, str]], words: str) -> str:
    names = {element for element, _ in elements}
    if main in ("patient", "member") and ("financial_account", "routing") in elements:
        return "employee"  # whom one pays, whatever the columns call them
    if main == "patient" and not names & (_CHART | _CLINICAL):
        # "PAT_FIRST" heads the lists of plans as well; of those nothing clinical stands in them.
        return "member" if _ROLL.search(words.lower().replace("_", " ")) else SUBJECT if _insured(elements) else main
    if main == "member" and _PARTICIPANT.search(words.lower().replace("_", " ")) and names & (_CHART | _CLINICAL):
        return "patient"
    if main:
        return ROLES[main]
    for group in ("patient", "employee"):
        if group in absorbed:
            return group
    return context_role(elements, words) or ("member" if absorbed else SUBJECT)


def context_role(elements: Collection[tuple[str, str]], words: str) -> str:
    """Return the role that the elements standing together and the words around them speak for, "" where none does."""
    names = {element for element, _ in elements}
    words = words.lower().replace("_", " ")
    if names & _CHART:
        return "patient"
    if names & _STAFF_ELEMENTS or {("other_id", "employee"), ("financial_account", "routing")} & {*elements}:
        return "employee"
    if _STAFF.search(words):
        return "employee"
    if _PATIENT.search(words):
        return "patient"
    if _ROLL.search(words):
        return "member"
    if names & _CLINICAL:  # a plan's number beside a visit is what the visit is billed to
        return "patient"
    # A plan's number alone says nothing: a hospital asks all its patients for it.
    return "member" if _MEMBER.search(words) else ""


def _insured(elements: Collection[tuple[str, str]]) -> bool:
    return any(element == "health_insurance" and subtype not in ("payer", "group") for element, subtype in elements)


# One person has one of each: two of them without a name are two people.
_SINGLE = frozenset(("ssn", "date_of_birth", "medical_record_number", "drivers_license", "passport"))


def are_several(findings: Sequence[Finding]) -> bool:
    """Say whether findings without a name must be of several people."""
    values: dict[tuple[str, str], set[str]] = {}
    for one in findings:
        if one.element in _SINGLE:
            values.setdefault((one.element, one.subtype), set()).add(one.value)
    return any(len(some) > 1 for some in values.values())

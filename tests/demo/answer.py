"""An answer as the contract's tables would hold it if the product were perfect; made from the truth."""

from typing import Any

from rollcall.demo.agreement import guardians_of
from rollcall.demo.truth import ROLES, Truth

Rows = list[dict[str, Any]]
OWN = {"ssn", "medical_record_number", "patient_account_number", "drivers_license", "health_insurance"}


def perfect_answer(truth: Truth) -> tuple[Rows, Rows]:
    """Rows of individuals and of evidence, nothing wrong and nothing missing."""
    individuals: dict[str, dict[str, Any]] = {}
    for person in truth.people.values():
        if person.listed == "yes":
            individuals[person.person_id] = {
                "individual_id": f"i-{person.person_id}", "listed": True, "status": "proposed", "names": [],
                "identifiers": [], "date_of_birth": None, "elements": list(person.elements), "confidence": 1.0,
                "roles": [], "entities": [], "guardian": None,
            }  # fmt: skip
    evidence: Rows = []
    for document, fact in truth.facts():
        row = individuals.get(fact.person)
        if row is None or fact.optional:
            continue
        for field, said in (("roles", ROLES.get(fact.role, "other")), ("entities", document.entity)):
            if said and said not in row[field]:
                row[field].append(said)
        place = document.occurrences[-1]  # any occurrence will do
        evidence.append(
            {
                "individual_id": row["individual_id"], "element": fact.element, "subtype": fact.subtype,
                "value": fact.value, "message_id": place.message_id, "path": place.path, "place": fact.spot,
            }
        )  # fmt: skip
        if fact.element == "name" and fact.subtype == "full" and fact.value not in row["names"]:
            row["names"].append(fact.value)
        elif fact.element == "date_of_birth":
            row["date_of_birth"] = fact.value
        elif fact.element in OWN and fact.subtype not in ("payer", "group", "last4"):
            mark = {"element": fact.element, "subtype": fact.subtype, "issuer": None, "value": fact.value}
            if mark not in row["identifiers"]:
                row["identifiers"].append(mark)
    point_to_guardians(truth, individuals)
    return list(individuals.values()), evidence


def point_to_guardians(truth: Truth, individuals: dict[str, dict[str, Any]]) -> None:
    """Enter the guardian of every child of whom a document says it, where both are on the list."""
    for child, guardians in guardians_of(truth)[1].items():
        listed = sorted(guardians & individuals.keys())
        if listed and child in individuals:
            individuals[child]["guardian"] = individuals[listed[0]]["individual_id"]

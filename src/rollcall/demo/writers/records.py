"""Records as exchanges send them: C-CDA (one person, XML) and FHIR (a bundle or one resource a line, JSON)."""

import datetime
import json
from html import escape
from random import Random

from rollcall.demo.chance import digits
from rollcall.demo.pack import Pack
from rollcall.demo.people import Person
from rollcall.demo.show import full_name, show_date
from rollcall.demo.truth import Fact
from rollcall.demo.writers.hl7 import day, fact_of
from rollcall.demo.writers.made import Made

V3 = "urn:hl7-org:v3"


def _basics(person: Person) -> list[Fact]:
    return [
        fact_of(person, "name", "full", full_name(person), person.family),
        fact_of(person, "date_of_birth", "full", person.born.isoformat(), person.born.isoformat()),
        fact_of(person, "address", "street", person.address.street),
        fact_of(person, "phone", "", person.phone),
    ]


def write_ccda(rng: Random, pack: Pack, person: Person, today: datetime.date) -> Made:
    """Return a continuity of care document: coded header, sections with tables to be read."""
    code, words, _ = pack.diagnoses[person.diagnoses[0]]
    drug, (cpt, said) = pack.drugs[person.drug], pack.procedures[person.procedure]
    record, home = next(iter(person.records.values())), person.address
    seen = today - datetime.timedelta(person.seen_before)
    e = {key: escape(value) for key, value in {
        "given": person.given, "middle": person.middle, "family": person.family, "street": home.street,
        "city": home.city, "org": pack.org.name, "words": words, "drug": drug, "said": said}.items()}  # fmt: skip
    middle = f"<given>{e['middle']}</given>" if e["middle"] else ""
    suffix = f"<suffix>{person.suffix}</suffix>" if person.suffix else ""
    with_ssn = rng.random() < 0.4
    ssn = f'<id root="2.16.840.1.113883.4.1" extension="{person.ssn}"/>' if with_ssn else ""

    def section(title: str, heads: str, cells: str) -> str:
        row = "".join(f"<td>{cell}</td>" for cell in cells.split("|"))
        head = "".join(f"<th>{cell}</th>" for cell in heads.split("|"))
        return (
            f"<component><section><title>{title}</title><text><table border='1'><thead><tr>{head}</tr></thead><tbody>"
            f"<tr>{row}</tr></tbody></table></text></section></component>\n"
        )

    body = (
        section("Problems", "Problem|Code|Status", f"{e['words']}|{code}|Active")
        + section("Medications", "Medication|Start", f"{e['drug']}|{show_date(seen, 'm/d/Y')}")
        + section("Procedures", "Procedure|CPT|Date", f"{e['said']}|{cpt}|{show_date(seen, 'm/d/Y')}")
        + section("Family History", "Relation|Condition", "Mother|colon cancer")
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="{V3}">\n<realmCode code="US"/>\n'
        f'<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>\n'
        f'<id root="{digits(rng, 8)}"/><title>Summary of Care</title><effectiveTime value="{day(today)}"/>\n'
        f'<recordTarget><patientRole><id root="1.3.6.1.4.1.{digits(rng, 4)}" extension="{record}"/>{ssn}\n'
        f"<addr><streetAddressLine>{e['street']}</streetAddressLine><city>{e['city']}</city><state>{home.state}</state>"
        f'<postalCode>{home.zip}</postalCode></addr><telecom use="HP" value="tel:{person.phone}"/>\n'
        f"<patient><name><given>{e['given']}</given>{middle}<family>{e['family']}</family>{suffix}</name>"
        f'<administrativeGenderCode code="{person.sex}"/><birthTime value="{day(person.born)}"/></patient>\n'
        f"<providerOrganization><name>{e['org']}</name></providerOrganization></patientRole></recordTarget>\n"
        f"<component><structuredBody>\n{body}</structuredBody></component></ClinicalDocument>\n"
    )
    facts = _basics(person)
    facts[1] = fact_of(person, "date_of_birth", "full", person.born.isoformat(), day(person.born))
    facts += [
        fact_of(person, "medical_record_number", "", record),
        fact_of(person, "diagnosis", "words", words),
        fact_of(person, "diagnosis", "code", code),
        fact_of(person, "medication", "", drug),
        fact_of(person, "treatment", "procedure", said),
        fact_of(person, "date_of_service", "", seen.isoformat(), show_date(seen, "m/d/Y")),
    ]
    if with_ssn:
        facts.append(fact_of(person, "ssn", "full", person.ssn))
    # The texts are compared with the file as it is read, marks resolved.
    name = rng.choice(("CCD", "summary_of_care", "CDA")) + digits(rng, 6)
    return Made("ccda", "ccd", f"{name}.xml", rng.choice(("text/xml", "application/xml")), text.encode(), facts)


def _resources(pack: Pack, person: Person, number: int) -> tuple[list[dict[str, object]], list[Fact]]:
    code, words, _ = pack.diagnoses[person.diagnoses[0]]
    issuer, record = next(iter(person.records.items()))
    key, home = f"p{number}", person.address
    given = [one for one in (person.given, person.middle) if one]
    patient: dict[str, object] = {
        "resourceType": "Patient",
        "id": key,
        "identifier": [
            {"type": {"coding": [{"code": "MR"}]}, "assigner": {"display": issuer}, "value": record},
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": person.ssn},
        ],
        "name": [{"use": "official", "family": person.family, "given": given, "suffix": [person.suffix]}],
        "telecom": [{"system": "phone", "value": person.phone}],
        "gender": "female" if person.sex == "F" else "male",
        "birthDate": person.born.isoformat(),
        "address": [{"line": [home.street], "city": home.city, "state": home.state, "postalCode": home.zip}],
    }
    subject = {"reference": f"Patient/{key}"}
    condition: dict[str, object] = {
        "resourceType": "Condition",
        "code": {"coding": [{"code": code, "display": words}]},
        "subject": subject,
    }
    coverage: dict[str, object] = {
        "resourceType": "Coverage",
        "subscriberId": person.member,
        "beneficiary": subject,
        "payor": [{"display": person.payer}],
    }
    facts = [
        *_basics(person),
        fact_of(person, "medical_record_number", "", record),
        fact_of(person, "ssn", "full", person.ssn),
        fact_of(person, "diagnosis", "code", code),
        fact_of(person, "diagnosis", "words", words),
        fact_of(person, "health_insurance", "member_id", person.member),
        fact_of(person, "health_insurance", "payer", person.payer),
    ]
    return [patient, condition, coverage], facts


def write_fhir(rng: Random, pack: Pack, people: list[Person]) -> Made:
    """Return the people's resources as a bundle, or one resource a line as bulk exports have them."""
    resources: list[dict[str, object]] = []
    facts: list[Fact] = []
    for number, person in enumerate(people, rng.randrange(1000)):
        made, stated = _resources(pack, person, number)
        resources += made
        facts += stated
    if rng.random() < 0.5:
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in resources)
        return Made("fhir", "ndjson", f"export_{digits(rng, 4)}.ndjson", "application/x-ndjson", text.encode(), facts)
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    text = json.dumps(bundle, indent=rng.choice((None, 2)), ensure_ascii=False)
    return Made("fhir", "bundle", f"bundle{digits(rng, 4)}.json", "application/json", text.encode(), facts)

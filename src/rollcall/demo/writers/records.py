"""Records as exchanges send them: C-CDA (one person, XML) and FHIR (a bundle or one resource a line, JSON)."""

import datetime
import json
import zlib
from html import escape
from random import Random
from uuid import UUID

from rollcall.demo.cast import Cast
from rollcall.demo.chance import digits
from rollcall.demo.pack import Pack
from rollcall.demo.people import Person
from rollcall.demo.show import full_name, show_date
from rollcall.demo.truth import Fact
from rollcall.demo.writers.hl7 import day, fact_of, record_of
from rollcall.demo.writers.made import Made

V3 = "urn:hl7-org:v3"


def _basics(person: Person) -> list[Fact]:
    return [
        fact_of(person, "name", "full", full_name(person), person.family),
        fact_of(person, "date_of_birth", "full", person.born.isoformat(), person.born.isoformat()),
        fact_of(person, "address", "street", person.address.street),
        fact_of(person, "phone", "", person.phone),
    ]


SECTIONS = {  # LOINC code, last part of the template's number
    "Problems": ("11450-4", "5.1"), "Medications": ("10160-0", "1.1"), "Procedures": ("47519-4", "7.1"),
    "Family History": ("10157-6", "15"),
}  # fmt: skip
KIN = ("Mother", "Father", "Brother", "Sister", "Maternal grandmother", "Paternal grandfather")


def _asked(rng: Random) -> str:
    """Return what certified systems must ask of everybody: race and ethnic group, often declined."""
    race = rng.choice(("2106-3", "2106-3", "2131-1", "2054-5", "2028-9"))
    said = f'<raceCode code="{race}" codeSystem="2.16.840.1.113883.6.238"/>' if rng.random() < 0.7 else ""
    return (said or '<raceCode nullFlavor="ASKU"/>') + '<ethnicGroupCode nullFlavor="UNK"/>'


def _number(who: str, count: int) -> str:
    """Return a number that a house or doctor keeps from document to document."""
    return f"{zlib.crc32(who.encode()) * 7919:012}"[-count:]


def write_ccda(rng: Random, cast: Cast, person: Person) -> Made:
    """Return a continuity of care document: coded header, sections with tables to be read."""
    pack, today = cast.pack, cast.today
    code, words, _ = pack.diagnoses[person.diagnoses[0]]
    drug, (cpt, said) = pack.drugs[person.drug], pack.procedures[person.procedure]
    record, home = record_of(person, cast.entity)[1], person.address
    seen = today - datetime.timedelta(person.seen_before)
    e = {key: escape(value) for key, value in {
        "given": person.given, "middle": person.middle, "family": person.family, "street": home.street,
        "city": home.city, "org": cast.house, "words": words, "drug": drug, "said": said}.items()}  # fmt: skip
    middle = f"<given>{e['middle']}</given>" if e["middle"] else ""
    suffix = f"<suffix>{person.suffix}</suffix>" if person.suffix else ""
    with_ssn = rng.random() < 0.4
    ssn = f'<id root="2.16.840.1.113883.4.1" extension="{person.ssn}"/>' if with_ssn else ""

    def section(title: str, heads: str, cells: str) -> str:
        row = "".join(f"<td>{cell}</td>" for cell in cells.split("|"))
        head = "".join(f"<th>{cell}</th>" for cell in heads.split("|"))
        loinc, template = SECTIONS[title]
        return (
            f'<component><section><templateId root="2.16.840.1.113883.10.20.22.2.{template}"/>'
            f'<code code="{loinc}" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC"/><title>'
            f"{title}</title><text><table border='1'><thead><tr>{head}</tr></thead><tbody>"
            f"<tr>{row}</tr></tbody></table></text></section></component>\n"
        )

    body = (
        section("Problems", "Problem|Code|Status", f"{e['words']}|{code}|Active")
        + section("Medications", "Medication|Start", f"{e['drug']}|{show_date(seen, 'm/d/Y')}")
        + section("Procedures", "Procedure|CPT|Date", f"{e['said']}|{cpt}|{show_date(seen, 'm/d/Y')}")
    )
    others = [said for known, said, who in pack.diagnoses if not who and known != code]
    if others and rng.random() < 0.6:
        body += section("Family History", "Relation|Condition", f"{rng.choice(KIN)}|{escape(rng.choice(others))}")
    written = f"{day(today)}{rng.randint(6, 19):02}{rng.randrange(60):02}{pack.org.zone + (3 < today.month < 11):03}00"
    doctor = escape(rng.choice(cast.doctors))
    first, last = doctor.rsplit(" ", 1)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="{V3}">\n<realmCode code="US"/>\n'
        f'<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>\n'
        '<templateId root="2.16.840.1.113883.10.20.22.1.1"/><templateId root="2.16.840.1.113883.10.20.22.1.2"/>\n'
        f'<id root="{UUID(int=rng.getrandbits(128), version=4)}"/>\n<code code="34133-9" codeSystemName="LOINC"'
        ' codeSystem="2.16.840.1.113883.6.1" displayName="Summarization of Episode Note"/>\n'
        f"<title>{rng.choice(('Summary of Care', 'Continuity of Care Document', e['org']))}</title>"
        f'<effectiveTime value="{written}"/>\n<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'
        '<languageCode code="en-US"/>\n'
        f'<recordTarget><patientRole><id root="1.3.6.1.4.1.{_number(cast.house, 5)}" extension="{record}"/>{ssn}\n'
        f"<addr><streetAddressLine>{e['street']}</streetAddressLine><city>{e['city']}</city><state>{home.state}</state>"
        f"<postalCode>{home.zip}</postalCode><country>US</country></addr>"
        f'<telecom use="HP" value="tel:{person.phone}"/>\n'
        f"<patient><name><given>{e['given']}</given>{middle}<family>{e['family']}</family>{suffix}</name>"
        f'<administrativeGenderCode code="{person.sex}"/><birthTime value="{day(person.born)}"/>'
        f'{_asked(rng)}<languageCommunication><languageCode code="en"/></languageCommunication></patient>\n'
        f"<providerOrganization><name>{e['org']}</name></providerOrganization></patientRole></recordTarget>\n"
        f'<author><time value="{written}"/><assignedAuthor><id root="2.16.840.1.113883.4.6"'
        f' extension="1{_number(doctor, 9)}"/>'
        f"<assignedPerson><name><given>{first}</given><family>{last}</family></name></assignedPerson></assignedAuthor>"
        f"</author>\n<custodian><assignedCustodian><representedCustodianOrganization><name>{e['org']}</name>"
        "</representedCustodianOrganization></assignedCustodian></custodian>\n"
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
    name = rng.choice(pack.words["ccda_files"]) + digits(rng, 6)
    return Made("ccda", "ccd", f"{name}.xml", rng.choice(("text/xml", "application/xml")), text.encode(), facts)


STATUS = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ICD, V2 = "http://hl7.org/fhir/sid/icd-10-cm", "http://terminology.hl7.org/CodeSystem/v2-0203"


def _resources(rng: Random, pack: Pack, person: Person, entity: str) -> tuple[list[dict[str, object]], list[Fact]]:
    key, *others = (str(UUID(int=rng.getrandbits(128), version=4)) for _ in range(3))
    code, words, _ = pack.diagnoses[person.diagnoses[0]]
    (issuer, record), home = record_of(person, entity), person.address
    given = [one for one in (person.given, person.middle) if one]
    patient: dict[str, object] = {
        "resourceType": "Patient",
        "id": key,
        "identifier": [
            {
                "use": "usual",
                "type": {"coding": [{"system": V2, "code": "MR"}]},
                "system": f"https://{pack.org.domain}/fhir/mrn",
                "assigner": {"display": issuer},
                "value": record,
            },
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": person.ssn},
        ],
        "name": [
            {"use": "official", "family": person.family, "given": given}
            | ({"suffix": [person.suffix]} if person.suffix else {})
        ],
        "telecom": [{"system": "phone", "value": person.phone, "use": "home"}],
        "gender": "female" if person.sex == "F" else "male",
        "birthDate": person.born.isoformat(),
        "address": [{"line": [home.street], "city": home.city, "state": home.state, "postalCode": home.zip}],
    }
    subject = {"reference": f"Patient/{key}"}
    condition: dict[str, object] = {
        "resourceType": "Condition",
        "id": others[0],
        "clinicalStatus": {"coding": [{"system": STATUS, "code": "active"}]},
        "code": {"coding": [{"system": ICD, "code": code, "display": words}], "text": words},
        "subject": subject,
    }
    coverage: dict[str, object] = {
        "resourceType": "Coverage",
        "id": others[1],
        "status": "active",
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


def write_fhir(rng: Random, pack: Pack, people: list[Person], entity: str = "") -> Made:
    """Return the people's resources as a bundle, or one resource a line as bulk exports have them."""
    resources: list[dict[str, object]] = []
    facts: list[Fact] = []
    for person in people:
        made, stated = _resources(rng, pack, person, entity)
        resources += made
        facts += stated
    if rng.random() < 0.5:
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in resources)
        return Made(
            "fhir",
            "ndjson",
            f"{pack.words['fhir_files'][0]}{digits(rng, 4)}.ndjson",
            "application/x-ndjson",
            text.encode(),
            facts,
        )
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]}  # fmt: skip
    text = json.dumps(bundle, indent=rng.choice((None, 2)), ensure_ascii=False)
    return Made(
        "fhir",
        "bundle",
        f"{pack.words['fhir_files'][1]}{digits(rng, 4)}.json",
        "application/json",
        text.encode(),
        facts,
    )

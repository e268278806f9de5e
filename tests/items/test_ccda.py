"""C-CDA: whom the header names, what sections say, and that a family's history is not the patient's."""

# ruff: noqa: E501 (formats are written as they stand in files)

from pathlib import Path

import pytest
from lxml import etree

from rollcall.elements import BY_ID
from rollcall.items.parser import Record
from rollcall.items.parsers import ccda
from rollcall.items.parsers.ccda_sections import COLUMNS, ENTRIES, ROOTS
from rollcall.items.readable import FileReadable, MemoryReadable

from .people import LIMITS, codes, named, notes, people, values

HL7 = "{urn:hl7-org:v3}"


def document(target: str = "", body: str = "", header: str = "") -> bytes:
    name = "<name><given>Mary</given><family>Olson</family></name>"
    return (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>'
        f"{target}<patient>{name}</patient></patientRole></recordTarget>{header}"
        f"<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"
    ).encode()


def section(code: str, text: str, entries: str = "") -> str:
    return (
        f"<component><section><code code='{code}'/><title>T</title><text>{text}</text>{entries}</section></component>"
    )


def table(*rows: str) -> str:
    head, *body = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in rows)
    return f"<table><thead><tr>{head.replace('td>', 'th>')}</tr></thead><tbody><tr>{'</tr><tr>'.join(body)}</tr></tbody></table>"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("<id root='1.2' extension='42'/>", ("medical_record_number.mrn", "42")),
        ("<id root='2.16.840.1.113883.4.1' extension='899451234'/>", ("ssn.full", "899451234")),
        ("<id root='2.16.840.1.113883.4.3.27' extension='S1'/>", ("drivers_license.licence", "S1")),
        ("<addr><streetAddressLine>PO Box 9</streetAddressLine></addr>", ("address.po_box", "PO Box 9")),
        ("<addr><city>Fargo</city></addr>", ("address.city", "Fargo")),
        ("<telecom value='mailto:m@x.org'/>", ("email.email", "m@x.org")),
    ],
)
def test_the_patient(target: str, expected: tuple[str, str]) -> None:
    assert people(values(ccda.PARSER, document(target)))["recordTarget"] == {expected, ("name.full", "Olson, Mary")}


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("11450-4", ("Problem|ICD-10", "HIV|B20"), {("diagnosis.words", "HIV"), ("diagnosis.code", "B20")}),
        ("11450-4", ("Condition|Onset Date", "HIV|1/2/2020"), {("diagnosis.words", "HIV")}),
        ("10160-0", ("Medication|Start Date", "Suboxone|1/2/2020"),
         {("medication.drug", "Suboxone"), ("date_of_service.date", "1/2/2020")}),
        ("47519-4", ("Procedure|Date and Time (Range)", "Biopsy|1/2/2020"),
         {("treatment.procedure", "Biopsy"), ("date_of_service.date", "1/2/2020")}),
        ("48765-2", ("Substance|Reaction", "Penicillin|Hives"), {("diagnosis.words", "Penicillin"), ("diagnosis.words", "Hives")}),
        ("30954-2", ("Test|Value", "HIV Ab|positive"), {("treatment.lab_result", "HIV Ab")}),
        ("48768-6", ("Payer|Policy ID", "Lakes|M5"), {("health_insurance.payer", "Lakes"), ("health_insurance.member_id", "M5")}),
        ("46240-8", ("Encounter|Attending Provider", "Visit|Greg House"),
         {("treatment.service", "Visit"), ("provider.provider", "Greg House")}),
    ],
)  # fmt: skip
def test_tables_of_sections(kind: str, rows: tuple[str, ...], expected: set[tuple[str, str]]) -> None:
    said = people(values(ccda.PARSER, document(body=section(kind, table(*rows)))))["recordTarget"]
    assert said - {("name.full", "Olson, Mary")} == expected


OBSERVED = "<entry><act><entryRelationship><observation{}><value displayName='HIV'/></observation></entryRelationship></act></entry>"
DRUG = "<manufacturedProduct><manufacturedMaterial><code displayName='Suboxone'/></manufacturedMaterial></manufacturedProduct>"


@pytest.mark.parametrize(
    ("kind", "entry", "expected"),
    [
        ("11450-4", OBSERVED.format(""), ("diagnosis.words", "HIV", "asserted")),
        ("11450-4", OBSERVED.format(" negationInd='true'"), ("diagnosis.words", "HIV", "negated")),
        ("10160-0", f"<entry><substanceAdministration><consumable>{DRUG}</consumable></substanceAdministration></entry>",
         ("medication.drug", "Suboxone", "asserted")),
        ("47519-4", "<entry><procedure><code code='44970' codeSystem='2.16.840.1.113883.6.12'/></procedure></entry>",
         ("treatment.procedure", "44970", "asserted")),
        ("30954-2", "<entry><organizer><component><observation><code displayName='HIV Ab'/></observation></component></organizer></entry>",
         ("treatment.lab_result", "HIV Ab", "asserted")),
        ("46240-8", "<entry><encounter><code displayName='Visit'/><effectiveTime value='20240102'/></encounter></entry>",
         ("date_of_service.date", "20240102", "asserted")),
        ("48768-6", "<entry><act><participant typeCode='COV'><participantRole><id extension='M5'/></participantRole></participant></act></entry>",
         ("health_insurance.member_id", "M5", "asserted")),
    ],
)  # fmt: skip
def test_entries(kind: str, entry: str, expected: tuple[str, str, str]) -> None:
    found = values(ccda.PARSER, document(body=section(kind, "", entry)))
    fields = [field for one in found if isinstance(one, Record) for field in one.fields]
    assert expected in {(f"{one.element}.{one.subtype}", one.value, one.polarity) for one in fields}


NAMED = "<name><given>Ann</given><given>Lee</given><family>Berg</family></name>"


@pytest.mark.parametrize(
    ("entry", "role", "name"),
    [
        ("<performer><assignedEntity><assignedPerson>{}</assignedPerson></assignedEntity></performer>", "provider", "Berg, Ann Lee"),
        ("<performer><assignedEntity><code code='GUAR'/><assignedPerson>{}</assignedPerson></assignedEntity></performer>",
         "guarantor", "Berg, Ann Lee"),
        ("<participant typeCode='HLD'><participantRole><playingEntity>{}</playingEntity></participantRole></participant>",
         "subscriber", "Berg, Ann Lee"),
        ("<participant typeCode='COV'><participantRole classCode='PAT'><playingEntity>{}</playingEntity></participantRole></participant>",
         "patient", "Berg, Ann Lee"),
        ("<participant typeCode='IRCP'><participantRole classCode='CAREGIVER'><playingEntity>{}</playingEntity></participantRole></participant>",
         "emergency_contact", "Berg, Ann Lee"),
        ("<participant typeCode='PRD'><participantRole classCode='ASSIGNED'><playingEntity>{}</playingEntity></participantRole></participant>",
         "provider", "Berg, Ann Lee"),
        ("<participant><participantRole><code codeSystem='2.16.840.1.113883.6.101'/><playingEntity>{}</playingEntity></participantRole></participant>",
         "provider", "Berg, Ann Lee"),
        ("<informant><relatedEntity classCode='PRS'><relatedPerson>{}</relatedPerson></relatedEntity></informant>",
         "emergency_contact", "Berg, Ann Lee"),
    ],
)  # fmt: skip
def test_whom_entries_name(entry: str, role: str, name: str) -> None:
    inside = f"<entry><act>{entry.format(NAMED)}</act></entry>"
    found = values(ccda.PARSER, document(body=section("48768-6", "", inside)))
    said = {(one.role, field.value) for one in found if isinstance(one, Record) for field in one.fields
            if field.element == "name"}  # fmt: skip
    assert said == {("patient", "Olson, Mary"), (role, name)}


def test_where_a_guarantor_lives() -> None:
    reached = "<code code='GUAR'/><addr><streetAddressLine>9 Elm St</streetAddressLine><city>Fargo</city></addr><telecom value='tel:701-555-0142'/>"
    inside = f"<entry><act><performer><assignedEntity>{reached}<assignedPerson>{NAMED}</assignedPerson></assignedEntity></performer></act></entry>"
    found = values(ccda.PARSER, document(body=section("48768-6", "", inside)))
    (guarantor,) = (one for one in found if isinstance(one, Record) and one.role == "guarantor")
    assert [field.value for field in guarantor.fields] == ["Berg, Ann Lee", "9 Elm St", "Fargo", "701-555-0142"]


def test_what_is_written_in_an_entry_is_read_once() -> None:
    said = "<act><text>flu-like for three days</text></act><act><text><reference value='#a'/></text></act><act><text>said above</text></act>"
    found = values(ccda.PARSER, document(body=section("47519-4", "said above", f"<entry>{said}</entry>")))
    assert [one.text for one in found if getattr(one, "kind", "") == "section"] == [
        "said above\nflu-like for three days"
    ]


def test_a_familys_history_is_text_of_its_own() -> None:
    found = values(
        ccda.PARSER, document(body=section("10157-6", table("Relation|Condition", "Mother|Gout"), OBSERVED.format("")))
    )
    assert people(found) == {"recordTarget": {("name.full", "Olson, Mary")}}
    family = next(one for one in found if getattr(one, "kind", "") == "family_history")
    assert ("Gout" in family.text, "HIV" in family.text, family.about) == (True, True, "")


@pytest.mark.parametrize(
    ("header", "role", "relation"),
    [
        ("<participant typeCode='IND'><associatedEntity classCode='NOK'><associatedPerson>{}</associatedPerson></associatedEntity></participant>",
         "emergency_contact", "contact_of"),
        ("<participant><associatedEntity classCode='GUAR'><associatedPerson>{}</associatedPerson></associatedEntity></participant>",
         "guarantor", "guarantor_of"),
        ("<informant><relatedEntity classCode='PRS'><relatedPerson>{}</relatedPerson></relatedEntity></informant>",
         "emergency_contact", "contact_of"),
    ],
)  # fmt: skip
def test_who_takes_part(header: str, role: str, relation: str) -> None:
    name = "<name><given>Tom</given><family>Hall</family></name>"
    record = named(values(ccda.PARSER, document(header=header.format(name))))["Hall, Tom"]
    assert (record.role, record.relations) == (role, ((relation, "recordTarget"),))


def test_narrative_that_no_heading_explains_is_read_as_text() -> None:
    body = section(
        "11450-4", "<paragraph>Seen <content>twice</content> in May</paragraph><list><item>wants to move</item></list>"
    )
    assert notes(values(ccda.PARSER, document(body=body))) == {"T": "Seen twice in May\nwants to move"}


def test_cells_over_rows_and_columns() -> None:
    rows = (
        "<table><thead><tr><th>Test</th><th>Date</th></tr></thead><tbody><tr><td rowspan='2'>HIV Ab</td><td>1/2/2020</td></tr>"
        "<tr><td>1/3/2020</td></tr><tr><td colspan='900000000'>CBC</td></tr></tbody></table>"
    )
    found = values(ccda.PARSER, document(body=section("30954-2", rows)))
    fields = [field for one in found if isinstance(one, Record) for field in one.fields]
    assert [one.value for one in fields if one.element == "treatment"] == ["HIV Ab", "HIV Ab", "CBC"]


def test_entities_are_not_read_and_a_break_is_told() -> None:
    data = document().replace(b'<?xml version="1.0"?>', b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
    assert not ccda.looks_like(MemoryReadable(data))
    cut = document(body=section("11450-4", table("Problem|Code", "HIV|B20")))[:-60]
    found = values(ccda.PARSER, cut)
    assert ("diagnosis.code", "B20") in people(found)["recordTarget"]
    assert codes(found) == ["partial"]


def test_the_tables_name_elements_of_the_catalogue() -> None:
    whats = {what for columns in COLUMNS.values() for what in columns.values()} | {
        what for what in ROOTS.values() if what
    }
    for what in whats | {one[2] for some in ENTRIES.values() for one in some}:
        element, _, subtype = what.partition(".")
        assert subtype in BY_ID[element].subtypes


@pytest.mark.samples
def test_the_patient_of_every_real_document(samples: Path) -> None:
    """An independent walk: names, birth date and record numbers of the record target."""
    files = sorted((samples / "ccda").iterdir())
    telling = 0
    for file in files:
        target = (
            etree.parse(file, etree.XMLParser(resolve_entities=False))
            .getroot()
            .find(f"{HL7}recordTarget/{HL7}patientRole")
        )
        assert target is not None
        name = target.find(f"{HL7}patient/{HL7}name")
        born = target.find(f"{HL7}patient/{HL7}birthTime")
        assert name is not None
        assert born is not None
        found = list(ccda.parse(FileReadable(file), LIMITS))
        fields = [field for one in found if isinstance(one, Record) and one.role == "patient" for field in one.fields]
        said = {field.value for field in fields}
        family = " ".join(str(name.findtext(f"{HL7}family")).split())
        given = " ".join(str(name.findtext(f"{HL7}given")).split())
        assert any(value.startswith(f"{family}, {given}") for value in said)
        assert str(born.get("value"))[:8] in said
        numbers = {str(one.get("extension")) for one in target.findall(f"{HL7}id") if one.get("extension")}
        assert numbers <= said
        telling += any(field.element in ("diagnosis", "medication", "treatment") for field in fields)
    assert (len(files), telling >= 10) == (12, True)

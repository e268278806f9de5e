"""Make the corpus of structured health records: HL7 version 2, X12, FHIR, C-CDA, DICOM, address cards, calendars.

As in make.py: everybody is made up, and what is expected is written by hand. Run it from the root of the repository:

    python tests/corpus/make_records.py
"""

# ruff: noqa: E501 (formats are written as they stand in files)

import base64
import json
from typing import Any

from make import case, text


def record(key: str, role: str, *fields: list[str], relations: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """A person and [element.subtype, value, locator] (or with issuer and polarity) of each field."""
    return {"key": key, "role": role, "relations": [list(one) for one in relations], "fields": list(fields)}


def hl7() -> None:
    """Messages with their framing, another set of separators, free text, a document, lines that are none."""
    lines = [
        "MSH|^~\\&|EHR|RIV|LAB|X|202401021200||ADT^A04|1|P|2.5",
        "PID|1||00123^^^RIV^MR~899-45-1234^^^^SS||OKONKWO^MARISOL^L||19840302|F|||12 Oak St^Apt 3^Fargo^ND^58102||7015550142",
        "NK1|1|OKONKWO^TOM|GRD^guardian||7015550143",
        "DG1|1||F11.20^Opioid dependence^I10",
        "OBX|1|FT|X^NOTE||Seen for \\T\\ chest pain.\\.br\\Sleeps badly",
        "ZPD|1|foo^bar",
    ]
    one = "message 1 "
    case(
        "hl7", "framed", "hl7", ("\x0b" + "\r".join(lines) + "\r\x1c\r").encode(),
        parts=[
            text("\n".join(lines), "record", label="message 1"),
            text("Seen for & chest pain.\nSleeps badly", "section", label="message 1 OBX-5"),
            text("ZPD | 1 | foo bar", "section", label="message 1 ZPD"),
        ],
        records=[
            record(
                "message 1 PID", "patient",
                ["medical_record_number.mrn", "00123", one + "PID-3", "RIV", "asserted"],
                ["ssn.full", "899-45-1234", one + "PID-3"], ["name.full", "OKONKWO, MARISOL L", one + "PID-5"],
                ["date_of_birth.full", "19840302", one + "PID-7"], ["address.street", "12 Oak St Apt 3", one + "PID-11"],
                ["address.city", "Fargo", one + "PID-11"], ["address.state", "ND", one + "PID-11"],
                ["address.zip", "58102", one + "PID-11"], ["phone.phone", "7015550142", one + "PID-13"],
                ["diagnosis.code", "F11.20", one + "DG1-3"], ["diagnosis.words", "Opioid dependence", one + "DG1-3"],
                ["treatment.lab_result", "NOTE", one + "OBX-3"],
            ),
            record(
                "message 1 NK1", "emergency_contact", ["name.full", "OKONKWO, TOM", one + "NK1-2"],
                ["phone.phone", "7015550143", one + "NK1-5"], relations=(("guardian_of", "message 1 PID"),),
            ),
        ],
    )  # fmt: skip
    own = [
        "MSH#*?!@#A#B#C#D#20240101##ADT*A01#2#P#2.3",
        "PID#1##77?78##TINDALL*BART*Q*JR##19511230",
        "not a segment at all",
    ]
    case(
        "hl7", "other_separators", "dat", "\n".join(["FHS#*?!@#A", "BHS#*?!@#A", *own, "BTS#1", "FTS#1"]).encode(),
        parts=[
            text("\n".join(["FHS#*?!@#A", "BHS#*?!@#A", *own, "BTS#1", "FTS#1"]), "record", label="message 1"),
            text("not a segment at all", "section", label="message 1 text"),
        ],
        records=[
            record(
                "message 1 PID", "patient", ["medical_record_number.mrn", "77", one + "PID-3"],
                ["medical_record_number.mrn", "78", one + "PID-3"],
                ["name.full", "TINDALL, BART Q, JR", one + "PID-5"], ["date_of_birth.full", "19511230", one + "PID-7"],
            )
        ],
        faults=[{"code": "defect", "detail": "1 lines that are no segments"}],
    )  # fmt: skip
    data = base64.b64encode(b"%PDF-1.4 made up" + bytes(60)).decode()
    many = [
        "MSH|^~\\&|A|B|C|D|20240101||MDM^T02|1|P|2.5", "PID|1||5||VASQUEZ^ELUNED", f"OBX|1|ED|1^DOC||A^application^pdf^Base64^{data}",
        "MSH|^~\\&|A|B|C|D|20240101||ADT^A08|2|P|2.5", "PID|1||6||REYES^ANA",
        "GT1|1||REYES^ANA", "IN1|1|P|1|LAKES TRUST||||G1||||||||REYES^TOM|SPO|19800101||||||||||||||||||M55",
    ]  # fmt: skip
    cut = many[2].replace(data, "...")
    two = "message 2 "
    case(
        "hl7", "documents_and_insured", "hl7", "\r\n".join(many).encode(),
        parts=[
            text("\n".join([many[0], many[1], cut]), "record", label="message 1"),
            text("\n".join(many[3:]), "record", label="message 2"),
        ],
        records=[
            record("message 1 PID", "patient", ["medical_record_number.mrn", "5", one + "PID-3"],
                   ["name.full", "VASQUEZ, ELUNED", one + "PID-5"], ["treatment.lab_result", "DOC", one + "OBX-3"]),
            record("message 2 PID", "patient", ["medical_record_number.mrn", "6", two + "PID-3"],
                   ["name.full", "REYES, ANA", two + "PID-5"], ["health_insurance.payer", "LAKES TRUST", two + "IN1-4"],
                   ["health_insurance.group", "G1", two + "IN1-8"], ["health_insurance.member_id", "M55", two + "IN1-36"],
                   ["name.full", "REYES, ANA", two + "GT1-3"]),
            record("message 2 IN1", "subscriber", ["health_insurance.payer", "LAKES TRUST", two + "IN1-4"],
                   ["health_insurance.group", "G1", two + "IN1-8"], ["name.full", "REYES, TOM", two + "IN1-16"],
                   ["date_of_birth.full", "19800101", two + "IN1-18"], ["health_insurance.member_id", "M55", two + "IN1-36"],
                   relations=(("subscriber_of", "message 2 PID"),)),
        ],
        inners=[{"locator": "message 1 OBX 1", "kind": "attachment"}],
    )  # fmt: skip


def _x12(kind: str, *body: str) -> list[str]:
    head = f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'SENDER':<15}*ZZ*{'HUB':<15}*240102*1200*^*00501*000000001*0*P*:"
    return [
        head,
        "GS*HC*S*H*20240102*1200*1*X*005010",
        f"ST*{kind}*0001",
        *body,
        "SE*9*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]


def x12() -> None:
    """A claim of a dependant, an enrolled family, a payment, a file that breaks off, words and unknown segments."""
    claim = _x12(
        "837", "HL*1**20*1", "NM1*85*2*CLINIC*****XX*1234567893", "HL*2*1*22*1", "SBR*P**GRP1******CI",
        "NM1*IL*1*OKONKWO*TOM****MI*M55", "DMG*D8*19800101*M", "NM1*PR*2*LAKES TRUST*****PI*77", "HL*3*2*23*0", "PAT*19",
        "NM1*QC*1*OKONKWO*MARISOL", "N3*12 OAK ST*APT 3", "N4*FARGO*ND*58102", "DMG*D8*20160302*F", "CLM*AC9*120.5",
        "NTE*ADD*FELL OFF A SWING", "HI*ABK:S525*ABF:I10", "NM1*82*1*HOUSE*GREG****XX*1234567893", "LX*1",
        "SV1*HC:99213*120.5*UN*1", "DTP*472*RD8*20240101-20240102", "ZZZ*FOO:BAR",
    )  # fmt: skip
    lines = [one + "~" for one in claim]
    insured = [
        ["health_insurance.group", "GRP1", "segment 7 SBR03"], ["health_insurance.member_id", "M55", "segment 8 NM109"],
        ["health_insurance.payer", "LAKES TRUST", "segment 10 NM103"],
    ]  # fmt: skip
    case(
        "x12", "claim_of_a_dependant", "edi", "~".join([*claim, ""]).encode(),
        parts=[
            text("\n".join(lines[:-2]), "record", label="837 0001"),
            text("FELL OFF A SWING", "section", label="segment 18 NTE"),
            text("ZZZ FOO BAR", "section", label="segment 24 ZZZ"),
            text("\n".join(lines[-2:]), "record"),
        ],
        records=[
            record("segment 6 HL", "subscriber", insured[0], ["name.full", "OKONKWO, TOM", "segment 8 NM103"], insured[1],
                   ["date_of_birth.full", "19800101", "segment 9 DMG02"], insured[2],
                   relations=(("subscriber_of", "segment 11 HL"),)),
            record("segment 11 HL", "patient", ["name.full", "OKONKWO, MARISOL", "segment 13 NM103"],
                   ["address.street", "12 OAK ST APT 3", "segment 14 N301"], ["address.city", "FARGO", "segment 15 N401"],
                   ["address.state", "ND", "segment 15 N402"], ["address.zip", "58102", "segment 15 N403"],
                   ["date_of_birth.full", "20160302", "segment 16 DMG02"],
                   ["patient_account_number.bill", "AC9", "segment 17 CLM01"],
                   ["billing_amount.amount", "120.5", "segment 17 CLM02"], ["diagnosis.code", "S525", "segment 19 HI01"],
                   ["diagnosis.code", "I10", "segment 19 HI02"], ["provider.provider", "GREG HOUSE", "segment 20 NM103"],
                   ["treatment.procedure", "99213", "segment 22 SV101"],
                   ["billing_amount.amount", "120.5", "segment 22 SV102"],
                   ["date_of_service.date", "20240101", "segment 23 DTP03"],
                   ["date_of_service.date", "20240102", "segment 23 DTP03"], *insured),
            record("segment 20 NM1", "provider", ["name.full", "HOUSE, GREG", "segment 20 NM103"]),
        ],
    )  # fmt: skip
    enrolled = _x12(
        "834", "N1*IN*LAKES TRUST", "INS*Y*18*021", "REF*0F*S1", "NM1*IL*1*REYES*ANA****34*899451234", "PER*IP**TE*7015550142",
        "INS*N*19*021", "REF*0F*S1", "NM1*IL*1*REYES*LEO", "NM1*GD*1*REYES*TOM", "HD*021**HLT",
    )  # fmt: skip
    payer = ["health_insurance.payer", "LAKES TRUST", "segment 4 N102"]
    case(
        "x12", "family_by_lines", "834", "\n".join(one + "|" for one in enrolled).replace("*", "+").replace("~", "|").encode(),
        parts=[
            text("\n".join(one.replace("*", "+") + "|" for one in enrolled[:-2]), "record", label="834 0001"),
            text("\n".join(one.replace("*", "+") + "|" for one in enrolled[-2:]), "record"),
        ],
        records=[
            record("segment 5 INS", "subscriber", payer, ["health_insurance.subscriber_id", "S1", "segment 6 REF02"],
                   ["name.full", "REYES, ANA", "segment 7 NM103"], ["ssn.full", "899451234", "segment 7 NM109"],
                   ["phone.phone", "7015550142", "segment 8 PER04"], relations=(("subscriber_of", "segment 9 INS"),)),
            record("segment 9 INS", "dependent", payer, ["health_insurance.subscriber_id", "S1", "segment 10 REF02"],
                   ["name.full", "REYES, LEO", "segment 11 NM103"]),
            record("segment 12 NM1", "other", ["name.full", "REYES, TOM", "segment 12 NM103"],
                   relations=(("guardian_of", "segment 9 INS"),)),
        ],
    )  # fmt: skip
    paid = _x12("835", "CLP*AC9*1*100*80*5*12*ICN7", "NM1*QC*1*TINDALL*BART****MI*M9", "SVC*HC:J1100*100*80")[:-1]
    cut = "~\n".join(paid)[:-3]
    case(
        "x12", "breaks_off", "835", cut.encode(),
        parts=[
            text("\n".join(one + "~" for one in paid[:-1]), "record", label="835 0001"),
            text(paid[-1][:-3] + "~", "record"),
        ],
        records=[
            record("segment 4 CLP", "patient", ["patient_account_number.bill", "AC9", "segment 4 CLP01"],
                   ["patient_account_number.claim", "ICN7", "segment 4 CLP07"], ["billing_amount.amount", "100", "segment 4 CLP03"],
                   ["billing_amount.amount", "80", "segment 4 CLP04"], ["billing_amount.amount", "5", "segment 4 CLP05"],
                   ["name.full", "TINDALL, BART", "segment 5 NM103"], ["health_insurance.member_id", "M9", "segment 5 NM109"],
                   ["treatment.procedure", "J1100", "segment 6 SVC01"], ["billing_amount.amount", "100", "segment 6 SVC02"],
                   ["billing_amount.amount", "80", "segment 6 SVC03"]),
        ],
        faults=[{"code": "truncated"}],
    )  # fmt: skip


def fhir() -> None:
    """A bundle whose condition stands before its patient, resources a line each, and XML."""
    patient = {
        "resourceType": "Patient", "id": "p1", "name": [{"family": "Okonkwo", "given": ["Marisol", "L"]}], "birthDate": "1984-03-02",
        "contact": [{"name": {"text": "Tom Okonkwo"}, "telecom": [{"system": "phone", "value": "701-555-0143"}]}],
    }  # fmt: skip
    condition = {
        "resourceType": "Condition", "subject": {"reference": "urn:uuid:1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20", "display": "Opioid dependence"}]},
        "verificationStatus": {"coding": [{"code": "refuted"}]}, "note": [{"text": "Her brother drinks"}],
    }  # fmt: skip
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": condition}, {"fullUrl": "urn:uuid:1", "resource": patient}],
    }
    said = [
        "Condition.subject.reference: urn:uuid:1", "Condition.code.code: F11.20", "Condition.code: Opioid dependence",
        "Condition.code.coding.system: http://hl7.org/fhir/sid/icd-10-cm", "Condition.verificationStatus.coding.code: refuted",
        "Condition.note: Her brother drinks", "Patient.id: p1", "Patient.name: Marisol L Okonkwo", "Patient.birthDate: 1984-03-02",
        "Patient.contact.name: Tom Okonkwo", "Patient.contact.telecom: 701-555-0143", "Patient.contact.telecom.system: phone",
    ]  # fmt: skip
    first, second = "entry 1 Condition.", "entry 2 Patient."
    case(
        "fhir", "bundle", "json", json.dumps(bundle).encode(),
        parts=[text("\n".join(said) + "\n", "record"), text("Her brother drinks", "section", label=first + "note")],
        records=[
            record("Patient/p1", "patient", ["diagnosis.code", "F11.20", first + "code", "", "negated"],
                   ["diagnosis.words", "Opioid dependence", first + "code", "", "negated"],
                   ["name.full", "Okonkwo, Marisol L", second + "name"], ["date_of_birth.full", "1984-03-02", second + "birthDate"]),
            record("Patient/p1 contact 1", "emergency_contact", ["name.full", "Tom Okonkwo", second + "contact.name"],
                   ["phone.phone", "701-555-0143", second + "contact.telecom"], relations=(("contact_of", "Patient/p1"),)),
        ],
    )  # fmt: skip
    coverage = {"resourceType": "Coverage", "id": "c", "subscriberId": "M55", "beneficiary": {"reference": "Patient/7"},
                "payor": [{"display": "Lakes Trust"}]}  # fmt: skip
    kin = {
        "resourceType": "FamilyMemberHistory",
        "patient": {"reference": "Patient/7"},
        "name": "Uncle",
        "note": [{"text": "cancer"}],
    }
    case(
        "fhir", "by_line", "ndjson", f"{json.dumps(coverage)}\n{{broken\n{json.dumps(kin)}\n".encode(),
        parts=[
            text("Coverage.id: c\nCoverage.subscriberId: M55\nCoverage.beneficiary.reference: Patient/7\nCoverage.payor: Lakes Trust\n", "record"),
            text("FamilyMemberHistory.resourceType: FamilyMemberHistory\nFamilyMemberHistory.patient.reference: Patient/7\n"
                 "FamilyMemberHistory.name: Uncle\nFamilyMemberHistory.note.text: cancer\n", "family_history",
                 label="line 3 FamilyMemberHistory"),
            text("{broken\n", "section", label="lines that are no resources"),
        ],
        records=[
            record("Patient/7", "patient", ["health_insurance.member_id", "M55", "line 1 Coverage.subscriberId"],
                   ["health_insurance.payer", "Lakes Trust", "line 1 Coverage.payor"]),
        ],
        faults=[{"code": "skipped_row", "detail": "1 lines: 2"}],
    )  # fmt: skip
    xml = (
        '<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir"><id value="x"/><identifier><type><coding><code value="MR"/></coding></type>'
        '<value value="0042"/></identifier><name><family value="Vasquez"/><given value="Eluned"/></name></Patient>'
    )
    case(
        "fhir", "xml", "xml", xml.encode(),
        parts=[text("Patient.id: x\nPatient.identifier: 0042\nPatient.identifier.type.coding.code: MR\nPatient.name: Eluned Vasquez\n", "record")],
        records=[record("Patient/x", "patient", ["medical_record_number.mrn", "0042", "Patient.identifier"],
                        ["name.full", "Vasquez, Eluned", "Patient.name"])],
    )  # fmt: skip


def ccda() -> None:
    """A document with a guardian, a table of problems, an entry, free narrative, and a family's history."""
    section = "<component><section><code code='{}'/><title>{}</title><text>{}</text>{}</section></component>"
    entry = (
        "<entry><act><entryRelationship><observation negationInd='false'><value code='59621000' displayName='Hypertension'>"
        "<translation code='I10' codeSystem='2.16.840.1.113883.6.90'/></value></observation></entryRelationship></act></entry>"
    )
    body = (
        section.format("11450-4", "Problems", "<table><thead><tr><th>Problem</th><th>ICD-10 Code</th><th>Note</th></tr></thead>"
                       "<tbody><tr><td>Opioid dependence</td><td>F11.20</td><td>seen by her aunt</td></tr></tbody></table>", entry)
        + section.format("29762-2", "Social History", "<paragraph>Smokes, lives with <content>Tom</content></paragraph>", "")
        + section.format("10157-6", "Family History", "<list><item>Mother: diabetes</item></list>", "")
    )  # fmt: skip
    document = (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title><recordTarget><patientRole>'
        '<id root="1.2.3" extension="0042"/><id root="2.16.840.1.113883.4.1" extension="899-45-1234"/><telecom value="tel:701-555-0142"/>'
        "<patient><name><given>Marisol</given><family>Okonkwo</family></name><birthTime value='19840302'/>"
        "<guardian><guardianPerson><name><given>Tom</given><family>Okonkwo</family></name></guardianPerson></guardian>"
        "</patient></patientRole></recordTarget><author><assignedAuthor><assignedPerson><name><given>Greg</given>"
        "<family>House</family></name></assignedPerson></assignedAuthor></author>"
        f"<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"
    )
    role = "recordTarget.patientRole."
    header = [
        "title: Summary", role + "id: 0042", role + "id: 899-45-1234", role + "telecom: tel:701-555-0142",
        role + "patient.name: Marisol Okonkwo", role + "patient.birthTime: 19840302",
        role + "patient.guardian.guardianPerson.name: Tom Okonkwo", "author.assignedAuthor.assignedPerson.name: Greg House",
    ]  # fmt: skip
    problems = [
        "Problems row 1: Problem | ICD-10 Code | Note", "Problems row 2 Problem: Opioid dependence", "Problems row 2 ICD-10 Code: F11.20",
        "Problems row 2 Note: seen by her aunt", "Problems entry 1: Hypertension", "Problems entry 1 code: I10",
    ]  # fmt: skip
    case(
        "ccda", "summary", "xml", document.encode(),
        parts=[
            text("\n".join(header) + "\n", "record", label="header"), text("\n".join(problems) + "\n", "record", label="Problems"),
            text("seen by her aunt", "section", label="Problems"), text("Smokes, lives with Tom", "section", label="Social History"),
            text("Mother: diabetes", "family_history", label="Family History"),
        ],
        records=[
            record("recordTarget", "patient", ["medical_record_number.mrn", "0042", role + "id", "1.2.3", "asserted"],
                   ["ssn.full", "899-45-1234", role + "id"], ["phone.phone", "701-555-0142", role + "telecom"],
                   ["name.full", "Okonkwo, Marisol", role + "patient.name"], ["date_of_birth.full", "19840302", role + "patient.birthTime"]),
            record("guardian 1", "emergency_contact", ["name.full", "Okonkwo, Tom", role + "patient.guardian.guardianPerson.name"],
                   relations=(("guardian_of", "recordTarget"),)),
            record("assignedAuthor 1", "provider", ["name.full", "House, Greg", "author.assignedAuthor.assignedPerson.name"]),
            record("recordTarget", "patient", ["diagnosis.words", "Opioid dependence", "Problems row 2"],
                   ["diagnosis.code", "F11.20", "Problems row 2"], ["diagnosis.words", "Hypertension", "Problems entry 1"],
                   ["diagnosis.code", "I10", "Problems entry 1"]),
        ],
    )  # fmt: skip


def dicom() -> None:
    """A captured picture with a comment, a private element and a responsible person."""
    import io

    import numpy as np
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    image = Dataset()
    image.file_meta = meta
    for keyword, value in {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "SOPInstanceUID": "1.2.3", "Modality": "OT", "StudyDate": "20240102",
        "PatientName": "OKONKWO^MARISOL^L", "PatientID": "0042", "IssuerOfPatientID": "RIV", "PatientBirthDate": "19840302",
        "PatientComments": "fell", "ResponsiblePerson": "OKONKWO^TOM", "ResponsiblePersonRole": "GUARDIAN", "Rows": 4, "Columns": 6,
        "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "BitsAllocated": 8, "BitsStored": 8, "HighBit": 7,
        "PixelRepresentation": 0, "PixelData": np.arange(24, dtype=np.uint8).tobytes(),
    }.items():  # fmt: skip
        setattr(image, keyword, value)
    out = io.BytesIO()
    image.save_as(out, enforce_file_format=True)
    lines = [
        "SOPClassUID: 1.2.840.10008.5.1.4.1.1.7", "SOPInstanceUID: 1.2.3", "StudyDate: 20240102", "Modality: OT",
        "PatientName: OKONKWO^MARISOL^L", "PatientID: 0042", "IssuerOfPatientID: RIV", "PatientBirthDate: 19840302",
        "ResponsiblePerson: OKONKWO^TOM", "ResponsiblePersonRole: GUARDIAN", "PatientComments: fell",
        "PhotometricInterpretation: MONOCHROME2",
    ]  # fmt: skip
    case(
        "dicom", "captured", "dcm", out.getvalue(),
        parts=[text("\n".join(lines) + "\n", "record", label="header"), text("fell", "section", label="PatientComments")],
        records=[
            record("PatientName", "patient", ["date_of_service.date", "20240102", "StudyDate"],
                   ["name.full", "OKONKWO, MARISOL L", "PatientName"],
                   ["medical_record_number.mrn", "0042", "PatientID", "RIV", "asserted"],
                   ["date_of_birth.full", "19840302", "PatientBirthDate"]),
            record("ResponsiblePerson", "other", ["name.full", "OKONKWO, TOM", "ResponsiblePerson"],
                   relations=(("guardian_of", "PatientName"),)),
        ],
        inners=[{"locator": "page 1", "kind": "page"}],
    )  # fmt: skip


def cards() -> None:
    """Two cards of different versions, and an appointment."""
    lines = [
        "BEGIN:VCARD", "VERSION:3.0", "N:Okonkwo;Marisol;L;;", "FN:Marisol Okonkwo", "TEL;TYPE=HOME:701-555-0142",
        "ADR;TYPE=HOME:;;12 Oak St;Fargo;ND;58102;USA", "BDAY:1984-03-02", "NOTE:MRN 0042", "END:VCARD",
        "BEGIN:VCARD", "VERSION:2.1", "FN:Tom Okonkwo", "no line of a card", "END:VCARD",
    ]  # fmt: skip
    said = [
        "card 1 N: Marisol L Okonkwo", "card 1 FN: Marisol Okonkwo", "card 1 TEL: 701-555-0142", "card 1 ADR: 12 Oak St",
        "card 1 ADR city: Fargo", "card 1 ADR state: ND", "card 1 ADR zip: 58102", "card 1 BDAY: 1984-03-02", "card 1 NOTE: MRN 0042",
        "card 2 FN: Tom Okonkwo",
    ]  # fmt: skip
    case(
        "vcard", "two_cards", "vcf", "\r\n".join([*lines, ""]).encode(),
        parts=[
            text("\n".join(said) + "\n", "record"), text("MRN 0042", "section", label="card 1 NOTE"),
            text("no line of a card", "section", label="card 2"),
        ],
        records=[
            record("card 1", "correspondent", ["name.full", "Okonkwo, Marisol L", "card 1 N"], ["phone.phone", "701-555-0142", "card 1 TEL"],
                   ["address.street", "12 Oak St", "card 1 ADR"], ["address.city", "Fargo", "card 1 ADR"], ["address.state", "ND", "card 1 ADR"],
                   ["address.zip", "58102", "card 1 ADR"], ["date_of_birth.full", "1984-03-02", "card 1 BDAY"]),
            record("card 2", "correspondent", ["name.full", "Tom Okonkwo", "card 2 FN"]),
        ],
        faults=[{"code": "defect"}],
    )  # fmt: skip
    event = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "SUMMARY:Marisol Okonkwo\\, intake", "DESCRIPTION:born 3/2/84\\n",
        " MRN 0042", "ATTENDEE;CN=Greg House:mailto:greg@clinic.example", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    case(
        "ics", "appointment", "ics", "\r\n".join([*event, ""]).encode(),
        parts=[
            text("Marisol Okonkwo, intake", "subject"), text("born 3/2/84\nMRN 0042", "body"),
            text("To: Greg House <greg@clinic.example>", "header"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    for make in (hl7, x12, fhir, ccda, dicom, cards):
        make()

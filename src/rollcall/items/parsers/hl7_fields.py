"""What stands in which field of an HL7 version 2 message, and whose it is.

From HL7 v2.5.1, chapters 3 (patient administration: PID, PD1, NK1, PV1, PV2, MRG, AL1), 4 (orders, pharmacy: ORC, RXO,
RXE, RXD, RXA), 6 (finance: GT1, IN1, IN2, DG1, PR1, FT1, ACC), 7 (observations: OBR, OBX), 9 (TXA) and 10 (scheduling);
fields of older and newer versions have the same numbers. A field that is not named here holds nothing of a person that
the list asks for (codes of the house, clocks, locations).

Columns: field, how it is written, whose it is, what it is.
  name XPN, address XAD, reach XTN, id CX, day TS or DR, code CE or CWE, clinician XCN or CN, payer XON, number ST or
  NM, words ST, amount CP; note: free text, read by the general rules.
  insured and guarantor are people of their own unless the segment says "self"; coverage is the patient's and insured's.
"""

_TABLE = """
PID-2   id        patient   medical_record_number.mrn
PID-3   id        patient   medical_record_number.mrn
PID-4   id        patient   medical_record_number.mrn
PID-5   name      patient   name.full
PID-6   maiden    patient   mothers_maiden_name.name
PID-7   day       patient   date_of_birth.full
PID-9   name      patient   name.full
PID-11  address   patient   address.street
PID-13  reach     patient   phone.phone
PID-14  reach     patient   phone.phone
PID-18  id        patient   patient_account_number.bill
PID-19  number    patient   ssn.full
PID-20  id        patient   drivers_license.licence
PID-21  id        mother    medical_record_number.mrn
PID-29  day       patient   date_of_death.date
PID-40  reach     patient   phone.phone
PD1-4   clinician patient   provider.provider
NK1-2   name      contact   name.full
NK1-4   address   contact   address.street
NK1-5   reach     contact   phone.phone
NK1-6   reach     contact   phone.phone
NK1-16  day       contact   date_of_birth.full
NK1-30  name      contact   name.full
NK1-31  reach     contact   phone.phone
NK1-32  address   contact   address.street
NK1-33  id        contact   medical_record_number.mrn
NK1-37  number    contact   ssn.full
NK1-40  reach     contact   phone.phone
GT1-2   id        guarantor patient_account_number.guarantor_account
GT1-3   name      guarantor name.full
GT1-5   address   guarantor address.street
GT1-6   reach     guarantor phone.phone
GT1-7   reach     guarantor phone.phone
GT1-8   day       guarantor date_of_birth.full
GT1-12  number    guarantor ssn.full
GT1-19  id        guarantor other_id.employee
IN1-4   payer     coverage  health_insurance.payer
IN1-8   number    coverage  health_insurance.group
IN1-10  id        insured   other_id.employee
IN1-16  name      insured   name.full
IN1-18  day       insured   date_of_birth.full
IN1-19  address   insured   address.street
IN1-36  number    coverage  health_insurance.member_id
IN1-49  id        coverage  health_insurance.member_id
IN2-1   id        insured   other_id.employee
IN2-2   number    insured   ssn.full
IN2-6   number    coverage  health_insurance.mbi
IN2-8   number    coverage  health_insurance.medicaid_id
IN2-10  number    coverage  military_id.military_id
IN2-26  number    coverage  health_insurance.member_id
IN2-40  maiden    insured   mothers_maiden_name.name
IN2-61  id        coverage  health_insurance.member_id
IN2-63  reach     insured   phone.phone
PV1-7   clinician patient   provider.provider
PV1-8   clinician patient   provider.provider
PV1-9   clinician patient   provider.provider
PV1-17  clinician patient   provider.provider
PV1-19  id        patient   patient_account_number.visit
PV1-44  day       patient   date_of_service.date
PV1-45  day       patient   date_of_service.date
PV1-50  id        patient   patient_account_number.visit
PV1-52  clinician patient   provider.provider
PV2-3   code      patient   diagnosis.words
PV2-8   day       patient   date_of_service.date
PV2-12  note      patient
DG1-3   code      patient   diagnosis.words
DG1-4   words     patient   diagnosis.words
DG1-5   day       patient   date_of_service.date
DG1-16  clinician patient   provider.provider
PR1-3   code      patient   treatment.procedure
PR1-4   words     patient   treatment.procedure
PR1-5   day       patient   date_of_service.date
PR1-8   clinician patient   provider.provider
PR1-11  clinician patient   provider.provider
PR1-12  clinician patient   provider.provider
AL1-3   code      patient   diagnosis.words
AL1-5   note      patient
OBR-4   code      patient   treatment.service
OBR-7   day       patient   date_of_service.date
OBR-13  note      patient
OBR-16  clinician patient   provider.provider
OBR-31  code      patient   diagnosis.words
OBX-3   code      patient   treatment.lab_result
OBX-5   result    patient   treatment.lab_result
OBX-14  day       patient   date_of_service.date
RXO-1   code      patient   medication.drug
RXO-6   code      patient   medication.drug
RXE-2   code      patient   medication.drug
RXE-21  note      patient
RXD-2   code      patient   medication.drug
RXD-3   day       patient   date_of_service.date
RXA-3   day       patient   date_of_service.date
RXA-5   code      patient   medication.drug
RXA-9   note      patient
ORC-12  clinician patient   provider.provider
FT1-4   day       patient   date_of_service.date
FT1-7   code      patient   treatment.procedure
FT1-8   words     patient   treatment.procedure
FT1-9   note      patient
FT1-11  amount    patient   billing_amount.amount
FT1-19  code      patient   diagnosis.words
FT1-20  clinician patient   provider.provider
FT1-25  code      patient   treatment.procedure
ACC-1   day       patient   date_of_service.date
ACC-5   note      patient
MRG-1   id        patient   medical_record_number.mrn
MRG-3   id        patient   patient_account_number.bill
MRG-4   id        patient   medical_record_number.mrn
MRG-7   name      patient   name.full
SCH-11  timing    patient   date_of_service.date
AIS-3   code      patient   treatment.service
AIS-4   day       patient   date_of_service.date
AIP-3   clinician patient   provider.provider
ROL-4   clinician patient   provider.provider
PRB-3   code      patient   diagnosis.words
PRB-7   day       patient   date_of_service.date
TXA-4   day       patient   date_of_service.date
TXA-9   clinician patient   provider.provider
NTE-3   note      patient
"""

# segment -> (number of the field, how it is written, whose, what)
FIELDS: dict[str, list[tuple[int, str, str, str]]] = {}
for _line in _TABLE.split("\n"):
    if _line:
        _where, _kind, _whose, *_what = _line.split()
        _segment, _, _number = _where.partition("-")
        FIELDS.setdefault(_segment, []).append((int(_number), _kind, _whose, _what[0] if _what else ""))

# Segments whose fields say nothing of a person.
SILENT = frozenset(
    ("MSH", "FHS", "BHS", "BTS", "FTS", "EVN", "MSA", "SFT", "UAC", "TQ1", "TQ2", "SPM", "RXR", "RGS", "AIL", "AIG",
     "APR", "UB1", "UB2", "BLG", "CTI", "DSC", "QAK", "RCP")
)  # fmt: skip
# HL7 table 0203: what kind of identifier a CX is.
ID_TYPES = {
    "SS": "ssn.full", "SSN": "ssn.full", "DL": "drivers_license.licence", "PPN": "passport.passport",
    "MI": "military_id.military_id", "AN": "patient_account_number.bill", "VN": "patient_account_number.visit",
    "MC": "health_insurance.mbi", "MCR": "health_insurance.mbi", "MA": "health_insurance.medicaid_id",
    "MCD": "health_insurance.medicaid_id", "HC": "health_insurance.member_id", "MB": "health_insurance.member_id",
    "SN": "health_insurance.subscriber_id", "SB": "ssn.full", "TAX": "tax_id.itin", "EI": "other_id.employee",
    "EN": "other_id.employee", "PN": "other_id.employee", "BA": "financial_account.account",
    "MR": "medical_record_number.mrn", "PI": "medical_record_number.mrn", "PT": "medical_record_number.mrn",
    "MRN": "medical_record_number.mrn", "EPI": "medical_record_number.mrn",
}  # fmt: skip
# HL7 tables 0063 and 0344 as systems fill them: the insured or guarantor is the patient.
SELF = frozenset(("SEL", "SELF", "SE", "S", "18", "PATIENT", "PT"))
GUARDIANS = frozenset(("GRD", "GUA", "GD", "LGR", "FCP", "26"))
CODES_OF_DISEASES = ("I9", "I10", "ICD", "I9C", "I10C")

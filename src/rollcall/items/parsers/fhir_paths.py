"""Which element of a FHIR resource says what of a person.

From HL7 FHIR R4 (v4.0.1), the definitions of the resources; R5 names that differ stand beside them. What is not named
here is kept as text; words somebody wrote go to the general rules.

Columns: path, how it is written, what it is.
  name HumanName, reach ContactPoint, address Address, id Identifier, day date or dateTime, period Period, code
  CodeableConcept (also where it stands in a Reference or CodeableReference), text string, money Money, provider or
  payer Reference to one, file Attachment, note Annotation or string.
"""

_TABLE = """
Patient.identifier                        id       medical_record_number.mrn
Patient.name                              name     name.full
Patient.telecom                           reach    phone.phone
Patient.birthDate                         day      date_of_birth.full
Patient.deceasedDateTime                  day      date_of_death.date
Patient.address                           address  address.street
Patient.photo                             file
Patient.generalPractitioner               provider provider.provider
RelatedPerson.identifier                  id       medical_record_number.mrn
RelatedPerson.name                        name     name.full
RelatedPerson.telecom                     reach    phone.phone
RelatedPerson.birthDate                   day      date_of_birth.full
RelatedPerson.address                     address  address.street
Person.identifier                         id       medical_record_number.mrn
Person.name                               name     name.full
Person.telecom                            reach    phone.phone
Person.birthDate                          day      date_of_birth.full
Person.address                            address  address.street
Practitioner.name                         name     name.full
Coverage.identifier                       id       health_insurance.member_id
Coverage.subscriberId                     text     health_insurance.member_id
Coverage.payor                            payer    health_insurance.payer
Coverage.insurer                          payer    health_insurance.payer
Condition.code                            code     diagnosis.words
Condition.asserter                        provider provider.provider
Condition.note                            note
Observation.code                          code     treatment.lab_result
Observation.effectiveDateTime             day      date_of_service.date
Observation.effectivePeriod               period   date_of_service.date
Observation.valueCodeableConcept          code     treatment.lab_result
Observation.performer                     provider provider.provider
Observation.valueString                   note
Observation.note                          note
MedicationRequest.medicationCodeableConcept code   medication.drug
MedicationRequest.medication              code     medication.drug
MedicationRequest.medicationReference     code     medication.drug
MedicationRequest.requester               provider provider.provider
MedicationRequest.reasonCode              code     diagnosis.words
MedicationRequest.note                    note
MedicationStatement.medicationCodeableConcept code medication.drug
MedicationStatement.medication            code     medication.drug
MedicationStatement.medicationReference   code     medication.drug
MedicationStatement.reasonCode            code     diagnosis.words
MedicationStatement.note                  note
MedicationDispense.medicationCodeableConcept code  medication.drug
MedicationDispense.medicationReference    code     medication.drug
MedicationDispense.whenHandedOver         day      date_of_service.date
MedicationAdministration.medicationCodeableConcept code medication.drug
MedicationAdministration.medicationReference code  medication.drug
MedicationAdministration.effectiveDateTime day     date_of_service.date
MedicationAdministration.effectivePeriod  period   date_of_service.date
Procedure.code                            code     treatment.procedure
Procedure.performedDateTime               day      date_of_service.date
Procedure.performedPeriod                 period   date_of_service.date
Procedure.occurrenceDateTime              day      date_of_service.date
Procedure.performer.actor                 provider provider.provider
Procedure.reasonCode                      code     diagnosis.words
Procedure.note                            note
ServiceRequest.code                       code     treatment.service
ServiceRequest.occurrenceDateTime         day      date_of_service.date
ServiceRequest.requester                  provider provider.provider
ServiceRequest.reasonCode                 code     diagnosis.words
ServiceRequest.note                       note
Encounter.identifier                      id       patient_account_number.encounter
Encounter.type                            code     treatment.service
Encounter.period                          period   date_of_service.date
Encounter.actualPeriod                    period   date_of_service.date
Encounter.reasonCode                      code     diagnosis.words
Encounter.participant.individual          provider provider.provider
Encounter.participant.actor               provider provider.provider
Account.identifier                        id       patient_account_number.bill
Account.servicePeriod                     period   date_of_service.date
Appointment.start                         day      date_of_service.date
Appointment.serviceType                   code     treatment.service
Appointment.reasonCode                    code     diagnosis.words
Appointment.description                   note
Appointment.comment                       note
Claim.identifier                          id       patient_account_number.claim
Claim.billablePeriod                      period   date_of_service.date
Claim.insurer                             payer    health_insurance.payer
Claim.provider                            provider provider.provider
Claim.careTeam.provider                   provider provider.provider
Claim.diagnosis.diagnosisCodeableConcept  code     diagnosis.words
Claim.procedure.procedureCodeableConcept  code     treatment.procedure
Claim.procedure.date                      day      date_of_service.date
Claim.item.productOrService               code     treatment.procedure
Claim.item.servicedDate                   day      date_of_service.date
Claim.item.servicedPeriod                 period   date_of_service.date
Claim.item.net                            money    billing_amount.amount
Claim.total                               money    billing_amount.amount
ExplanationOfBenefit.identifier           id       patient_account_number.claim
ExplanationOfBenefit.billablePeriod       period   date_of_service.date
ExplanationOfBenefit.insurer              payer    health_insurance.payer
ExplanationOfBenefit.provider             provider provider.provider
ExplanationOfBenefit.careTeam.provider    provider provider.provider
ExplanationOfBenefit.diagnosis.diagnosisCodeableConcept code diagnosis.words
ExplanationOfBenefit.procedure.procedureCodeableConcept code treatment.procedure
ExplanationOfBenefit.procedure.date       day      date_of_service.date
ExplanationOfBenefit.item.productOrService code    treatment.procedure
ExplanationOfBenefit.item.servicedDate    day      date_of_service.date
ExplanationOfBenefit.item.servicedPeriod  period   date_of_service.date
ExplanationOfBenefit.item.net             money    billing_amount.amount
ExplanationOfBenefit.total.amount         money    billing_amount.amount
ExplanationOfBenefit.payment.amount       money    billing_amount.amount
Immunization.vaccineCode                  code     medication.drug
Immunization.occurrenceDateTime           day      date_of_service.date
Immunization.performer.actor              provider provider.provider
Immunization.note                         note
AllergyIntolerance.code                   code     diagnosis.words
AllergyIntolerance.reaction.manifestation code     diagnosis.words
AllergyIntolerance.note                   note
DiagnosticReport.code                     code     treatment.lab_result
DiagnosticReport.effectiveDateTime        day      date_of_service.date
DiagnosticReport.effectivePeriod          period   date_of_service.date
DiagnosticReport.performer                provider provider.provider
DiagnosticReport.conclusion               note
DiagnosticReport.conclusionCode           code     diagnosis.words
DiagnosticReport.presentedForm            file
DocumentReference.description             note
DocumentReference.content.attachment      file
DocumentReference.context.period          period   date_of_service.date
Media.content                             file
Binary                                    file
"""

PATHS: dict[str, tuple[str, str]] = {}  # path -> (how it is written, what it is)
for _line in _TABLE.split("\n"):
    if _line:
        _path, _kind, *_what = _line.split()
        PATHS[_path] = (_kind, _what[0] if _what else "")
KNOWN = frozenset(path.partition(".")[0] for path in PATHS) | {"Bundle", "Organization", "Location", "Medication"}

# Elements that refer to whom a resource is about, in the order they are asked.
OWNERS = ("beneficiary", "patient", "subject", "for", "individual")
# Whose own data a resource is.
PEOPLE = {"Patient": "patient", "RelatedPerson": "emergency_contact", "Practitioner": "provider", "Person": "other"}

# Identifier.type (HL7 table 0203) is read as in HL7 version 2; where it is missing, Identifier.system tells.
SYSTEMS = {
    "http://hl7.org/fhir/sid/us-ssn": "ssn.full", "urn:oid:2.16.840.1.113883.4.1": "ssn.full",
    "http://hl7.org/fhir/sid/us-medicare": "health_insurance.mbi",
    "http://hl7.org/fhir/sid/us-mbi": "health_insurance.mbi",
    "urn:oid:2.16.840.1.113883.4.572": "health_insurance.hicn",
    "urn:oid:2.16.840.1.113883.4.927": "health_insurance.mbi",
}  # fmt: skip
LICENCES = "urn:oid:2.16.840.1.113883.4.3."  # driver's licences: the state's number follows
STATES_OF_LICENCES = {
    "1": "AL", "2": "AK", "4": "AZ", "5": "AR", "6": "CA", "8": "CO", "9": "CT", "10": "DE", "11": "DC", "12": "FL",
    "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA", "20": "KS", "21": "KY", "22": "LA",
    "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN", "28": "MS", "29": "MO", "30": "MT", "31": "NE",
    "32": "NV", "33": "NH", "34": "NJ", "35": "NM", "36": "NY", "37": "NC", "38": "ND", "39": "OH", "40": "OK",
    "41": "OR", "42": "PA", "44": "RI", "45": "SC", "46": "SD", "47": "TN", "48": "TX", "49": "UT", "50": "VT",
    "51": "VA", "53": "WA", "54": "WV", "55": "WI", "56": "WY",
}  # fmt: skip
DISEASES = ("icd-10", "icd-9", "icd10", "icd9", "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.103")
BILLED = ("cpt", "hcpcs", "cdt", "icd-10-pcs", "2.16.840.1.113883.6.12", "2.16.840.1.113883.6.285")
MAIDEN = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"
NEGATED = frozenset(("refuted", "entered-in-error"))
GUARDIANS = frozenset(("GUARD", "GUADLTM", "POWATT", "HPOWATT", "DPOWATT"))  # v3 RoleCode

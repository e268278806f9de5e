"""What the sections of a C-CDA document say of a patient, by LOINC code of the section.

From HL7 Implementation Guide for CDA Release 2: Consolidated CDA Templates, release 2.1. A column of a narrative table
is known by its heading and the section it stands in; a coded entry by its section and the kind of its statement.
"""

KINDS = {
    **dict.fromkeys(("11450-4", "46241-6", "11535-2", "10219-4", "10218-6", "59768-2", "11348-0", "29308-4", "75310-3",
                     "59769-0", "55109-3"), "diagnoses"),
    **dict.fromkeys(("10160-0", "29549-3", "10183-2", "42346-7", "75311-1"), "medications"),
    "11369-6": "immunizations",
    "48765-2": "allergies",
    **dict.fromkeys(("47519-4", "29554-3", "46264-8"), "procedures"),
    "30954-2": "results",
    "8716-3": "vitals",
    "46240-8": "encounters",
    "48768-6": "payers",
    "10157-6": "family",
}  # fmt: skip

_DATES = "start, end, performed, time, administered, collected, measured, period, date, dates"
_DOCTORS = "provider, performer, surgeon, physician, attending, performed by, clinician, prescriber, attending provider"
_WORDS = {
    "diagnoses": {
        "diagnosis.words": "problem, problems, name, condition, diagnosis, description, finding, indication, concern, "
        "problem name, condition name, problem description, diagnosis description, health concern",
        "diagnosis.code": "code, icd, icd code, icd 10, icd 10 code, icd10, icd 9, icd 9 code, diagnosis code",
    },
    "medications": {
        "medication.drug": "medication, medications, drug, name, medicine, medication name, product, brand name"
    },
    "immunizations": {"medication.drug": "vaccine, immunization, vaccination, name, vaccine name"},
    "allergies": {"diagnosis.words": "substance, allergen, allergy, name, reaction, reactions, allergies"},
    "procedures": {
        "treatment.procedure": "procedure, procedures, name, description, service, test, code, cpt, cpt code, hcpcs"
    },
    "results": {"treatment.lab_result": "test, component, name, lab, result name, result type, description, lab test"},
    "vitals": {"treatment.vital": "vital, vitals, vital sign, vital signs, name, measurement"},
    "encounters": {
        "treatment.service": "encounter, visit, type, encounter type, visit type, reason, description",
        "diagnosis.words": "diagnosis, diagnoses, encounter diagnosis",
    },
    "payers": {
        "health_insurance.payer": "payer, payer name, plan, insurance, insurance company, insurance plan, plan name",
        "health_insurance.member_id": "policy, policy id, policy number, member id, member number, subscriber id, id",
        "health_insurance.group": "group, group number, group id, group name",
    },
}
# kind of section -> heading of a column -> what stands below
COLUMNS: dict[str, dict[str, str]] = {
    kind: {heading.strip(): what for what, words in named.items() for heading in words.split(",")}
    | {heading.strip(): "provider.provider" for heading in _DOCTORS.split(",")}
    # When a problem began or a contract runs is no visit.
    | ({} if kind in ("diagnoses", "allergies", "payers")
       else {heading.strip(): "date_of_service.date" for heading in _DATES.split(",")})
    for kind, named in _WORDS.items()
}  # fmt: skip

# kind of section -> (path to what the statement is of, below it; what that is), for statements not inside another one.
ENTRIES = {
    "diagnoses": (("observation", "value", "diagnosis.words"),),
    "medications": (("substanceAdministration", "consumable//manufacturedMaterial/code", "medication.drug"),),
    "immunizations": (("substanceAdministration", "consumable//manufacturedMaterial/code", "medication.drug"),),
    "allergies": (("observation", "participant//playingEntity/code", "diagnosis.words"),),
    "procedures": tuple((name, "code", "treatment.procedure") for name in ("procedure", "observation", "act")),
    "results": tuple((name, "code", "treatment.lab_result") for name in ("organizer", "observation")),
    "vitals": (("observation", "code", "treatment.vital"),),
    "encounters": (
        ("encounter", "code", "treatment.service"),
        ("encounter", "entryRelationship/act//observation/value", "diagnosis.words"),
        ("encounter", "entryRelationship/observation/value", "diagnosis.words"),
    ),
}
DATED = frozenset(("immunizations", "procedures", "results", "vitals", "encounters"))  # their time is a visit's

# Roots of identifiers (OIDs) that are not record numbers of the house.
ROOTS = {
    "2.16.840.1.113883.4.1": "ssn.full",
    "2.16.840.1.113883.4.572": "health_insurance.hicn",
    "2.16.840.1.113883.4.927": "health_insurance.mbi",
    "2.16.840.1.113883.4.3": "drivers_license.licence",
    "2.16.840.1.113883.4.6": "",  # NPI: a clinician's
}
CODES_OF_DISEASES = ("2.16.840.1.113883.6.90", "2.16.840.1.113883.6.103", "2.16.840.1.113883.6.3")
CODES_OF_BILLS = ("2.16.840.1.113883.6.12", "2.16.840.1.113883.6.285", "2.16.840.1.113883.6.4",
                  "2.16.840.1.113883.6.104", "2.16.840.1.113883.6.69")  # fmt: skip
CODES_OF_PROVIDERS = "2.16.840.1.113883.6.101"  # NUCC Health Care Provider Taxonomy
# Elements of the header that hold a person, and what they are to the patient ("" a clinician or clerk).
PEOPLE = {
    "guardian": "guardian_of", "relatedEntity": "contact_of", "associatedEntity": "contact_of", "assignedAuthor": "",
    "assignedEntity": "", "intendedRecipient": "", "encounterParticipant": "",
}  # fmt: skip
# HL7 RoleClass of who takes part: what they are to the patient.
CLASSES = {"GUARD": "guardian_of", "GUAR": "guarantor_of", "PRS": "contact_of", "NOK": "contact_of",
           "ECON": "contact_of", "CAREGIVER": "contact_of", "POLHOLD": "subscriber_of", "PAYOR": "", "PROV": "",
           "ASSIGNED": "", "QUAL": "", "SDLOC": ""}  # fmt: skip
# Roles of those who are to the patient what the key says; all others are contacts.
RELATED = {"guarantor_of": "guarantor", "subscriber_of": "subscriber"}
TREATING = frozenset(("performer", "encounterParticipant", "responsibleParty", "attender"))

"""What the qualifiers of X12 health care transactions stand for, and whose it is what they qualify.

From the ASC X12 implementation guides, release 005010: X222 (837 professional), X223 (837 institutional), X224 (837
dental), X221 (835), X220 (834), X279 (270, 271), X212 (276, 277), X217 (278), X218 (820). Codes and qualifiers are
facts of the format; what is not named here says nothing of a person (numbers of control, of partners, of providers).
"""

# NM101: who an entity is to the claim, inquiry or enrolment. "same" adds to whoever was named before.
ENTITIES = {
    "IL": "subscriber", "QC": "patient", "03": "dependent", "74": "same", "70": "same", "31": "same",
    "QD": "guarantor", "S3": "guardian", "GD": "guardian", "E1": "guardian", "LR": "guardian", "EI": "guardian",
    "GB": "other_subscriber", "QE": "subscriber", "EY": "employee", "EXS": "contact", "EC": "contact",
    "82": "provider", "71": "provider", "72": "provider", "73": "provider", "DN": "provider", "P3": "provider",
    "DK": "provider", "DD": "provider", "DQ": "provider", "ZZ": "provider", "1P": "provider", "SJ": "provider",
    "PR": "payer", "IN": "payer",
}  # fmt: skip
# People whose names are the business of who sends: submitters, billing providers, ambulances, schools.
OF_THE_HOUSE = frozenset(
    ("40", "41", "45", "77", "85", "87", "36", "FA", "PE", "PW", "M8", "QB", "TT", "AY", "X3", "FS", "ACV", "GW",
     "75")
)  # fmt: skip
PROVIDERS_OF_PATIENTS = frozenset(("82", "71", "72", "73", "DN", "P3", "DK", "SJ"))  # who treated, not who asks

# NM108: what kind of number NM109 is, of a person.
NAME_IDS = {
    "MI": "health_insurance.member_id", "II": "health_insurance.member_id", "ZZ": "health_insurance.member_id",
    "HN": "health_insurance.mbi", "C": "health_insurance.member_id", "C1": "health_insurance.member_id",
    "MR": "health_insurance.medicaid_id", "N": "health_insurance.member_id", "34": "ssn.full",
    "EI": "other_id.employee", "": "health_insurance.member_id",
}  # fmt: skip

# REF01 behind a person, a claim or an enrolment.
REFERENCES = {
    "SY": "ssn.full", "EA": "medical_record_number.mrn", "0F": "health_insurance.subscriber_id",
    "1L": "health_insurance.group", "6P": "health_insurance.group", "1W": "health_insurance.member_id",
    "IG": "health_insurance.member_id", "HJ": "health_insurance.member_id", "18": "health_insurance.group",
    "60": "health_insurance.member_id", "Q4": "health_insurance.member_id", "F6": "health_insurance.mbi",
    "NQ": "health_insurance.medicaid_id", "23": "health_insurance.member_id", "EJ": "patient_account_number.bill",
    "F8": "patient_account_number.claim", "1K": "patient_account_number.claim", "Y4": "patient_account_number.claim",
    "28": "other_id.employee", "ABB": "health_insurance.member_id", "4A": "credentials.pin",
    "A6": "other_id.employee", "3H": "health_insurance.medicaid_id",
}  # fmt: skip

# HI and the like, first component: which list a code is of.
DIAGNOSES = frozenset(("ABK", "ABF", "ABJ", "ABN", "APR", "BK", "BF", "BJ", "BN", "PR"))
PROCEDURES = frozenset(("BR", "BQ", "BBR", "BBQ", "BO", "BP", "CAH"))

# DTP01 and DTM01: dates of care; those of contracts, files and payments are nobody's visit.
VISITS = frozenset(
    ("472", "434", "435", "096", "431", "454", "304", "439", "453", "455", "471", "484", "150", "151", "232",
     "233", "296", "297", "360", "361", "314", "444", "463", "738", "739", "AAH", "EDH", "RDH", "441", "452",
     "446")
)  # fmt: skip

# SVnnn, SVC, LIN: element of the segment that holds a code of a service, and the ones that hold amounts.
SERVICES = {"SV1": (1, 2), "SV2": (2, 3), "SV3": (1, 2), "SV5": (1, 4), "SVC": (1, 2, 3), "SVD": (3, 2)}
SERVICE_LISTS = frozenset(("HC", "AD", "HP", "IV", "WK", "ER", "N4", "ZZ", "N1", "N2", "N3", "N6", "UI"))
CLAIM_AMOUNTS = {"CLM": (2,), "CLP": (3, 4, 5), "STC": (4, 5), "AMT": (2,)}
# AMT01: amounts of a claim or line; others are of premiums or of whole payments.
AMOUNTS = frozenset(
    ("F5", "F3", "D", "EAF", "A8", "AU", "B6", "I", "DY", "F4", "KH", "NL", "T", "T2", "T3", "YU", "YY")
)

# Element that names the list (the lists that tell), element that holds the code, what it is.
NUMBERED = {
    "DSB": (7, frozenset(("DX", "ZZ")), 8, "diagnosis.code"), "LIN": (2, frozenset(("N4",)), 3, "medication.drug"),
    "COB": (2, frozenset[str](), 2, "health_insurance.member_id"),
}  # fmt: skip

# Segments with words written by somebody: which element.
NOTES = {"NTE": 2, "MSG": 1, "K3": 1}
# Segments that are understood whole, most of them with nothing of a person.
KNOWN = frozenset(
    ("ISA", "GS", "GE", "IEA", "ST", "SE", "TA1", "BHT", "BGN", "BPR", "TRN", "CUR", "HL", "PRV", "N1", "N2", "LX",
     "CAS", "PWK", "CN1", "CR1", "CR2", "CR3", "CR4", "CR5", "CR6", "CRC", "HCP", "PS1", "OI", "MOA", "MIA", "MEA",
     "CTP", "FRM", "QTY", "LQ", "TS2", "TS3", "PLB", "RDM", "INS", "EC", "ICM", "HLH", "LUI", "HD", "IDC", "LS",
     "LE", "EB", "EQ", "III", "AAA", "UM", "HCR", "HSD", "CL1", "TOO", "DN1", "DN2", "PS", "ENT", "RMR", "IT1",
     "SLN", "ADX", "LOC", "ACT", "PLA", "VEH", "PYD", "REF", "DTP", "DTM", "NM1", "N3", "N4", "DMG", "PER", "PAT",
     "SBR", "COB", "DSB", "LIN", "HI", "CLM", "CLP", "STC", "AMT", "RDM", "BHT", "AK1", "AK2", "AK3", "AK4", "AK5",
     "AK9", "IK3", "IK4", "IK5", "SVD", "MPI", "NX1", "DSC", "DED", "BLT", *SERVICES)
)  # fmt: skip
TRANSACTIONS = frozenset(("837", "835", "834", "270", "271", "276", "277", "278", "820"))
CONTRACT = 40  # names and numbers of one contract, at most; they are said again of everybody under it

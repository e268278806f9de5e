"""What was done, measured or planned: procedures by code or in words, results of tests, vital signs, services."""

import re

from rollcall.elements.codes import headers, hide, labelled
from rollcall.elements.element import Element, Pattern

# CPT codes are five digits, or four with F (performance) or T (emerging); HCPCS level II a letter and four digits.
# Only their shape is known here: the texts of CPT belong to the American Medical Association.
CPT = r"\d{5}|\d{4}[FTUMftum]"
HCPCS = r"[A-CEGHJ-MP-Va-ceghj-mp-v]\d{4}"
_MODIFIER = r"(?:[- ](?:[A-Z]{2}|\d{2}|[A-Z]\d))?"
_CODE = re.compile(rf"(?:{CPT}|{HCPCS}){_MODIFIER}", re.IGNORECASE)
_TESTS = (
    r"(?:hemoglobin |hgb |hb)?a1c|glucose|blood sugar|fbs|ldl(?:-c)?|hdl(?:-c)?|cholesterol|triglycerides|tsh|"
    r"free t4|inr|"
    r"potassium|sodium|creatinine|egfr|gfr|bun|hemoglobin|hgb|hct|hematocrit|wbc|rbc|platelets?|plt|bilirubin|"
    r"albumin|"
    r"psa|ferritin|vitamin d|b12|crp|esr|troponin|bnp|lactate|uric acid|calcium|magnesium|phosphorus|ammonia|"
    r"lipase|amylase|"
    r"cd4(?: count)?|viral load|hcg|microalbumin|digoxin level|lithium level|lead level|bac|phq-?9|gad-?7|ekg|"
    r"mmse|moca"
)
_UNITS = (
    r"%|mg/dl|g/dl|mmol/l|meq/l|ng/ml|pg/ml|iu/l|u/l|miu/l|uiu/ml|mcg/dl|ug/dl|mm/hr|k/ul|x10\^?\d|"
    r"cells/(?:mm3|ul)|copies/ml|seconds|sec"
)
_IS = (
    r"(?: (?:level|count|result|score|value))?(?: (?:is|was|of|at|came back(?: at)?|returned(?: at)?|"
    r"up to|down to|today))?[ :=]{1,3}"
)
LAB = rf"(?i:(?:{_TESTS}){_IS}[<>]?\d{{1,4}}(?:\.\d{{1,2}})?(?: ?(?:{_UNITS}))?)"
_SAID = (
    r"(?i:(?:hiv|covid(?:-19)?|strep|flu|influenza|rsv|hepatitis [abc]|hep [abc]|tb|ppd|quantiferon|pregnancy|"
    r"chlamydia|gonorrhea|syphilis|"
    r"rpr|h\.? ?pylori|c\.? ?diff|mrsa|troponin|drug screen|uds|tox(?:icology)? screen|biopsy|pap|cologuard|fit test)"
    r"(?: (?:test|screen|result|culture|swab))?(?: (?:is|was|came back|returned|tested))?[ :]{1,2}"
    r"(?:positive|negative|reactive|non-?reactive|detected|not detected|abnormal|malignant|benign))"
)
VITAL = (
    r"(?i:(?:bp|b/p|blood pressure)(?: (?:is|was|of|today))?[ :]{1,2}\d{2,3} ?/ ?\d{2,3}(?: ?mm ?hg)?|"
    r"bmi(?: (?:is|was|of))?[ :=]{1,2}\d{2}(?:\.\d{1,2})?|"
    r"(?:hr|heart rate|pulse)(?: (?:is|was|of))?[ :=]{1,2}\d{2,3}(?: ?bpm)?|(?:temp|temperature)(?: (?:is|was|"
    r"of))?[ :=]{1,2}\d{2,3}(?:\.\d)?(?: ?[fc])?|"
    r"(?:spo2|o2 sats?|oxygen saturation)(?: (?:is|was|of|at))?[ :=]{1,2}\d{2,3} ?%?)"
)


def normalise(text: str, subtype: str) -> str:
    """Return a code in capitals with its modifier behind a dash; words on one line."""
    text = " ".join(text.split())
    if subtype == "procedure" and _CODE.fullmatch(text):
        bare = text.upper().replace(" ", "-")
        return f"{bare[:5]}-{bare[5:].lstrip('-')}" if len(bare) > 5 else bare
    return text


def check(value: str, subtype: str) -> str:
    """Say whether it has the shape of a code, or is words or a value."""
    if subtype == "procedure" and _CODE.fullmatch(value):
        return "code"
    return "unchecked" if any(map(str.isalnum, value)) else "empty"


ELEMENT = Element(
    id="treatment",
    subtypes=("procedure", "lab_result", "vital", "service"),
    version=2,
    label="Treatment information",
    group="health",
    patterns=(
        Pattern(
            regex=r"(?:CPT|HCPCS)(?i: codes?)?[ :#]{0,2}(?P<value>[0-9A-Za-z]\d{3}[0-9A-Za-z])",
            subtype="procedure", confidence=0.9, labelled=0.95,
        ),
        # "99213-25", "J1885-RT": nothing but a procedure has a modifier.
        Pattern(
            regex=rf"(?:{CPT}|{HCPCS})-(?:2[1-9]|5[0-9]|76|77|LT|RT|TC|GT|95)",
            subtype="procedure", confidence=0.45, labelled=0.95,
        ),
        Pattern(regex=LAB, subtype="lab_result", confidence=0.65, labelled=0.9),
        Pattern(regex=_SAID, subtype="lab_result", confidence=0.65, labelled=0.9),
        Pattern(regex=VITAL, subtype="vital", confidence=0.6, labelled=0.9),
        *labelled("procedure", regexes=(rf"(?:{CPT}|{HCPCS}){_MODIFIER}",), confidence=0.9),
    ),
    headers=headers(
        procedure="procedure, procedure code, procedure description, cpt, cpt code, hcpcs, hcpcs code, surgery, "
        "treatment, test ordered, procedimiento",
        lab_result="lab result, test result, result, lab, lab value",
        vital="vital, blood pressure, bmi, height, weight",
        service="service, service description, visit type, appointment type",
    ),
    terms=("procedures.txt",),
    normalise=normalise,
    check=check,
    weigh={"empty": 0.2},
    mask=hide,
    examples=(
        ("99213", "procedure", "code"),
        ("j1885-rt", "procedure", "code"),
        ("A1c 7.2%", "lab_result", "unchecked"),
        ("BP 120/80", "vital", "unchecked"),
        ("--", "service", "empty"),
    ),
)  # fmt: skip

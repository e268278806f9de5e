"""The other ids of the contract: known by a column's header or a label; a few shapes find them in running text."""

from rollcall.elements.clinical_words import DOSE
from rollcall.elements.codes import CODE, CODE_WEIGHTS, check_code, code, mask_code
from rollcall.elements.dates import NUMERIC, WORDED, parse_date
from rollcall.elements.element import Element, Pattern


def _date(text: str, _subtype: str) -> str:
    text = " ".join(text.split())
    return parse_date(text) or text


def _words(text: str, _subtype: str) -> str:
    return " ".join(text.split())


def _hide(value: str) -> str:
    return "*" * min(8, len(value))


def _labelled(*subtypes: str, regexes: tuple[str, ...] = (CODE,)) -> tuple[Pattern, ...]:
    """Return patterns of shapes so common that only a label makes them count."""
    return tuple(
        Pattern(regex=regex, subtype=subtype, confidence=0.1, labelled=0.92, needs_label=True)
        for regex in regexes
        for subtype in subtypes
    )


def _entry(
    element_id: str, subtypes: str, label: str, group: str, headers: dict[str, str] | None = None, kind: str = "code",
    patterns: tuple[Pattern, ...] = (), labels: str = "",
) -> Element:  # fmt: skip
    return Element(
        id=element_id,
        subtypes=tuple(subtypes.split()),
        version=1,
        label=label,
        group=group,
        headers=tuple(
            (phrase.strip(), subtype) for subtype, phrases in (headers or {}).items() for phrase in phrases.split(",")
        ),
        patterns=patterns,
        labels=tuple(labels.split()),
        check=check_code if kind == "code" and patterns else None,
        weigh=CODE_WEIGHTS if kind == "code" and patterns else {},
        normalise={"code": code, "date": _date, "words": _words}[kind],
        mask=mask_code if kind == "code" else _hide,
    )


UNBUILT: tuple[Element, ...] = (
    _entry(
        "date_of_death",
        "date",
        "Date of death",
        "identifier",
        {"date": "death date, deceased date, expired date, death, deceased, expired, died, fecha fallecimiento, "
         "fecha defuncion"},
        "date",
    ),
    _entry(
        "tax_id", "itin ein ip_pin", "Taxpayer identification number", "identifier",
        {"itin": "itin, tax id, taxpayer id, tin", "ein": "ein", "ip_pin": "ip pin"},
    ),
    _entry(
        "passport", "passport", "Passport number", "identifier", {"passport": "passport, passport number, pasaporte"}
    ),
    _entry(
        "military_id", "military_id", "Military identification number", "identifier",
        {"military_id": "military id, dod id, edipi"},
    ),
    _entry(
        "other_id",
        "student tribal employee professional_licence vehicle device ip_address",
        "Other identification number",
        "identifier",
        {
            "student": "student id, student number",
            "tribal": "tribal id, tribal enrollment number",
            "employee": "employee id, employee number, badge, badge number, personnel number, payroll id",
            "professional_licence": "npi, provider id, provider number, dea, dea number, provider license",
            "vehicle": "vin, license plate, vehicle id",
            "device": "device id, serial number, device serial number, udi",
            "ip_address": "ip address, ip",
        },
    ),
    _entry(
        "financial_account",
        "account routing with_code",
        "Financial account number",
        "financial",
        {
            "account": "bank account, bank account number, checking account, savings account, iban, "
            "direct deposit account, deposit account",
            "routing": "routing number, routing, aba, aba number",
        },
        patterns=_labelled("account", "routing", regexes=(r"\d{4,17}",)),
    ),
    _entry(
        "payment_card", "card", "Payment card number", "financial",
        {"card": "credit card, card number, debit card, payment card, cc number"},
    ),
    _entry(
        "credentials", "password pin security_answer signature", "User name, password or access code", "other",
        {"password": "password, passcode, contrasena", "pin": "pin", "security_answer": "security answer"},
        "words",
    ),
    _entry(
        "patient_account_number",
        "visit encounter claim bill guarantor_account",
        "Patient account number",
        "health",
        {
            "visit": "visit id, visit number, visit, case number, appointment id",
            "encounter": "encounter, encounter number, encounter id, csn, har, fin, fin number",
            "claim": "claim, claim number, claim id, icn, dcn",
            "bill": "account, account number, patient account, account id, invoice number, bill number, "
            "statement number",
            "guarantor_account": "guarantor account, guarantor number, guarantor id",
        },
        patterns=_labelled("bill", "visit", "encounter", "claim", "guarantor_account"),
    ),
    _entry(
        "benefit_election", "election", "Benefit election", "insurance",
        {"election": "coverage tier, benefit election, benefit plan election, election, coverage level"},
        "words",
    ),
    _entry(
        "treatment",
        "procedure lab_result vital service",
        "Treatment information",
        "health",
        {
            "procedure": "procedure, procedure code, procedure description, cpt, cpt code, hcpcs, surgery, treatment, "
            "test ordered, procedimiento",
            "lab_result": "lab result, test result, result, lab",
            "vital": "vital, blood pressure, bmi, height, weight",
            "service": "service, service description, visit type, appointment type",
        },
        "words",
        patterns=(
            Pattern(
                regex=r"(?i:CPT|HCPCS)(?i: codes?)?[ :#]{0,2}(?P<value>[0-9A-Za-z]\d{3}[0-9A-Za-z])",
                subtype="procedure", confidence=0.9, labelled=0.95,
            ),
        ),
    ),
    _entry(
        "medication", "drug", "Medication", "health",
        {"drug": "medication, drug, drug name, medication name, prescription, ndc, medicamento, medicina"},
        "words",
        # The dose says that the word before it is a drug.
        patterns=(
            Pattern(regex=rf"[A-Za-z][a-z]{{3,}} {DOSE}", subtype="drug", confidence=0.7, labelled=0.9),
            Pattern(regex=rf"[A-Z]{{4,}} {DOSE}", subtype="drug", confidence=0.7, labelled=0.9),
            Pattern(
                regex=r"(?i:taking|takes|refill of|refill for|prescribed) (?P<value>[A-Z][a-z]{4,})",
                subtype="drug", confidence=0.5, labelled=0.8,
            ),
        ),
    ),
    _entry(
        "date_of_service",
        "date",
        "Date of service",
        "health",
        {
            "date": "service date, dos, visit date, admission date, admit date, admit, discharge date, discharge, "
            "appointment date, encounter date, procedure date, surgery date, treatment date, claim date, seen date, "
            "last seen, last visit, from date service, service from, service thru, fecha servicio, fecha visita, "
            "fecha cita, fecha ingreso, fecha alta"
        },
        "date",
        patterns=(
            *_labelled("date", regexes=(NUMERIC, f"(?i:{WORDED})")),
            *(
                # "seeing Mary Olson on 11/29/18": the verb is the label, a name may stand between.
                Pattern(
                    regex=rf"(?i:seen|seeing|saw|visited|visit|admitted|discharged|surgery|procedure|appointment|service)"
                    rf"(?: [^\s.;:]+){{0,5}} (?:on|for|from) (?P<value>{date})",
                    subtype="date", confidence=0.6, labelled=0.92,
                )
                for date in (NUMERIC, f"(?i:{WORDED})")
            ),
        ),
        labels="bill visit seen appointment surgery procedure admitted discharged scheduled coming admit service",
    ),
    _entry("provider", "provider", "Name of the provider", "health", None, "words"),
    _entry(
        "billing_amount", "amount", "Billing amount", "financial",
        {"amount": "amount, balance, charge, total charge, balance due, total due, copay, payment amount, "
         "paid amount, amount due, "
         "billed amount, salary"},
        "words",
    ),
    _entry("tax_form", "form", "Tax form", "financial", None, "words"),
    _entry("vital_record", "record", "Birth, death or marriage record", "identifier", None, "words"),
    _entry(
        "mothers_maiden_name", "name", "Mother's maiden name", "identifier",
        {"name": "maiden name mother, maiden mother, mother maiden name"}, "words",
    ),
    _entry(
        "work_evaluation", "evaluation", "Work evaluation", "other",
        {"evaluation": "performance rating, work evaluation"},
        "words",
    ),
    _entry("biometric", "biometric", "Biometric data", "other", None, "words"),
    _entry("photo", "photo", "Photograph", "other", None, "words"),
    _entry("genetic", "genetic", "Genetic information", "health", None, "words"),
)  # fmt: skip

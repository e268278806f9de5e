"""Other numbers that tell who somebody is: of a school, a tribe, an employer, a licensing board, a car, a device."""

import ipaddress
import re

from rollcall.elements import check_digits
from rollcall.elements.codes import check_code, code, headers, labelled, mask_code
from rollcall.elements.element import Element, Pattern

# Registrant codes of the DEA (21 CFR 1301; Diversion Control): practitioners A, B, F, G; mid-level M; others rare.
DEA = r"[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9]\d{7}"
_DEA = re.compile(DEA)
_UDI = re.compile(r"\D*\(?01\)?(\d{14})")


def normalise(text: str, subtype: str) -> str:
    """Return the number in capitals without separators; an internet address as it is written."""
    return text.strip().lower() if subtype == "ip_address" else code(text)


def check(value: str, subtype: str) -> str:
    """Say whether a number that has a check digit agrees with it; others have no form of their own."""
    if subtype == "professional_licence":
        return _licence(value)
    if subtype == "vehicle" and len(value) == 17:
        return "valid" if check_digits.vin(value) else "bad_checksum"
    if subtype == "device" and (udi := _UDI.match(value)):
        return "valid" if check_digits.gtin(udi[1]) else "bad_checksum"
    if subtype == "ip_address":
        try:
            return "valid" if ipaddress.ip_address(value).is_global else "unchecked"
        except ValueError:
            return "bad_form"
    return "unchecked" if subtype == "vehicle" and len(value) > 4 else check_code(value)


def _licence(value: str) -> str:
    """Say whether it is a National Provider Identifier or a registration of the DEA, else any board's number."""
    if len(value) == 10 and value.isdecimal():
        return "valid" if check_digits.npi(value) else "bad_checksum"
    if _DEA.fullmatch(value):
        return "valid" if check_digits.dea(value) else "bad_checksum"
    return check_code(value)


ELEMENT = Element(
    id="other_id",
    subtypes=("student", "tribal", "employee", "professional_licence", "vehicle", "device", "ip_address"),
    version=2,
    label="Other identification number",
    group="identifier",
    # Whoever prescribes or treats bears these, not the patient beside whose name they stand.
    bearers={"professional_licence": "provider"},
    patterns=(
        *labelled("employee", "student", "tribal"),
        *labelled("professional_licence", regexes=(r"\d{10}", r"[A-Za-z]{0,4}[-. ]?\d{4,9}"), confidence=0.9),
        Pattern(regex=DEA, subtype="professional_licence", confidence=0.55, labelled=0.97),
        Pattern(regex=r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}", subtype="vehicle", confidence=0.6, labelled=0.96),
        *labelled(
            "vehicle", regexes=(r"\d[A-Z]{2,3}\d{2,4}|[A-Z]{1,4}[- ]?\d{2,5}|\d{1,4}[- ]?[A-Z]{1,4}",), confidence=0.8
        ),
        Pattern(
            regex=r"\(01\)\d{14}(?:\(\d{2}\)[0-9A-Za-z]{1,20}){0,3}", subtype="device", confidence=0.8, labelled=0.95
        ),
        *labelled("device"),
        *labelled("ip_address", regexes=(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}",), confidence=0.9),
    ),
    headers=headers(
        student="student id, student number, school id, student id number",
        tribal="tribal id, tribal enrollment number, tribal number",
        employee="employee id, employee number, badge, badge number, personnel number, payroll id, payroll number, "
        "clock number",
        professional_licence="npi, npi number, provider id, provider number, dea, dea number, provider license, "
        "medical license, nursing license, rn license, board license",
        vehicle="vin, vin number, license plate, plate, plate number, vehicle id, vehicle id number",
        device="device id, serial, serial number, device serial, device serial number, implant serial, "
        "implant serial number, udi",
        ip_address="ip address, ip",
    ),
    normalise=normalise,
    check=check,
    weigh={"bad_checksum": 0.4, "bad_form": 0.4, "too_short": 0.2, "too_long": 0.3, "placeholder": 0.6},
    mask=mask_code,
    examples=(
        ("1234567893", "professional_licence", "valid"),
        ("1234567890", "professional_licence", "bad_checksum"),
        ("AB1234563", "professional_licence", "valid"),
        ("AB1234567", "professional_licence", "bad_checksum"),
        ("1M8GDM9AXKP042788", "vehicle", "valid"),
        ("1M8GDM9A1KP042788", "vehicle", "bad_checksum"),
        ("(01)00844588003288", "device", "valid"),
        ("E00412", "employee", "unchecked"),
        ("12", "student", "too_short"),
        ("8.8.8.8", "ip_address", "valid"),
        ("10.0.0.1", "ip_address", "unchecked"),
        ("999.1.1.1", "ip_address", "bad_form"),
    ),
)

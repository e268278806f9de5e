"""What can be said of a person as a value in a text: each is drawn once a person and written as people write it."""

import datetime
import unicodedata
from collections.abc import Callable
from random import Random

from .cast import DATE_STYLES, PHONE_STYLES, Cast, Human, draw_town, filled, mbi, shapes, show_date, words
from .decoys import DECOYS, decoy
from .marked import Marked, Span
from .shares import dealt

Shown = tuple[str, str, str]  # text, element, subtype
Maker = Callable[["Values", Human], Shown]


class Values:
    """Writes values of the people of a cast."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.rng = cast, cast.rng

    def write(self, kind: str, number: int | None) -> Marked:
        """Return a value of a person, marked as theirs; a decoy where nobody is meant by such things."""
        human = self.cast.people[number or 0]
        text, element, subtype = MAKERS[kind](self, human)
        owner = number if element else None
        return Marked(text, (Span(0, len(text), element, subtype, owner),))

    # --- what stays the same of a person ---------------------------------------------------------------------------

    def kept(self, human: Human, key: str, make: Callable[[Random], str]) -> str:
        """Return a value of a person, made when first asked for."""
        if key not in human.values:
            human.values[key] = make(self.rng)
        return human.values[key]

    def picked(self, human: Human, key: str, listed: str) -> str:
        """Return an entry of a word list that is this person's."""
        return self.kept(human, key, lambda rng: rng.choice(dealt(words(listed), self.cast.share)))

    def born(self, human: Human) -> datetime.date:
        """Return a date of birth."""
        span = (365 * 18, 365 * 95) if human.role not in ("patient", "member") else (30, 365 * 97)
        text = self.kept(
            human, "dob", lambda rng: (self.cast.today - datetime.timedelta(days=rng.randint(*span))).isoformat()
        )
        return datetime.date.fromisoformat(text)

    def day(self, human: Human, key: str, back: int = 700, ahead: int = 0) -> datetime.date:
        """Return a day near that of writing."""
        text = self.kept(
            human, key,
            lambda rng: (self.cast.today + datetime.timedelta(days=rng.randint(-back, ahead))).isoformat(),
        )  # fmt: skip
        return datetime.date.fromisoformat(text)

    def dated(self, day: datetime.date) -> str:
        """Return a date as this house mostly writes it."""
        style = self.cast.house.date_style if self.rng.random() < 0.75 else self.rng.choice(DATE_STYLES)
        return show_date(day, style)

    def dated_loosely(self, day: datetime.date) -> str:
        """Return a recent day as people write it, often without the year."""
        if self.rng.random() < 0.55:
            return self.dated(day)
        return show_date(
            day, self.rng.choice(("{m}/{d}", "{m}/{d}", "%B {o}", "%b {d}", "%B {d}", "{m}-{d}", "%A {m}/{d}"))
        )

    def phone(self, human: Human, key: str) -> str:
        """Return a telephone number."""
        area = self.cast.house.area if self.rng.random() < 0.8 else str(self.rng.randint(201, 989))
        raw = self.kept(human, key, lambda rng: f"{area}555{rng.randint(0, 9999):04d}")
        style = self.cast.house.phone_style if self.rng.random() < 0.7 else self.rng.choice(PHONE_STYLES)
        return style.format(a=raw[:3], e=raw[3:6], n=raw[6:])


def _number(kind: str, element: str, subtype: str, of_house: str = "") -> Maker:
    def make(values: Values, human: Human) -> Shown:
        shape = values.cast.house.shape[of_house] if of_house else ""
        text = values.kept(human, kind, lambda rng: filled(rng, shape or rng.choice(shapes(kind))))
        return text, element, subtype

    return make


def _ssn(values: Values, human: Human) -> Shown:
    raw = values.kept(
        human, "ssn", lambda rng: f"{rng.randint(773, 899)}{rng.randint(1, 99):02d}{rng.randint(1, 9999):04d}"
    )
    style = values.rng.choice(("-", "-", "-", "-", "", " ", "."))
    return style.join((raw[:3], raw[3:5], raw[5:])), "ssn", "full"


def _ssn_tail(values: Values, human: Human) -> Shown:
    _ssn(values, human)
    tail = human.values["ssn"][-4:]
    return values.rng.choice((tail, tail, tail, f"xxx-xx-{tail}", f"***-**-{tail}", f"XXX-XX-{tail}")), "ssn", "last4"


def _mbi(values: Values, human: Human) -> Shown:
    raw = values.kept(human, "mbi", mbi)
    return raw if values.rng.random() < 0.6 else f"{raw[:4]}-{raw[4:7]}-{raw[7:]}", "health_insurance", "mbi"


def _hicn(values: Values, human: Human) -> Shown:
    raw = _ssn(values, human)[0] + values.rng.choice(("A", "B", "C1", "D", "M", "T"))
    return values.kept(human, "hicn", lambda rng: raw), "health_insurance", "hicn"


def _itin(values: Values, human: Human) -> Shown:
    raw = values.kept(
        human, "itin", lambda rng: f"9{rng.randint(0, 99):02d}-{rng.randint(70, 88)}-{rng.randint(0, 9999):04d}"
    )
    return raw, "tax_id", "itin"


def _dob(values: Values, human: Human) -> Shown:
    return values.dated(values.born(human)), "date_of_birth", "full"


def _birth_year(values: Values, human: Human) -> Shown:
    return str(values.born(human).year), "date_of_birth", "year"


def _birth_day(values: Values, human: Human) -> Shown:
    return (
        show_date(values.born(human), values.rng.choice(("{m}/{d}", "%B {o}", "%b {d}", "%B {d}"))),
        "date_of_birth",
        "month_day",
    )


def _died(values: Values, human: Human) -> Shown:
    return values.dated(values.day(human, "died", 300)), "date_of_death", ""


def _date(key: str, loosely: bool, back: int = 600, ahead: int = 0, element: str = "date_of_service") -> Maker:
    def make(values: Values, human: Human) -> Shown:
        day = values.day(human, key, back, ahead)
        return values.dated_loosely(day) if loosely else values.dated(day), element, "" if element else "date"

    return make


def _street(values: Values, human: Human) -> str:
    def make(rng: Random) -> str:
        number = rng.choice((rng.randint(1, 99), rng.randint(100, 999), rng.randint(1000, 19999)))
        compass = rng.choice(("", "", "", "N ", "S. ", "West ", "NE "))
        street = rng.choice(dealt(words("streets"), values.cast.share))
        ends = street[-1].isdigit() or street.startswith(("Calle", "Avenida", "El "))
        kind = "" if ends else " " + rng.choice(words("street_kinds"))
        return f"{number} {compass}{street}{kind}"

    return values.kept(human, "street", make)


def _unit(values: Values, human: Human) -> str:
    return values.kept(human, "unit", lambda rng: rng.choice(words("units")) if rng.random() < 0.25 else "")


def _town(values: Values, human: Human) -> tuple[str, str, str]:
    def make(rng: Random) -> str:
        short, long, zips = values.cast.house.state if rng.random() < 0.8 else rng.choice(words("states")).split("|")
        town = values.cast.house.town if rng.random() < 0.3 else draw_town(rng)
        code = f"{zips}{rng.randint(0, 999):03d}" + (f"-{rng.randint(0, 9999):04d}" if rng.random() < 0.1 else "")
        return "|".join((town, short if rng.random() < 0.85 else long, code))

    town, state, code = values.kept(human, "town", make).split("|")
    return town, state, code


def _address(values: Values, human: Human) -> Shown:
    rng = values.rng
    town, state, code = _town(values, human)
    street, unit = _street(values, human), _unit(values, human)
    comma = rng.choice((", ", ", ", ", ", " ", ",  "))
    lead = f"{street}{rng.choice((', ', ' ')) if unit else ''}{unit}"
    return f"{lead}{comma}{town}{rng.choice((', ', ', ', ' '))}{state} {code}", "address", "street"


def _street_only(values: Values, human: Human) -> Shown:
    unit = _unit(values, human)
    return _street(values, human) + (f" {unit}" if unit else ""), "address", "street"


def _po_box(values: Values, human: Human) -> Shown:
    box = values.kept(
        human, "box", lambda rng: f"{rng.choice(('PO Box', 'P.O. Box', 'P O Box', 'Box'))} {rng.randint(1, 9999)}"
    )
    town, state, code = _town(values, human)
    return f"{box}, {town}, {state} {code}", "address", "po_box"


def _email(values: Values, human: Human) -> Shown:
    def make(rng: Random) -> str:
        given, family = (_ascii(one) for one in (human.name.given, human.name.family))
        if human.role in ("staff", "provider"):
            local = rng.choice((f"{given}.{family}", f"{given[:1]}{family}", f"{family}{given[:1]}"))
            return f"{local}@{values.cast.house.host}"
        tail = rng.choice(("", str(values.born(human).year)[2:], str(rng.randint(1, 999)), ""))
        local = rng.choice(
            (
                f"{given}.{family}",
                f"{given}{family}",
                f"{given}_{family}",
                f"{given[:1]}{family}",
                f"{family}{given[:1]}",
                f"{given}",
            )
        )
        return f"{local}{tail}@{rng.choice(words('mail_hosts'))}"

    return values.kept(human, "email", make), "email", ""


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum()) or "user"


SENSITIVE = {
    "F1": "substance_use", "T4": "substance_use", "F2": "mental_health", "F3": "mental_health", "F4": "mental_health",
    "F5": "mental_health", "F6": "mental_health", "F9": "mental_health", "R45": "mental_health", "B20": "hiv",
    "O": "reproductive", "Z33": "reproductive", "Z34": "reproductive", "N97": "reproductive",
}  # fmt: skip


def _condition(values: Values, human: Human, key: str) -> list[str]:
    def make(rng: Random) -> str:
        return rng.choice(dealt(words("conditions"), values.cast.share))

    return values.kept(human, key, make).split("|")


def _diagnosis(key: str, *, as_code: bool = False) -> Maker:
    def make(values: Values, human: Human) -> Shown:
        code, *said = _condition(values, human, key)
        if as_code:
            return (code if values.rng.random() < 0.85 else code.replace(".", "")), "diagnosis", "code"
        long = next((code[:size] for size in (3, 2, 1) if code[:size] in SENSITIVE), "")
        return values.rng.choice(said), "diagnosis", SENSITIVE.get(long, "words")

    return make


def _listed(key: str, listed: str, element: str, subtype: str) -> Maker:
    def make(values: Values, human: Human) -> Shown:
        return values.picked(human, key, listed), element, subtype

    return make


def _lab(values: Values, human: Human) -> Shown:
    rng = values.rng

    def make(rng: Random) -> str:
        lab = rng.choice(dealt(words("labs"), values.cast.share))
        if rng.random() < 0.4:
            return f"{lab} {rng.choice(('', 'was ', 'came back ', 'is '))}{rng.choice(words('lab_words'))}"
        figure = rng.choice((f"{rng.uniform(0.2, 15):.1f}", str(rng.randint(20, 480)), f"{rng.uniform(1, 9):.2f}"))
        return (
            f"{lab} {rng.choice(('', '', 'of ', 'was ', 'is ', '= '))}{figure}{rng.choice(('', '', '', '%', ' mg/dL'))}"
        )

    return values.kept(human, rng.choice(("lab", "lab2")), make), "treatment", "lab_result"


def _cpt(values: Values, human: Human) -> Shown:
    code = values.kept(
        human,
        "cpt",
        lambda rng: rng.choice(
            (
                f"99{rng.randint(202, 499)}",
                f"{rng.randint(10021, 69990)}",
                f"7{rng.randint(0, 9999):04d}",
                f"G0{rng.randint(101, 499)}",
                f"J{rng.randint(100, 9999):04d}",
            )
        ),
    )
    return code, "treatment", "procedure"


def _amount(key: str) -> Maker:
    def make(values: Values, human: Human) -> Shown:
        raw = values.kept(
            human,
            key,
            lambda rng: f"{rng.choice((rng.uniform(5, 400), rng.uniform(100, 9000), rng.uniform(900, 99000))):.2f}",
        )
        number = float(raw)
        return (
            values.rng.choice(
                (f"${number:,.2f}", f"${number:,.2f}", f"${number:.2f}", f"${number:,.0f}", f"$ {number:,.2f}")
            ),
            "billing_amount",
            "",
        )

    return make


def _card(values: Values, human: Human) -> Shown:
    def make(rng: Random) -> str:
        digits = rng.choice(("4", "51", "52", "6011")) + "".join(str(rng.randint(0, 9)) for _ in range(14))
        digits = digits[:15]
        total = sum(sum(divmod(int(one) * (2 if at % 2 == 0 else 1), 10)) for at, one in enumerate(digits))
        return digits + str(-total % 10)

    raw = values.kept(human, "card", make)
    mark = values.rng.choice(("", " ", "-", " "))
    return mark.join(raw[at : at + 4] for at in range(0, 16, 4)), "payment_card", ""


def _pin(values: Values, human: Human) -> Shown:
    return values.kept(human, "pin", lambda rng: f"{rng.randint(0, 9999):04d}"), "credentials", "pin"


def _routing(values: Values, human: Human) -> Shown:
    def make(rng: Random) -> str:
        digits = f"{rng.randint(1, 12):02d}{rng.randint(0, 999999):06d}"
        total = sum(int(one) * weight for one, weight in zip(digits, (3, 7, 1, 3, 7, 1, 3, 7), strict=True))
        return digits + str(-total % 10)

    return values.kept(human, "routing", make), "financial_account", "routing"


def _vin(values: Values, human: Human) -> Shown:
    def make(rng: Random) -> str:
        signs = [rng.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(17)]
        total = sum(_VIN_VALUE[sign] * weight for sign, weight in zip(signs, _VIN_WEIGHT, strict=True))
        signs[8] = "0123456789X"[total % 11]
        return "".join(signs)

    return values.kept(human, "vin", make), "other_id", "vehicle"


# 49 CFR 565.15: the ninth place checks the others.
_VIN_WEIGHT = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUE = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    ),
}


def _tail(kind: str, element: str, subtype: str) -> Maker:
    def make(values: Values, human: Human) -> Shown:
        whole = MAKERS[kind](values, human)[0]
        return whole.replace("-", "").replace(" ", "")[-4:], element, subtype

    return make


def _phone(key: str) -> Maker:
    return lambda values, human: (values.phone(human, key), "phone", "")


def _decoy(kind: str) -> Maker:
    return lambda values, human: (decoy(kind, values.rng, values.cast), "", DECOYS[kind][0])


def _insured(key: str, subtype: str) -> Maker:
    def make(values: Values, human: Human) -> Shown:
        return values.kept(human, key, lambda rng: filled(rng, rng.choice(shapes(key)))), "health_insurance", subtype

    return make


def _age(values: Values, human: Human) -> Shown:
    years = max(0, (values.cast.today - values.born(human)).days // 365)
    return str(years), "", "age"


MAKERS: dict[str, Maker] = {
    "mrn": _number("mrn", "medical_record_number", "", "mrn"),
    "mrn_tail": _tail("mrn", "medical_record_number", ""),
    "acct": _number("account", "patient_account_number", "bill", "account"),
    "acct_tail": _tail("acct", "patient_account_number", "bill"),
    "visit": _number("visit", "patient_account_number", "visit", "account"),
    "encounter": _number("encounter", "patient_account_number", "encounter", "account"),
    "claim": _number("claim", "patient_account_number", "claim"),
    "guar_acct": _number("guar_acct", "patient_account_number", "guarantor_account", "account"),
    "member": _insured("member", "member_id"),
    "subscriber_id": _insured("member", "subscriber_id"),
    "group_no": _insured("group", "group"),
    "medicaid": _insured("medicaid", "medicaid_id"),
    "mbi": _mbi,
    "hicn": _hicn,
    "payer": _listed("payer", "payers", "health_insurance", "payer"),
    "payer2": _listed("payer2", "payers", "health_insurance", "payer"),
    "ssn": _ssn,
    "ssn4": _ssn_tail,
    "itin": _itin,
    "dob": _dob,
    "birth_year": _birth_year,
    "birthday": _birth_day,
    "dod": _died,
    "dl": _number("licence", "drivers_license", "licence"),
    "passport": _number("passport", "passport", ""),
    "military": _number("military", "military_id", ""),
    "student": _number("student", "other_id", "student", "student"),
    "emp_id": _number("employee", "other_id", "employee", "employee"),
    "prof_licence": _number("professional", "other_id", "professional_licence"),
    "plate": _number("plate", "other_id", "vehicle"),
    "vin": _vin,
    "device": _number("device", "other_id", "device"),
    "bank": _number("bank", "financial_account", "account"),
    "routing": _routing,
    "card": _card,
    "pin": _pin,
    "password": _listed("password", "passwords", "credentials", "password"),
    "dx": _diagnosis("dx"),
    "dx2": _diagnosis("dx2"),
    "icd": _diagnosis("dx", as_code=True),
    "icd2": _diagnosis("dx2", as_code=True),
    "med": _listed("med", "medications", "medication", ""),
    "med2": _listed("med2", "medications", "medication", ""),
    "proc": _listed("proc", "procedures", "treatment", "procedure"),
    "proc2": _listed("proc2", "procedures", "treatment", "procedure"),
    "service": _listed("service", "services", "treatment", "service"),
    "cpt": _cpt,
    "lab": _lab,
    "vital": _listed("vital", "vitals", "treatment", "vital"),
    "dos": _date("dos", True),
    "dos_full": _date("dos", False),
    "admitted": _date("admitted", True, 90),
    "discharged": _date("discharged", True, 60),
    "appt": _date("appt", True, 0, 60),
    "amount": _amount("amount"),
    "amount2": _amount("amount2"),
    "phone": _phone("phone"),
    "cell": _phone("cell"),
    "email": _email,
    "address": _address,
    "street": _street_only,
    "po_box": _po_box,
    "election": _listed("election", "elections", "benefit_election", ""),
    "evaluation": _listed("evaluation", "evaluations", "work_evaluation", ""),
    "age": _age,
    # what is nobody's
    **{kind: _decoy(kind) for kind in DECOYS},
}  # fmt: skip

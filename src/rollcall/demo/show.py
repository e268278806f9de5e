"""How a person's element is written: the same birth date is `3/7/61`, `1961-03-07` or serial 22347."""

import datetime
from collections.abc import Callable
from random import Random

import msgspec

from rollcall.demo.chance import weighted
from rollcall.demo.names import NICKNAMES
from rollcall.demo.pack import Pack
from rollcall.demo.people import Address, Person

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
EXCEL_EPOCH = datetime.date(1899, 12, 30)


class Shown(msgspec.Struct, frozen=True):
    """One element as a document writes it; element "" is a filler that says nothing the law names."""

    text: str
    element: str = ""
    subtype: str = ""
    value: str = ""
    raw: object = None  # what a spreadsheet stores, where it is not the text
    number_format: str = ""


class Style(msgspec.Struct):
    """How one document writes things: one hand, one habit."""

    date: str
    ssn: str
    phone: str
    name: str
    case: str  # upper, lower or as it is
    issuer: str  # whose record numbers it shows
    former: bool  # its addresses are of before the move
    stored: str  # text, typed (dates and numbers as such), serial (dates as bare numbers), lossy (ids as numbers)
    today: datetime.date  # visits lie before it
    nick: bool = False  # calls people by their short names


def draw_style(rng: Random, pack: Pack, today: datetime.date, *, prose: bool = False) -> Style:
    """Return the habits of one writer on one day."""
    dates = {"m/d/Y": 4.0, "mm/dd/Y": 4, "m/d/y": 2, "Y-m-d": 2, "mm-dd-Y": 1.5, "d-Mon-Y": 1, "Month d, Y": 0.5}
    names = {"last, first m": 4.0, "first last": 4, "first m last": 2, "last, first": 3}
    phones = {"dash": 4.0, "paren": 4, "dot": 1.5, "bare": 1, "space": 1} | pack.habits.get("phones", {})
    dates |= pack.habits.get("dates", {})
    names |= pack.habits.get("names", {})
    if prose:
        dates = {"m/d/Y": 4.0, "mm/dd/Y": 3, "m/d/y": 3, "Month d, Y": 2, "mm-dd-Y": 1, "d-Mon-Y": 0.4}
        names = {"first last": 6.0, "first m last": 1.5, "last, first": 0.8}
    return Style(
        date=weighted(rng, dates),
        ssn=weighted(rng, {"dash": 6, "bare": 2.5, "space": 1}),
        phone=weighted(rng, phones),
        name=weighted(rng, names),
        case="lower" if prose and rng.random() < 0.05 else "upper" if not prose and rng.random() < 0.3 else "",
        issuer=rng.choice(list(pack.org.facilities)) if rng.random() < 0.3 else next(iter(pack.org.facilities)),
        former=rng.random() < 0.35,
        stored="text" if prose else weighted(rng, {"text": 5, "typed": 4, "serial": 0.7, "lossy": 1.3}),
        today=today,
        nick=pack.wide and prose and rng.random() < 0.08,
    )


def localize(rng: Random, style: Style, language: str) -> None:
    """Let somebody who writes another language write dates as that language does, some of the time."""
    named = style.date in ("Month d, Y", "d-Mon-Y", "d-mon-y")  # months have other names there
    if language == "es" and (named or rng.random() < 0.5):
        style.date = "d de mes de Y"


def show_date(day: datetime.date, style: str) -> str:
    """Return a date as that habit writes it."""
    month = MONTHS[day.month - 1]
    return {
        "m/d/Y": f"{day.month}/{day.day}/{day.year}",
        "mm/dd/Y": f"{day:%m/%d/%Y}",
        "m/d/y": f"{day.month}/{day.day}/{day:%y}",
        "Y-m-d": day.isoformat(),
        "mm-dd-Y": f"{day:%m-%d-%Y}",
        "d-Mon-Y": f"{day.day:02}-{month[:3].upper()}-{day.year}",
        "Month d, Y": f"{month} {day.day}, {day.year}",
        "Ymd": f"{day:%Y%m%d}",
        "mdY": f"{day:%m%d%Y}",
        "m.d.y": f"{day.month}.{day.day}.{day:%y}",
        "d-mon-y": f"{day.day}-{month[:3]}-{day:%y}",
        "d de mes de Y": f"{day.day} de {MESES[day.month - 1]} de {day.year}",
    }[style]


EXCEL_DATES = {
    "m/d/Y": "m/d/yyyy", "mm/dd/Y": "mm/dd/yyyy", "m/d/y": "m/d/yy", "Y-m-d": "yyyy-mm-dd", "mm-dd-Y": "mm-dd-yyyy",
    "d-Mon-Y": "dd-mmm-yyyy", "Month d, Y": "mmmm d, yyyy",
    "Ymd": "yyyymmdd", "mdY": "mmddyyyy", "m.d.y": "m.d.yy", "d-mon-y": "d-mmm-yy",
    "d de mes de Y": '[$-es-US]d "de" mmmm "de" yyyy',
}  # fmt: skip


def show_phone(number: str, style: str) -> str:
    """Return ten digits as that habit writes them."""
    a, b, c = number[:3], number[3:6], number[6:]
    return {
        "dash": f"{a}-{b}-{c}", "paren": f"({a}) {b}-{c}", "dot": f"{a}.{b}.{c}", "bare": number,
        "space": f"{a} {b} {c}", "slash": f"{a}/{b}-{c}", "tight": f"({a}){b}-{c}", "one": f"1-{a}-{b}-{c}",
    }[style]  # fmt: skip


def show_name(person: Person, style: str, *, nick: bool = False) -> str:
    """Return a full name as that habit writes it."""
    given = NICKNAMES.get(person.given, person.given) if nick else person.given
    initial = f" {person.middle[0]}" if person.middle else ""
    suffix = f" {person.suffix}" if person.suffix else ""
    return {
        "last, first m": f"{person.family}{suffix}, {given}{initial}",
        "last, first": f"{person.family}{suffix}, {given}",
        "last first m": f"{person.family} {given}{initial}{suffix}",
        "last,first": f"{person.family}{suffix},{given}{initial}",
        "last/first": f"{person.family}/{given}{suffix}",
        "first last": f"{given} {person.family}{suffix}",
        "first m last": f"{given}{initial + '.' if initial else ''} {person.family}{suffix}",
    }[style]


def full_name(person: Person) -> str:
    """Return the name a letter would carry."""
    return " ".join(part for part in (person.given, person.middle, person.family, person.suffix) if part)


def _date(day: datetime.date, style: Style, element: str, subtype: str = "") -> Shown:
    text = show_date(day, style.date)
    if style.stored == "serial":
        serial = (day - EXCEL_EPOCH).days
        return Shown(str(serial), element, subtype, day.isoformat(), raw=serial)
    if style.stored in ("typed", "lossy"):
        return Shown(text, element, subtype, day.isoformat(), raw=day, number_format=EXCEL_DATES[style.date])
    return Shown(text, element, subtype, day.isoformat())


def _number(value: str, style: Style, element: str, subtype: str = "") -> Shown:
    """An id that a careless hand stored as a number, so that its zeros in front are gone."""
    if style.stored == "lossy" and value.isdigit():
        return Shown(str(int(value)), element, subtype, value, raw=int(value) if len(value) < 12 else None)
    return Shown(value, element, subtype, value)


def _ssn(person: Person, style: Style) -> Shown:
    s = person.ssn
    dashed = f"{s[:3]}-{s[3:5]}-{s[5:]}"
    if style.stored == "typed" and style.ssn == "dash":
        return Shown(dashed, "ssn", "full", s, raw=int(s), number_format="000-00-0000")
    text = {"dash": dashed, "bare": s, "space": f"{s[:3]} {s[3:5]} {s[5:]}"}[style.ssn]
    return Shown(text, "ssn", "full", s)


def _named(text: str, person: Person, subtype: str = "full") -> Shown:
    return Shown(text, "name", subtype, full_name(person))


def _mbi(person: Person, style: Style) -> Shown | None:
    if not person.mbi:
        return None
    m = person.mbi
    return Shown(f"{m[:4]}-{m[4:7]}-{m[7:]}" if style.ssn == "dash" else m, "health_insurance", "mbi", m)


def _optional(text: str, element: str, subtype: str = "") -> Shown | None:
    return Shown(text, element, subtype, text) if text else None


def _record(p: Person, s: Style) -> Shown | None:
    value = p.records.get(s.issuer) or next(iter(p.records.values()))
    return _number(value, s, "medical_record_number")


def _home(p: Person, s: Style) -> Address:
    return p.former if s.former and p.former else p.address


def _address(p: Person, s: Style) -> Shown:
    a = _home(p, s)
    kind = "po_box" if a.street.startswith(("PO", "P.O")) else "street"
    return Shown(f"{a.street}, {a.city}, {a.state} {a.zip}", "address", kind, a.street)


def _street(p: Person, s: Style) -> Shown:
    return msgspec.structs.replace(_address(p, s), text=_home(p, s).street)


def _dx(p: Person, pack: Pack, *, words: bool) -> Shown:
    code, said, _ = pack.diagnoses[p.diagnoses[0]]
    return Shown(said if words else code, "diagnosis", "words" if words else "code", said if words else code)


Field = Callable[[Person, Style, Pack], Shown | None]
FIELDS: dict[str, Field] = {
    "name": lambda p, s, k: _named(show_name(p, s.name, nick=s.nick), p),
    "family": lambda p, s, k: _named(p.family + (f" {p.suffix}" if p.suffix else ""), p, "partial"),
    "given": lambda p, s, k: _named(p.given, p, "partial"),
    "given_middle": lambda p, s, k: _named(f"{p.given} {p.middle[:1]}".strip(), p, "partial"),
    "middle": lambda p, s, k: Shown(p.middle[:1]) if p.middle else None,
    "dob": lambda p, s, k: _date(p.born, s, "date_of_birth", "full"),
    "age": lambda p, s, k: Shown(str(p.age)),
    "sex": lambda p, s, k: Shown(p.sex),
    "ssn": lambda p, s, k: _ssn(p, s),
    "ssn4": lambda p, s, k: Shown(p.ssn[5:], "ssn", "last4", p.ssn[5:]),
    "mrn": lambda p, s, k: _record(p, s),
    "account": lambda p, s, k: _number(p.account, s, "patient_account_number"),
    "payer": lambda p, s, k: Shown(p.payer, "health_insurance", "payer", p.payer),
    "member": lambda p, s, k: Shown(p.member, "health_insurance", "member_id", p.member),
    "group": lambda p, s, k: _number(p.group, s, "health_insurance", "group"),
    "mbi": lambda p, s, k: _mbi(p, s),
    "medicaid": lambda p, s, k: _optional(p.medicaid, "health_insurance", "medicaid_id"),
    "licence": lambda p, s, k: _optional(p.licence, "drivers_license", "licence"),
    "routing": lambda p, s, k: Shown(p.bank[0], "financial_account", "routing", p.bank[0]),
    "bank": lambda p, s, k: Shown(p.bank[1], "financial_account", "account", p.bank[1]),
    "address": lambda p, s, k: _address(p, s),
    "street": lambda p, s, k: _street(p, s),
    "city": lambda p, s, k: Shown(_home(p, s).city),
    "state": lambda p, s, k: Shown(_home(p, s).state),
    "zip": lambda p, s, k: Shown(_home(p, s).zip),
    "city_state_zip": lambda p, s, k: Shown("{0.city}, {0.state} {0.zip}".format(_home(p, s))),
    "phone": lambda p, s, k: Shown(show_phone(p.phone, s.phone), "phone", "", p.phone),
    "mobile": lambda p, s, k: Shown(show_phone(p.mobile, s.phone), "phone", "", p.mobile),
    "email": lambda p, s, k: _optional(p.email, "email"),
    "dx": lambda p, s, k: _dx(p, k, words=False),
    "dx_words": lambda p, s, k: _dx(p, k, words=True),
    "drug": lambda p, s, k: _optional(k.drugs[p.drug], "medication"),
    "cpt": lambda p, s, k: _optional(k.procedures[p.procedure][0], "treatment", "procedure"),
    "procedure": lambda p, s, k: _optional(k.procedures[p.procedure][1], "treatment", "procedure"),
    "seen": lambda p, s, k: _date(s.today - datetime.timedelta(p.seen_before), s, "date_of_service"),
    "died": lambda p, s, k: _date(p.died_on, s, "date_of_death") if p.died_on else None,
    "employer": lambda p, s, k: _optional(p.employer, ""),
    "honorific": lambda p, s, k: _named(f"{'Mr' if p.sex == 'M' else 'Ms'}. {p.family}", p, "partial"),
    "their": lambda p, s, k: Shown("his" if p.sex == "M" else "her"),
    "they": lambda p, s, k: Shown("he" if p.sex == "M" else "she"),
    "them": lambda p, s, k: Shown("him" if p.sex == "M" else "her"),
}  # fmt: skip


def show(field: str, person: Person, style: Style, pack: Pack) -> Shown | None:
    """Return how a document of that style shows one field of a person, or None where the person has none."""
    if person.maiden and style.former:
        person = msgspec.structs.replace(person, family=person.maiden)
    shown = FIELDS[field](person, style, pack)
    if shown is None or not style.case or field == "email":
        return shown
    return msgspec.structs.replace(shown, text=shown.text.upper() if style.case == "upper" else shown.text.lower())

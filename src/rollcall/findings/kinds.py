"""The kinds of answer that forms ask for: which element each is, and what its values look like."""

from rollcall.elements.dates import parse_date
from rollcall.findings.forms import is_blank
from rollcall.findings.profile import reads_as_name, shapes_of

# kind -> element, subtype, the shapes of value it can have
KINDS: dict[str, tuple[str, str, frozenset[str]]] = {
    kind: (element, subtype, frozenset(shapes.split()))
    for kind, element, subtype, shapes in (
        ("birth", "date_of_birth", "full", "date"),
        ("service_date", "date_of_service", "date", "date"),
        ("ssn", "ssn", "full", "ssn nine"),
        ("record", "medical_record_number", "mrn", "code number nine"),
        ("account", "patient_account_number", "bill", "code number nine"),
        ("member", "health_insurance", "member_id", "code number nine ssn"),
        ("group", "health_insurance", "group", "code number nine mixed"),
        ("payer", "health_insurance", "payer", "words name payer"),
        ("license", "drivers_license", "licence", "code number nine"),
        ("routing", "financial_account", "routing", "nine"),
        ("bank", "financial_account", "account", "code number nine"),
        ("address", "address", "street", "street"),
        ("place", "address", "city_state_zip", "place"),
        ("phone", "phone", "phone", "phone"),
        ("email", "email", "email", "email"),
        ("diagnosis", "diagnosis", "words", "words icd name condition"),
        ("treatment", "treatment", "procedure", "words icd code number name service"),
        ("medication", "medication", "drug", "words name drug dose"),
        ("amount", "billing_amount", "amount", "money number"),
    )
}
ANY_CODE = frozenset(("code", "number", "nine", "ssn"))
# What the value of an element can look like, whatever kind it was asked for as.
ACCEPTS = {
    "name": frozenset(("name", "words")),
    "date_of_birth": frozenset(("date",)),
    "date_of_service": frozenset(("date",)),
    "date_of_death": frozenset(("date",)),
    "ssn": ANY_CODE,
    "medical_record_number": ANY_CODE,
    "patient_account_number": ANY_CODE,
    "drivers_license": ANY_CODE,
    "financial_account": ANY_CODE,
    "payment_card": frozenset(("number",)),
    "phone": frozenset(("phone",)),
    "email": frozenset(("email",)),
    "medication": KINDS["medication"][2] | {"code"},
    "provider": frozenset(("name", "words")),
    "passport": ANY_CODE,
    "other_id": ANY_CODE | {"mixed", "phone", "words"},
    "military_id": ANY_CODE,
    "tax_id": ANY_CODE,
    "billing_amount": frozenset(("money", "number", "amount")),
}
# Shapes that tell the kind whatever the label says, the plainest first.
TOLD_BY_SHAPE = {
    "condition": "diagnosis",
    "icd": "diagnosis",
    "dose": "medication",
    "service": "treatment",
    "payer": "payer",
}
_PLAIN = (
    ("phone", ("phone", "ten")),
    ("email", ("email",)),
    ("street", ("street", "located", "house")),
    ("ssn", ("ssn", "last4")),
    ("icd", ("icd_dotted", "icd")),
    ("condition", ("condition",)),
    ("service", ("service",)),
    ("payer", ("payer",)),
    ("nine", ("nine", "routing")),
    ("money", ("cents", "amount")),
)
_LONGEST = 160


def shapes_of_value(text: str) -> frozenset[str]:
    """Return what the value of a field looks like, in the words of `KINDS`; nothing where the field is blank."""
    text = text.strip(" \t_.;,")
    if is_blank(text) or len(text) > _LONGEST:
        return frozenset()
    seen = shapes_of(text)
    if "date" in seen or (len(text) >= 6 and parse_date(text, birth=True)):
        return frozenset(("date",))
    found = {shape for shape, names in _PLAIN if seen.intersection(names)}
    if text.isdecimal():
        found |= {"number", "nine"} if len(text) == 9 else {"number"}
    if found & {"phone", "email", "street"}:
        return frozenset(found)
    return frozenset(found | (_numbered(text, seen) if any(map(str.isdigit, text)) else _worded(text)))


def _worded(text: str) -> set[str]:
    found = {"words"} if len(text) > 1 else set()
    return found | {"name"} if reads_as_name(text) else found


def _numbered(text: str, seen: frozenset[str]) -> set[str]:
    n_digits = sum(map(str.isdigit, text))
    found: set[str] = set()
    if text.replace(" ", "").replace("-", "").isdecimal():
        found.add("number")
    elif n_digits >= 2 and len(text.split()) <= 3 and (n_digits * 2 >= sum(map(str.isalnum, text)) or "code" in seen):
        found.add("code")
    elif "drug" in seen:
        found.add("dose")
    elif len(text.split()) == 1:
        found.add("mixed")
    if sum(map(str.isalpha, text)) > n_digits:
        found.add("words")
        if _is_place(text):
            found.add("place")
    return found


def _is_place(text: str) -> bool:
    """Say whether a text ends as "City, ST 12345" does."""
    words = text.replace(",", " ").split()
    return len(words) >= 3 and words[-1][:5].isdecimal() and len(words[-1]) >= 5 and words[-2].isalpha()

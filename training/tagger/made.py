"""Made-up pieces of hospital mail with the places of the names in them."""

import functools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from names import Names, Person
from rollcall.elements.terms import terms
from training.corpus import forms, passages

_SLOT = re.compile(r"\{(\w+)(:s)?\}|\\n|\\t")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
]
_OTHER = frozenset(("medication", "health_insurance", "address"))  # whose words are names of something else
_TERMS = {"dx": "diagnosis", "drug": "medication", "payer": "health_insurance", "proc": "treatment"}
HELD_OUT = 8  # every so many frames one is kept for development


def _set(words: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in words.replace("\n", " ").split(","))


DRUGS = _set(
    "metformin, Lisinopril, atorvastatin, Lipitor, gabapentin, Zoloft, sertraline, Eliquis, warfarin, Coumadin, Humira, insulin glargine, Lantus, "
    "Suboxone, buprenorphine, Vivitrol, Adderall, oxycodone, Percocet, Norco, Tylenol, ibuprofen, Advil, Plavix, Xarelto, amoxicillin, Augmentin, "
    "prednisone, albuterol, Ventolin, Advair, Symbicort, levothyroxine, Synthroid, losartan, Cozaar, amlodipine, Norvasc, Ozempic, Trulicity, Jardiance, "
    "Lexapro, Prozac, Wellbutrin, Abilify, Seroquel, lithium, Depakote, Keppra, Dilantin, Botox, Truvada, Descovy, Biktarvy, methotrexate, Keytruda, "
    "hydrochlorothiazide, furosemide, Lasix, Nexium, omeprazole, Zofran, Benadryl, Claritin, Flonase, EpiPen, Narcan, Chantix, Mirena, Depo-Provera"
)
CONDITIONS = _set(
    "type 2 diabetes, Type 2 Diabetes Mellitus, hypertension, COPD, CHF, asthma, Crohn's disease, Parkinson's disease, Alzheimer's, Hodgkin lymphoma, "
    "Graves disease, Hashimoto thyroiditis, Bell's palsy, Down syndrome, Lyme disease, Huntington disease, Addison's disease, Cushing syndrome, "
    "Wilson's disease, Raynaud phenomenon, Kawasaki disease, Tourette syndrome, Sjogren's, Paget disease, Marfan syndrome, Turner syndrome, "
    "major depression, PTSD, anxiety, bipolar disorder, opioid use disorder, alcohol use disorder, HIV, hepatitis C, breast cancer, Stage II Breast Cancer, "
    "chest pain, Chest Pain, shortness of breath, atrial fibrillation, Afib, hip fracture, pneumonia, UTI, sepsis, migraine, epilepsy, lupus, gout, "
    "GERD, chronic kidney disease, CKD Stage 3, ESRD, anemia, psoriasis, preterm labor, gestational diabetes, miscarriage, chlamydia, I10, E11.9, F32.1, J44.9"
)
PROCEDURES = _set(
    "MRI, CT of the abdomen, CT Abdomen and Pelvis, colonoscopy, Colonoscopy, mammogram, Pap smear, A1C, CBC, lipid panel, Foley catheter, Holter monitor, "
    "Swan-Ganz catheter, Moderna vaccine, Pfizer booster, Tdap, Echo, EKG, stress test, knee replacement, C-section, Whipple procedure, Roux-en-Y, "
    "dialysis, chemo, PT, OT, physical therapy, wound care, sleep study, Mohs surgery, Glasgow Coma Scale, Apgar score, Braden Scale, Mantoux test, dental cleaning, root canal"
)
PAYERS = _set(
    "Medicare, Medicaid, Blue Cross, Blue Cross Blue Shield, BCBS, Aetna, Cigna, Humana, UnitedHealthcare, United, UCare, Kaiser, Anthem, Tricare, "
    "HealthPartners, Molina, Centene, Harvard Pilgrim, Tufts Health Plan, MassHealth, Wellcare, Ambetter, Delta Dental, MetLife, Prime West, Geico, Mutual of Omaha"
)
DEPARTMENTS = _set(
    "Cardiology, cardiology, Oncology, Behavioral Health, behavioral health, the ED, ED, the ICU, ICU, Radiology, Patient Accounts, Billing, billing, "
    "Health Information Management, HIM, Medical Records, Labor and Delivery, Pediatrics, peds, OB, Orthopedics, ortho, Physical Therapy, Pharmacy, "
    "Case Management, Social Work, Human Resources, HR, IT, Surgery, Urgent Care, Primary Care, Nutrition, Registration, Admissions, Infection Control, Dermatology"
)
_HELLOS = _set(
    "Hola, Oi, Ola, Bonjour, Salut, Ciao, Hallo, Hej, Salaam, Salam, Assalamu alaikum, Xin chao, Nyob zoo, Aloha, Namaste, Good Day, good afternoon, good morning, Buenas tardes, Buenos dias, Bom dia, Boa tarde, Bonswa, Hi there, hi, hey, Hey, Howdy, Greetings, Happy Friday, Morning, quick question"
)
_BYES = _set(
    "Obrigado, Obrigada, Merci, Grazie, Danke, Mesi, Gracias, gracias, Saludos, Abracos, Bendiciones, Warmly, Best, best, Thx, thx, TY, Cheers, Many thanks, With appreciation, In good health, Peace, Respectfully submitted, See you, Talk soon, Cordially"
)
_CREDENTIALS = _set(
    "MD, DO, RN, LPN, NP, PA-C, PhD, PharmD, LICSW, LCSW, LMHC, LADC, CADC, CHW, CMA, RMA, CPC, RHIA, RHIT, BSN, MSN, DNP, APRN, FNP-BC, CNM, OTR/L, PT, DPT, SLP, RD, LDN, RDN, CDCES, MPH, MSW, MBA, FACP, DDS, DMD, RDH, EMT-P, CCM, CCS, CHC, CRNA, Esq., BCBA"
)
_HEADS = _set(
    "The director, The pharmacy, Somebody, Nobody, My boss, The nurse, Everyone, Caller, Patient, Mother, Daughter, Father, Staff, Management, The daughter"
)
_PLACE_HEADS = _set(
    "St. Mary's, Saint Luke's, St. Joseph, Mercy, Good Samaritan, Lutheran, Sacred Heart, Mount Sinai, Providence, County, University, Memorial, Children's, Riverside, Lakeview"
)
_PLACE_TAILS = _set(
    "Hospital, Medical Center, Clinic, Health, Health System, General, General Hospital, Family Practice, Pharmacy, Care Center, Nursing Home, Dental, Pediatrics, Orthopedics, School, Elementary, Church, Insurance Agency, & Sons, LLC, Law Firm, Foundation, Rehab, Home Care, Labs, Transportation"
)
_BRANDS = _set(
    "Walgreens, CVS, Walmart, Quest, LabCorp, Mayo Clinic, Cleveland Clinic, Johns Hopkins, Wells Fargo, Microsoft, Epic, Cerner, Zoom, Amazon, FedEx, Johnson & Johnson, Dana-Farber, Brigham and Women's, Massachusetts General, Kaiser Permanente, Ford, Rite Aid, McKesson, Eli Lilly, Merck, Abbott, Baxter, Target, Wendy's"
)
_STREET_TAILS = _set(
    "St, Street, Ave, Avenue, Rd, Road, Dr, Drive, Ln, Lane, Blvd, Ct, Way, Pl, Pkwy, Hwy, Ter, Circle"
)
_CITIES = _set(
    "Madison, Lincoln, Jackson, Houston, Austin, Dallas, Denver, Charlotte, Charleston, Alexandria, Brainerd, Duluth, Worcester, Springfield, Brockton, New Bedford, "
    "Fall River, San Antonio, San Jose, Santa Cruz, Los Angeles, Las Vegas, El Paso, La Crosse, Fort Wayne, Saint Paul, St. Cloud, Des Moines, Baton Rouge, Montgomery, "
    "Lowell, Lawrence, Quincy, Marion, Florence, Chelsea, Everett, Clinton, Franklin, Garfield, Monroe, Harrison, Tyler, Logan, Carson City, Dorchester, Hyannis, Portland, Savannah, Orlando, Augusta, Helena, Sydney, Mexico City, Port-au-Prince, Phnom Penh, Guatemala City, Mogadishu, Kabul, Hanoi, Praia, Addis Ababa"
)
_STATES = [
    "MN",
    "MA",
    "TX",
    "CA",
    "NY",
    "WI",
    "IA",
    "FL",
    "Ohio",
    "Texas",
    "Minnesota",
    "Georgia",
    "Virginia",
    "Carolina",
    "Montana",
    "Maine",
]


@dataclass
class Doc:
    """A text and what stands in it: (start, end, label); label P a person, S staff, X another name, ? not known."""

    text: str
    spans: list[tuple[int, int, str]]
    unlisted: list[tuple[int, int]] = field(default_factory=list)  # names to be shown as if no table knew them
    roles: bool = False  # whether P and S are told apart


@functools.cache
def _terms(element: str) -> list[str]:
    """Return the words of an element that the package lists."""
    return sorted(term for term, what in terms().items() if what.element == element)


def frames(*, held: bool) -> list[str]:
    """Return the frames to train on, or those held out."""
    lines = [
        line
        for line in (Path(__file__).parent / "frames.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [line for at, line in enumerate(lines) if (at % HELD_OUT == 3) == held]


class Maker:
    """Fills frames."""

    def __init__(self, rng: random.Random, lines: Sequence[str], people: Names, others: Names | None = None) -> None:
        self.rng = rng
        self.lines = lines
        self.people = people
        self.others = others or people  # whose names stand in streets and houses

    def doc(self) -> Doc:
        """Return one to four filled frames, as one piece of mail has them."""
        rng = self.rng
        joint = rng.choice(("\n", "\n\n", " ", "\n"))
        pieces = [self.fill(rng.choice(self.lines)) for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4)))]
        return cased(joined(pieces, joint), rng)

    def fill(self, frame: str) -> Doc:
        """Return a frame with its places filled."""
        rng = self.rng
        text, spans, unlisted = "", [], []
        position = 0
        caps = rng.random() < 0.12  # who writes names in capitals does so throughout
        for match in _SLOT.finditer(frame):
            text += frame[position : match.start()]
            position = match.end()
            if match.group() in ("\\n", "\\t"):
                text += "\n" if match.group() == "\\n" else "\t"
                continue
            kind, staff = match[1], bool(match[2])
            if kind in "PGLIA":
                person = self.people.person()
                piece = name_as(kind, person, rng)
                if caps:
                    piece = piece.upper()
                spans.append((len(text), len(text) + len(piece), "S" if staff else "P"))
                if person.unlisted:
                    unlisted.append(spans[-1][:2])
            else:
                piece = self._other(kind)
                if kind in ("org", "street", "city", "payer", "drug", "dept"):
                    spans.append((len(text), len(text) + len(piece), "X"))
            text += piece
        return Doc(text + frame[position:], spans, unlisted, roles=True)

    def _other(self, kind: str) -> str:  # noqa: C901
        rng = self.rng
        if kind in _TERMS and rng.random() < 0.6:
            return rng.choice((str, str, str, str.title, str.capitalize))(rng.choice(_terms(_TERMS[kind])))
        match kind:
            case "drug":
                return rng.choice(DRUGS)
            case "dx":
                return rng.choice(CONDITIONS)
            case "proc":
                return rng.choice(PROCEDURES)
            case "payer":
                return rng.choice(PAYERS)
            case "dept":
                return rng.choice(DEPARTMENTS)
            case "day":
                return rng.choice(_DAYS)
            case "month":
                return rng.choice(_MONTHS)
            case "state":
                return rng.choice(_STATES)
            case "org":
                draw = rng.random()
                if draw < 0.3:
                    return rng.choice(_BRANDS)
                head = (
                    rng.choice(_PLACE_HEADS) if draw < 0.6 else self._surname() if draw < 0.85 else rng.choice(_CITIES)
                )
                return f"{head} {rng.choice(_PLACE_TAILS)}"
            case "street":
                name = rng.choice(
                    (
                        self._surname(),
                        self._surname(),
                        rng.choice(_CITIES),
                        rng.choice(("Main", "Park", "2nd", "N 4th", "Martin Luther King")),
                    )
                )
                return f"{rng.randint(1, 9999)} {name} {rng.choice(_STREET_TAILS)}{rng.choice(('', '', '.', f' Apt {rng.randint(1, 40)}', f' #{rng.randint(1, 40)}'))}"
            case "city":
                return (
                    rng.choice(_CITIES)
                    if rng.random() < 0.7
                    else f"{self._surname()}{rng.choice((' Falls', 'ville', 'ton', ' City', ' Beach', ''))}"
                )
            case "date":
                y, m, d = rng.randint(1930, 2025), rng.randint(1, 12), rng.randint(1, 28)
                return rng.choice(
                    (
                        f"{m}/{d}/{y}",
                        f"{m:02}/{d:02}/{y}",
                        f"{m}-{d}-{y % 100:02}",
                        f"{y}-{m:02}-{d:02}",
                        f"{_MONTHS[m - 1]} {d}, {y}",
                        f"{_MONTHS[m - 1][:3]} {d}",
                        f"{m}/{d}",
                        f"{d} {_MONTHS[m - 1][:3]} {y}",
                    )
                )
            case "time":
                return rng.choice(
                    (
                        f"{rng.randint(1, 12)}:{rng.randint(0, 59):02} PM",
                        f"{rng.randint(1, 12)}am",
                        f"{rng.randint(7, 18)}:00",
                    )
                )
            case "mrn":
                return rng.choice(
                    (
                        str(rng.randint(10000, 99999999)),
                        f"{rng.choice(('MRN', 'H', 'A', 'XQ'))}{rng.randint(10000, 999999999)}",
                        f"{rng.randint(100, 999)}-{rng.randint(100, 999)}",
                    )
                )
            case "phone":
                return (
                    f"{rng.choice(('', '('))}{rng.randint(200, 999)}-{rng.randint(200, 999)}-{rng.randint(1000, 9999)}"
                )
            case "ssn":
                return f"{rng.randint(100, 899)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"
            case "mail":
                return f"{rng.choice('abcdefgjklmnprst')}{rng.randint(1, 99)}@example.org"
            case "hello":
                return rng.choice(_HELLOS)
            case "bye":
                return rng.choice(_BYES)
            case "cred":
                return (
                    rng.choice(_CREDENTIALS)
                    if rng.random() < 0.6
                    else "".join(rng.choices("ACDHLMNPRSTW", k=rng.choice((2, 3, 4))))
                )
            case "Hood":
                return rng.choice(_HEADS)
            case "money":
                return f"${rng.randint(5, 9000)}.{rng.randint(0, 99):02}"
            case "age" | "num":
                return str(rng.randint(1, 99))
        raise ValueError(kind)

    def _surname(self) -> str:
        person = self.others.person()
        return person.family if self.rng.random() < 0.8 else f"{person.given} {person.family}"


def name_as(kind: str, person: Person, rng: random.Random) -> str:
    """Return how a place names a person: P whole, I family name first, G first name, L family name, A with an initial."""
    if kind == "G":
        return person.given
    if kind == "L":
        return person.family
    if kind == "A":
        return rng.choice(
            (
                f"{person.given} {person.family[0]}.",
                f"{person.given[0]}. {person.family}",
                f"{person.given} {person.family[0]}",
                f"{person.given[0]}.{person.family[0]}.",
            )
        )
    middle = person.middle if rng.random() < 0.8 else ""
    if kind == "I" or (kind == "P" and rng.random() < 0.12):
        comma = rng.choice((", ", ", ", ", ", ","))
        family = f"{person.family} {person.suffix}".strip() if rng.random() < 0.5 else person.family
        tail = person.suffix if person.suffix and family == person.family else ""
        text = f"{family}{comma}{' '.join(word for word in (person.given, middle, tail) if word)}"
        return text.upper() if rng.random() < 0.25 else text
    words = (person.family, person.given, middle) if person.surname_first else (person.given, middle, person.family)
    text = " ".join(word for word in words if word)
    if person.suffix:
        text += rng.choice((" ", ", ")) + person.suffix
    return text


def joined(docs: Sequence[Doc], joint: str) -> Doc:
    """Return several texts as one."""
    text, spans, unlisted = "", [], []
    for doc in docs:
        at = len(text)
        spans += [(start + at, end + at, label) for start, end, label in doc.spans]
        unlisted += [(start + at, end + at) for start, end in doc.unlisted]
        text += doc.text + joint
    return Doc(text, spans, unlisted, all(doc.roles for doc in docs))


def cased(doc: Doc, rng: random.Random) -> Doc:
    """Return a text as it is, or now and then in capitals or in small letters; lengths stay."""
    draw = rng.random()
    changed = doc.text.upper() if draw < 0.06 else doc.text.lower() if draw < 0.12 else doc.text
    return Doc(changed, doc.spans, doc.unlisted, doc.roles) if len(changed) == len(doc.text) else doc


def of_corpus(seed: int, count: int, share: str) -> Iterator[Doc]:
    """Yield texts of `training/corpus`, running text and some forms, with the people in them."""
    for kind, many in ((passages, count), (forms, count // 8)):
        for passage in kind(seed, many, share):
            for part in passage.parts:
                spans = []
                for one in part.spans:
                    if one.element == "name" and one.person is not None:
                        staff = passage.persons[one.person].role in ("provider", "staff", "employee")
                        spans.append((one.start, one.end, "S" if staff else "P"))
                    elif one.element in _OTHER or (not one.element and one.subtype in ("organisation", "place")):
                        spans.append((one.start, one.end, "X"))
                yield Doc(part.text, spans, roles=True)

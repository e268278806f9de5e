"""Forms as text: labels that nobody listed, laid out in the ways forms are, and whose each answer is."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.elements.asked import asked, label_words
from rollcall.findings import beside_pairs, pairs, stacked_pairs
from rollcall.findings.asking import Question, meanings
from rollcall.findings.kinds import shapes_of_value
from rollcall.findings.patterns import lines
from rollcall.findings.tables import interpret_table
from rollcall.findings.texts import TextReader
from rollcall.model import Part

FIELDS = (
    ("Whom we see today", "Olson, Mary K"),
    ("Came into the world (m/d/y)", "3/7/1964"),
    ("Folder", "KX-448812"),
    ("Reach at", "(612) 555-0142"),
    ("Number on insurance card", "W1234 56789"),
    ("What is wrong", "chronic back pain"),
    ("Pills you take", "lisinopril 10 mg"),
    ("Whom to call if anything happens", "Olson, Peter"),
    ("Their number", "(612) 555-0199"),
)


def seal(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_text(text: str) -> set[tuple[str, str, str]]:
    part = Part(blob_id="b", part_no=0, kind="body", text=text)
    facts = TextReader("b", seal).read(part)
    return {
        (fact.element, " ".join(fact.text.split()), fact.group)
        for fact in facts
        if hasattr(fact, "finding_id") and fact.confidence >= 0.5
    }


def under(label: str, value: str) -> str:
    return f"  {value}\n______________________\n  ({label})\n"


LAYOUTS = {
    "colon": "\n".join(f"{label}: {value}" for label, value in FIELDS),
    "equals": "\n".join(f"{label} = {value}" for label, value in FIELDS),
    "dash": "\n".join(f"{label} - {value}" for label, value in FIELDS),
    "tab": "\n".join(f"{label}\t{value}" for label, value in FIELDS),
    "blanks": "\n".join(f"{label} __{value}______" for label, value in FIELDS),
    "dots": "\n".join(f"{label} ........ {value}" for label, value in FIELDS),
    "starred": "\n".join(f"*{label}*: {value}" for label, value in FIELDS),
    "bracketed": "\n".join(f"[{label}] {value}" for label, value in FIELDS),
    "numbered": "\n".join(f"{number}. {label}: {value}" for number, (label, value) in enumerate(FIELDS, 1)),
    "quoted": "\n".join(f"> {label}: {value}" for label, value in FIELDS),
    "indented under": "\n".join(f"{label}\n    {value}" for label, value in FIELDS),
    "over a rule": "\n".join(under(label, value) for label, value in FIELDS),
    "gaps": "\n".join(f"{label:<40}{value}" for label, value in FIELDS),
    "two a line": "\n".join(
        "     ".join(f"{label}: {value}" for label, value in FIELDS[at : at + 2]) for at in range(0, len(FIELDS), 2)
    ),
    "capitals": "\n".join(f"{label.upper()}: {value}" for label, value in FIELDS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_labels_nobody_listed(layout: str) -> None:
    found = read_text(f"Welcome\n\n{LAYOUTS[layout]}\n\nThank you\n")
    assert ("date_of_birth", "3/7/1964", "") in found
    assert ("medical_record_number", "KX-448812", "") in found
    assert ("health_insurance", "W1234 56789", "") in found
    assert ("phone", "(612) 555-0142", "") in found
    assert ("phone", "(612) 555-0199", "emergency_contact") in found
    assert ("name", "Olson, Peter", "emergency_contact") in found
    assert any(element == "name" and text == "Olson, Mary K" for element, text, _ in found)
    assert ("diagnosis", "chronic back pain", "") in found


def test_values_in_a_chopped_line() -> None:
    text = (
        "Intake; Client Olson, Mary K; Born (m-d-y) 3/7/1964; Chart KX-448812; Reach at (612) 555-0142; "
        "Card ID W1234 56789"
    )
    found = read_text(text)
    assert ("date_of_birth", "3/7/1964", "") in found
    assert ("medical_record_number", "KX-448812", "") in found
    assert ("health_insurance", "W1234 56789", "") in found


def of_rows(rows: list[list[str]]) -> set[tuple[str, str, str]]:
    _, found = interpret_table("b", 0, [(row, 0, cells) for row, cells in enumerate(rows)], seal)
    return {(one.element, one.text, one.group) for one in found if one.confidence >= 0.5}


@pytest.mark.parametrize(
    "rows",
    [
        [[label, value] for label, value in FIELDS],
        [[f"{label}:", value] for label, value in FIELDS],
        [["About you", ""], *([label, value] for label, value in FIELDS[:7]), ["Supports", ""],
         *([label, value] for label, value in FIELDS[7:])],
        [[f"{label}\n{value}" for label, value in FIELDS[at : at + 2]] for at in range(0, len(FIELDS), 2)],
        [[f"person-seen-{label}", value] for label, value in FIELDS],
    ],
    ids=["beside", "colons", "heads", "boxes", "prefixed"],
)  # fmt: skip
def test_labels_nobody_listed_in_cells(rows: list[list[str]]) -> None:
    found = of_rows(rows)
    assert ("date_of_birth", "3/7/1964", "") in found
    assert ("medical_record_number", "KX-448812", "") in found
    assert ("health_insurance", "W1234 56789", "") in found
    assert ("name", "Olson, Peter", "emergency_contact") in found
    assert ("phone", "(612) 555-0199", "emergency_contact") in found
    assert any(element == "name" and text == "Olson, Mary K" for element, text, _ in found)


def test_a_table_is_no_form() -> None:
    head = ["", "PT_DOB", "MRN/CSN", "DIAGNOSIS", "NOTE", "ORDERING", "EMAIL", "Done"]
    rows = [
        ["KELLER, SUE", "1962-12-15", "00206435", "E78.5", "will call back", "Dr. Rao", "skeller@mail.example", ""],
        ["PERALTA, MIA", "1957-09-08", "AF-385645", "S52.501A", "needed", "Dr. Noor", "mperalta@mail.example", ""],
        ["GUZMAN, SAL", "1955-03-24", "00230842", "L40.0", "", "Mo Noor", "guzman@mail.example", ""],
    ]
    assert ("name", "KELLER, SUE", "") in of_rows([head, *rows])


MEANT = [
    ("Born on", "3/7/1964", "date_of_birth"),
    ("Dat of Birfh", "3/7/1964", "date_of_birth"),
    ("Nombre / Name", "Olson, Mary", "name"),
    ("Card ID", "W123456789", "health_insurance"),
    ("Last visit", "3/7/2019", "date_of_service"),
    ("Signed on", "3/7/2019", ""),
    ("Where do you work", "Acme Mills", ""),
    ("Doctor", "Ann Keller", "name"),
]


@pytest.mark.parametrize(("label", "value", "element"), MEANT)
def test_what_a_label_asks_for(label: str, value: str, element: str) -> None:
    form = [Question("Patient", "Baker, Al"), Question("SSN", "401-45-1234"), Question(label, value)]
    header = meanings(form)[-1]
    assert (header.element if header is not None else "") == element


def test_an_encounter_on_a_day_is_no_number() -> None:
    form = [Question("Patient", "Baker, Al"), Question("DOB", "3/7/1964"), Question("Encounter on", "3/9/2019")]
    header = meanings(form)[-1]
    assert header is not None
    assert header.element == "date_of_service"


def test_nothing_is_asked_of_no_person() -> None:
    form = [Question("Meeting ID", "884 221 9034"), Question("Passcode", "4455"), Question("Host", "Ann Keller")]
    assert meanings(form) == [None, None, None]


def test_words_are_known_however_badly_read() -> None:
    assert {"date", "birth"} <= set(label_words("Date of B1rth"))
    assert asked("Phyician").roles == asked("Physician").roles


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab :=-_.;|\t\n*[]()>1", max_size=400))
def test_pairs_lie_where_they_say(text: str) -> None:
    for form in pairs.forms_of(lines(text)):
        for pair in form:
            assert text[pair.start : pair.end] == pair.value


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_value_has_shapes(text: str) -> None:
    assert isinstance(shapes_of_value(text), frozenset)


def test_long_texts_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(n: int) -> int:
        calls = 0

        def counted(text: str) -> bool:
            nonlocal calls
            calls += 1
            return len(text) < 60

        for module in (beside_pairs, stacked_pairs):
            monkeypatch.setattr(module, "is_label", counted)
        list(pairs.forms_of(lines("word " * n + "\n" + "Label: x; more y; " * n + "\n" + "a\nb\n" * n)))
        return calls

    assert work(800) <= 2.2 * work(400) + 50


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Acme Mutual (card QMEB193035) did not pay.", ("health_insurance", "QMEB193035", "")),
        ("We saw Mary Winslow (file SHC948430) today.", ("medical_record_number", "SHC948430", "")),
        ("You billed Ann Keller, ledger A6842779, twice", ("patient_account_number", "A6842779", "")),
        ("my file is SHC060946", ("medical_record_number", "SHC060946", "")),
    ],
)
def test_a_word_before_a_number(text: str, found: tuple[str, str, str]) -> None:
    assert found in read_text(text)


@pytest.mark.parametrize("text", ["see file 20190304 on the share", "ticket (case 00123456)", "room key 448812"])
def test_a_word_that_says_nothing(text: str) -> None:
    assert not read_text(text)


def test_a_surname_that_is_a_word_of_labels() -> None:
    assert ("name", "Maria Nascimento", "") in read_text("Name: Maria Nascimento\nDOB: 3/7/1964\nMRN: 448812\n")


@pytest.mark.parametrize(
    "street", ["4841 County Road 12 Unit 207, Spring NM 87904", "10324 Highway 144, Port Alvah, MA 02712"]
)
def test_roads_with_numbers(street: str) -> None:
    assert ("address", street, "") in read_text(f"we live at {street} now")


def test_a_part_of_a_form_under_the_head_of_somebody_else() -> None:
    text = "Patient: Mary Olson\nDOB: 3/7/1964\n\nSPOUSE:\nName: Carl Olson\nDOB: 4/8/1962\nSSN: 401-45-1234\n"
    found = read_text(text)
    assert {("date_of_birth", "3/7/1964", ""), ("date_of_birth", "4/8/1962", "spouse")} <= found
    assert ("ssn", "401-45-1234", "spouse") in found


def test_labels_in_a_row_over_their_answers() -> None:
    text = (
        "Patient          Chart No    Best Phone\nOlson, Mary K    KX448812    612 555 0142\n\n"
        "Birth Date    Policy Number\n3/7/1964      W123456789\n"
    )
    found = read_text(text)
    assert {("date_of_birth", "3/7/1964", ""), ("medical_record_number", "KX448812", "")} <= found


def test_labels_in_capitals_before_their_answers() -> None:
    text = "WHO IS THIS ABOUT Mary Olson\nCHART KX448812\nBORN (M-D-Y) 20-MAY-1969\nHOME 58 Nye Blvd, Troy, NY 12180\n"
    found = read_text(text)
    assert {("medical_record_number", "KX448812", ""), ("date_of_birth", "20-MAY-1969", "")} <= found
    assert any(element == "name" and name == "Mary Olson" for element, name, _ in found)


@pytest.mark.parametrize("name", ["DE QUERIDO, ELISANGELA S", "DAWIT BEKELE, ZINASH R"])
def test_a_double_surname_before_a_rare_name(name: str) -> None:
    found = read_text(f"Client: {name}\nBorn on: 3/7/1964\nChart: KX448812\nParent or payer: {name}\n")
    assert {text for element, text, _ in found if element == "name"} == {name}
    assert not any(element == "health_insurance" for element, _, _ in found)


def test_a_sentence_is_no_label() -> None:
    found = read_text("Housing call for Ann Keller\nsoc 401-45-1234\nlives at 58 Nye Blvd, Troy, NY 12180\n")
    assert ("ssn", "401-45-1234", "") in found
    assert not any(group == "emergency_contact" for _, _, group in found)

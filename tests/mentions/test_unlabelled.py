"""Values that running text gives without a label: numbers the case knows, dates beside names, a second of a kind."""

import pyarrow as pa
import pytest

from rollcall.mentions.assembled import Assembled
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.prose import assemble_text
from rollcall.mentions.taught import Taught, entries_of, taught_by
from rollcall.model import Finding, Membership, Mention, Part, to_table

from .facts import BLOB, seal, span


def row(number: int, name: str, what: str, value: str) -> tuple[Mention, Finding, Membership]:
    element, _, subtype = what.partition(".")
    finding = msg_finding(f"f{number}{value}", element, subtype, value)
    mention = Mention(
        mention_id=f"m{number}", blob_id=BLOB, part_no=0, row=number, block=None, ordinal=0, kind="row", role="patient",
        is_subject=True, name=name, confidence=0.9, why="",
    )  # fmt: skip
    tied = Membership(mention_id=mention.mention_id, finding_id=finding.finding_id, confidence=0.9, why="")
    return mention, finding, tied


def msg_finding(finding_id: str, element: str, subtype: str, value: str) -> Finding:
    made = span(value, value, f"{element}.{subtype}")
    return Finding(**{**{name: getattr(made, name) for name in made.__struct_fields__}, "finding_id": finding_id})


def learned(*rows: tuple[str, str, str]) -> pa.Table:
    """What a table of (name, element.subtype, value) teaches."""
    made = [row(number, *one) for number, one in enumerate(rows)]
    kinds = (Mention, Finding, Membership)
    tables = [to_table(kind, [one[at] for one in made]) for at, kind in enumerate(kinds)]
    return entries_of([taught_by(tables[0], tables[2], tables[1])])


CARDS = learned(
    ("Mary Hill", "medical_record_number.mrn", "KX204411"),
    *((f"Ann B{letter}", "medical_record_number.mrn", f"KX20{at}17{at}") for at, letter in enumerate("cdefgh")),
    ("Peter Olson", "health_insurance.member_id", "771204418803"),
    ("Rose Olson", "health_insurance.member_id", "771204418803"),
    ("Peter Olson", "medical_record_number.mrn", "112"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("file KX204411 please", [("KX204411", True)]),
        ("file kx-204411, again", [("kx-204411", True)]),
        ("new one KX999888.", [("KX999888", False)]),
        ("QX999888", []),  # other letters than the hospital's
        ("about 7712 0441 8803 and", [("7712 0441 8803", True)]),
        ("room 112, KX2044", []),
        ("a KX204411@x.org, ab1KX204411", []),
        ("zKX204411", []),
        ("KX204411 KX999888", [("KX204411", True), ("KX999888", False)]),
    ],
)
def test_numbers_of_the_case_are_found_without_a_label(text: str, found: list[tuple[str, bool]]) -> None:
    assert [(text[one.start : one.end], one.known) for one in Taught(CARDS).search(text)] == found


def test_a_number_of_a_family_keeps_its_owners() -> None:
    taught = Taught(CARDS)
    assert taught.owners("health_insurance", "771204418803") == [("Peter", "Olson"), ("Rose", "Olson")]
    assert taught.owners("ssn", "771204418803") == []


def read(text: str, *findings: Finding, sent: str = "2019-05-01", subject: str = "") -> Assembled:
    parts = [
        Part(blob_id=BLOB, part_no=0, kind="subject", text=subject),
        Part(blob_id=BLOB, part_no=1, kind="body", text=text),
    ]
    mail = ("Jane Nurse <jane.nurse@clinic.org>", "Bob Helper <bob@clinic.org>")
    return assemble_text(parts, findings, Lexicon([], Taught(CARDS)), mail, seal, None, sent)


def whose(made: Assembled, *given: Finding) -> dict[str, str]:
    names = {one["mention_id"]: one["name"] for one in made.mentions.to_pylist()}
    values = {one["finding_id"]: one["value"] for one in made.names.to_pylist() if one["element"] != "name"}
    values |= {one.finding_id: one.value for one in given}
    return {
        values[one["finding_id"]]: names[one["mention_id"]]
        for one in made.memberships.to_pylist()
        if one["alternative_of"] is None and one["finding_id"] in values
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Olson, Mary / 3/7/84 / seen\n- Baker, John / 4/8/1990 / seen\n",
         {"1984-03-07": "Olson, Mary", "1990-04-08": "Baker, John"}),
        ("Records of Mary Olson, April 11, 2004, at our desk", {"2004-04-11": "Mary Olson"}),
        ("the chart of Mary Olson\n(3/7/84) is lost", {"1984-03-07": "Mary Olson"}),
        ("3/7/84 Mary Olson called", {"1984-03-07": "Mary Olson"}),
        ("Mary Olson, 4/2/2019, came in", {}),  # may be the visit
        ("Mary Olson, 3/7/84 visit", {}),
        ("Hi Mary Olson,\n3/7/84 is the day", {}),
        ("third no show, Mary Olson, KX999888", {"KX999888": "Mary Olson"}),
    ],
)  # fmt: skip
def test_what_stands_right_beside_a_name_is_that_persons(text: str, expected: dict[str, str]) -> None:
    assert whose(read(text)) == expected


def test_without_the_day_of_the_mail_only_old_dates_are_birth_dates() -> None:
    assert whose(read("Mary Olson (3/7/84)", sent="")) == {"1984-03-07": "Mary Olson"}
    assert whose(read("Mary Olson (3/7/17)", sent="")) == {}


def test_the_second_of_two_joined_values_is_of_the_same_kind() -> None:
    text = "Mary Olson and John Hill, born 3/7/84 and 4/8/1990."
    born = span(text, "3/7/84", "date_of_birth.full")
    assert set(whose(read(text, born), born)) == {"3/7/84", "1990-04-08"}


def test_a_subject_line_alone_names_and_tells() -> None:
    assert whose(read("see attached", subject="Mary Olson / May 29, 1998 / needs a ride")) == {
        "1998-05-29": "Mary Olson"
    }


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Pt Mary Olson, 508-555-0117, call back", "patient"),
        ("Mary Olson from the vendor is at 508-555-0117", "other"),
    ],
)
def test_a_phone_alone_is_a_patients_where_the_sentence_says_patient(text: str, role: str) -> None:
    phone = span(text, "508-555-0117", "phone.")
    assert read(text, phone).mentions["role"].to_pylist() == [role]


def test_reading_twice_as_much_takes_twice_as_many_looks() -> None:
    class Counted(Taught):
        looks = 0

        def _read(self, text: str, start: int, end: int):  # type: ignore[no-untyped-def]
            self.looks += 1
            return super()._read(text, start, end)

    looks = []
    for n in (200, 400):
        taught = Counted(CARDS)
        list(taught.search("1234-5678 " * n))
        looks.append(taught.looks)
    assert looks[1] <= 2.1 * looks[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They lost the tube of Mary Olson, the label said 7/11/75, redraw", {"1975-07-11": "Mary Olson"}),
        (
            "In the old record of the other hospital Mary Olson was born on January 31,\n2005 in town",
            {"2005-01-31": "Mary Olson"},
        ),
        ("Mary Olson has had it since 7/11/75, she says", {}),
        ("Mary Olson left. Form revised 7/11/75.", {}),
        ("Mary Olson was seen twice, 7/11/2018 first", {}),
    ],
)
def test_an_old_date_in_a_sentence_on_somebody_is_when_they_were_born(text: str, expected: dict[str, str]) -> None:
    assert whose(read(text)) == expected

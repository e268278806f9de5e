"""Forms and prose: whom a value in running text is given to."""

import itertools

import msgspec
import pytest

from rollcall.elements.blocks import blocks
from rollcall.mentions.assembled import Assembled
from rollcall.mentions.forms import assemble_forms
from rollcall.mentions.lexicon import Lexicon, build_lexicon, subjects_of
from rollcall.mentions.prose import assemble_text
from rollcall.model import Finding, LexiconEntry, Membership, Mention, Part, Place, to_table

from .facts import BLOB, cell, seal, span

STAFF = LexiconEntry(kind="staff", given="Jane", family="Nurse", email="jane.nurse@clinic.org")
KNOWN = (
    LexiconEntry(kind="person", given="John", family="Carter"),
    LexiconEntry(kind="person", given="Maria", family="De La Cruz"),
)
LEXICON = Lexicon([STAFF, *KNOWN])
MAIL = ("Jane Nurse <jane.nurse@clinic.org>", "Bob Helper <bob@clinic.org>")


def find(text: str, part: int = 1, **whats: str) -> list[Finding]:
    """Findings of a text: element -> the value as it stands there; "x|name" puts it at the nth place."""
    found = []
    for what, value in whats.items():
        element = {
            "dob": "date_of_birth.full",
            "mrn": "medical_record_number.mrn",
            "ssn": "ssn.full",
            "dx": "diagnosis.code",
            "phone": "phone.",
            "email": "email.",
        }[what.rstrip("0123456789")]
        block = next((b for s, e, b in blocks(text) if s <= text.index(value) < e), None)
        found.append(span(text, value, element, part=part, block=block))
    return found


def owners(made: Assembled, findings: list[Finding]) -> dict[str, str]:
    """Value -> name it was given to; alternatives left out."""
    names = {row["mention_id"]: row["name"] for row in made.mentions.to_pylist()}
    values = {one.finding_id: one.value for one in findings}
    return {
        values[row["finding_id"]]: names[row["mention_id"]]
        for row in made.memberships.to_pylist()
        if row["alternative_of"] is None and row["finding_id"] in values
    }


def prose(text: str, subject: str = "", correspondents: tuple[str, ...] = MAIL, **whats: str) -> dict[str, str]:
    parts = [
        Part(blob_id=BLOB, part_no=0, kind="subject", text=subject),
        Part(blob_id=BLOB, part_no=1, kind="body", text=text),
    ]
    findings = find(text, **whats)
    return owners(assemble_text(parts, findings, LEXICON, correspondents, seal), findings)


@pytest.mark.parametrize(
    ("text", "whats", "expected"),
    [
        ("Patient Mary Hill was seen. Her DOB is 4/5/1960.", {"dob": "4/5/1960"}, "Mary Hill"),
        ("Please fax Mary Hill (MRN 77812) and Peter Olson (MRN 99123).", {"mrn": "77812"}, "Mary Hill"),
        ("Please fax Mary Hill (MRN 77812) and Peter Olson (MRN 99123).", {"mrn": "99123"}, "Peter Olson"),
        ("Mary Hill - 4/5/1960\nPeter Olson - 7/8/1970\n", {"dob": "7/8/1970"}, "Peter Olson"),
        ("> Mary Hill called about her visit.\n> Her MRN is 77812.", {"mrn": "77812"}, "Mary Hill"),
        (
            "MRN 77812, thanks.\n\nOn Mon, Jan 6, 2020 at 9:00 AM Bob Helper <bob@clinic.org> wrote:\n> which?\n>\n"
            "> > We talked about Mary Hill.",
            {"mrn": "77812"},
            "Mary Hill",
        ),
        ("Hi Bob Helper,\nSSN 401-45-1234 belongs to Mary Hill.\nJane Nurse", {"ssn": "401-45-1234"}, "Mary Hill"),
        ("Bob, my SSN is 401-45-1234.\nJane", {"ssn": "401-45-1234"}, "Jane Nurse"),
        (
            "ok\n\nOn Mon, Jan 6, 2020 at 9:00 AM Kate Poe <k@x.org> wrote:\n> my SSN is 401-45-1234",
            {"ssn": "401-45-1234"},
            "Kate Poe",
        ),
        ("Saw JOHN CARTER today, I10 confirmed.", {"dx": "I10"}, "JOHN CARTER"),
        ("Saw carter, john today, I10 confirmed.", {"dx": "I10"}, "carter, john"),
        ("John\n> Q. Carter has I10.", {"dx": "I10"}, "John Q. Carter"),
        ("maria de la cruz has I10.", {"dx": "I10"}, "maria de la cruz"),
        ("Referred by Dr. Alan Stone: Mary Hill, I10.", {"dx": "I10"}, "Mary Hill"),
        ("The result was I10.", {"dx": "I10"}, ""),
        (
            "Mary Hill came in on Monday. We spoke at length about many things and she agreed.\n\nMs. Hill has I10.",
            {"dx": "I10"},
            "Mary Hill",
        ),
        ("Call me.\n\nRegards,\nJane Nurse\n612-555-0100", {"phone": "612-555-0100"}, None),
        ("Thanks!\n\nOn Monday Kate wrote:\n> Patient Mary Hill, MRN 77812", {"mrn": "77812"}, "Mary Hill"),
        ("Thanks,\n\nthe chart of Mary Hill has MRN 77812", {"mrn": "77812"}, "Mary Hill"),
    ],
)
def test_whose_it_is(text: str, whats: dict[str, str], expected: str | None) -> None:
    assert prose(text, **whats).get(next(iter(whats.values()))) == expected


def test_the_subject_line_names_who_the_body_is_about() -> None:
    assert prose("Please see DOB 4/5/1960 and I10.", subject="Re: Mary Hill referral", dob="4/5/1960", dx="I10") == {
        "4/5/1960": "Mary Hill",
        "I10": "Mary Hill",
    }


def test_the_name_of_an_attachment_names_who_the_body_is_about() -> None:
    text = "Attached. MRN 77812."
    parts = [
        Part(blob_id=BLOB, part_no=1, kind="body", text=text),
        Part(blob_id=BLOB, part_no=2, kind="names", text="Mary_Hill-chart.pdf"),
    ]
    findings = find(text, mrn="77812")
    assert owners(assemble_text(parts, findings, LEXICON, MAIL, seal), findings) == {"77812": "Mary Hill"}


def test_what_might_be_anothers_keeps_the_other_as_an_alternative() -> None:
    text = "Mary Hill and Peter Olson both have I10."
    findings = find(text, dx="I10")
    made = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=text)], findings, LEXICON, MAIL, seal)
    names = {row["mention_id"]: row["name"] for row in made.mentions.to_pylist()}
    rows = [row for row in made.memberships.to_pylist() if row["finding_id"] == findings[0].finding_id]
    assert {(names[row["mention_id"]], row["alternative_of"] is None) for row in rows} == {
        ("Peter Olson", True),
        ("Mary Hill", False),
    }


def test_one_person_of_a_message_is_one_mention_with_the_name_as_a_finding() -> None:
    text = "Mary Hill, DOB 4/5/1960.\n\nMary Hill has MRN 77812."
    findings = find(text, dob="4/5/1960", mrn="77812")
    made = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=text)], findings, LEXICON, MAIL, seal)
    assert made.mentions["name"].to_pylist() == ["Mary Hill"]
    assert made.mentions["role"].to_pylist() == ["patient"]
    assert [(row["value"], row["start"], row["end"]) for row in made.names.to_pylist()] == [("Mary Hill", 0, 9)]
    assert len(made.memberships) == 3


def test_numbers_of_several_people_without_names_are_several_mentions() -> None:
    text = "401-45-1234\n512-33-9876\n"
    assert set(prose(text, ssn="401-45-1234", ssn2="512-33-9876")) == {"401-45-1234", "512-33-9876"}
    parts = [Part(blob_id=BLOB, part_no=1, kind="body", text=text)]
    made = assemble_text(parts, find(text, ssn="401-45-1234", ssn2="512-33-9876"), LEXICON, MAIL, seal)
    assert len(made.mentions) == 2


def test_known_people_are_kept_though_nothing_else_is_said() -> None:
    parts = [Part(blob_id=BLOB, part_no=1, kind="body", text="John Carter rescheduled. Wendy Unknown came.")]
    made = assemble_text(parts, [], LEXICON, MAIL, seal)
    assert made.mentions["name"].to_pylist() == ["John Carter"]


def test_shifted_text_keeps_its_anchors() -> None:
    text = "Mary Hill, DOB 4/5/1960."
    ids = []
    for lead in ("", "Some other matter first.\n\n"):
        shifted = lead + text
        made = assemble_text(
            [Part(blob_id=BLOB, part_no=1, kind="body", text=shifted)],
            find(shifted, dob="4/5/1960"),
            LEXICON,
            MAIL,
            seal,
        )
        ids.append(made.mentions["mention_id"].to_pylist())
    assert ids[0] == ids[1]


def labelled(text: str, *whats: tuple[str, str, str]) -> list[Finding]:
    return [span(text, value, what, group=group, why="label:x") for what, value, group in whats]


FORM = """Patient Name: Mary Hill
DOB: 4/5/1960   MRN: 77812
Guarantor: Otto Hill
Guarantor SSN: 401-45-1234

Patient Name: Peter Olson
DOB: 7/8/1970
"""


def test_records_of_a_form() -> None:
    findings = labelled(
        FORM,
        ("name.full", "Mary Hill", "patient"),
        ("date_of_birth.full", "4/5/1960", ""),
        ("medical_record_number.mrn", "77812", ""),
        ("name.full", "Otto Hill", "guarantor"),
        ("ssn.full", "401-45-1234", "guarantor"),
        ("name.full", "Peter Olson", "patient"),
        ("date_of_birth.full", "7/8/1970", ""),
    )
    made = assemble_forms(findings, FORM)
    assert [(row["name"], row["role"]) for row in made.mentions.to_pylist()] == [
        ("Mary Hill", "patient"),
        ("Otto Hill", "guarantor"),
        ("Peter Olson", "patient"),
    ]
    assert owners(made, findings)["401-45-1234"] == "Otto Hill"
    assert made.relations["relation"].to_pylist() == ["guarantor_of"]
    # What a form holds is not asked for again, and what stands beside it goes to its person.
    more = FORM + "\nMary Hill was seen for I10."
    facts = [*findings, *find(more, dx="I10")]
    records = {row["mention_id"]: Mention(**row) for row in made.mentions.to_pylist()}
    held = {row["finding_id"]: records[row["mention_id"]] for row in made.memberships.to_pylist()}
    second = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=more)], facts, LEXICON, MAIL, seal, held)
    assert len(second.mentions) == 0
    assert [row["mention_id"] for row in second.memberships.to_pylist()] == [made.mentions["mention_id"][0].as_py()]


def test_a_table_set_in_plain_text_has_a_record_per_line() -> None:
    text = "MRN  Name  DOB\n1111  Mary Hill  4/5/1960\n2222  Peter Olson  7/8/1970\n"
    findings = labelled(
        text,
        ("medical_record_number.mrn", "1111", ""),
        ("name.full", "Mary Hill", ""),
        ("date_of_birth.full", "4/5/1960", ""),
        ("medical_record_number.mrn", "2222", ""),
        ("name.full", "Peter Olson", ""),
        ("date_of_birth.full", "7/8/1970", ""),
    )
    assert owners(assemble_forms(findings, text), findings)["2222"] == "Peter Olson"


def test_a_sheet_of_labels_and_values() -> None:
    cells = [
        cell(row, 1, what, text, why="label:x")
        for row, what, text in (
            (0, "name.full", "Mary Hill"),
            (1, "date_of_birth.full", "4/5/1960"),
            (2, "ssn.full", "401451234"),
            (20, "ssn.full", "512339876"),
        )
    ]
    made = assemble_forms(cells)
    assert sorted(made.mentions["name"].to_pylist()) == ["", "Mary Hill"]
    assert set(made.memberships["finding_id"].to_pylist()) == {one.finding_id for one in cells}


def test_no_finding_is_lost() -> None:
    text = "Mary Hill 4/5/1960\n\nunrelated 401-45-1234\n\nI10 and 77812"
    findings = find(text, dob="4/5/1960", ssn="401-45-1234", dx="I10", mrn="77812")
    for n in range(len(findings) + 1):
        for some in itertools.combinations(findings, n):
            made = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=text)], list(some), LEXICON, (), seal)
            held = {row["finding_id"] for row in made.memberships.to_pylist() if row["alternative_of"] is None}
            assert {one.finding_id for one in some} <= held


@pytest.mark.parametrize(
    "text",
    ["", "\x00", ">" * 5000, "On , wrote:\n" * 500, "İSTANBUL ǅ ﬁ Mary Hill", "a,b;" * 3000, "John\n>\n>\nCarter"],
)
def test_hostile_text(text: str) -> None:
    made = assemble_text(
        [Part(blob_id=BLOB, part_no=1, kind="body", text=text)], [], LEXICON, ("<<>>,;", text[:200]), seal
    )
    for row in made.names.to_pylist():
        assert text[row["start"] : row["end"]] == row["text"]


def test_lexicon_of_staff_and_people() -> None:
    mentions = [
        Mention(
            mention_id=key,
            blob_id=BLOB,
            part_no=0,
            row=1,
            block=None,
            ordinal=0,
            kind="row",
            role="patient",
            is_subject=True,
            name=name,
            confidence=0.9,
            why="",
        )
        for key, name in (("m1", "HILL, MARY"), ("m2", "Only Named"), ("m3", "J Short"))
    ]
    facts = [cell(1, 1, "ssn.full", "401451234"), cell(2, 1, "phone.", "1"), cell(3, 1, "ssn.full", "512339876")]
    members = [
        Membership(mention_id=f"m{n}", finding_id=one.finding_id, confidence=1.0, why="")
        for n, one in enumerate(facts, 1)
    ]
    mail = [("Jane Nurse <jane.nurse@clinic.org>", "bob.helper@clinic.org, Kate Poe <kate@gmail.com>")] * 3
    subjects = subjects_of(to_table(Mention, mentions), to_table(Membership, members), to_table(Finding, facts))
    assert subjects == {"HILL, MARY", "J Short"}
    entries = build_lexicon(mail, subjects)
    assert [(one.kind, one.given, one.family) for one in entries] == [
        ("person", "Mary", "Hill"),
        ("staff", "Bob", "Helper"),
        ("staff", "Jane", "Nurse"),
    ]
    assert build_lexicon(reversed(mail), subjects, mailboxes=["x@clinic.org"]) == entries


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("john carter", ["john carter"]),
        ("Carter, John Q.", ["Carter, John"]),
        ("Johnny Carter", []),
        ("John Carterson", []),
        ("Alan Carter John Smith", []),
        ("John, Carter", []),
        ("ok.John Carter's chart", ["John Carter"]),
        ("John_Carter.pdf CARTER_JOHN.pdf", ["John_Carter", "CARTER_JOHN"]),
        ("saw John. Carter left", []),
        ("Jóhn Cárter", ["Jóhn Cárter"]),
    ],
)
def test_search(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in LEXICON.search(text)] == found


ONE, TWO = ("DOB", "4/5/1960"), ("DOB", "7/8/1970")


def sheet(*rows: tuple[str, str] | None) -> list[tuple[str, list[str]]]:
    """Name and values of each person of a sheet of labels (None is an empty row)."""
    whats = {
        "Name": "name.full",
        "Member": "name.full",
        "DOB": "date_of_birth.full",
        "SSN": "ssn.full",
        "MRN": "medical_record_number.mrn",
    }
    groups = {"Name": "patient", "Guarantor": "guarantor"}
    cells = [
        cell(n, 1, whats.get(row[0], "name.full"), row[1], groups.get(row[0], ""), why="form")
        for n, row in enumerate(rows)
        if row
    ]
    made = assemble_forms(cells)
    values = {one.finding_id: one.value for one in cells}
    held: dict[str, list[str]] = {}
    for row in made.memberships.to_pylist():
        held.setdefault(row["mention_id"], []).append(values[row["finding_id"]])
    return [(row["name"], held[row["mention_id"]]) for row in made.mentions.to_pylist()]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [("Name", "A B"), ONE, None, ("Member", "C D"), TWO],
            [("A B", ["A B", "4/5/1960"]), ("C D", ["C D", "7/8/1970"])],
            id="one says Name, the next says Member",
        ),
        pytest.param(
            [("Name", "A B"), ONE, None, None, TWO, ("SSN", "1"), None, ("Name", "C D"), ("SSN", "2")],
            [("A B", ["A B", "4/5/1960"]), ("", ["7/8/1970", "1"]), ("C D", ["C D", "2"])],
            id="a name that was missed",
        ),
        pytest.param(
            [("MRN", "1"), ("Name", "A B"), ONE, ("MRN", "2"), ("Name", "C D"), TWO],
            [("A B", ["1", "A B", "4/5/1960"]), ("C D", ["2", "C D", "7/8/1970"])],
            id="the name comes second",
        ),
        pytest.param(
            [("Name", "A B"), ("Guarantor", "E F"), ONE, ("Name", "C D")],
            [("A B", ["A B", "4/5/1960"]), ("E F", ["E F"]), ("C D", ["C D"])],
            id="a guarantor begins no record",
        ),
        pytest.param(
            [ONE, ("SSN", "1"), ("MRN", "2")], [("", ["4/5/1960", "1", "2"])], id="nobody named is one person"
        ),
    ],
)
def test_where_records_begin(rows: list[tuple[str, str] | None], expected: list[tuple[str, list[str]]]) -> None:
    assert sheet(*rows) == expected


def test_a_town_is_nobody() -> None:
    text = "Alder Falls, MN 56310 and I10."
    findings = [span(text, "Alder Falls, MN 56310", "address.city"), *find(text, dx="I10")]
    made = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=text)], findings, LEXICON, MAIL, seal)
    assert made.mentions["name"].to_pylist() == [""]


def test_a_text_that_names_thousands_in_one_line() -> None:
    """Each number goes to the name before it, however many stand in the line."""
    names = ("Ann Quinby", "Bea Harlow", "Carl Stroud", "Dora Tindall", "Karen Marlow")
    pieces = [(names[n % 5], f"{899000001 + n}") for n in range(3000)]
    text = "; ".join(f"{name}: {number}" for name, number in pieces)
    findings = []
    position = 0
    for _, number in pieces:
        position = text.index(number, position)
        one = span(text, number, "ssn.full")
        findings.append(msgspec.structs.replace(one, place=Place(part_no=1, start=position, end=position + 9)))
    made = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=text)], findings, LEXICON, MAIL, seal)
    assert owners(made, findings) == {number: name for name, number in pieces}


LINES = (
    "Ann Quinby - knee replacement of the right side, in May - member 77812 - approved\n"
    "Peter Olson - chest x-ray with two views, next week - member 99123 - pending\n"
)


@pytest.mark.parametrize(("mrn", "owner"), [("77812", "Ann Quinby"), ("99123", "Peter Olson")])
def test_lines_of_a_list_keep_to_themselves(mrn: str, owner: str) -> None:
    assert prose(LINES, mrn=mrn) == {mrn: owner}


OUTSIDE = ("Ann Quinby <ann@home.example>", "Jane Nurse <jane.nurse@clinic.org>")


@pytest.mark.parametrize(
    ("text", "correspondents", "owner"),
    [
        ("I have new insurance, tell me if MRN 77812 stays.", OUTSIDE, "Ann Quinby"),
        ("I have a question, tell me if MRN 77812 stays.", MAIL, ""),  # staff do not write of themselves
        ("MRN 77812 was denied.", OUTSIDE, ""),  # an insurer's clerk may write so
        ("I have a son, tell me if MRN 77812 of Peter Olson stays.", OUTSIDE, "Peter Olson"),
    ],
)
def test_who_writes_from_outside_in_the_first_person_is_meant(
    text: str, correspondents: tuple[str, ...], owner: str
) -> None:
    assert prose(text, correspondents=correspondents, mrn="77812") == {"77812": owner}


def test_a_text_of_thousands_of_loose_values_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the whole text is asked once, not for each value."""
    asked = []
    monkeypatch.setattr("rollcall.mentions.layout.in_first_person", lambda text: bool(asked.append(text)))
    numbers = [f"p{n}@many.org" for n in range(1000, 3000)]
    text = ", ".join(numbers)
    findings = [span(text, number, "email.") for number in numbers]
    mail = ("Kate Poe <k@x.org>",)
    made = assemble_text([Part(blob_id=BLOB, part_no=1, kind="body", text=text)], findings, LEXICON, mail, seal)
    assert asked == [text]
    assert owners(made, findings) == {}

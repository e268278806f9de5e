"""Whose a value is: candidates weighed against each other, lists, one-owner elements, and the work it takes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.mentions import linking
from rollcall.mentions.assembled import Assembled
from rollcall.mentions.clues import may_be_one
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.prose import assemble_text
from rollcall.mentions.segments import Segments
from rollcall.model import Finding, LexiconEntry, Part

from .facts import BLOB, seal, span

STAFF = LexiconEntry(kind="staff", given="Jane", family="Nurse", email="jane.nurse@clinic.org")
MAIL = ("Jane Nurse <jane.nurse@clinic.org>", "Bob Helper <bob@clinic.org>")


def read(text: str, *findings: Finding, mail: tuple[str, ...] = MAIL) -> Assembled:
    part = Part(blob_id=BLOB, part_no=1, kind="body", text=text)
    return assemble_text([part], findings, Lexicon([STAFF]), mail, seal, None, "2020-05-01")


def whose(made: Assembled, *findings: Finding) -> dict[str, str]:
    names = {one["mention_id"]: one["name"] for one in made.mentions.to_pylist()}
    values = {one.finding_id: one.text for one in findings}
    return {
        values[one["finding_id"]]: names[one["mention_id"]]
        for one in made.memberships.to_pylist()
        if one["alternative_of"] is None and one["finding_id"] in values
    }


KINDS = {"ssn": "ssn.full", "dob": "date_of_birth.full", "dx": "diagnosis.words", "mrn": "medical_record_number.mrn"}


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        (
            "We sent 815-98-2395 for Ann Olson and 865-64-6097 for Ben Carter. I think they are swapped.",
            {"815-98-2395": "ssn", "865-64-6097": "ssn"},
            {"815-98-2395": "Ann Olson", "865-64-6097": "Ben Carter"},
        ),
        (
            "Ann Olson and Ben Carter were born 5/8/1977 and 1/17/1949, respectively.",
            {"5/8/1977": "dob", "1/17/1949": "dob"},
            {"5/8/1977": "Ann Olson", "1/17/1949": "Ben Carter"},
        ),
        (
            "Mary Olson met Peter Carter. He has gout.",
            {"gout": "dx"},
            {"gout": "Peter Carter"},
        ),
        (
            "- 7761123, Ann Olson, room 4\n- 7765512, Ben Carter, room 5\n",
            {"7761123": "mrn", "7765512": "mrn"},
            {"7761123": "Ann Olson", "7765512": "Ben Carter"},
        ),
    ],
)
def test_whose_it_is(text: str, values: dict[str, str], expected: dict[str, str]) -> None:
    findings = [span(text, value, KINDS[kind]) for value, kind in values.items()]
    assert whose(read(text, *findings), *findings) == expected


def test_an_outsider_writes_of_themselves() -> None:
    text = "I need a refill. My record is 7761123 and I have gout."
    findings = [span(text, "gout", KINDS["dx"])]
    assert whose(read(text, *findings, mail=("Ann Olson <ann@home.org>",)), *findings) == {"gout": "Ann Olson"}
    assert whose(read(text, *findings), *findings) == {"gout": ""}  # staff write of others


def test_the_weights_know_only_features_there_are() -> None:
    assert set(linking.weights()) == {"identifier", "event", "contact"}
    assert all(-12 < weight < 12 for some in linking.weights().values() for weight in some.values())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("mary", "olson"), ("mary", "olson"), True),
        (("mary", "olson"), ("m", "olson"), True),
        (("mary", "de la cruz"), ("mary", "cruz"), True),
        (("mary", ""), ("mary", "olson"), True),
        (("mary", "olson"), ("peter", "olson"), False),
        (("mary", "olson"), ("mary", "carter"), False),
    ],
)
def test_may_be_one(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert may_be_one(one, other) is same


THREAD = """on it

On Tue, Feb 26, 2019 at 2:05 PM Ann Poe <a@x.org> wrote:
> which one?
>
> On Mon, Feb 25, 2019 at 9:00 AM Ben Roe <b@x.org> wrote:
>> Mary Olson
>
> thanks
Regards

-----Original Message-----
From: Kim Lee <k@x.org>
Sent: Friday, February 1, 2019 2:15 PM
To: Ann Poe
Subject: a chart

the oldest
"""


@pytest.mark.parametrize(
    ("words", "level", "sender", "header"),
    [
        ("on it", 0, "", False),
        ("which one", 1, "Ann Poe", False),
        ("Mary Olson", 2, "Ben Roe", False),
        ("thanks", 1, "Ann Poe", False),
        ("Regards", 0, "", False),
        ("Friday, February", 3, "Kim Lee", True),
        ("the oldest", 3, "Kim Lee", False),
    ],
)
def test_who_wrote_what(words: str, level: int, sender: str, header: bool) -> None:
    one = Segments(THREAD).at(THREAD.index(words))
    assert (one.level, one.sender, one.header) == (level, sender, header)


GIVEN = ("Mary", "Peter", "Ann", "Robert", "Susan", "James", "Linda", "Thomas", "Karen", "Daniel")
FAMILIES = (
    "Olson", "Carter", "Miller", "Davis", "Garcia", "Wilson", "Moore", "Taylor", "Jackson", "Martin", "Thompson",
    "Martinez", "Robinson", "Clark", "Rodriguez", "Lewis", "Walker", "Allen", "Hernandez", "Wright",
)  # fmt: skip


def test_twice_as_many_names_take_twice_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    weighed = linking.clues
    monkeypatch.setattr(linking, "clues", lambda *given: made.append(1) or weighed(*given))
    counts = []
    for n in (100, 200):
        made.clear()
        names = [f"{one} {other}" for other in FAMILIES for one in GIVEN][:n]
        text = ", ".join(f"{name} 401-45-{1000 + at}" for at, name in enumerate(names))
        read(text, *(span(text, f"401-45-{1000 + at}", "ssn.full") for at in range(n)))
        counts.append(len(made))
    assert 0 < counts[1] <= 2.2 * counts[0]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="Mary Olson,\n>\u200b\u202e\u0410\u0660-/19(", max_size=120))
def test_any_text_is_read(noise: str) -> None:
    text = noise + " Ann Olson 401-45-1234 " + noise
    finding = span(text, "401-45-1234", "ssn.full")
    made = read(text, finding)
    assert any(one["finding_id"] == finding.finding_id for one in made.memberships.to_pylist())


def test_a_field_of_the_header_speaks_of_whom_it_names_itself() -> None:
    text = "Subject: Statement 401-45-1234\nX-Note: Ann Olson called\n"
    finding = span(text, "401-45-1234", "ssn.full")
    part = Part(blob_id=BLOB, part_no=1, kind="header", text=text)
    made = assemble_text([part], [finding], Lexicon([]), MAIL, seal)
    assert whose(made, finding) == {"401-45-1234": ""}


def test_a_label_is_nobody() -> None:
    text = "Guardian\n\nThe number is 401-45-1234."
    finding = span(text, "401-45-1234", "ssn.full")
    assert whose(read(text, finding), finding) == {"401-45-1234": ""}


def test_who_signs_is_not_meant() -> None:
    text = "The order 401-45-1234 is late.\n\nCaleb\n"
    finding = span(text, "401-45-1234", "ssn.full")
    assert whose(read(text, finding), finding) == {"401-45-1234": ""}


@pytest.mark.parametrize(("kind", "most"), [("ssn", 1), ("dob", 1), ("mrn", 2)])
def test_one_name_over_a_column_of_numbers_owns_no_more_than_one_person_has(kind: str, most: int) -> None:
    numbers = [f"4{n}1-45-123{n}" for n in range(6)]
    text = "Sent to Ann Olson:\n" + "".join(f"{number} x\n" for number in numbers)
    findings = [span(text, number, KINDS[kind]) for number in numbers]
    names = list(whose(read(text, *findings), *findings).values())
    assert 0 < names.count("Ann Olson") <= most
    assert len(names) == len(numbers)  # the others are kept, of nobody named

"""X12: who is who in the loops, whatever separates, and the real files kept beside the project."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements import BY_ID
from rollcall.items.drafts import name_of
from rollcall.items.parser import Record
from rollcall.items.parsers import x12
from rollcall.items.parsers import x12_codes as code_lists
from rollcall.items.readable import MemoryReadable

from .people import codes, named, notes, people, values, values_of

ISA = f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'S':<15}*ZZ*{'H':<15}*240102*1200*^*00501*000000001*0*P*:"
IL, QC = "NM1*IL*1*OLSON*TOM****MI*M55", "NM1*QC*1*OLSON*MARY"
TOM, MARY = "OLSON, TOM", "OLSON, MARY"


def read(kind: str, *segments: str) -> list[object]:
    lines = [ISA, "GS*X", f"ST*{kind}*1", *segments, "SE*1*1", "GE*1*1", "IEA*1*1"]
    return list(values(x12.PARSER, ("~".join(lines) + "~").encode()))


@pytest.mark.parametrize(
    ("kind", "segments", "roles"),
    [
        ("837", ("HL*1**22*0", "SBR*P*18*G", IL, "CLM*A1*5"), {TOM: "patient"}),
        ("837", ("HL*1**22*1", IL, "HL*2*1*23*0", QC, "CLM*A1*5"), {TOM: "subscriber", MARY: "patient"}),
        ("837", ("HL*1**22*0", IL, "CLM*A1*5", "SBR*S*01*G2", "NM1*IL*1*HALL*ANN****MI*Z9"),
         {TOM: "patient", "HALL, ANN": "subscriber"}),
        ("837", ("HL*1**22*0", IL, "CLM*A1*5", "SBR*S*18*G2", "NM1*IL*1*OLSON*TOM****MI*Z9"), {TOM: "patient"}),
        ("835", ("CLP*A1*1*5*5", QC, IL), {MARY: "patient", TOM: "subscriber"}),
        ("835", ("CLP*A1*1*5*5", QC, "NM1*74*1*OLSEN*MARY", "CLP*A2*1*5*5", "NM1*QC*1*HALL*ANN"),
         {MARY: "patient", "HALL, ANN": "patient"}),
        ("834", ("INS*Y*18", IL, "INS*N*19", "NM1*IL*1*OLSON*LEO"), {TOM: "subscriber", "OLSON, LEO": "dependent"}),
        ("834", ("INS*Y*18", IL, "NM1*QD*1*HALL*ANN", "NM1*S3*1*HALL*BO"),
         {TOM: "subscriber", "HALL, ANN": "guarantor", "HALL, BO": "other"}),
        ("270", ("HL*1**20*1", "NM1*PR*2*PLAN", "HL*2*1*21*1", "NM1*1P*1*HOUSE*GREG", "HL*3*2*22*1", IL, "HL*4*3*23*0",
                 "NM1*03*1*OLSON*LEO"), {TOM: "subscriber", "OLSON, LEO": "dependent"}),
        ("277", ("HL*4*3*22*1", IL, "HL*5*4*23", QC, "STC*F1*20240101**90"), {TOM: "subscriber", MARY: "patient"}),
        ("278", ("HL*3*2*22*1", IL, "HL*4*3*EV*0", "HI*ABK:F1120", "HL*5*4*SS*0", "SV1*HC:99213*9"), {TOM: "patient"}),
        ("820", ("ENT*1", "NM1*EY*1*OLSON*TOM****34*899451234"), {TOM: "employee"}),
    ],
)  # fmt: skip
def test_who_is_who(kind: str, segments: tuple[str, ...], roles: dict[str, str]) -> None:
    assert {name: one.role for name, one in named(read(kind, *segments)).items()} == roles


def test_a_dependant_is_apart_and_has_the_contract() -> None:
    made = named(read("837", "HL*1**22*1", "SBR*P**G1", IL, "DMG*D8*19800101", "NM1*PR*2*LAKES", "HL*2*1*23*0", QC,
                      "DMG*D8*20150101", "CLM*A1*5", "HI*ABK:F1120"))  # fmt: skip
    child, father = made[MARY], made[TOM]
    assert values_of(child, "health_insurance.member_id") == ["M55"]
    assert values_of(child, "health_insurance.group") == ["G1"]
    assert values_of(child, "health_insurance.payer") == ["LAKES"]
    assert values_of(child, "date_of_birth.full") == ["20150101"]
    assert values_of(father, "diagnosis.code") == []
    assert father.relations == (("subscriber_of", child.key),)


@pytest.mark.parametrize(
    ("kind", "segment", "expected"),
    [
        ("837", "REF*EA*0042", ("medical_record_number.mrn", "0042")),
        ("837", "REF*SY*899451234", ("ssn.full", "899451234")),
        ("837", "HI*BF:4019", ("diagnosis.code", "4019")),
        ("837", "HI*BBR:0DTJ4ZZ:D8:20240101", ("treatment.procedure", "0DTJ4ZZ")),
        ("837", "SV2*0300*HC:80053*90", ("treatment.procedure", "80053")),
        ("837", "SV3*AD:D0120*50", ("treatment.procedure", "D0120")),
        ("837", "LIN**N4*00071015523", ("medication.drug", "00071015523")),
        ("837", "DTP*435*DT*202401011030", ("date_of_service.date", "20240101")),
        ("837", "DTP*434*RD8*20240101-20240103", ("date_of_service.date", "20240103")),
        ("837", "AMT*F5*20", ("billing_amount.amount", "20")),
        ("837", "PAT*****D8*20240105", ("date_of_death.date", "20240105")),
        ("837", "NM1*71*1*HOUSE*GREG****XX*1", ("provider.provider", "GREG HOUSE")),
    ],
)
def test_what_is_said(kind: str, segment: str, expected: tuple[str, str]) -> None:
    made = read(kind, "HL*1**22*0", "SBR*P*18", IL, "CLM*A1*5", segment)
    assert expected in people(made)["segment 4 HL"]


@pytest.mark.parametrize(
    "segment", ["REF*D9*99", "REF*G1*99", "TRN*1*99", "REF*F8", "DTP*050*D8*20240101", "BHT*0019*00*99"]
)
def test_numbers_of_control_are_nobodys(segment: str) -> None:
    made = people(read("837", "HL*1**22*0", IL, "CLM*A1*5", segment))["segment 4 HL"]
    assert not {value for _, value in made} & {"99", "20240101"}


def test_a_former_name_brings_no_number_and_no_birth_date() -> None:
    made = read("834", "INS*Y*18", IL, "DMG*D8*19800101", "NM1*70*1*OLSEN*TOM****34*899000000", "DMG*D8*19700101")
    said = people(made)["segment 4 INS"]
    assert ("name.full", "OLSEN, TOM") in said
    assert ("date_of_birth.full", "19700101") not in said
    assert ("ssn.full", "899000000") not in said


def test_free_text_and_unknown_segments() -> None:
    made = read("837", "HL*1**22*0", IL, "CLM*A1*5", "NTE*ADD*FELL TWICE", "QQ9*A:B", "not one")
    assert notes(made) == {"segment 7 NTE": "FELL TWICE", "segment 8 QQ9": "QQ9 A B", "segment 9": "not one"}
    assert codes(made) == ["defect"]


@pytest.mark.parametrize(("signs", "end"), [("*:~", "~\r\n"), ("|>'", "'"), ("+\\\n", "\n"), ("\x1d\x1f\x1c", "\x1c")])
def test_separators(signs: str, end: str) -> None:
    text = "~".join((ISA, "GS*X", "ST*834*1", "INS*Y*18", IL, "SE*1*1", "GE*1*1", "IEA*1*1", ""))
    data = text.translate(str.maketrans({"*": signs[0], ":": signs[1], "~": "\0"})).replace("\0", end).encode()
    assert x12.looks_like(MemoryReadable(data))
    assert list(named(values(x12.PARSER, data))) == [TOM]


def test_the_tables_name_elements_of_the_catalogue() -> None:
    whats = {
        *code_lists.NAME_IDS.values(),
        *code_lists.REFERENCES.values(),
        *(one[3] for one in code_lists.NUMBERED.values()),
    }
    for what in whats:
        element, _, subtype = what.partition(".")
        assert subtype in BY_ID[element].subtypes


SEGMENTS = (
    "HL*1**22*1", "HL*2*1*23*0", "HL*3*2*EV", IL, QC, "CLM*A*1", "INS*Y*18", "CLP*1*1*1", "SBR*P*18*G", "NM1", "SE", "",
    "N3*1 Oak St", "DMG*D8*19800101", "REF*SY*1", "ST*834*2", "ST", "HI*ABK:I10", "SVC*HC:1", "ENT",
    "PER*IC**TE*7015550142",
)  # fmt: skip


@given(
    st.sampled_from(("837", "835", "834", "270", "820", "999", "")), st.lists(st.sampled_from(SEGMENTS), max_size=14)
)
def test_segments_in_any_order(kind: str, segments: list[str]) -> None:
    made = read(kind, *segments)
    assert all(field.end > field.start for one in made if isinstance(one, Record) for field in one.fields)


@given(st.text(alphabet="*:~^\rNM1ISASTHL2é ", max_size=120))
def test_noise_ends(noise: str) -> None:
    values(x12.PARSER, f"{ISA}~{noise}".encode())


@pytest.mark.samples
def test_everybody_in_the_real_files(samples: Path) -> None:
    """An independent walk: each NM1 of a person who is subscriber, patient or dependant gives a record of that name."""
    seen = 0
    for file in sorted((samples / "x12").iterdir()):
        text = file.read_text(encoding="latin-1")
        element, end = text[3], text[105]
        wanted = set()
        for piece in text.split(end):
            parts = piece.strip().split(element)
            if parts[0] == "NM1" and parts[1] in ("IL", "QC", "03", "74") and parts[2] == "1":
                parts += [""] * 10
                wanted.add((name_of(parts[3], parts[4], parts[5], parts[7]), parts[9].strip()))
        found = values(x12.PARSER, text.encode("latin-1"))
        records = [one for one in found if isinstance(one, Record)]
        for name, number in wanted:
            record = next(
                one for one in records if ("name", name) in {(field.element, field.value) for field in one.fields}
            )
            assert not number or number in {field.value for field in record.fields}
            seen += 1
    assert seen >= 10


def test_what_a_contract_says_again_is_bounded() -> None:
    numbers = [f"REF*1L*{number}" for number in range(200)]
    made = read("837", "HL*1**22*1", IL, *numbers, *(f"HL*{n}*1*23*0" for n in range(2, 30)), QC, "CLM*A*1")
    child = named(made)[MARY]
    assert len(child.fields) <= code_lists.CONTRACT + 5

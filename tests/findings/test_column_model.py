"""What a column is taken for where its header says nothing anybody has heard."""

from rollcall.findings.column_model import CLASSES, bucket, guess
from rollcall.findings.headings import cells_of
from rollcall.findings.layouts import mapped

GIVEN = ["Ana", "Mary", "Eric", "Rosa", "Karen", "Omar"]
FAMILY = ["Lopez", "Olson", "Baker", "Vang", "Carter", "Weber"]
BORN = ["3/7/1984", "11/25/1957", "4/5/1971", "9/9/2009", "2/1/1944", "6/30/1990"]
SEEN = ["1/7/2019", "1/25/2019", "1/5/2019", "1/9/2019", "1/1/2019", "1/30/2019"]
PHONE = [f"612555{at}14{at}" for at in range(1, 7)]
PLAN = ["Lakeside Health Plan", "Medicaid", "Lakeside Health Plan", "Aetna", "Medicaid", "Aetna"]


def meant(headers: list[str], *columns: list[str]) -> list[tuple[str, str]]:
    rows = [(at, cells_of(0, list(row))) for at, row in enumerate(zip(*columns, strict=True))]
    found, _, _ = mapped(cells_of(0, headers), {}, rows)
    return [(found[col].element, found[col].subtype) for col in sorted(found)]


def test_headers_nobody_has_heard() -> None:
    said = meant(["Zorp", "Blick", "Quam", "Fenn", "Rull"], FAMILY, GIVEN, BORN, SEEN, PHONE)
    assert said == [("name", "family"), ("name", "given"), ("date_of_birth", "full"), ("date_of_service", "date"),
                    ("phone", "phone")]  # fmt: skip


def test_no_headers() -> None:
    said = meant([], [f"{f}, {g}" for f, g in zip(FAMILY, GIVEN, strict=True)], BORN, PLAN)
    assert said == [("name", "full"), ("date_of_birth", "full"), ("health_insurance", "payer")]


def test_a_header_that_is_sure_and_borne_out_stays() -> None:
    said = meant(["Surname", "First name", "Date of service", "Phone"], FAMILY, GIVEN, SEEN, PHONE)
    assert said[2] == ("date_of_service", "date")


def test_a_list_of_no_people_holds_none() -> None:
    things = ["gauze 4x4", "gloves M", "syringe 5 ml", "tape 1 in", "mask", "gown L"]
    said = meant(["Stock", "Qty", "Aisle"], things, ["12", "40", "7", "3", "18", "22"], list("ABCDEF"))
    assert not {element for element, _ in said} & {"name", "ssn", "medical_record_number", "date_of_birth"}


def test_a_guess_is_sure_in_proportion() -> None:
    assert guess({}).sure <= 1
    assert guess({}).name in CLASSES
    assert bucket("one") == bucket("one")

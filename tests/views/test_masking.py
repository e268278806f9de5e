"""Nothing but names, state and roles is shown of a person without leave, wherever it stands."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall import views
from rollcall.elements import ELEMENTS
from rollcall.views.masking import Masker, masker
from tests.views.test_cases import HERE, build

VALUES = ("899451234", "899-45-1234", "MRN-00412", "ann.lee@example.org", "1960-03-07", "HIV", "12")


@pytest.fixture(scope="module")
def mask() -> Masker:
    return Masker(ELEMENTS, VALUES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SSN 899-45-1234.xlsx", "SSN •••-••-••••.xlsx"),
        ("SSN 899 45 1234", "SSN ••• •• ••••"),
        ("ssn899451234", "ssn•••••••••"),
        ("Re: mrn 00412 and mrn00412", "Re: ••• ••••• and ••••••••"),
        ("ANN.LEE@EXAMPLE.ORG", "•••.•••@•••••••.•••"),
        ("hiv clinic / archive", "••• clinic / archive"),
        ("chivalry 18994512345 12", "chivalry 18994512345 12"),
        ("", ""),
    ],
)
def test_text(mask: Masker, text: str, shown: str) -> None:
    assert mask.text(text) == shown


@given(st.text(max_size=60), st.sampled_from(VALUES[:5]), st.text(max_size=60))
def test_no_value_survives_between_other_characters(before: str, value: str, after: str) -> None:
    shown = Masker(ELEMENTS, VALUES).text(f"{before} {value} {after}")
    assert value not in shown.removeprefix(before).removesuffix(after)
    assert len(shown) == len(f"{before} {value} {after}")


@pytest.mark.parametrize("element", [element.id for element in ELEMENTS if element.id != "name"])
def test_every_element_is_masked(mask: Masker, element: str) -> None:
    assert mask.value(element, "A12345678B") != "A12345678B"
    assert mask.value("name", "Ann Lee") == "Ann Lee"


def test_every_table_of_a_case() -> None:
    connection = build(HERE / "evidence" / "strongest_occurrence")
    mask = masker(connection, ELEMENTS)
    for table in views.names():
        rows = views.rows(connection, table)
        shown = mask.table(rows)
        assert shown.schema == rows.schema
        text = json.dumps(shown.to_pylist())
        assert "899451234" not in text
        assert "899-45-1234" not in text
    people = mask.table(views.rows(connection, "individuals")).to_pylist()
    assert people[0]["names"] == ["Ann Lee"]
    assert people[0]["state"] == "MN"
    assert people[0]["identifiers"][0]["value"] != "899451234"


def test_custody_and_paths_of_sources_are_masked_and_mailboxes_are_not(mask: Masker) -> None:
    row = {"source_id": "S", "path": "/e/ann.lee@example.org.mbox", "received_from": "/e/ann.lee@example.org.mbox"}
    shown = mask.row({**row, "mailbox": "ann.lee@example.org"})
    assert shown["path"] == shown["received_from"] == "/e/•••.•••@•••••••.•••.mbox"
    assert shown["mailbox"] == "ann.lee@example.org"


def test_columns_of_persons_are_masked(mask: Masker) -> None:
    row = {
        "date_of_birth": "1960-03-07", "date_of_birth_text": "3/7/60", "addresses": ["9 Elm Street, Ely, MN 55731"],
        "phones": ["2185550100"], "emails": ["ann@example.org"], "state": "MN", "names": ["Ann Lee"], "n_items": 3,
    }  # fmt: skip
    shown = mask.row(row)
    for column in ("date_of_birth", "date_of_birth_text", "addresses", "phones", "emails"):
        assert shown[column] != row[column]
    assert {name: shown[name] for name in ("state", "names", "n_items")} == {
        "state": "MN",
        "names": ["Ann Lee"],
        "n_items": 3,
    }
    assert mask.table(pa.Table.from_pylist([row])).num_rows == 1

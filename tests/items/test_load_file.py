"""Load files of exports: known by their columns, counted, not searched; lists of people are never taken for one."""

import pytest

from rollcall.items.parser import Fault, Limits, Text
from rollcall.items.parsers import PARSERS, load_file
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
RESULTS = (
    "Item Identity,Document ID,Selected,Duplicate to Item,Original Path,Location Name,Target Path,Subject or Title,"
    "Decode Status\r\n"
)
MANIFEST = '<?xml version="1.0"?><Root DataInterchangeType="Update"><Batch name="x"/></Root>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RESULTS, True),
        ("\ufeff" + RESULTS, True),
        (RESULTS.replace(",", "\t"), True),
        (MANIFEST, True),
        ("Custodian,Document ID,Type,Location,Patient\r\n1,2,3,4,5\r\n", False),
        ("Name,SSN,DOB,Selected\r\nTindall,899-02-0087,1951-12-30,yes\r\n", False),
        ("Dear Ann, item identity, target path, native path\r\nare words.\r\n", False),
    ],
)
def test_what_is_one(text: str, expected: bool) -> None:
    first = next(one.name for one in PARSERS if one.looks_like(MemoryReadable(text.encode())))
    assert (first == "load_file") is expected


def test_items_nobody_could_look_into_are_counted() -> None:
    rows = [("Tindall", ""), ("two", "Success"), ("three", "Encrypted"), ("four", "Too large")]
    text = RESULTS + "".join(f"1,2,No,,/x,ann,/y,{subject},{state}\r\n" for subject, state in rows)
    note, fault = load_file.parse(MemoryReadable(text.encode()), LIMITS)
    assert isinstance(note, Text)
    assert note.text.startswith("4 items; columns: Item Identity")
    assert "Tindall" not in note.text
    assert isinstance(fault, Fault)
    assert (fault.code, fault.detail) == ("partial", "2 of 4 items could not be indexed by the export")


def test_a_list_without_losses_is_no_problem() -> None:
    text = RESULTS + "1,2,No,,/x,ann,/y,one,\r\n"
    assert not [value for value in load_file.parse(MemoryReadable(text.encode()), LIMITS) if isinstance(value, Fault)]

"""One address of a mention: its line, and the state it is in, which is a state there is."""

import pytest

from rollcall.individuals.normalise import address


@pytest.mark.parametrize(
    ("parts", "line", "state"),
    [
        ({"street": "12 Main St NW", "zip": "55401"}, "12 Main St NW, 55401", ""),
        ({"street": "12 Main St NW 55401"}, "12 Main St NW 55401", ""),
        ({"street": "4 Elm Ave", "city": "Fargo", "state": "ND", "zip": "58102"}, "4 Elm Ave, Fargo, ND 58102", "ND"),
        ({"street": "4 Elm Ave", "city": "Fargo", "state": "North Dakota"}, "4 Elm Ave, Fargo, North Dakota", "ND"),
        ({"full": "4 Elm Ave SE, Fargo, nd 58102"}, "4 Elm Ave SE, Fargo, nd 58102", "ND"),
        ({"full": "9 Oak ST 55401"}, "9 Oak ST 55401", ""),
        ({"full": "9 Oak Blvd NE 55401"}, "9 Oak Blvd NE 55401", ""),
        ({"full": "9 Oak Ct, Omaha, NE 68101"}, "9 Oak Ct, Omaha, NE 68101", "NE"),
        ({"po_box": "PO Box 9", "state": "ZZ"}, "PO Box 9, ZZ", ""),
    ],
)
def test_line_and_state(parts: dict[str, str], line: str, state: str) -> None:
    made = address(parts)
    assert (made.line, made.state) == (line, state)

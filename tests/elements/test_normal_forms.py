"""What a value is kept as, by element: the contract's normal forms."""

import pytest

from rollcall.elements import BY_ID


@pytest.mark.parametrize(
    ("element", "subtype", "written", "kept"),
    [
        ("medical_record_number", "mrn", "MR7749215306", "MR7749215306"),
        ("medical_record_number", "mrn", "MRN0012", "0012"),
        ("medical_record_number", "mrn", "MR 0012", "0012"),
        ("medical_record_number", "mrn", "sjh-123456", "SJH123456"),
        ("ssn", "full", "899-45-1234", "899451234"),
        ("ssn", "full", "899 45 1234", "899451234"),
        ("phone", "phone", "+1 (612) 555-0142", "6125550142"),
        ("email", "email", "Ann.Lee@Clinic.Example", "ann.lee@clinic.example"),
        ("date_of_birth", "full", "3/7/1984", "1984-03-07"),
    ],
)
def test_normal_form(element: str, subtype: str, written: str, kept: str) -> None:
    normalise = BY_ID[element].normalise
    assert normalise is not None
    assert normalise(written, subtype) == kept

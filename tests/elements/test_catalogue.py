"""Each element in running text: what is found, as what, and how sure; near values that are something else."""

import pytest

from rollcall.elements import BY_ID
from rollcall.elements.drivers_license import SHAPES, shape_of
from rollcall.elements.icd import codes, is_issued, sensitivity
from rollcall.elements.terms import read_terms, terms
from rollcall.findings.scan import scan_lines

COUNTS = 0.3  # from here a finding counts as exposed


def seen(text: str) -> list[tuple[str, str, str, str]]:
    return [(one.element, one.subtype, one.value, one.check) for one in scan_lines(text) if one.confidence >= COUNTS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ITIN 912-70-1234", ("tax_id", "itin", "912701234", "valid")),
        ("IP PIN: 482913", ("tax_id", "ip_pin", "482913", "unchecked")),
        ("Passport No. 512345678", ("passport", "passport", "512345678", "valid")),
        ("passport number C01234567", ("passport", "passport", "C01234567", "valid")),
        ("DoD ID 1287654321", ("military_id", "military_id", "1287654321", "valid")),
        ("NPI 1234567893", ("other_id", "professional_licence", "1234567893", "valid")),
        ("NPI: 1234567894", ("other_id", "professional_licence", "1234567894", "bad_checksum")),
        ("DEA# AB1234563", ("other_id", "professional_licence", "AB1234563", "valid")),
        ("the car, 1M8GDM9AXKP042788, was towed", ("other_id", "vehicle", "1M8GDM9AXKP042788", "valid")),
        ("Employee ID: E00412", ("other_id", "employee", "E00412", "unchecked")),
        ("Routing number: 021000021", ("financial_account", "routing", "021000021", "valid")),
        ("routing # 021000022", ("financial_account", "routing", "021000022", "bad_checksum")),
        ("Checking account: 000123456789", ("financial_account", "account", "000123456789", "unchecked")),
        ("her card 4556 7375 8689 9855 exp 09/21", ("payment_card", "card", "4556737586899855", "valid")),
        ("Amex 3714-496353-98436", ("payment_card", "card", "371449635398436", "bad_checksum")),
        ("portal login: mlopez password: Rain2019!", ("credentials", "password", "Rain2019!", "unchecked")),
        ("PCP: refill lisinopril please", ("medication", "drug", "lisinopril", "unchecked")),
        ("NDC 0002-8215-01", ("medication", "ndc", "0002-8215-01", "valid")),
        ("he passed away on 3/7/2019", ("date_of_death", "date", "2019-03-07", "valid")),
        ("her A1c was 9.1 in May", ("treatment", "lab_result", "A1c was 9.1", "unchecked")),
        ("BP 142/88 today", ("treatment", "vital", "BP 142/88", "unchecked")),
        ("HIV test: reactive", ("treatment", "lab_result", "HIV test: reactive", "unchecked")),
        ("billed as CPT 99213", ("treatment", "procedure", "99213", "code")),
        ("she had a colonoscopy", ("treatment", "procedure", "colonoscopy", "unchecked")),
        ("hx of HTN and CHF", ("diagnosis", "words", "htn", "unchecked")),
        ("dx code: 250.02", ("diagnosis", "code", "250.02", "unchecked")),
        ("with opioid use disorder", ("diagnosis", "substance_use", "opioid use disorder", "unchecked")),
        ("is on Medicaid", ("health_insurance", "payer", "Medicaid", "unchecked")),
        ("elected Employee + Spouse", ("benefit_election", "election", "Employee + Spouse", "valid")),
        ("she owes us $257.98", ("billing_amount", "amount", "$257.98", "unchecked")),
        ("Form W-2 Wage and Tax Statement 2018", ("tax_form", "form", "Wage and Tax Statement", "unchecked")),
        ("Certificate of Live Birth", ("vital_record", "record", "Certificate of Live Birth", "unchecked")),
        ("Mother's maiden name: Olson", ("mothers_maiden_name", "name", "Olson", "unchecked")),
        ("BRCA1 mutation", ("genetic", "genetic", "BRCA1 mutation", "unchecked")),
        ("wound photos", ("photo", "photo", "wound photos", "unchecked")),
    ],
)
def test_found(text: str, expected: tuple[str, str, str, str]) -> None:
    assert expected in seen(text)


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("order 4556737586899856 shipped", "payment_card"),  # its last digit is wrong
        ("call 612-555-0142", "tax_id"),
        ("your W-2 will be mailed in January", "tax_form"),
        ("the zip opens with password: Rain2019!", "credentials"),
        ("Tax ID 41-0123456", "tax_id"),
        ("annual review is due", "work_evaluation"),
        ("the annual report, 12345", "treatment"),
        ("see www.tricare.mil or aetna.com", "health_insurance"),
        ("depression-era glass", "diagnosis"),
        ("the server at 10.0.0.12", "other_id"),
        ("we met at 5", "billing_amount"),
        ("room 99213", "treatment"),
    ],
)
def test_not_counted(text: str, element: str) -> None:
    assert element not in {one[0] for one in seen(text)}


@pytest.mark.parametrize(
    ("element", "subtype", "good", "bad"),
    [
        ("financial_account", "routing", "021000021", "021000022"),
        ("payment_card", "card", "4556737586899855", "4556737586899856"),
        ("other_id", "professional_licence", "1234567893", "1234567890"),
        ("tax_id", "itin", "912701234", "912491234"),
        ("diagnosis", "code", "E11.9", "E11.Q"),
    ],
)
def test_a_failed_check_is_kept_and_less_sure(element: str, subtype: str, good: str, bad: str) -> None:
    known = BY_ID[element]
    assert known.check is not None
    weights = [known.weigh.get(known.check(value, subtype), 1.0) for value in (good, bad)]
    assert weights[1] < weights[0] == 1.0
    assert weights[1] > 0


def test_codes_of_diagnoses() -> None:
    assert len(codes()) > 95_000
    assert is_issued("S72.001A")
    assert not is_issued("Q99.99")
    assert [sensitivity(code) for code in ("F11.20", "F32.9", "B20", "O20.0", "E11.9")] == [
        "substance_use", "mental_health", "hiv", "reproductive", "",
    ]  # fmt: skip


def test_every_state_numbers_its_licences() -> None:
    assert len(SHAPES) == 53
    assert shape_of("MN").fullmatch("D123456789012")
    assert not shape_of("MN").fullmatch("D12345678")


def test_lists_of_terms_are_read_and_hold_no_short_words() -> None:
    assert read_terms("# note\nwords = a b,  c d\n") == {"a b": "words", "c d": "words"}
    with pytest.raises(ValueError, match="no subtype here"):
        read_terms("no subtype here")
    assert all(len(term) >= 3 for term in terms())


@pytest.mark.parametrize(("text", "value"), [("Deceased: Yes", "yes"), ("DOB: 3/7/1950  Deceased: Y", "yes")])
def test_that_somebody_died_is_read_where_no_date_stands(text: str, value: str) -> None:
    found = [one for one in scan_lines(text) if one.element == "date_of_death"]
    assert [(one.value, one.check) for one in found] == [(value, "flag")]
    assert found[0].confidence < COUNTS

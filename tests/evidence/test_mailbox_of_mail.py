"""Whose mailbox it is, told by the mail in it."""

import pytest

from rollcall.evidence.owners import mailbox_of_mail

ANN, BO, LIST = "Ann Lee <ann@clinic.example>", "bo@clinic.example", "all@clinic.example"


@pytest.mark.parametrize(
    ("mails", "expected"),
    [
        ([], None),
        ([(BO, ANN)] * 2, None),  # too few to say
        ([(BO, ANN), (ANN, "x@y.example"), ("news@z.example", ANN), (ANN, BO)], "ann@clinic.example"),
        ([(BO, "ANN@Clinic.example")] * 2 + [("c@d.example", ANN)] * 5, "ann@clinic.example"),
        ([(BO, ANN)] * 5, None),  # the two only write to each other
        ([("a@b.example", LIST), ("c@d.example", LIST), ("e@f.example", "g@h.example")] * 3, "all@clinic.example"),
        ([("a@b.example", "c@d.example"), ("e@f.example", "g@h.example"), ("i@j.example", ANN)] * 3, None),
        ([("undisclosed", "")] * 9, None),
    ],
)
def test_the_address_nearly_every_mail_is_from_or_to(mails: list[tuple[str, str]], expected: str | None) -> None:
    assert mailbox_of_mail(mails) == expected

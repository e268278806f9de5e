import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements.names import looks_like_name, male_share, name_candidates, parse_name


@pytest.mark.parametrize(
    ("text", "given_name", "middle", "family", "suffix"),
    [
        ("DE LA CRUZ, MARIA E JR", "Maria", "E", "de la Cruz", "JR"),
        ("O'NEIL-SMITH, J.", "J.", "", "O'Neil-Smith", ""),
        ("John Q. Public", "John", "Q.", "Public", ""),
        ("Mary-Jane McDonald III, MD", "Mary-Jane", "", "McDonald", "III"),
        ("Maria Lopez Garcia", "Maria", "", "Lopez Garcia", ""),
        ("SMITH JOHN", "John", "", "Smith", ""),
        ("John van der Berg", "John", "", "van der Berg", ""),
        ("Smith, John (Johnny) A., Sr.", "John", "A.", "Smith", "Sr."),
        ("Smith Jr, John", "John", "", "Smith", "Jr"),
        ("Mrs. Smith", "", "", "Smith", ""),
        ("Do, Kim", "Kim", "", "Do", ""),
        ("MCDONALD, RONALD", "Ronald", "", "McDonald", ""),
        ("Patel", "", "", "Patel", ""),
        ("Sarah P.", "Sarah", "", "P.", ""),
        ("", "", "", "", ""),
    ],
)
def test_parts(text, given_name, middle, family, suffix):
    name = parse_name(text)
    assert (name.given, name.middle, name.family, name.suffix) == (given_name, middle, family, suffix)


def test_what_stands_around_a_name():
    name = parse_name('Dr. Robert "Bob" Jones, MD')
    assert (name.prefix, name.preferred, name.credentials) == ("Dr.", "Bob", "MD")
    assert name.natural == "Robert Jones"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please see Maria Lopez-Garcia (DOB 1/2/80).", ["Maria Lopez-Garcia"]),
        ("LOPEZ, ANA M was seen.", ["LOPEZ, ANA M"]),
        ("Dear Dr. Smith,", ["Smith"]),
        ("seen by Nguyen Thi Hoa, RN", ["Nguyen Thi Hoa"]),
        ("patient John O'Neil's mother, Mary.", ["John O'Neil", "Mary"]),
        ("Xiomara Quispe called.", ["Xiomara Quispe"]),
        ("Sarah P., post-op", ["Sarah P."]),
        ("Ali Al-Farsi met Jean-Luc Picard", ["Ali Al-Farsi", "Jean-Luc Picard"]),
    ],
)
def test_persons_in_prose(text, expected):
    assert [name for _, _, name, score in name_candidates(text) if score >= 0.5] == expected


@pytest.mark.parametrize(
    "text",
    [
        "She was at Mary Black Hospital in March.",
        "He lives at 12 Martin Luther Street.",
        "The Quarterly Report is attached. Thanks",
        "Monday Tuesday January",
        "Please Review The Following Document",
    ],
)
def test_no_persons(text):
    assert [name for _, _, name, score in name_candidates(text) if score >= 0.5] == []


def test_likeness():
    assert looks_like_name("LOPEZ, ANA") > 0.8 > looks_like_name("General Hospital") < 0.3
    assert looks_like_name("Room 12") == 0.0
    assert male_share("Michael") > 0.9 > 0.1 > male_share("Maria")
    assert male_share("Xqzzt") is None


@given(st.text(max_size=200))
def test_any_text(text):
    parse_name(text)
    looks_like_name(text)
    last = 0
    for start, end, name, score in name_candidates(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == name
        assert 0 < score <= 1
        last = end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Steve, Rod and Elyse - see below", ["Steve", "Rod", "Elyse"]),
        ("cc: Smith, John and Baxter, Joe", ["Smith, John", "Baxter, Joe"]),
        ("Please call LOPEZ, ANA M, JR about it", ["LOPEZ, ANA M, JR"]),
        ("Lopez, Ana, MD saw him", ["Lopez, Ana"]),
        ("Regards,\nAna Lopez, LICSW\nRecovery coach", ["Ana Lopez"]),
    ],
)
def test_names_in_a_row(text, expected):
    assert [name for _, _, name, score in name_candidates(text) if score >= 0.5] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a woman of 50 with multiple myeloma, Mary Smith, last seen", ["Mary Smith"]),
        ("admitted to St. Jude’s on Monday", []),
        ("He has Barrett's disease.", []),
        ("Mary Smith's test was negative", ["Mary Smith"]),
        ("please tell Sarah St. John", ["Sarah St. John"]),
        ("call Juan de la Cruz y Mora, maria lopez", ["Juan de la Cruz y Mora", "maria lopez"]),
        ("Call Ana - Luis is out", ["Ana", "Luis"]),
    ],
)
def test_what_stands_about_a_name_is_no_part_of_it(text, expected):
    assert [name for _, _, name, score in name_candidates(text) if score >= 0.5] == expected

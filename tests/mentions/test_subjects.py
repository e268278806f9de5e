"""Who is named in a text, and whether it speaks of them."""

import pytest

from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.subjects import Writers, find_subjects

NOBODY = Lexicon([])


@pytest.mark.parametrize(
    ("text", "meant", "not_meant"),
    [
        ("Morning!\n\nAttached is it.\n\nHave a good weekend!\n\nCaleb", [], ["Caleb"]),
        ("Jose -\n\nthe file for Ana Lopez is attached\n\nBest,\n\nXuan", ["Ana Lopez"], ["Jose", "Xuan"]),
        ("Karim good afternoon\n\nTou Xiong did not come\n\n\nOlga", ["Tou Xiong"], ["Karim", "Olga"]),
        ("Ahmed needs a ride.\n\nMary fell and broke a hip.", ["Ahmed", "Mary"], []),
        ("Ana Lopez\n\nfell and broke a hip", ["Ana Lopez"], []),
    ],
)
def test_who_is_called_and_who_signs(text, meant, not_meant):
    found = find_subjects(text, NOBODY, Writers([]))
    assert [one.name for one in found if one.is_meant()] == meant
    assert [one.name for one in found if not one.is_meant()] == not_meant

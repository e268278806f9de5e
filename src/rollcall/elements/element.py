"""What an element is: one file in this folder, one constant `ELEMENT`, one line in the folder's `__init__`.

Elements are data plus pure functions; they never loop over text themselves. `findings/` compiles all of them into one
pass. A failed check lowers confidence; it never drops.
"""

from collections.abc import Callable

import msgspec


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    r"""A shape of the element in running text.

    `regex` must be valid for both RE2 (no look-around, no back-references) and `re`; a group named `value` marks the
    value, else the whole match is it. Boundaries are checked by the scanner: the character before and after must not be
    a letter or digit.
    """

    regex: str
    subtype: str
    confidence: float  # when it stands alone
    labelled: float  # when one of the element's `labels` stands just before it
    needs_label: bool = False  # too common a shape to count without a label


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about one kind of data the law names."""

    id: str  # of the contract
    subtypes: tuple[str, ...]
    version: int
    label: str  # as a letter says it
    group: str  # identity, contact, identifier, health, insurance, financial, other
    patterns: tuple[Pattern, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # (normalised words of a column or form label, subtype)
    labels: tuple[str, ...] = ()  # words that stand before a value in running text
    terms: tuple[str, ...] = ()  # lists of words in data/ (`terms.py`) that are values wherever they stand
    term_confidence: float = 0.55  # of such a word without a label
    bearers: dict[str, str] = {}  # subtype -> whose it is where nothing else says so ("provider"), else the subject's
    normalise: Callable[[str, str], str] | None = None  # (text as written, subtype) -> value
    check: Callable[[str, str], str] | None = None  # (value, subtype) -> "valid" or what is wrong
    weigh: dict[str, float] = {}  # check result -> factor on the confidence; unnamed results keep it
    mask: Callable[[str], str] | None = None  # value -> what may be shown
    # (text as written, subtype, expected check): each is a test, on both sides
    examples: tuple[tuple[str, str, str], ...] = ()

"""What speaks for and against a value being a person's: the features of a pair, as numbers of about one.

Places alone: the gap between name and value, what stands in it, who else is named there, whose mail it is. What the
case knows of the number comes in beside them. No feature knows a word of a particular hospital.
"""

import math
import re
from collections.abc import Mapping, Sequence

import msgspec

from rollcall.elements.names import male_share
from rollcall.mentions.layout import Layout
from rollcall.mentions.subjects import Subject
from rollcall.model import Finding

Person = tuple[str, str]
_GAP = 120  # characters between a name and a value in which words are looked at
_LEAD = 60  # characters before a name that say what it is to somebody
_WORDS = re.compile(r"[^\W\d_]+")
_OPEN = re.compile(r"\s*[\[(]\s*[^)\]]*$")
_TIGHT = re.compile(r"(?:'s|’s)?[\s,(/|:;–—\[#=*>-]*(?:[^\W\d_][\w.']*[\s:.#=()-]*){0,3}$")
_BARE = re.compile(r"(?:'s|’s)?[\s,(/|:–—\[#>-]{0,6}$")
_ANOTHER = re.compile(r"[;]|\b(?:and|or|but|while|y|e|pero|also|then|not)\b|[.!?]\s", re.IGNORECASE)
_FOR = re.compile(
    r"\b(?:for|of|belongs to|under|to|from|on|de|da|do|para|is|are|was)\s+(?:(?:pt|patient|mr|mrs|ms|the|our)\.?\s+)*$",
    re.IGNORECASE,
)
_HE = re.compile(r"\b(?:(?P<he>he|him|his|él)|(?P<she>she|her|hers|ella))\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:mother|mom|mum|father|dad|parent|husband|wife|spouse|partner|son|daughter|child|brother|sister|sibling|aunt|"
    r"uncle|cousin|niece|nephew|grand(?:mother|father|son|daughter|ma|pa)|guardian|caregiver|caretaker|guarantor|contact|"
    r"friend|neighbou?r|esposa|esposo|hija|hijo|madre|padre|mam[aá]|pap[aá]|hermana|hermano|m[aã]e|pai|filh[ao])"
    r"\b[\s,:(-]*$",
    re.IGNORECASE,
)
_I = re.compile(r"\b(?:I|[Ii]'[md]|[Mm]y|[Mm]e|[Mm]ine|[Mm]i|[Yy]o|[Mm]eu|[Mm]inha)\b(?!\.)")
_SELF = re.compile(
    r"\b(?:this is|i am|i'm|my name is|soy|me llamo|mi nombre es|sou|meu nome [eé])[\s:]*$", re.IGNORECASE
)
_LABELLED = re.compile(r"[ \t>]*(?:[-*•o]|\d{1,3}[.)])?[ \t]*[\w#.]{0,12}[ \t:#]*$")
_HEAD = 24  # characters of a line before a value that leads it
_ITEM = re.compile(r"[ \t>]*(?:[-*•]|\d{1,3}[.)]|\([a-z0-9]{1,2}\))?[ \t]*$")
_MAIL_WORD = re.compile(r"[a-z]{3,}")


class Near(msgspec.Struct, frozen=True):
    """A person who may be meant, and where they are named nearest to the value."""

    person: Person
    before: Subject | None = None
    after: Subject | None = None
    n_before: int = 0  # other people named in between
    n_after: int = 0
    elsewhere: bool = False  # named in the subject line or by the name of a file
    only: bool = False  # nobody else is spoken of in the message
    first: bool = False  # the first of whom the part speaks
    answered: bool = False  # named in the mail that this one answers
    wrote: bool = False  # of what stands there

    @property
    def subject(self) -> Subject:
        """One place where they are named."""
        found = self.before or self.after
        assert found is not None  # noqa: S101 - a person is met somewhere
        return found


def clues(
    text: Layout, finding: Finding, near: Near, owners: Sequence[Person], lined_up: int | None
) -> dict[str, float]:
    """Return the features of a person and a value.

    `owners` are those who bear the number in tables of the case, names in small letters; `lined_up` says how far the
    person's place in a list is from the value's place in a list of as many, None where there are no such lists.
    """
    start, end = finding.place.start or 0, finding.place.end or 0
    found: dict[str, float] = {"here": 1.0}
    if near.before is not None:
        _before(found, text, near.before, start)
        found["rivals_before"] = min(near.n_before, 3) / 3
    if near.after is not None:
        _after(found, text, near.after, (start, end))
        found["rivals_after"] = min(near.n_after, 3) / 3
    _of_person(found, near.subject)
    _pronoun(found, text, near, start)
    _first_person(found, text, near, start)
    line = text.line(start)
    if _ITEM.match(text.text[max(line, start - _HEAD) : start]) or _LABELLED.match(
        text.text[max(line, start - _HEAD) : start]
    ):
        found["value_leads_a"] = found.get("a_line", 0.0)
        found["value_leads_b"] = float(near.before is not None and not found.get("b_line"))
    for name in ("elsewhere", "only", "first", "answered", "wrote"):
        if getattr(near, name):
            found[name] = 1.0
    if lined_up is not None:
        found["lined_up" if lined_up == 0 else "out_of_line"] = 1.0
    if owners:
        found["owner" if any(may_be_one(near.person, one) for one in owners) else "of_another"] = 1.0
    if finding.element == "email":
        words = set(_MAIL_WORD.findall(finding.value.lower().partition("@")[0]))
        named = [word for part in near.person for word in part.split() if len(word) > 2]
        found["mail_of" if any(word in token for word in named for token in words) else "mail_not_of"] = 1.0
    return found


def _before(found: dict[str, float], text: Layout, subject: Subject, start: int) -> None:
    gap = text.text[subject.end : start] if start - subject.end <= _GAP else None
    found["b"] = 1.0
    found["b_far"] = min(math.log1p(max(0, start - subject.end)) / 7, 1.2)
    found["b_sentence"] = float(text.sentence(subject.start) == text.sentence(start))
    found["b_line"] = float(text.line(subject.start) == text.line(start))
    found["b_block"] = float(text.block(subject.start) == text.block(start))
    found["b_segment"] = float(text.segments.at(subject.start).level == text.segments.at(start).level)
    line = text.line(subject.start)
    if found["b_line"] and _ITEM.match(text.text[max(line, subject.start - 8) : subject.start]):
        found["b_leads_line"] = 1.0
    if gap is None:
        return
    found["b_words"] = min(len(_WORDS.findall(gap)), 10) / 10
    found["b_another"] = float(_ANOTHER.search(gap) is not None)
    found["b_bare"] = float(_BARE.match(gap) is not None)
    found["b_tight"] = float(_TIGHT.match(gap) is not None)
    found["b_open"] = float(_OPEN.match(gap) is not None)
    found["b_owns"] = float(gap[:2] in ("'s", "’s"))


def _after(found: dict[str, float], text: Layout, subject: Subject, span: tuple[int, int]) -> None:
    start, end = span
    gap = text.text[end : subject.start] if subject.start - end <= _GAP else None
    found["a"] = 1.0
    found["a_far"] = min(math.log1p(max(0, subject.start - end)) / 7, 1.2)
    found["a_sentence"] = float(text.sentence(subject.start) == text.sentence(start))
    found["a_line"] = float(text.line(subject.start) == text.line(start))
    found["a_block"] = float(text.block(subject.start) == text.block(start))
    found["a_segment"] = float(text.segments.at(subject.start).level == text.segments.at(start).level)
    if gap is None:
        return
    found["a_words"] = min(len(_WORDS.findall(gap)), 10) / 10
    found["a_another"] = float(_ANOTHER.search(gap) is not None)
    found["a_bare"] = float(_BARE.match(gap) is not None)
    found["a_for"] = float(_FOR.search(gap) is not None)
    found["a_open"] = float(_OPEN.match(gap) is not None and "(" in gap)


def _of_person(found: dict[str, float], subject: Subject) -> None:
    found[f"is_{subject.kind}"] = 1.0
    found["called"] = float(subject.vocative)
    found["part_of_name"] = float(not all(subject.person))
    found["known"] = float(subject.known)


def _pronoun(found: dict[str, float], text: Layout, near: Near, start: int) -> None:
    if near.before is None:
        return
    if _RELATIVE.search(text.text[max(0, near.before.start - _LEAD) : near.before.start]):
        found["relative"] = 1.0
    said = list(_HE.finditer(text.text, max(near.before.end, start - _GAP), start))
    share = male_share(near.person[0].split()[0]) if said and near.person[0] else None
    if share is not None and not 0.3 < share < 0.7:
        found["he_or_she_fits" if bool(said[-1]["he"]) == (share > 0.5) else "he_or_she_not"] = 1.0


def _first_person(found: dict[str, float], text: Layout, near: Near, start: int) -> None:
    """Set who writes in the first person against whom they write of: "my number is", "I take"."""
    own = text.sentence_start(start)
    said = _I.findall(text.text[max(own, start - _GAP) : start])
    if said:
        found["wrote_i" if near.wrote else "another_wrote_i"] = 1.0
        if said[-1].lower() in ("my", "mi", "meu", "minha"):
            found["wrote_my" if near.wrote else "another_wrote_my"] = 1.0
    subject = near.before or near.after
    if subject is not None and _SELF.search(text.text[max(0, subject.start - _LEAD) : subject.start]):
        found["says_who"] = 1.0


def may_be_one(one: Person, other: Person) -> bool:
    """Say whether two names may be one person's: a part of the given and of the family name is the same, or missing."""
    return _share(one[0], other[0]) and _share(one[1], other[1])


def _share(one: str, other: str) -> bool:
    if not one or not other:
        return True
    words, others = re.split(r"[\s-]+", one), re.split(r"[\s-]+", other)
    return any(word == w or (min(len(word), len(w)) == 1 and word[0] == w[0]) for word in words for w in others)


def of_nobody(text: Layout, finding: Finding, n_people: int) -> dict[str, float]:
    """Return the features of a value being nobody's who is named."""
    start = finding.place.start or 0
    return {
        "nobody": 1.0,
        "nobody_in_signature": float(text.in_signature(start)),
        "nobody_in_header": float(text.segments.at(start).header),
        "nobody_among_many": min(n_people, 4) / 4,
    }


def score(weights: Mapping[str, float], found: Mapping[str, float]) -> float:
    """Return the weighted sum."""
    return sum(weights.get(name, 0.0) * value for name, value in found.items())

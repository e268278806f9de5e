"""Numbers that tables and forms of the case have taught: whose each is, and what a hospital's own numbers look like.

A record or member number that stands under its header beside a name somewhere is known wherever else it stands, with
no label at all, in a subject line too. And where a hospital writes its numbers in a form of its own (three letters of
one kind, six digits), another number of that form is one of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.elements.codes import compact
from rollcall.elements.names import parse_name
from rollcall.model import LexiconEntry, schema

KNOWN, SHAPE = "number", "shape"  # kinds of entries of the lexicon
# Which elements are taught, and those of them that one person has alone; a family has one insurance number.
SUBTYPES = {
    "ssn": ("full",),
    "medical_record_number": ("mrn",),
    "patient_account_number": ("visit", "encounter", "claim", "bill", "guarantor_account"),
    "health_insurance": ("member_id", "subscriber_id", "mbi", "hicn", "medicaid_id"),
    "drivers_license": ("licence", "state_id"),
}
SURE = 0.6  # of a finding that teaches
OWNERS = 6  # of one number that are kept: a family
_SHORTEST, _FEWEST_DIGITS = 6, 5
_LEAST_SEEN = 5  # different numbers of a form before it is taken for one
_SHARE = 0.7  # of the numbers of a form that are of one element
_LONG = 11  # digits
_PURE = 0.9  # of the numbers of an element that have the same letter at a place
_LETTERS = re.compile(r"[A-Z]")
_DIGITS = re.compile(r"[0-9]")
# From a digit on, groups joined by single marks; letters may stand right before.
_RUN = re.compile(r"\d[\dA-Za-z]*(?:[ -](?:[A-Za-z]{1,3})?\d[\dA-Za-z]*){0,4}")
_LEAD = re.compile(r"(?<![^\W_])[A-Za-z]{1,6}[ -]?$")
_GROUP = re.compile(r"[^ -]+")
_PART_OF = re.compile(r"[\w@]")  # a code does not begin or end inside a word or an address


class Number(msgspec.Struct, frozen=True):
    """A number met without a label, and what the case says that it is."""

    start: int
    end: int
    element: str
    subtype: str
    issuer: str | None
    value: str
    known: bool  # this very number is known; else only its form


def taught_by(mentions: pa.Table, memberships: pa.Table, findings: pa.Table) -> pa.Table:
    """Return a row for each number of a named person in a row, form or record: what it is, and whose."""
    named = mentions.filter(pc.and_(pc.not_equal(mentions["name"], ""), pc.not_equal(mentions["kind"], "prose")))
    told = findings.filter(pc.and_(pc.is_in(findings["element"], pa.array(sorted(SUBTYPES))),
                                   pc.greater_equal(findings["confidence"], SURE)))  # fmt: skip
    empty = pa.table({name: pa.array([], pa.string()) for name in ("element", "subtype", "issuer", "value", "name")})
    if not named.num_rows or not told.num_rows:
        return empty
    wanted = {(element, subtype) for element, subtypes in SUBTYPES.items() for subtype in subtypes}
    kinds = pc.binary_join_element_wise(told["element"], told["subtype"], ".")
    told = told.filter(pc.is_in(kinds, pa.array(sorted(".".join(one) for one in wanted))))
    tied = memberships.select(["mention_id", "finding_id"])
    joined = tied.join(named.select(["mention_id", "name"]), "mention_id", join_type="inner", use_threads=False)
    rows = joined.join(
        told.select(["finding_id", "element", "subtype", "issuer", "value"]), "finding_id", join_type="inner",
        use_threads=False,
    )  # fmt: skip
    return rows.select(empty.column_names).group_by(empty.column_names, use_threads=False).aggregate([])


def entries_of(taught: Iterable[pa.Table]) -> pa.Table:
    """Return what was taught as entries of the lexicon, sorted: the numbers with their owners, then the forms."""
    tables = [one for one in taught if one.num_rows]
    if not tables:
        return schema(LexiconEntry).empty_table()
    keys = ["element", "subtype", "issuer", "value", "name"]
    rows = pa.concat_tables(tables).group_by(keys, use_threads=False).aggregate([])
    rows = rows.sort_by([(key, "ascending") for key in keys])
    parsed = {name: parse_name(name) for name in rows["name"].unique().to_pylist()}
    kept: dict[str, list[str]] = {key: [] for key in ("element", "subtype", "issuer", "value", "given", "family")}
    owners: Counter[tuple[str, str]] = Counter()
    for element, subtype, issuer, value, name in zip(*(rows[key].to_pylist() for key in keys), strict=True):
        value = compact(value)
        owners[element, value] += 1
        if len(value) < _SHORTEST or len(_DIGITS.findall(value)) < _FEWEST_DIGITS or owners[element, value] > OWNERS:
            continue
        if len(set(value)) == 1:
            continue  # what was typed to fill the field
        who = parsed[name]
        for key, cell in zip(kept, (element, subtype, issuer, value, who.given, who.family), strict=True):
            kept[key].append(cell)
    numbers = _entries(KNOWN, kept)
    shapes = _entries(SHAPE, _shapes(kept))
    return pa.concat_tables([numbers, shapes])


def _entries(kind: str, columns: dict[str, list[str]]) -> pa.Table:
    wanted, n = schema(LexiconEntry), len(columns["value"])
    held = {**columns, "kind": [kind] * n, "email": [None] * n}
    return pa.Table.from_arrays([pa.array(held[name], wanted.field(name).type) for name in wanted.names], schema=wanted)


def _shapes(numbers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the forms of numbers that mostly one element has, with the signs that all of them share.

    "0" stands for any digit, "A" for any letter; a small letter stands for itself. Digits alone tell nothing, unless
    there are more of them than a phone or an account has.
    """
    by_form: dict[str, dict[str, dict[str, str]]] = {}  # form -> element -> value -> subtype
    for element, subtype, value in zip(numbers["element"], numbers["subtype"], numbers["value"], strict=True):
        form = _form(value)
        if value.isascii() and form.strip("A0") == "" and ("A" in form or len(form) >= _LONG):
            by_form.setdefault(form, {}).setdefault(element, {}).setdefault(value, subtype)
    found: dict[str, list[str]] = {key: [] for key in numbers}
    for form, held in sorted(by_form.items()):
        element, values = max(held.items(), key=lambda one: (len(one[1]), one[0]))
        if len(values) < _LEAST_SEEN or len(values) < _SHARE * len(set().union(*held.values())):
            continue
        shape = "".join(_shared(one, [value[at] for value in values]) for at, one in enumerate(form))
        subtype = max(Counter(values.values()).items(), key=lambda one: (one[1], one[0]))[0]
        if any(letter.islower() for letter in shape) or shape.count("A") > 1 or len(shape) >= _LONG:
            for key, cell in zip(found, (element, subtype, "", shape, "", ""), strict=True):
                found[key].append(cell)
    return found


def _form(value: str) -> str:
    return _LETTERS.sub("A", _DIGITS.sub("0", value))


def _shared(place: str, seen: Sequence[str]) -> str:
    if place == "0":
        return "0"
    letter, count = max(Counter(seen).items(), key=lambda one: (one[1], one[0]))
    return letter.lower() if count >= _PURE * len(seen) else "A"


class Taught:
    """The numbers and forms of the lexicon, ready to be looked up."""

    def __init__(self, entries: pa.Table | None = None) -> None:
        entries = schema(LexiconEntry).empty_table() if entries is None else entries
        known = entries.filter(pc.equal(entries["kind"], KNOWN)).combine_chunks()
        self._columns = {name: known[name].to_pylist() for name in ("element", "subtype", "issuer", "given", "family")}
        self._rows: dict[str, int | list[int]] = {}
        for row, value in enumerate(known["value"].to_pylist()):
            held = self._rows.setdefault(value, row)
            if held is not row and held != row:
                self._rows[value] = [*(held if isinstance(held, list) else [held]), row]
        forms = entries.filter(pc.equal(entries["kind"], SHAPE)).to_pylist()
        self._forms: dict[str, list[dict[str, str]]] = {}
        for one in forms:
            self._forms.setdefault(re.sub("[a-zA-Z]", "A", one["value"]), []).append(one)

    def _known(self, value: str) -> list[int]:
        rows = self._rows.get(value, [])
        return rows if isinstance(rows, list) else [rows]

    def owners(self, element: str, value: str) -> list[tuple[str, str]]:
        """Return given and family names of those who bear a number in the tables and forms of the case."""
        columns = self._columns
        rows = [row for row in self._known(compact(value)) if columns["element"][row] == element]
        return [(columns["given"][row], columns["family"][row]) for row in rows]

    def search(self, text: str) -> Iterator[Number]:
        """Yield the numbers of a text that are known or have a form that was taught, in order; none overlap."""
        if not self._rows and not self._forms:
            return
        for match in _RUN.finditer(text):
            start = match.start()
            if start and _PART_OF.match(text, start - 1) and not text[start - 1].isalpha():
                continue
            lead = _LEAD.search(text, max(0, start - 7), start)
            if lead is None and start and text[start - 1].isalpha():
                continue
            groups = [(one.start(), one.end()) for one in _GROUP.finditer(text, start, match.end())]
            yield from self._of_groups(text, lead.start() if lead else start, groups)

    def _of_groups(self, text: str, lead: int, groups: list[tuple[int, int]]) -> Iterator[Number]:
        """Yield what stands in the groups of one run, the longest first; `lead` is where letters before it begin."""
        first = 0
        while first < len(groups):
            found = None
            for last in range(len(groups), first, -1):
                begins = [groups[first][0]] if first or lead == groups[first][0] else [lead, groups[first][0]]
                for start in begins:
                    found = found or self._read(text, start, groups[last - 1][1])
                if found is not None:
                    yield found
                    first = last
                    break
            if found is None:
                first += 1

    def _read(self, text: str, start: int, end: int) -> Number | None:
        if (start and text[start - 1].isalpha()) or end - start < _SHORTEST or _PART_OF.match(text, end):
            return None
        value = compact(text[start:end])
        if len(value) < _SHORTEST:
            return None
        rows = self._known(value)
        if rows:
            columns = self._columns
            element, subtype, issuer = (columns[name][rows[0]] for name in ("element", "subtype", "issuer"))
            return Number(start, end, element, subtype, issuer or None, value, True)
        for form in self._forms.get(_form(value), ()):
            if all(wanted in "0A" or wanted.upper() == sign for wanted, sign in zip(form["value"], value, strict=True)):
                return Number(start, end, form["element"], form["subtype"], form["issuer"] or None, value, False)
        return None

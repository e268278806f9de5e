"""Grades a list of people against the truth of a made-up hospital.

Every wrong is counted once, under its own name: *dropped* (nobody's row), *wrong merges* (a row holds a second person;
those without a row of their own are *merged away*), *splits* (a second row of one person; *avoidable* when the rows
share an identifier or name and birth date), *staff*, *unaffected* (a true person who does not belong on the list) and
*strangers* (rows that speak of nobody). Recall, precision and the error of the count are sums of these.
Debatable people and elements count neither way. Element sets are compared where a person has rows of their own; the
name is left out, since it is what we know them by.
"""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from importlib import resources
from typing import Any

import msgspec

from rollcall.demo.agreement import Agreeing, Agreement, describe_agreement
from rollcall.demo.calibration import Calibration, calibrate
from rollcall.demo.figures import Figure, Tally, mean, off, rate, said
from rollcall.demo.matching import Index, Row, parts_of, read_rows
from rollcall.demo.truth import Document, TruePerson, Truth


class Grade(msgspec.Struct):
    """How good a list is."""

    n_true: int
    n_listed: int  # debatable rows not counted
    recall: Figure  # true people who have a row of their own
    precision: Figure  # listed rows of people who belong there
    elements_exact: Figure  # people whose set of elements is exactly right
    count_error: float
    dropped: int
    merged_away: int
    wrong_merges: int
    avoidable_splits: int
    unavoidable_splits: int
    staff: int
    unaffected: int
    strangers: int
    staff_rate: float
    calibration: Calibration | None  # None: no row says how sure it is
    agreement: Agreement  # roles, covered entities, guardians
    document_recall: float  # people found there, averaged over documents
    weighted_recall: Figure  # a Social Security number or a sensitive diagnosis counts three times, both six times
    documents: Figure  # people found in a document, averaged over documents: one huge file cannot decide it
    staff_listed: Figure  # share of listed rows
    merged_rows: Figure  # share of listed rows that hold somebody else as well
    split_people: Figure  # share of found people who have a second row that could have been avoided
    count: Figure  # |listed / true - 1|
    by_severity: dict[str, Figure] = {}  # person recall: ssn, sensitive diagnosis, both, neither; locked
    by_element_recall: dict[str, Figure] = {}  # person recall of those whose element stands in the evidence
    by_kind: dict[str, Figure] = {}  # (person, document) pairs that the person's rows have evidence from
    by_layout: dict[str, Figure] = {}
    by_places: dict[str, Figure] = {}  # person recall by the number of documents
    by_element: dict[str, Figure] = {}  # found people who have the element and are shown with it
    by_element_precision: dict[str, Figure] = {}
    misses: list[str] = []


class Bar(msgspec.Struct, frozen=True):
    """What the demo must reach."""

    person_recall: float
    precision: float


def load_bar() -> Bar:
    """Return the stored bar."""
    text = resources.files("rollcall.demo").joinpath("bar.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Bar)


def passes(grade: Grade, bar: Bar) -> bool:
    """Say whether a grade reaches the bar."""
    return grade.recall.value >= bar.person_recall and grade.precision.value >= bar.precision


class _Grader:
    def __init__(self, rows: list[Row], truth: Truth, elements: Collection[str] | None) -> None:
        self.truth, self.rows, self.index = truth, rows, Index(truth)
        self.only = None if elements is None else set(elements)
        for row in rows:
            self.index.match(row)
        self.of: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.of[row.person].append(row)
        self.stands_in: dict[str, list[Document]] = defaultdict(list)
        for document in truth.documents:
            for person in dict.fromkeys(f.person for f in document.facts if not f.optional and f.element != "name"):
                self.stands_in[person].append(document)
        self.true = {key: one for key, one in truth.people.items() if one.listed == "yes"}
        self.held = {other for row in rows for other in row.held}
        self.tally = Tally()

    def cluster(self, person: str) -> str:
        """Return the document that a person is counted with."""
        documents = self.stands_in.get(person)
        return documents[0].doc_id if documents else person

    def belongs(self, row: Row) -> str:
        """Say what a row is: yes, optional, staff, unaffected, stranger."""
        person = self.truth.people.get(row.person)
        if person is None:
            return "stranger"
        if person.listed != "no":
            return person.listed
        return "staff" if person.staff else "unaffected"

    def count_people(self) -> None:
        """Count recall: over all, by number of places, by kind and layout of document."""
        for key in self.true:
            found, documents = key in self.of, self.stands_in[key]
            self.tally.add("recall", self.cluster(key), found)
            self.tally.add("weighted", self.cluster(key), found, weight_of(self.true[key]))
            self.tally.add(f"severity:{severity_of(self.true[key])}", self.cluster(key), found)
            if "locked" in self.true[key].kinds:
                self.tally.add("severity:behind a password only", self.cluster(key), found)
            for element in self.true[key].elements:
                self.tally.add(f"recall:{element}", self.cluster(key), found)
            self.tally.counts["count"][self.cluster(key)][1] += 1
            many = len(documents)
            self.tally.add(f"places:{'1' if many < 2 else '2' if many == 2 else '3-5' if many < 6 else '6+'}",
                           self.cluster(key), found)  # fmt: skip
            mails = set[str]().union(*(row.mails() for row in self.of.get(key, ())))
            for document in documents:
                seen = any(place.message_id in mails for place in document.occurrences)
                self.tally.add(f"kind:{document.kind}", document.doc_id, seen)
                self.tally.add(f"layout:{document.kind} {document.layout}", document.doc_id, seen)
                self.tally.add("document", document.doc_id, seen)

    def count_elements(self) -> None:
        """Count element sets of people with clean rows of their own."""
        for key, person in self.true.items():
            rows = self.of.get(key, [])
            if not rows or any(row.held for row in rows):
                continue
            got = self.kept(set[str]().union(*(row.elements for row in rows)))
            must = self.kept(person.elements)
            may = must | self.kept(person.optional_elements)
            self.tally.add("exact", self.cluster(key), must <= got <= may)
            for element in must:
                self.tally.add(f"element:{element}", self.cluster(key), element in got)
            for element in got - (may - must):
                self.tally.add(f"shown:{element}", self.cluster(key), element in must)

    def kept(self, elements: Iterable[str]) -> set[str]:
        """Return the elements that are compared."""
        return {one for one in elements if one != "name" and (self.only is None or one in self.only)}

    def count_rows(self) -> dict[str, int]:
        """Count precision, and rows by what they are."""
        kinds: dict[str, int] = defaultdict(int)
        for row in self.rows:
            kind = self.belongs(row)
            kinds[kind] += 1
            if kind != "optional":
                cluster = self.cluster(row.person or row.individual_id)
                self.tally.add("precision", cluster, kind == "yes")
                self.tally.add("staff", cluster, kind == "staff")
                self.tally.add("merged", cluster, bool(row.held))
                self.tally.counts["count"][cluster][0] += 1
        return kinds

    def splits(self) -> tuple[int, int]:
        """Return the numbers of avoidable and unavoidable second rows."""
        avoidable = unavoidable = 0
        for key in self.true:
            rows = self.of.get(key, [])
            parts = parts_of(rows) if len(rows) > 1 else len(rows)
            avoidable += len(rows) - parts
            unavoidable += max(0, parts - 1)
            if rows:
                self.tally.add("split", self.cluster(key), len(rows) > parts)
        return avoidable, unavoidable

    def calibration(self, seed: int) -> Calibration | None:
        """Return how well the rows' confidence is calibrated; right is a row of one person who belongs there."""
        return calibrate(
            (
                (self.cluster(row.person or row.individual_id), row.confidence, kind == "yes" and not row.held)
                for row in self.rows
                if row.confidence is not None and (kind := self.belongs(row)) != "optional"
            ),
            seed,
        )

    def agreement(self, seed: int) -> Agreement:
        """Return how right the rows are about roles, entities and guardians."""
        agreeing = Agreeing(self.truth, self.rows, self.of)
        for key, person in self.truth.people.items():
            if person.listed != "no":
                agreeing.count(key, self.cluster(key))
        return agreeing.result(seed)

    def misses(self) -> list[str]:
        """Return the worst first: documents with people missed, wrong merges, rows that do not belong."""
        lines: list[tuple[float, str]] = []
        for document in self.truth.documents:
            people = [key for key in dict.fromkeys(fact.person for fact in document.facts) if key in self.true]
            lost = [key for key in people if key not in self.of]
            if lost:
                lines.append((sum(weight_of(self.true[key]) for key in lost), self._lost(document, lost, len(people))))
        for row in self.rows:
            name = self.truth.people[row.person].names[0] if row.person else "nobody"
            others = [self.truth.people[other].names[0] for other in row.held]
            lines += [(4, f"wrong merge: the row of {name} holds {other} as well") for other in others]
            kind = self.belongs(row)
            if kind not in ("yes", "optional"):
                place = min(row.mails(), default="no mail")
                lines.append((2, f"{kind} listed: {row.label} ({', '.join(sorted(row.elements))}) in {place}"))
        return [text for _, text in sorted(lines, key=lambda line: (-line[0], line[1]))]

    def _lost(self, document: Document, lost: list[str], among: int) -> str:
        place = document.occurrences[0]
        person = self.true[lost[0]]
        spot = next(fact.spot for fact in document.facts if fact.person == lost[0])
        how = " (merged into another row)" if lost[0] in self.held else ""
        return (
            f"{len(lost)} of {among} people missed: {document.kind} {document.layout}, {place.message_id} {place.path} "
            f"- e.g. {person.names[0]} at {spot}: {', '.join(person.elements)}{how}"
        )


def severity_of(person: TruePerson) -> str:
    """Say what is worst of what stands about somebody."""
    ssn, sensitive = "ssn" in person.elements, "sensitive" in person.kinds
    return "ssn and sensitive diagnosis" if ssn and sensitive else "ssn" if ssn else (
        "sensitive diagnosis" if sensitive else "neither"
    )  # fmt: skip


def weight_of(person: TruePerson) -> float:
    """Return how much missing somebody weighs."""
    return {"neither": 1.0, "ssn and sensitive diagnosis": 6.0}.get(severity_of(person), 3.0)


def grade(
    individuals: Iterable[Mapping[str, Any]],
    evidence: Iterable[Mapping[str, Any]],
    truth: Truth,
    *,
    elements: Collection[str] | None = None,
    seed: int = 0,
) -> Grade:
    """Return how good a list is: rows of the contract's two tables, values in clear, against the truth.

    `elements` limits the comparison of element sets to these ids.
    """
    grader = _Grader(read_rows(individuals, evidence), truth, elements)
    grader.count_people()
    grader.count_elements()
    kinds = grader.count_rows()
    avoidable, unavoidable = grader.splits()
    lost = [key for key in grader.true if key not in grader.of]
    merged_away = sum(key in grader.held for key in lost)
    counted = len(grader.rows) - kinds["optional"]
    per_document = [right / total for right, total in grader.tally.counts["document"].values()]
    figure, figures = grader.tally.figure, grader.tally.figures
    return Grade(
        n_true=len(grader.true), n_listed=counted, recall=figure("recall", seed), precision=figure("precision", seed),
        elements_exact=figure("exact", seed), count_error=abs(counted - len(grader.true)) / max(1, len(grader.true)),
        dropped=len(lost) - merged_away, merged_away=merged_away,
        wrong_merges=sum(len(row.held) for row in grader.rows), avoidable_splits=avoidable,
        unavoidable_splits=unavoidable, staff=kinds["staff"], unaffected=kinds["unaffected"],
        strangers=kinds["stranger"], staff_rate=kinds["staff"] / max(1, counted),
        calibration=grader.calibration(seed), agreement=grader.agreement(seed),
        document_recall=sum(per_document) / len(per_document) if per_document else 1.0,
        weighted_recall=figure("weighted", seed), documents=figure("document", seed, mean),
        staff_listed=figure("staff", seed, rate), merged_rows=figure("merged", seed, rate),
        split_people=figure("split", seed, rate), count=figure("count", seed, off),
        by_severity=figures("severity:", seed), by_element_recall=figures("recall:", seed),
        by_kind=figures("kind:", seed), by_layout=figures("layout:", seed), by_places=figures("places:", seed),
        by_element=figures("element:", seed), by_element_precision=figures("shown:", seed), misses=grader.misses(),
    )  # fmt: skip


def describe(result: Grade, *, misses: int = 0) -> str:
    """Return the grade as a person reads it; names (invented ones) stand only in the misses, off unless asked for."""
    lines = [
        f"people    {result.n_listed} listed, {result.n_true} true (count error {result.count_error:.3f})",
        f"recall    {said(result.recall)}; dropped {result.dropped}, merged away {result.merged_away}",
        f"precision {said(result.precision)}; staff {result.staff}, unaffected {result.unaffected}, "
        f"strangers {result.strangers}",
        f"elements  {said(result.elements_exact)} sets exact",
        f"merges    {result.wrong_merges} wrong; splits {result.avoidable_splits} avoidable, "
        f"{result.unavoidable_splits} not",
        f"weighted  {said(result.weighted_recall)} (recall, by what stands about somebody)",
        f"documents {said(result.documents)}: their people found there, averaged over documents",
        f"rates     staff {said(result.staff_listed)}, merged {said(result.merged_rows)}",
        f"          split {said(result.split_people)}, count error {said(result.count)}",
    ]
    if result.calibration is not None:
        lines.append(f"calibration error {said(result.calibration.error)}; Brier {said(result.calibration.brier)}")
        lines += [
            f"          sure {one.said:.2f}: right {one.right:.2f} of {one.of}"
            for one in result.calibration.reliability
        ]
    lines += describe_agreement(result.agreement)
    for title, table in (
        ("found in each kind of document", result.by_kind),
        ("recall by number of places", result.by_places),
        ("recall by what stands about somebody", result.by_severity),
        ("recall of those with an element", result.by_element_recall),
        ("elements shown", result.by_element),
        ("elements right", result.by_element_precision),
    ):
        lines += ["", title, *(f"  {name:<24} {said(figure)}" for name, figure in table.items())]
    if misses:
        lines += ["", "worst misses", *(f"  {line}" for line in result.misses[:misses])]
    return "\n".join(lines)

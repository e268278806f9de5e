"""Decisions keep hold of what they were made for, whatever readers and scanners learn."""

import random

import pytest

from rollcall.mentions.rows import assemble_rows
from rollcall.model import Column, Decision, Finding, Place, digest, to_table
from rollcall.review.decisions import Reattached, Standing, apply, reattach

BLOB = "b" * 64
COLUMNS = (
    ("name", "full"),
    ("medical_record_number", "mrn"),
    ("address", "city"),
    ("diagnosis", "code"),
    ("date_of_birth", "full"),
)


def seal(value: str) -> str:
    return digest("sealed", value)


def table(people: list[dict[str, str]], *, shift: int = 0, more: bool = False) -> tuple[list[Column], list[Finding]]:
    """A sheet of people; a row holds what the scanner finds, one element more if it has learnt."""
    found = []
    for index, person in enumerate(people):
        for col, (element, subtype) in enumerate(COLUMNS if more else COLUMNS[:-1]):
            text = person[element]
            found.append(
                Finding(
                    finding_id=digest("f", index + shift, col, text),
                    blob_id=BLOB,
                    block=None,
                    group="",
                    element=element,
                    place=Place(part_no=0, table=0, row=index + 1 + shift, col=col),
                    subtype=subtype,
                    text=text,
                    value=text,
                    check="valid",
                    confidence=0.9,
                    why="header",
                    made_by="t@1",
                )
            )
    columns = [
        Column(
            blob_id=BLOB,
            part_no=0,
            table=0,
            first_row=1,
            last_row=9999,
            header_row=0,
            col=col,
            header=element,
            element=element,
            subtype=subtype,
            group="",
            confidence=0.9,
            why="header",
        )
        for col, (element, subtype) in enumerate(COLUMNS)
    ]
    return columns, found


def standing(columns: list[Column], findings: list[Finding]) -> tuple[list[Standing], dict[str, str]]:
    """What stands where after a run, and whose it is (by record number)."""
    made = assemble_rows(columns, to_table(Finding, findings))
    by_id = {one.finding_id: one for one in findings}
    members: dict[str, list[Finding]] = {}
    for row in made.memberships.to_pylist():
        members.setdefault(row["mention_id"], []).append(by_id[row["finding_id"]])
    places, owner = [], {}
    for mention in made.mentions.to_pylist():
        held = members[mention["mention_id"]]
        number = next(one.value for one in held if one.element == "medical_record_number")
        owner[mention["mention_id"]] = number
        sealed = frozenset({seal(one.value) for one in held} | {seal(mention["name"])})
        places.append(Standing(anchor=mention["mention_id"], kind="mention", blob_id=BLOB, sealed=sealed))
        for one in held:
            owner[one.finding_id] = f"{number} {one.element}"
            places.append(
                Standing(anchor=one.finding_id, kind="finding", blob_id=BLOB, sealed=sealed, own=seal(one.value))
            )
    return places, owner


def people(n: int, seed: int = 7) -> list[dict[str, str]]:
    """People who share names, towns and diagnoses, as people do."""
    rng = random.Random(seed)
    return [
        {
            "name": rng.choice(("Ann", "Bob", "Cy", "Di")) + " " + rng.choice(("Poe", "Hill", "Lee")),
            "medical_record_number": str(100000 + index),
            "address": rng.choice(("Springfield", "Shelby")),
            "diagnosis": rng.choice(("I10", "E11.9")),
            "date_of_birth": f"19{rng.randint(30, 99)}-01-0{rng.randint(1, 9)}",
        }
        for index in range(n)
    ]


def shown(place: Standing) -> list[str]:
    return [*([place.own] if place.own else []), *sorted(place.sealed - {place.own})]


def decided(
    places: list[Standing], kinds: tuple[str, ...] = ("confirm", "exclude", "not_this", "must_link", "cannot_link")
) -> list[Decision]:
    rng = random.Random(1)
    mentions = [one for one in places if one.kind == "mention"]
    made = []
    for index, place in enumerate(places):
        kind = rng.choice([k for k in kinds if (k == "not_this") == (place.kind == "finding")])
        other = rng.choice([one for one in mentions if one != place]) if kind.endswith("link") else None
        made.append(
            Decision(
                decision_id=f"d{index:05}",
                decided_at="2020-01-01T00:00:00Z",
                decided_by="r",
                kind=kind,
                anchor=place.anchor,
                other_anchor=other.anchor if other else None,
                blob_id=BLOB,
                shown=shown(place),
                other_blob_id=BLOB if other else None,
                other_shown=sorted(other.sealed) if other else [],
            )
        )
    return made


@pytest.mark.parametrize("shift", [0, 1, 5, -1])
@pytest.mark.parametrize("more", [False, True])
def test_shifted_rows_and_a_new_element_keep_every_decision(shift: int, more: bool) -> None:
    crowd = people(120)
    before, owner = standing(*table(crowd, shift=10))
    decisions = decided(before)
    after, owner_now = standing(*table(crowd, shift=10 + shift, more=more))
    found = reattach(decisions, after)
    assert found.orphans == []
    for old, new in zip(sorted(decisions, key=lambda one: one.decision_id), found.decisions, strict=True):
        assert owner_now[new.anchor] == owner[old.anchor]
        assert found.attached[old.decision_id] == new.anchor
        if old.other_anchor:
            assert owner_now[new.other_anchor or ""] == owner[old.other_anchor]


def one(places: list[Standing], anchor: str, shown: set[str], kind: str = "confirm") -> Reattached:
    decision = Decision(
        decision_id="d", decided_at="2020", decided_by="r", kind=kind, anchor=anchor, blob_id=BLOB, shown=sorted(shown)
    )
    return reattach([decision], places)


def place(anchor: str, *values: str, blob: str = BLOB, kind: str = "mention") -> Standing:
    return Standing(anchor=anchor, kind=kind, blob_id=blob, sealed=frozenset(values))


@pytest.mark.parametrize(
    ("places", "shown", "expected"),
    [
        pytest.param([place("a", "x", "y")], {"x", "y"}, "a", id="nothing moved"),
        pytest.param(
            [place("a", "town"), place("b", "x", "town")], {"x", "town"}, "b", id="the anchor is the neighbour's now"
        ),
        pytest.param([place("a", "town")], {"x", "town"}, "a", id="half of it is there"),
        pytest.param([place("a", "z", "town"), place("c", "town")], {"x", "y", "town"}, None, id="the row is gone"),
        pytest.param([place("b", "x"), place("c", "x", "q")], {"x"}, "b", id="the place that shows little else"),
        pytest.param([place("b", "x", "p"), place("c", "x", "q")], {"x"}, None, id="two places"),
        pytest.param([place("c", "x"), place("b", "x")], {"x"}, "b", id="two places that show the same"),
        pytest.param([place("b", "x", blob="other")], {"x"}, None, id="another content"),
        pytest.param([place("b", "x", kind="finding")], {"x"}, None, id="another kind of place"),
        pytest.param([place("a", "q")], set(), "a", id="nothing was shown"),
        pytest.param([], {"x"}, None, id="nothing left"),
    ],
)
def test_where_a_decision_goes(places: list[Standing], shown: set[str], expected: str | None) -> None:
    found = one(places, "a", shown)
    assert found.attached.get("d") == expected
    assert [orphan.decision_id for orphan in found.orphans] == ([] if expected else ["d"])


def test_rulings_on_problems_and_items_hold_while_these_exist() -> None:
    assert one([], "p1", set(), "sign_off").attached == {"d": "p1"}
    decision = Decision(decision_id="d", decided_at="2020", decided_by="r", kind="skip", anchor="i1")
    assert reattach([decision], [], frozenset()).orphans[0].kind == "skip"


def test_what_follows_from_rulings() -> None:
    def rule(n: int, kind: str, anchor: str, undone: str | None = None) -> Decision:
        return Decision(
            decision_id=f"d{n}", decided_at=f"2020-01-0{n}", decided_by="r", kind=kind, anchor=anchor, undone_by=undone
        )

    found = apply(
        [
            rule(2, "exclude", "m1"),
            rule(1, "confirm", "m1"),
            rule(3, "confirm", "m2"),
            rule(4, "exclude", "m2", "d9"),
            rule(5, "not_this", "f1"),
            rule(6, "sign_off", "p1"),
            rule(7, "skip", "i1"),
            rule(8, "confirm", "gone"),
        ],
        [("m1", "A"), ("m2", "B")],
    )
    assert found.status == {"A": "excluded", "B": "confirmed"}
    assert (found.not_this, found.signed_off, found.skipped) == ({"f1"}, {"p1"}, {"i1"})
    assert [orphan.decision_id for orphan in found.orphans] == ["d8"]

"""Who is whom: tables of small cases, each with what must be one person and what must not."""

import random

import pytest

from rollcall.individuals.resolve import Resolution
from rollcall.model import Decision, digest

from .facts import Said, facts, groups, mention_id, run, said, together

JOHN = {"dob": "1960-04-05"}
ONE = [["a", "b"]]
TWO = [["a"], ["b"]]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(
            said("a", "John Carter", ssn="401-45-1234"),
            said("b", "CARTER, JOHN", ssn="401451234"),
            ONE,
            id="ssn and name",
        ),
        pytest.param(
            said("a", "Bob Carter", **JOHN), said("b", "Robert Carter", **JOHN), ONE, id="nickname and birth date"
        ),
        pytest.param(
            said("a", "John Carter", **JOHN), said("b", "John Q Carter", **JOHN), ONE, id="name and birth date"
        ),
        pytest.param(said("a", "Gina Carter", **JOHN), said("b", "Tina Carter", **JOHN), TWO, id="twins"),
        pytest.param(
            said("a", "John Carter", ssn="401451234"),
            said("b", "Mary Hill", ssn="401451234"),
            TWO,
            id="shared ssn, name clash",
        ),
        pytest.param(
            said("a", "John Carter", mrn="7701", **JOHN),
            said("b", "Ann Poe", mrn="7701"),
            TWO,
            id="shared mrn, name clash",
        ),
        pytest.param(
            said("a", "John Carter Jr", mrn="7701"), said("b", "John Carter Sr", mrn="7701"), TWO, id="Jr and Sr"
        ),
        pytest.param(
            said("a", "John Carter", dob="1960-04-05", member="X12345678"),
            said("b", "John Carter", dob="1990-01-02", member="X12345678"),
            TWO,
            id="father and son, one contract",
        ),
        pytest.param(
            said("a", "John Carter", dob="1960-04-05", member="X12345678-01"),
            said("b", "Mary Carter", dob="1961-04-05", member="X12345678-02"),
            TWO,
            id="members of one contract",
        ),
        pytest.param(
            said("a", "John Carter", ssn="401451234", dob="1960-04-05"),
            said("b", "John Carter", ssn="401451234", dob="1960-05-04"),
            ONE,
            id="day and month swapped under one ssn",
        ),
        pytest.param(
            said("a", "John Carter", dob="1960-04-05"), said("b", "John Carter", dob="1971-11-23"), TWO, id="namesakes"
        ),
        pytest.param(
            said("a", "John Carter", ssn="401451234", **JOHN),
            said("b", "John Carter", ssn="512339876", **JOHN),
            TWO,
            id="ssn differ",
        ),
        pytest.param(
            said("a", "John Carter", ssn="401451234", **JOHN),
            said("b", "John Carter", ssn="401451235", **JOHN),
            ONE,
            id="ssn with a slip",
        ),
        pytest.param(
            said("a", "John Carter", mrn="7701|A", **JOHN),
            said("b", "John Carter", mrn="7801|A", **JOHN),
            TWO,
            id="one hospital, two records",
        ),
        pytest.param(
            said("a", "John Carter", mrn="7701|A", **JOHN),
            said("b", "John Carter", mrn="7801|B", **JOHN),
            ONE,
            id="two hospitals",
        ),
        pytest.param(
            said("a", "John Carter", mrn="7701|A"),
            said("b", "John Carter", mrn="7701|B"),
            TWO,
            id="same number, other hospital",
        ),
        pytest.param(
            said("a", "Maria Lopez", mrn="7701", **JOHN),
            said("b", "Maria Ruiz", mrn="7701", **JOHN),
            ONE,
            id="married name",
        ),
        pytest.param(
            said("a", "Jonh Carter", ssn="401451234"),
            said("b", "John Carter", ssn="401451234"),
            ONE,
            id="slip in the first name",
        ),
        pytest.param(said("a", "John Q Carter", **JOHN), said("b", "John R Carter", **JOHN), TWO, id="middle initials"),
        pytest.param(
            said("a", "John Q Carter", mrn="7701"),
            said("b", "John R Carter", mrn="7701"),
            ONE,
            id="middle initials under one record",
        ),
        pytest.param(
            said("a", "John Carter", **JOHN),
            said("b", "John Carter", dx="E11.9"),
            ONE,
            id="bare name, one person of it",
        ),
        pytest.param(
            said("a", "John Carter", **JOHN),
            said("b", "John Z Carter", dx="E11.9"),
            ONE,
            id="bare name with a middle initial",
        ),
        pytest.param(
            said("a", "John Q Carter", **JOHN),
            said("b", "John Z Carter", dx="E11.9"),
            TWO,
            id="bare name, other middle initial",
        ),
        pytest.param(
            said("a", "John Carter", street="12 Main St", zip="62704", dx="I10"),
            said("b", "John Carter", street="12 Main Street", zip="62704"),
            ONE,
            id="name and address",
        ),
        pytest.param(
            said("a", "John Carter", street="12 Main St", zip="62704", dx="I10"),
            said("b", "John Carter", street="9 Elm St", zip="10001"),
            TWO,
            id="name, other address",
        ),
        pytest.param(
            said("a", "John Carter", ssn="401451234"), said("b", ssn="401451234"), ONE, id="number without a name"
        ),
        pytest.param(
            said("a", "Mary Ann Poe", **JOHN), said("b", "Maryann Poe", **JOHN), ONE, id="first name in two words"
        ),
        pytest.param(
            said("a", "James Thomas", ssn="401451234"), said("b", "Thomas James", ssn="401451234"), ONE, id="swapped"
        ),
        pytest.param(
            said("a", "Ana Garcia Lopez", **JOHN), said("b", "Ana Garcia", **JOHN), ONE, id="one of two surnames"
        ),
        pytest.param(
            said("a", "J. Carter", dob="1960-04-05", dx="I10"),
            said("b", "John Carter", dob="1960-04-05"),
            ONE,
            id="initial, one fits",
        ),
        pytest.param(
            said("a", "John Carter", ssn="111223333", last4="3333"),
            said("b", "John Carter", last4="3333", dx="I10"),
            ONE,
            id="last four",
        ),
        pytest.param(
            said("a", "John Carter", ssn="111223333"),
            said("b", "John Carter", last4="4444", dx="I10"),
            TWO,
            id="other last four",
        ),
    ],
)
def test_pairs(a: Said, b: Said, expected: list[list[str]]) -> None:
    assert together(a, b) == expected
    assert together(b, a, n=7) == expected


def test_clusters_never_join_through_a_bridge() -> None:
    """A row that carries two people's numbers must not make them one."""
    found = together(
        said("a", "Gina Carter", ssn="401451234", dob="1960-04-05"),
        said("b", "Tina Carter", ssn="512339876", dob="1960-04-05"),
        said("c", "G Carter", ssn=["401451234", "512339876"]),
    )
    assert not any({"a", "b"} <= set(group) for group in found)


def test_a_shared_number_with_a_name_clash_is_kept_for_review() -> None:
    found = run([said("a", "John Carter", ssn="401451234"), said("b", "Mary Hill", ssn="401451234")])
    assert [(one.mention_id, one.other_id) for one in found.refused] == [
        tuple(sorted((mention_id("a"), mention_id("b"))))
    ]
    assert "ssn" in found.refused[0].why


def test_a_bare_name_with_two_bearers_stays_unresolved_and_names_them() -> None:
    found = run(
        [
            said("a", "John Carter", dob="1960-04-05"),
            said("b", "John Carter", dob="1971-11-23"),
            said("c", "John Carter", dx="E11.9"),
        ]
    )
    by_status = {one.status: one for one in found.individuals}
    assert by_status["unresolved"].candidates == sorted(
        one.individual_id for one in found.individuals if one.status == "proposed"
    )
    assert len(by_status["unresolved"].candidates) == 2


def test_the_content_decides_between_two_bearers() -> None:
    found = together(
        said("a", "John Carter", dob="1960-04-05", blob="x"),
        said("b", "John Carter", dob="1971-11-23", blob="y"),
        said("c", "John Carter", dx="E11.9", blob="y"),
    )
    assert found == [["a"], ["b", "c"]]


def test_a_family_name_alone_is_given_to_the_person_of_the_same_content_only() -> None:
    known = said("a", "John Carter", dob="1960-04-05", blob="x")
    assert together(known, said("b", "Mr. Carter", dx="E11.9", blob="x")) == ONE
    other = run([known, said("b", "Mr. Carter", dx="E11.9", blob="y")])
    assert [one.status for one in other.individuals if one.candidates] == ["unresolved"]


def test_bare_names_without_a_bearer_are_one_person_per_name() -> None:
    found = together(
        said("a", "John Carter", dx="I10"),
        said("b", "JOHN CARTER", dx="E11.9"),
        said("c", "Mary Hill", dx="I10"),
        said("d", "John Q Carter", dx="J45"),
        said("e", "John R Carter", dx="J45"),
    )
    assert not any({"d", "e"} <= set(group) for group in found)
    assert ["c"] in found


def test_numbers_without_names() -> None:
    found = run(
        [said("a", ssn="401451234"), said("b", ssn="401451234"), said("c", dx="E11.9"), said("d", dob="1960-04-05")]
    )
    assert [(one.status, one.names, [i["value"] for i in one.identifiers]) for one in found.individuals] == [
        ("unresolved", [], ["401451234"])
    ]
    assert len(found.links) == 2


@pytest.mark.parametrize(
    ("one", "listed"),
    [
        (said("a", "John Carter"), False),
        (said("a", "John Carter", phone="6125550100"), True),
        (said("a", "John Carter", phone="6125550100", role="other"), False),
        (said("a", "John Carter", phone="6125550100", email="x@y.org", role="correspondent", subject=False), False),
        (said("a", "John Carter", phone="6125550100", street="1 Elm St", role="employee"), False),
        (said("a", "John Carter", ssn="401451234", role="employee"), True),
        (said("a", "John Carter", ssn="401451234", role="provider", subject=False), True),
        (said("a", "John Carter", role="provider", subject=False), False),
        (said("a", "John Carter", city="Springfield", state="IL"), False),
    ],
)
def test_who_is_listed(one: Said, listed: bool) -> None:
    assert bool(run([one]).individuals) is listed


def test_a_clinician_is_not_mixed_up_with_a_patient_of_the_name() -> None:
    found = together(
        said("a", "John Carter", dob="1960-04-05"), said("b", "Dr. John Carter", role="provider", subject=False)
    )
    assert found == [["a"]]


def test_what_is_shown_of_a_person() -> None:
    found = run(
        [
            said(
                "a",
                "CARTER, JOHN Q",
                ssn="401-45-1234",
                dob="1960-04-05",
                street="12 Main St",
                city="Springfield",
                state="IL",
                zip="62704",
            ),
            said("b", "John Carter", ssn="401451234", phone="1-612-555-0100", email="J@X.org", role="employee"),
        ]
    )
    (one,) = found.individuals
    assert (one.names, one.given_name, one.middle_name, one.family_name) == (
        ["John Q Carter", "John Carter"],
        "John",
        "Q",
        "Carter",
    )
    assert (one.date_of_birth, one.addresses, one.state, one.state_source) == (
        "1960-04-05",
        ["12 Main St, Springfield, IL 62704"],
        "IL",
        "address",
    )
    assert (one.phones, one.emails, one.roles) == (["6125550100"], ["j@x.org"], ["employee", "patient"])
    assert one.identifiers == [{"element": "ssn", "subtype": "full", "issuer": None, "value": "401451234"}]
    assert one.individual_id == digest("individual", min(mention_id("a"), mention_id("b")))
    assert "share ssn and name" in one.why


def decision(kind: str, one: str, other: str | None = None) -> Decision:
    return Decision(
        decision_id=f"{kind}{one}{other}",
        decided_at="2020-01-01T00:00:00Z",
        decided_by="r",
        kind=kind,
        anchor=mention_id(one) if kind != "not_this" else one,
        other_anchor=mention_id(other) if other else None,
    )


def test_rulings_come_before_all_evidence() -> None:
    same = [said("a", "John Carter", **JOHN), said("b", "John Carter", **JOHN)]
    other = [said("a", "John Carter", **JOHN), said("b", "Mary Hill", dob="1971-01-01")]
    assert together(*same, decisions=[decision("cannot_link", "a", "b")]) == TWO
    assert together(*other, decisions=[decision("must_link", "a", "b")]) == ONE
    assert together(*other, decisions=[decision("must_link", "a", "b"), decision("cannot_link", "a", "b")]) == TWO


def test_a_finding_ruled_out_speaks_for_nobody() -> None:
    both = [said("a", "John Carter", ssn="401451234"), said("b", "John Carter", ssn="512339876", mrn="7001")]
    wrong = digest("f", "b", "ssn", "512339876")
    assert [i["element"] for i in run(both, [decision("not_this", wrong)]).individuals[1].identifiers if i] != []
    elements = {i["value"] for one in run(both, [decision("not_this", wrong)]).individuals for i in one.identifiers}
    assert "512339876" not in elements


def test_minted_ids_stay_and_merged_ones_become_aliases() -> None:
    pair = [said("a", "John Carter", **JOHN), said("b", "John Carter", **JOHN)]
    found = run(pair, minted={mention_id("b"): "older", mention_id("a"): "younger"})
    assert [one.individual_id for one in found.individuals] == ["older"]
    assert [(one.alias_id, one.individual_id) for one in found.aliases] == [("younger", "older")]


def shape(found: Resolution) -> object:
    return found.individuals, found.links, found.aliases, found.refused


def test_order_and_partitions_change_nothing() -> None:
    from .crowd import crowd

    people, said_ = crowd(120, seed=5)
    first = shape(run(said_))
    for seed, n in ((1, 1), (2, 3), (3, 16)):
        mixed = said_[:]
        random.Random(seed).shuffle(mixed)
        assert shape(run(mixed, n=n)) == first
    assert people


def test_empty() -> None:
    assert run([]).individuals == []
    assert groups(run([]), []) == []
    assert facts([]).mentions.num_rows == 0

"""The made-up hospital: the same bytes twice, and every planted fact really stands where the truth says."""

import hashlib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from rollcall.demo import Truth, load_truth, make_hospital
from rollcall.demo.truth import Document, Fact

from .reading import Content, messages, plain, read

DEMO = (1, 800, 300)
PACKS = sorted(one.name for one in resources.files("rollcall.demo").joinpath("packs").iterdir() if one.is_dir())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, make_hospital(folder, *DEMO, "dev")


@pytest.fixture(scope="module")
def contents(demo: tuple[Path, Truth]) -> dict[tuple[str, str], Content]:
    found: dict[tuple[str, str], Content] = {}
    for message in messages(demo[0]):
        read(message, found)
    return found


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make_hospital(tmp_path / name, seed, 120, 90, "dev")
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    assert not set(hashes(tmp_path / "a").values()) & {
        value for name, value in hashes(tmp_path / "c").items() if not name.endswith("tmp")
    }


def test_truth_is_read_back_as_written(demo: tuple[Path, Truth]) -> None:
    folder, truth = demo
    assert load_truth(folder / "truth") == truth


def test_counts(demo: tuple[Path, Truth]) -> None:
    folder, truth = demo
    ids = [str(message["Message-ID"]) for message in messages(folder)]
    assert len(set(ids)) == 300
    assert max(Counter(ids).values()) == 2  # some stand in both mailboxes
    assert len(set(ids)) < len(ids)
    patients = [one for one in truth.people.values() if not one.staff]
    assert len(patients) == 800
    assert sum(one.listed == "yes" for one in patients) >= 780
    staff = Counter(one.listed for one in truth.people.values() if one.staff)
    assert staff["yes"] >= 5  # those of the payroll list
    assert staff["no"] >= 5


def test_nothing_of_the_truth_lies_beside_the_evidence(demo: tuple[Path, Truth]) -> None:
    folder, _ = demo
    assert sorted(one.name for one in folder.iterdir()) == ["evidence", "truth"]
    assert not list(folder.glob("evidence/**/*truth*"))


def stands(fact: Fact, content: Content) -> bool:
    """Say whether a fact can be read at its spot; a subject that is quoted stands in the body."""
    if fact.spot == "picture":
        return True
    spots = [content.get(fact.spot, ""), content.get("body", "") if fact.spot in ("subject", "header") else ""]
    wanted = {fact.text, plain(fact.text)} | ({fact.value} if "date" in fact.element else set())
    if fact.spot.startswith("page"):  # a narrow cell breaks long words
        wanted |= {"".join(one.split()) for one in wanted}
        spots += ["".join(text.split()) for text in spots]
    return any(one in text for one in wanted for text in spots)


def missing(document: Document, contents: dict[tuple[str, str], Content]) -> list[str]:
    found: list[str] = []
    for at in document.occurrences:
        content = contents.get((at.message_id, at.path))
        if content is None:
            found.append(f"{at} is not in the evidence")
            continue
        found += [
            f"{fact} not at {at}"
            for fact in document.facts
            if not stands(fact, content) and not (fact.spot == "header" and at.how == "quoted")
        ]
    return found


def test_every_fact_stands_at_every_place_of_its_document(
    demo: tuple[Path, Truth], contents: dict[tuple[str, str], Content]
) -> None:
    lost = [line for document in demo[1].documents for line in missing(document, contents)]
    assert lost == []


@pytest.mark.parametrize(("seed", "people", "mails"), [(2, 200, 110), (3, 3, 40), (4, 1, 5), (9, 250, 25)])
def test_other_sizes_and_seeds_hold_what_they_say(tmp_path: Path, seed: int, people: int, mails: int) -> None:
    truth = make_hospital(tmp_path, seed, people, mails, "dev")
    found: dict[tuple[str, str], Content] = {}
    for message in messages(tmp_path):
        read(message, found)
    assert [line for document in truth.documents for line in missing(document, found)] == []
    assert sum(one.listed == "yes" for one in truth.people.values() if not one.staff) == people


def test_a_fact_that_was_not_planted_is_missed(
    demo: tuple[Path, Truth], contents: dict[tuple[str, str], Content]
) -> None:
    document = next(one for one in demo[1].documents if one.kind == "sheet")
    false = Fact("P000001", "patient", "ssn", "full", "700000001", "700-00-0001", document.facts[0].spot)
    assert missing(Document("D", "sheet", "", [false], document.occurrences), contents)


def test_every_fact_belongs_to_somebody_and_every_document_to_a_mail(demo: tuple[Path, Truth]) -> None:
    truth = demo[1]
    assert all(fact.person in truth.people for _, fact in truth.facts())
    assert all(document.occurrences for document in truth.documents)


@pytest.mark.parametrize(
    "kind",
    ["sheet", "delimited", "fixed", "list_pdf", "html_table", "form", "prose", "subject", "patient_mail", "letter",
     "malformed", "scan"],
)  # fmt: skip
def test_the_demo_has_every_kind_of_document(demo: tuple[Path, Truth], kind: str) -> None:
    assert any(document.kind == kind for document in demo[1].documents)


@pytest.mark.parametrize("how", ["own", "quoted", "forwarded", "inner"])
def test_the_demo_has_every_kind_of_occurrence(demo: tuple[Path, Truth], how: str) -> None:
    assert any(at.how == how for document in demo[1].documents for at in document.occurrences)


@pytest.mark.parametrize("kind", ["minor", "twin", "junior", "deceased", "moved", "same_name"])
def test_the_demo_has_every_special_case(demo: tuple[Path, Truth], kind: str) -> None:
    assert any(kind in one.kinds for one in demo[1].people.values())


def test_nobody_shares_a_number_that_is_ones_own(demo: tuple[Path, Truth]) -> None:
    own = ("ssn", "medical_record_number", "patient_account_number", "drivers_license")
    count = Counter(pair for one in demo[1].people.values() for pair in one.identifiers if pair[0] in own)
    assert max(count.values()) == 1
    assert all(773 <= int(value[:3]) <= 899 for element, value in count if element == "ssn")


def test_an_unknown_pack_is_refused(tmp_path: Path) -> None:
    for name in ("nowhere", "../dev"):
        with pytest.raises(ValueError, match="no pack called"):
            make_hospital(tmp_path, 1, 10, 10, name)

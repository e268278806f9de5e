"""Hospitals of a shape: all kinds of documents, several stores; every fact stands where the truth says."""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from email.message import Message
from pathlib import Path
from random import Random

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from rollcall.demo import Truth, load_truth, make_hospital
from rollcall.demo.grade import grade
from rollcall.demo.pack import load_pack
from rollcall.demo.shape import load_shapes
from rollcall.demo.writers.archive import locked_zip
from rollcall.demo.writers.office_crypto import _key, lock_office

from .answer import perfect_answer
from .reading import Content, messages, plain, read, unpacked
from .test_hospital import PACKS, missing

SHAPES = load_shapes()
CASES = [("alomere", "dev"), ("vendor", "test"), ("plan", "dev"), ("clinic", "test"), ("umass", "unseen")]
PEOPLE, MAILS = 340, 160
CASES = [one for one in CASES if one[1] in PACKS]


@pytest.fixture(scope="module", params=CASES, ids=lambda one: "-".join(one))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    shape, pack = request.param
    folder = tmp_path_factory.mktemp(shape)
    make_hospital(folder, 5, PEOPLE, MAILS, pack, SHAPES[shape])
    unpacked(folder)
    return folder, load_truth(folder / "truth")


def test_every_fact_stands_at_every_place_of_its_document(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    found: dict[tuple[str, str], Content] = {}
    for message in messages(folder):
        read(message, found)
    for content in found.values():  # what is quoted or paged may be broken anywhere
        if "body" in content:
            content["body"] = plain(content["body"].replace("> ", " "))
    lost = [line for document in truth.documents if not document.locked for line in missing(document, found)]
    assert lost == []
    held = [(at.message_id, at.path) for document in truth.documents if document.locked for at in document.occurrences]
    assert [at for at in held if found.get(at, {}).get("locked") != "yes"] == []


def test_every_document_names_its_covered_entity_where_there_are_several(made: tuple[Path, Truth]) -> None:
    truth = made[1]
    by_entity = Counter(one.entity for one in truth.documents)
    if not by_entity.keys() - {""}:
        assert made[0].name.startswith(("alomere", "plan", "clinic"))
        return
    assert len(by_entity.keys() - {""}) > 2
    assert by_entity[""] < 0.1 * len(truth.documents)  # lists of patients of several entities
    shapes = {
        entity: re.compile("".join({"#": r"\d", "@": "[A-Z]"}.get(c, re.escape(c)) for c in shape) + "$")
        for pack in PACKS for entity, shape in load_pack(pack, wide=True).org.clients.items()
    }  # fmt: skip
    fits = [
        bool(shapes[document.entity].match(fact.value))
        for document, fact in truth.facts()
        if document.entity and fact.element == "medical_record_number" and not fact.of
    ]
    assert sum(fits) > 0.9 * len(fits) > 20  # before anybody of an entity was met, somebody else is shown


def test_relations_stand_where_the_truth_says(made: tuple[Path, Truth]) -> None:
    truth = made[1]
    facts = {(one.doc_id, fact.spot, fact.person, fact.of) for one in truth.documents for fact in one.facts}
    kinds = Counter(one.relation for one in truth.relations)
    assert {"guardian_of", "subscriber_of"} <= kinds.keys()
    for one in truth.relations:
        assert one.person != one.other
        assert {one.person, one.other} <= truth.people.keys()
        assert one.places or one.relation == "guardian_of"
        assert all((*place, one.person, one.other) in facts for place in one.places)
    assert {(fact.person, fact.of) for _, fact in truth.facts() if fact.of} == {
        (one.person, one.other) for one in truth.relations if one.places
    }


def test_everybody_is_somewhere_and_the_mails_are_as_many_as_asked(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    patients = [one for one in truth.people.values() if not one.staff]
    assert len(patients) == PEOPLE
    # A pack may name somebody in passing and say nothing of them; hardly anybody is only there.
    assert sum(one.listed == "no" and "relative" not in one.kinds for one in patients) < 0.02 * PEOPLE
    assert len({str(one["Message-ID"]) for one in messages(folder)}) == MAILS


def test_the_roster_knows_most_of_them_and_others_too(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    lines = (folder / "roster" / "patients.csv").read_bytes().decode("cp1252").splitlines()
    known = {number for one in truth.people.values() for number in one.roster_ids}
    assert 0.5 * PEOPLE < sum(bool(one.roster_ids) for one in truth.people.values()) <= PEOPLE
    assert len(lines) - 1 > len(known) > PEOPLE / 2
    assert known <= {line.split(",")[0] for line in lines}


def test_a_perfect_answer_is_perfect(made: tuple[Path, Truth]) -> None:
    result = grade(*perfect_answer(made[1]), made[1])
    shares = (result.recall, result.precision, result.elements_exact, result.documents, result.weighted_recall)
    assert [one.value for one in shares] == [1.0] * 5
    assert (result.wrong_merges, result.avoidable_splits, result.staff, result.misses) == (0, 0, 0, [])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    shape = SHAPES["alomere"]
    mix = shape.mix | {"locked": 0.05, "picture": 0.02, "photo": 0.012, "follow": 0.1}
    make_hospital(folder, 8, 500, 600, "dev", msgspec.structs.replace(shape, mix=mix))
    unpacked(folder)
    return folder


def test_a_password_that_was_told_opens_the_file(large: Path) -> None:
    """Every zip whose password is said to be told opens with a word of some mail."""
    mails = messages(large)
    words = {word.strip(".,()") for one in mails for word in text_of(one).split() if any(c.isdigit() for c in word)}
    documents = [one for one in load_truth(large / "truth").documents if one.locked and one.layout.startswith("zip:")]
    opened = {one.locked: 0 for one in documents}
    for document in documents:
        at = document.occurrences[0]
        mail = next(one for one in mails if str(one["Message-ID"]) == at.message_id)
        data = next(
            part.get_payload(decode=True) for part in mail.walk() if part.get_filename() == at.path.split(" > ")[0]
        )
        assert isinstance(data, bytes)
        found = any(opens(data, word) for word in words)
        assert found == (document.locked == "told")
        opened[document.locked] += found
    assert opened["told"] > 1


def text_of(message: Message) -> str:
    parts = [one.get_payload(decode=True) for one in message.walk() if one.get_content_maintype() == "text"]
    return " ".join(re.sub("<[^>]*>", " ", one.decode("utf-8", "replace")) for one in parts if isinstance(one, bytes))


def opens(data: bytes, password: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            archive.read(archive.namelist()[0], pwd=password.encode())
        except (RuntimeError, zipfile.BadZipFile, zlib.error):
            return False
        return True


def test_all_kinds_of_documents(large: Path) -> None:
    truth = load_truth(large / "truth")
    documents = truth.documents
    kinds = Counter(one.kind for one in documents)
    layouts = " ".join(one.layout for one in documents if one.kind == "picture")
    assert [one for one in ("photo_card", "photo_form", "scan", "fax", "_hand") if one not in layouts] == []
    wanted = {"report", "ruled", "hl7", "x12", "ccda", "fhir", "calendar", "contacts", "picture", "locked", "thread",
              "list_docx", "slides"}  # fmt: skip
    assert wanted <= set(kinds)
    assert {one.locked for one in documents} == {"", "told", "lost"}
    special = Counter(kind for one in truth.people.values() for kind in one.kinds)
    assert {"renamed", "sensitive", "locked", "twin", "junior", "minor", "deceased", "moved"} <= set(special)


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_same_seed_same_bytes(tmp_path: Path, shape: str) -> None:
    for name in ("a", "b"):
        make_hospital(tmp_path / name, 4, 70, 60, "dev", SHAPES[shape])
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_the_files_of_a_stream_are_those_of_a_truth_that_was_kept(large: Path) -> None:
    truth = load_truth(large / "truth")  # more documents than are kept open
    ids = [one.doc_id for one in truth.documents]
    assert len(ids) == len(set(ids)) > 320
    settled = {key: (one.listed, one.roles, one.elements) for key, one in truth.people.items()}
    truth.settle()
    assert {key: (one.listed, one.roles, one.elements) for key, one in truth.people.items()} == settled


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_shares_of_a_shape_leave_room_for_chatter(shape: str) -> None:
    assert 0.9 < sum(SHAPES[shape].mix.values()) + 0.1 <= 1.1
    assert "talk" not in SHAPES[shape].mix


def test_a_locked_archive_opens_with_its_password_only() -> None:
    data = locked_zip([("a.txt", b"text " * 90), ("b/c.bin", bytes(range(256)))], "Loon22!", Random(1))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("a.txt", pwd=b"Loon22!") == b"text " * 90
        assert archive.read("b/c.bin", pwd=b"Loon22!") == bytes(range(256))
        with pytest.raises(RuntimeError):
            archive.read("a.txt")


@pytest.mark.parametrize("size", [10, 3000, 9000, 200_000])
def test_a_locked_workbook_holds_the_file_behind_its_password(size: int) -> None:
    import struct

    inside = Random(size).randbytes(size)
    data = lock_office(inside, "Loon22!", Random(1))
    assert data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    info, package = streams(data)
    assert struct.unpack_from("<HHI", info) == (4, 2, 0x24)
    salt = info[12 + struct.unpack_from("<I", info, 8)[0] + 4 :][:16]
    decryptor = Cipher(algorithms.AES(_key("Loon22!", salt)), modes.ECB()).decryptor()  # noqa: S305
    plain_text = decryptor.update(package[8:])
    assert plain_text[: struct.unpack_from("<Q", package)[0]] == inside


def streams(data: bytes) -> list[bytes]:
    """Read a compound file the slow way: the allocation tables, then each chain."""
    import struct

    def sector(number: int) -> bytes:
        return data[512 * (number + 1) : 512 * (number + 2)]

    count, first_entry, mini_start = (*struct.unpack_from("<II", data, 44), struct.unpack_from("<I", data, 60)[0])
    table = [
        one
        for at in range(count)
        for one in struct.unpack("<128I", sector(struct.unpack_from("<I", data, 76 + 4 * at)[0]))
    ]

    def chain(number: int) -> bytes:
        out = b""
        while number < 0xFFFFFFFA:
            out, number = out + sector(number), table[number]
        return out

    entries = chain(first_entry)
    rows = [
        struct.unpack_from("<IQ", entries, at + 116) for at in range(0, len(entries), 128) if entries[at + 66] in (2, 5)
    ]
    small, minis = chain(rows[0][0]), chain(mini_start)
    found: list[bytes] = []
    for start, size in rows[1:]:
        if size >= 4096:
            found.append(chain(start)[:size])
            continue
        out = b""
        while start < 0xFFFFFFFA:
            out += small[64 * start : 64 * start + 64]
            start = struct.unpack_from("<I", minis, 4 * start)[0]
        found.append(out[:size])
    return found


def test_a_bundle_of_resources_is_json(tmp_path: Path) -> None:
    from rollcall.demo.pack import load_pack
    from rollcall.demo.people import make_people
    from rollcall.demo.writers.records import write_fhir

    pack = load_pack("dev", wide=True)
    people = [one for home in make_people(pack, 1, 5) for one in home]
    for seed in range(4):
        text = write_fhir(Random(seed), pack, people).data.decode()
        resources = [json.loads(line) for line in text.splitlines()] if text.startswith('{"resourceType": "P') else [
            one["resource"] for one in json.loads(text)["entry"]]  # fmt: skip
        assert len(resources) == 15

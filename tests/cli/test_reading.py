"""What the reading commands print of a case, and that values stay masked until somebody asks, on the record."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from rollcall.store import Unlock, open_store
from tests.cli.conftest import MENTIONS, Rollcall

SECRETS = ("899451234", "899-45-1234")


def output(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_status(rollcall: Rollcall, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollcall("status") == 0
    text = output(capsys)
    assert "7 items: 7 read. Open problems: encrypted 1." in text
    assert "1 person on the list (all in scope; 0 by proof)" in text
    assert "no deadlines: no discovery date given" in text
    assert "only one: if it is lost, the case is lost" in text
    assert "run again with --passwords FILE" in text


def test_status_as_json(rollcall: Rollcall, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollcall("status", "--json") == 0
    found = json.loads(output(capsys))
    assert found["account"]["difference"] == 0
    assert found["sources"][0]["n_items"] == 7
    assert [row["code"] for row in found["problems"]] == ["encrypted"]


def test_people_are_masked_and_asking_for_more_is_noted(
    rollcall: Rollcall, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rollcall("people", "--json") == 0
    captured = capsys.readouterr()
    assert "1 open problems may hide people; this list is not final" in captured.err
    masked = captured.out
    assert "Ann Lee" in masked
    assert not any(secret in masked for secret in SECRETS)
    assert rollcall("people", "--json", "--values", "clear") == 0
    captured = capsys.readouterr()
    assert "899451234" in captured.out
    assert "in clear" in captured.err
    with open_store(folder, Unlock(key_file=(folder.parent / "my.key").read_bytes())) as store:
        assert store.ledger.rows("clear_values")[-1]["where"] == "the terminal"


@pytest.mark.parametrize(("words", "n"), [((), 1), (("ann",), 1), (("LEE", "ann"), 1), (("bob",), 0)])
def test_people_by_name(rollcall: Rollcall, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], n: int) -> None:
    assert rollcall("people", *words, "--json") == 0
    assert len(json.loads(output(capsys))) == n


@pytest.mark.parametrize("person", ["P", "1"])
def test_why(rollcall: Rollcall, capsys: pytest.CaptureFixture[str], person: str) -> None:
    assert rollcall("why", person) == 0
    text = output(capsys)
    assert "Census!C7" in text
    assert text.count("census.zip > q3/census.xlsx > Census!C7") == 2  # both occurrences, one of them starred
    assert "does not count (negated)" in text
    assert not any(secret in text for secret in SECRETS)
    assert rollcall("why", person, "--json") == 0
    assert {row["finding_id"] for row in json.loads(output(capsys))["places"]} == {f"finding-f{n}" for n in range(1, 5)}


def test_why_of_nobody(rollcall: Rollcall, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollcall("why", "zzz") == 2
    assert "Nobody in this case" in capsys.readouterr().err


def test_problems(rollcall: Rollcall, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollcall("problems") == 0
    text = output(capsys)
    assert "census.zip" in text
    assert "encrypted: Ask the sender" in text
    assert "AT RISK" in text
    assert rollcall("problems", "--json", "--code", "corrupt") == 0
    assert json.loads(output(capsys)) == []


def test_digest_is_a_number_and_stays(rollcall: Rollcall, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollcall("digest") == 0
    first = output(capsys).strip()
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert rollcall("digest", "--json") == 0
    assert json.loads(output(capsys))["digest"] == first


def test_estimate(rollcall: Rollcall, capsys: pytest.CaptureFixture[str]) -> None:
    assert rollcall("estimate", "--json") == 0
    found = json.loads(output(capsys))
    assert (found["low"], found["high"], found["share_read"]) == (1, 1, 1.0)


def test_exports_of_every_kind(rollcall: Rollcall, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "parquet", "jsonl"):
        target = tmp_path / f"out.{ending}"
        assert rollcall("export", "evidence", "--to", str(target)) == 0
        assert target.stat().st_mode & 0o777 == 0o600
        assert not any(secret.encode() in target.read_bytes() for secret in SECRETS)
    assert rollcall("export", "evidence", "--to", str(tmp_path / "clear.parquet"), "--values", "clear") == 0
    rows = pq.read_table(tmp_path / "clear.parquet").to_pylist()
    assert [row["place"] for row in rows if row["element"] == "ssn"] == ["Census!C7", "body 11-21"]
    assert "899451234" in {row["value"] for row in rows}
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet[1]][:3] == ["individual_id", "element", "subtype"]
    assert sheet.max_row == 4
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["element"] for row in lines] == ["name", "ssn", "ssn"]


def test_export_in_clear_leaves_its_hash(rollcall: Rollcall, folder: Path, tmp_path: Path) -> None:
    import hashlib

    target = tmp_path / "people.csv"
    assert rollcall("export", "individuals", "--to", str(target), "--values", "clear") == 0
    with open_store(folder, Unlock(key_file=(folder.parent / "my.key").read_bytes())) as store:
        row = store.ledger.rows("clear_values")[-1]
    assert row["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert row["where"] == str(target)
    assert row["what"] == "export individuals"


def test_nothing_is_written_inside_the_case(rollcall: Rollcall, folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if "ledger" not in path.name}
    for target in (folder / "people.csv", link / "people.csv", folder / "facts" / ".." / "people.csv"):
        assert rollcall("export", "individuals", "--to", str(target)) == 2
        assert rollcall("report", "--to", str(target.with_suffix(".html"))) == 2
    inner = tmp_path / "inner.csv"
    inner.symlink_to(folder / "people.csv")
    assert rollcall("export", "individuals", "--to", str(inner)) == 2
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if "ledger" not in path.name} == before


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("nothing", "--to", "x.csv"), "no table nothing"),
        (("items", "--to", "x.doc"), "the ending chooses"),
        (("items", "--to", "/nowhere/at/all.csv"), "not there"),
    ],
)
def test_export_refuses(
    rollcall: Rollcall, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], says: str
) -> None:
    assert rollcall("export", *more) == 2
    assert says in capsys.readouterr().err


def test_report_beside_the_case_has_counts_and_no_names(rollcall: Rollcall, folder: Path) -> None:
    assert rollcall("report") == 0
    beside = folder.with_name("case-report")
    page = (beside / "report.html").read_text()
    assert "7 items; 7 read" in page
    for word in ("Ann Lee", "Bob Ray", "census.zip", *SECRETS):
        assert word not in page
    shutil.rmtree(beside)


def test_report_to_a_file_says_where_problems_stand(rollcall: Rollcall, tmp_path: Path) -> None:
    assert rollcall("report", "--to", str(tmp_path / "r.html")) == 0
    page = (tmp_path / "r.html").read_text()
    assert "census.zip" in page
    assert not any(secret in page for secret in SECRETS)


def test_decisions_are_recorded_and_taken_back(
    rollcall: Rollcall, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rollcall("problems", "--json")
    problem = json.loads(output(capsys))[0]["problem_id"]
    assert rollcall("decide", "sign_off", problem[:10], "--why", "a picture") == 0
    decision = output(capsys).split()[1]
    rollcall("problems", "--json")
    assert json.loads(output(capsys)) == []
    assert rollcall("decide", "undo", decision) == 0
    assert "Taken back" in output(capsys)
    rollcall("problems", "--json")
    assert [row["problem_id"] for row in json.loads(output(capsys)) if row["code"] == "encrypted"] == [problem]
    with open_store(folder, Unlock(key_file=(folder.parent / "my.key").read_bytes())) as store:
        kept = next(one for one in store.ledger.decisions() if one.decision_id == decision)
    assert (kept.kind, kept.anchor, kept.why) == ("sign_off", problem, "a picture")
    assert kept.undone_by


@pytest.mark.parametrize(
    "more",
    [
        ("sign_off", "0000000"),
        ("sign_off", "ab"),
        ("must_link", MENTIONS["r6"]),
        ("sign_off", "000000", "111111"),
        ("must_link", MENTIONS["r6"], MENTIONS["r6"]),
        ("exclude", "finding-f2"),
        ("confirm", "finding-f2"),
    ],
)
def test_decide_refuses(rollcall: Rollcall, more: tuple[str, ...]) -> None:
    assert rollcall("decide", *more) == 2


def test_a_ruling_on_a_finding_takes_it_out_at_once_and_keeps_what_stood_around_it(
    rollcall: Rollcall, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rollcall("decide", "not_this", "finding-f2") == 0
    decision = output(capsys).split()[1]
    rollcall("why", "P", "--json")
    assert {row["finding_id"][-2:] for row in json.loads(output(capsys))["places"]} == {"f1", "f3", "f4"}
    rollcall("people", "--json")
    assert json.loads(output(capsys))[0]["elements"] == ["name", "ssn"]
    with open_store(folder, Unlock(key_file=(folder.parent / "my.key").read_bytes())) as store:
        kept = next(one for one in store.ledger.decisions() if one.decision_id == decision)
        assert kept.shown == [store.seal("899451234"), *sorted({store.seal("Ann Lee")})]
    assert rollcall("decide", "undo", decision) == 0


def test_a_person_excluded_is_listed_no_more_and_comes_back(
    rollcall: Rollcall, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rollcall("decide", "exclude", MENTIONS["r6"]) == 0
    decision = output(capsys).split()[1]
    rollcall("people", "--json")
    assert json.loads(output(capsys)) == []
    rollcall("people", "--json", "--all")
    assert [row["status"] for row in json.loads(output(capsys))] == ["excluded"]
    assert rollcall("decide", "undo", decision) == 0
    output(capsys)
    rollcall("people", "--json")
    assert [row["status"] for row in json.loads(output(capsys))] == ["proposed"]

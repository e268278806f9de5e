"""case.toml: what it may say, and that a slip of the pen is refused with its place."""

import datetime
import os
import re
import stat
from pathlib import Path

import msgspec
import pytest

from rollcall import case as cases
from rollcall.case import Case, Policy, make_case, open_case, unlock_from
from rollcall.items.parser import Limits
from rollcall.problems import CaseError, Exit
from rollcall.views import Thresholds

FULL = """
[case]
name = "Example"
[incident]
discovered_on = 2026-02-01
contained_at = 2026-02-01T12:00:00Z
[[entity]]
name = "Example Hospital"
kind = "provider"
states = ["MN", "WI"]
[[mailbox]]
address = "Desk@example.org"
custodian = "Front desk"
[policy]
min_confidence = 0.4
max_bytes = 1000
"""


def written(folder: Path, text: str) -> Path:
    (folder / "case.toml").write_text(text)
    return folder


def test_all_of_it(tmp_path: Path) -> None:
    case = open_case(written(tmp_path, FULL))
    assert case.incident.discovered_on == datetime.date(2026, 2, 1)
    assert case.entities[0].states == ("MN", "WI")
    assert case.policy.limits()["max_bytes"] == 1000
    box = case.mailbox("desk@EXAMPLE.org")
    assert box is not None
    assert box.custodian == "Front desk"
    assert case.mailbox("other@example.org") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[polici]\n", "polici"),
        ("[policy]\nmax_byte = 3\n", "max_byte"),
        ("[policy]\nmax_bytes = 0\n", "max_bytes is at least 1"),
        ("[policy]\nmin_confidence = 1.5\n", "between 0 and 1"),
        ("[policy]\nmin_confidence = 'high'\n", "$.policy.min_confidence"),
        ("[incident]\ndiscovered_on = 'May'\n", "discovered_on"),
        ("[[entity]]\nkind = 'plan'\n", "name"),
        ("[case\n", "not valid TOML"),
        ("\xff", "UTF-8"),
    ],
)
def test_slips_are_refused_with_their_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "case.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(CaseError) as refused:
        open_case(tmp_path)
    assert says in str(refused.value)
    assert str(tmp_path) in str(refused.value)
    assert refused.value.exit_code == Exit.USAGE


def test_a_new_case_says_what_it_would_do_anyway(tmp_path: Path) -> None:
    case = make_case(tmp_path / 'a "case"\n', datetime.date(2026, 2, 1))
    assert case.name == 'a "case"\n'
    assert case.policy == Policy()
    assert case.incident.discovered_on == datetime.date(2026, 2, 1)
    assert stat.S_IMODE(case.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((case.folder / "case.toml").stat().st_mode) == 0o600
    text = (case.folder / "case.toml").read_text()
    live = re.sub(r"^# (?=\[\[|\w+ = )", "", text, flags=re.MULTILINE)
    assert live.count("\n#") < text.count("\n#")
    (case.folder / "case.toml").write_text(live)
    assert isinstance(open_case(case.folder), Case), "every commented setting is one that exists"
    assert open_case(case.folder).policy == Policy(max_ocr_pages=5000), "the one that is an example"


def test_policy_knows_every_limit_and_threshold() -> None:
    assert msgspec.convert(Policy().limits(), Limits) == Limits()
    assert {*Policy().limits(), "ocr_fast"} == set(Limits.__struct_fields__)
    assert msgspec.convert(Policy().thresholds(), Thresholds) == Thresholds()


def test_the_digest_of_a_policy_changes_with_it() -> None:
    assert Policy().digest() == Policy().digest() != Policy(min_confidence=0.31).digest()


def test_a_key_file_may_hold_an_age_identity(tmp_path: Path) -> None:
    plain, age = tmp_path / "plain", tmp_path / "age"
    plain.write_bytes(b"\xff\x00secret\n")
    age.write_text("# created by age-keygen\nAGE-SECRET-KEY-1QQQQ\n")
    assert unlock_from(plain).key_file == b"\xff\x00secret\n"
    assert unlock_from(age).key_file is None
    assert "AGE-SECRET-KEY-1QQQQ" in (unlock_from(age).age_identity or "")
    assert "secret" not in repr(unlock_from(plain))


def answers(monkeypatch: pytest.MonkeyPatch, *given: str) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    left = list(given)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(cases.getpass, "getpass", lambda prompt: left.pop(0))


def test_a_passphrase_is_asked_for_twice_when_new(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "open sesame", "open sesame")
    assert unlock_from(None, new=True).passphrase == b"open sesame"
    answers(monkeypatch, "open sesame")
    assert unlock_from(None).passphrase == b"open sesame"


@pytest.mark.parametrize("given", [("a", "b"), ("",)])
def test_a_passphrase_that_will_not_do(monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]) -> None:
    answers(monkeypatch, *given)
    with pytest.raises(CaseError) as refused:
        unlock_from(None, new=True)
    assert refused.value.exit_code == Exit.KEY_NEEDED


def test_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        with pytest.raises(CaseError) as refused:
            unlock_from(None)
    assert refused.value.exit_code == Exit.KEY_NEEDED

"""Exit codes, sentences and streams of the command line as a whole."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rollcall import cli
from rollcall.problems import CaseError, Exit


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "my.key"
    path.write_bytes(b"secret")
    return path


def run(*argv: object, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rollcall", *map(str, argv)]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, **more)


def test_no_command_is_a_question_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "commands:" in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom rollcall import cli\ncli.parser().format_help()\n"
        "print({name.split('.')[0] for name in sys.modules} & {'duckdb', 'pyarrow', 'cryptography', 'jinja2', 'lxml'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("name", ["serve", "access", "certify", "letters"])
def test_what_is_not_built_says_so(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "case"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "not built yet" in captured.err
    assert captured.err.count("\n") == 1


def refusals(tmp_path: Path, key: Path) -> dict[str, tuple[list[object], int, str]]:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("hello")
    mail = tmp_path / "a.eml"
    mail.write_text("Subject: x\n\nhello\n")
    misspelt = tmp_path / "misspelt"
    misspelt.mkdir()
    (misspelt / "case.toml").write_text("[policy]\nmin_confidense = 0.5\n")
    empty = tmp_path / "empty.key"
    empty.write_bytes(b"")
    new = tmp_path / "new"
    return {
        "missing source": (["run", new, tmp_path / "gone.pst", "--key-file", key], 2, "Not there"),
        "no source for a new case": (["run", new, "--key-file", key], 2, "no SOURCE"),
        "folder of other things": (["run", other, mail, "--key-file", key], 2, "not a case"),
        "no terminal": (["run", new, mail], 5, "--key-file"),
        "missing key": (["run", new, mail, "--key-file", tmp_path / "gone.key"], 5, "cannot be read"),
        "empty key": (["run", new, mail, "--key-file", empty], 5, "empty"),
        "key inside the case": (["run", other, mail, "--key-file", other / "letter.txt"], 2, "inside the case"),
        "bad date": (["run", new, mail, "--discovered", "1/2/26", "--key-file", key], 2, "YYYY-MM-DD"),
        "no case": (["status", new, "--key-file", key], 2, "not there"),
        "not a case": (["status", other, "--key-file", key], 2, "not a case"),
        "misspelt key": (["status", misspelt, "--key-file", key], 2, "min_confidense"),
        "parent missing": (["run", tmp_path / "no" / "case", mail, "--key-file", key], 2, "Make that folder first"),
    }


NAMES = [
    "missing source", "no source for a new case", "folder of other things", "no terminal", "missing key", "empty key",
    "key inside the case", "bad date", "no case", "not a case", "misspelt key", "parent missing",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_a_person_can_mend_is_one_sentence(
    name: str, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    table = refusals(tmp_path, key)
    assert list(table) == NAMES
    argv, code, says = table[name]
    before = sorted(tmp_path.rglob("*"))
    assert cli.main([str(word) for word in argv]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("rollcall: ")
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before, "a refusal leaves nothing behind"


def test_usage_errors_exit_2() -> None:
    for argv in (["frobnicate"], ["run"], ["export", "case"], ["run", "case", "x", "--workers", "0"]):
        with pytest.raises(SystemExit) as refused:
            cli.main(argv)
        assert refused.value.code == 2


def failing(error: BaseException) -> object:
    def fail(*_: object) -> int:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), Exit.INTERRUPTED, "safe to resume: rollcall digest 'my case'"),
        (CaseError("No.", Exit.VERIFICATION), Exit.VERIFICATION, "rollcall: No."),
        (MemoryError(), Exit.NO_ROOM, "memory ran out"),
        (OSError(28, "No space left on device"), Exit.NO_ROOM, "disk is full"),
    ],
)
def test_how_a_command_may_end(
    error: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rollcall.cli._run", failing(error))
    assert cli.main(["digest", "my case"]) == code
    assert says in capsys.readouterr().err


def test_a_bug_shows_where_and_never_what() -> None:
    code = (
        "import sys\nfrom rollcall import cli\n"
        "def fail(argv):\n    try:\n        int('899-45-1234')\n"
        "    except ValueError as error:\n        raise KeyError('Ann Lee') from error\n"
        "cli._run = fail\nsys.exit(cli.main(['digest', 'case']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert "KeyError" in done.stderr
    assert "899" not in done.stderr
    assert "Ann" not in done.stderr


def test_sigterm_is_an_interruption() -> None:
    code = (
        "import sys, time\nfrom rollcall import cli\n"
        "def wait(argv):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "cli._run = wait\nsys.exit(cli.main(['run', 'case']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
        one.send_signal(signal.SIGTERM)
        _, err = one.communicate(timeout=60)
    assert one.returncode == 130
    assert "safe to resume: rollcall run case" in err


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = (
        "import sys\nfrom rollcall import cli\n"
        "def talk(argv):\n    for n in range(200000):\n        print('line', n)\n    return 0\n"
        "cli._run = talk\nsys.exit(cli.main(['people', 'case']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout is not None
        one.stdout.readline()
        one.stdout.close()
        err = one.stderr.read() if one.stderr else ""
        one.wait(timeout=60)
    assert (one.returncode, err) == (0, "")


def test_version() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("rollcall ")

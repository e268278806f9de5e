"""What a child cannot do, tried in a real one; and that the next content is opened as if nothing had been."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.model import Blob, Part, Record, Trouble
from rollcall.sandbox import client
from rollcall.sandbox.client import Sandbox
from tests.sandbox.conftest import BLOB, Opened
from tests.sandbox.harm import DEADLY, DENIED
from tests.sandbox.reading import Confined

GOOD = "Patient: Ann Quorlen"
NEEDS_PID = ("kill", "own", "ptrace", "memory of")
NEEDS_PATH = ("read", "list", "write", "truncate", "unlink", "symlink")
CODES = {"loop": "timed_out", "chatter": "timed_out", "hang up": "crashed", "flood": "too_large"}


def texts(facts: list[Record]) -> list[str | None]:
    return [fact.text for fact in facts if isinstance(fact, Part)]


def codes(facts: list[Record]) -> list[str]:
    return [fact.code for fact in facts if isinstance(fact, Trouble)]


def assert_unharmed(opened: Opened) -> None:
    facts = opened(GOOD)
    assert texts(facts) == [GOOD]
    assert [fact.state for fact in facts if isinstance(fact, Blob)] == ["read"]


@pytest.mark.parametrize("name", [name for name in DENIED if name not in (*NEEDS_PID, *NEEDS_PATH)])
def test_a_call_is_denied(opened: Opened, name: str) -> None:
    assert texts(opened(f"HARM|{name}")) == ["denied"]
    assert_unharmed(opened)


@pytest.mark.parametrize("name", NEEDS_PID)
def test_other_processes_are_out_of_reach(opened: Opened, sandbox: Sandbox, name: str) -> None:
    for pid in (os.getpid(), sandbox.pid):
        assert texts(opened(f"HARM|{name}|{pid}")) == ["denied"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("read", "/etc/passwd"),
        ("read", "/proc/self/environ"),
        ("read", "{here}/secret"),
        ("read", "{here}/source/content"),
        ("read", str(Path(__file__))),
        ("list", "/"),
        ("list", "{here}"),
        ("write", "/tmp/x"),
        ("write", "{here}/new"),
        ("write", "/dev/shm/x"),
        ("write", f"{Path(subprocess.__file__).parent}/x.py"),
        ("truncate", "{here}/secret"),
        ("unlink", "{here}/secret"),
        ("symlink", "{here}/link"),
    ],
)
def test_files_are_out_of_reach(opened: Opened, tmp_path: Path, name: str, path: str) -> None:
    (tmp_path / "secret").write_text("a key")
    assert texts(opened(f"HARM|{name}|{path.format(here=tmp_path)}")) == ["denied"]
    assert (tmp_path / "secret").read_text() == "a key"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["secret", "source"]


@pytest.mark.parametrize("name", DEADLY)
def test_a_dead_reader_costs_only_itself(opened: Opened, name: str) -> None:
    """The next reader reads the content as text; what the dead one had said is not kept."""
    content = f"HARM|{name}|{BLOB}"
    facts = opened(content, short=name in ("loop", "chatter"))
    assert texts(facts) == [content]
    assert codes(facts) == [CODES.get(name, "crashed"), "second_reader"]
    assert [fact.state for fact in facts if isinstance(fact, Blob)] == ["problem"]
    assert_unharmed(opened)


def test_too_much_memory_is_a_problem_of_the_content(opened: Opened) -> None:
    facts = opened("HARM|swallow")
    assert codes(facts) == ["out_of_memory", "second_reader"]
    assert_unharmed(opened)


def test_a_look_that_kills_is_not_taken_again(opened: Opened) -> None:
    facts = opened("LOOK at this")
    assert texts(facts) == ["LOOK at this"]
    assert codes(facts) == ["crashed", "second_reader"]
    assert_unharmed(opened)


def test_where_no_reader_is_to_blame_the_content_is_a_problem(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "NAMES", ())
    facts = opened(f"HARM|abort|{BLOB}")
    assert codes(facts) == ["crashed"]
    assert [(fact.blob_id, fact.state) for fact in facts if isinstance(fact, Blob)] == [(BLOB, "problem")]
    assert_unharmed(opened)


def test_a_child_is_replaced_after_a_problem_and_kept_otherwise(opened: Opened) -> None:
    first, second = texts(opened("HARM|pid")), texts(opened("HARM|pid"))
    assert first == second
    assert texts(opened("HARM|fault")) == ["after"]
    assert texts(opened("HARM|pid")) != first


def test_it_has_its_socket_and_the_content_and_no_other_descriptor(opened: Opened) -> None:
    pid = texts(opened("HARM|pid"))[0]
    targets = [str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()]
    kinds = sorted(target.partition(":")[0] if ":" in target else Path(target).name for target in targets)
    assert kinds == ["content", "null", "null", "pipe", "socket"]


def test_children_die_with_their_server_and_it_with_its_worker() -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from rollcall.sandbox.client import Sandbox\n"
        "from rollcall.items.parser import Limits\n"
        "s = Sandbox(ahead=())\n"
        "c = s._fork(Limits(), None, '')\n"
        "print(s.pid, c.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    for pid in map(int, done.stdout.split()):
        for _ in range(1000):
            if not Path(f"/proc/{pid}").exists() or "Z (zombie)" in Path(f"/proc/{pid}/status").read_text():
                break
            os.sched_yield()
        else:
            raise AssertionError("still alive")


def test_work_without_progress_ends_long_before_the_clock(sandbox: Sandbox, tmp_path: Path) -> None:
    content = f"HARM|loop|{BLOB}"
    (tmp_path / "content").write_text(content)
    reader = Confined(sandbox, tmp_path, Limits(max_seconds=300, max_work=1, max_memory=1 << 30))
    chain = (("", "s"), ("tree", "content"))
    facts = list(reader.open(Opening(blob_id=BLOB, chain=chain, size=len(content))))
    assert texts(facts) == [content]
    (first, _) = (fact for fact in facts if isinstance(fact, Trouble))
    assert (first.code, first.detail) == ("timed_out", "reader: harm")


@pytest.mark.parametrize("name", ["abort", "loop"])
def test_what_lies_on_the_way_is_read_as_ever(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    """A reader that died of an attachment or a member is not taken for the reader of the mail or the archive."""
    content = f"HARM|{name}|{BLOB}"
    with zipfile.ZipFile(tmp_path / "source.zip", "w") as archive:
        archive.writestr("content", content)
    reader = Confined(sandbox, tmp_path / "source.zip", Limits(max_seconds=1, max_memory=1 << 30))
    chain = (("", "s"), ("zip", "0 content"))
    facts = list(reader.open(Opening(blob_id=BLOB, chain=chain, size=len(content))))
    assert texts(facts) == [content]
    assert codes(facts) == [CODES.get(name, "crashed"), "second_reader"]

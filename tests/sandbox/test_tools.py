"""Programs of the system run under bubblewrap or not at all; a reader gets what they write, and they get nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from rollcall.model import Trouble
from rollcall.sandbox import tools
from tests.sandbox.conftest import Opened
from tests.sandbox.test_denied import assert_unharmed, codes, texts

CONTENT = "HARM|tool|program|rest of the content"


@pytest.fixture(params=[True, False], ids=["file", "memory"])
def kind(request: pytest.FixtureRequest) -> str:
    return "tool" if request.param else "tool in memory"


def with_script(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(tools, "TOOLS", {"program": ("sh", script)})


@pytest.mark.parametrize(
    "script", ["exec tr a-z A-Z", "exec cat /dev/stdin | tr a-z A-Z", "cat /proc/self/fd/0 | tr a-z A-Z"]
)
def test_a_program_reads_the_content(opened: Opened, monkeypatch: pytest.MonkeyPatch, kind: str, script: str) -> None:
    with_script(monkeypatch, script)
    content = CONTENT.replace("tool", kind)
    assert texts(opened(content)) == [content.upper()]


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ("cat /etc/passwd /root/* /home/* 2>/dev/null || true", ""),
        ("ls / | tr '\\n' ' '", "bin dev lib lib64 out proc usr "),
        ("touch /out/x /usr/x /x 2>/dev/null; ls /out", "x\n"),
        ("test $(ls /proc | grep -c '^[0-9]*$') -lt 6 && echo alone", "alone\n"),
        ("env | cut -d= -f1 | grep -v 'LANG\\|OMP\\|PWD\\|PATH\\|_'; true", ""),
        ("cat /proc/net/dev | grep -c 'eth\\|ens\\|enp'; true", "0\n"),
        ("test -w /out && test ! -w /usr && echo so", "so\n"),
        ("ulimit -v; ulimit -t", "1048576\n30\n"),
    ],
)
def test_it_has_nothing_else(opened: Opened, monkeypatch: pytest.MonkeyPatch, script: str, written: str) -> None:
    with_script(monkeypatch, script)
    assert texts(opened(CONTENT)) == ([written] if written else [])


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 3", "partial"),
        ("while true; do :; done", "timed_out"),
        ("exec sleep 100", "timed_out"),
        ("exec cat /dev/zero", "bomb"),
    ],
)
def test_what_goes_wrong_is_a_problem(opened: Opened, monkeypatch: pytest.MonkeyPatch, script: str, code: str) -> None:
    with_script(monkeypatch, script)
    assert codes(opened(CONTENT, short=code == "timed_out")) == [code, "second_reader"]
    assert_unharmed(opened)


@pytest.mark.parametrize("missing", ["bubblewrap", "program", "name"])
def test_what_is_not_there_is_said(opened: Opened, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    with_script(monkeypatch, "true")
    if missing == "bubblewrap":
        monkeypatch.setattr(tools, "_wraps", lambda: False)
    elif missing == "program":
        monkeypatch.setattr(tools, "TOOLS", {"program": ("no-such-program", "true")})
    else:
        monkeypatch.setattr(tools, "TOOLS", {})
    facts = opened(CONTENT)
    assert next((fact.code, fact.detail) for fact in facts if isinstance(fact, Trouble)) == ("needs_tool", "program")
    assert_unharmed(opened)


def test_no_descriptor_is_left_behind(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with_script(monkeypatch, "exec cat")
    opened(CONTENT)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        opened(CONTENT)
        opened(CONTENT.replace("tool", "tool in memory"))
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


def test_a_worker_without_sockets_can_run_them_too(tmp_path: Path) -> None:
    (tmp_path / "content").write_text("abc")
    code = (
        "import os, sys\n"
        "from rollcall.items.parser import Limits\n"
        "from rollcall.sandbox import seccomp, tools\n"
        "tools.TOOLS['tr'] = ('tr', 'exec tr a-z A-Z')\n"
        "assert seccomp.give_up_network()\n"
        "file = os.open(sys.argv[1], os.O_RDONLY)\n"
        "print(b''.join(tools.run('tr', file, Limits(), lambda: None)).decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "content"], capture_output=True, text=True, check=False
    )
    assert done.stdout == "ABC\n", done.stderr

"""Whole cases through the command line, as a user runs it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rollcall.demo import make_hospital

ROLLCALL = (sys.executable, "-m", "rollcall")
PATIENCE = 240  # seconds, of one command


class Bench:
    """A scratch folder with a key, and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.case = folder / "case"
        self.key = folder / "case.key"
        self.key.write_bytes(b"a secret of the test, thirty-two bytes or more")
        self.home = folder / "home"
        self.home.mkdir()

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**kept, "HOME": str(self.home), "TMPDIR": str(self.folder / "tmp")}

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        (self.folder / "tmp").mkdir(exist_ok=True)
        return subprocess.Popen(
            [*ROLLCALL, *map(str, arguments), "--key-file", str(self.key)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=self.folder,
            env=self.environment(),
        )

    def __call__(self, *arguments: str | Path, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE)
        if expect is not None:
            assert process.returncode == expect, f"exit {process.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def run(self, *arguments: str | Path, expect: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run the case; unless told otherwise it ends, with or without open problems."""
        done = self("run", self.case, *arguments, expect=expect)
        assert expect is not None or done.returncode in (0, 3), done.stderr
        return done

    def json(self, command: str, *arguments: str) -> Any:
        return json.loads(self(command, self.case, "--json", *arguments).stdout)

    def digest(self) -> str:
        return self("digest", self.case).stdout.strip()


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small hospital, the same in every test of this folder."""
    folder = tmp_path_factory.mktemp("hospital")
    make_hospital(folder, seed=11, n_people=60, n_messages=40, pack="dev")
    return folder / "evidence"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def new_bench(tmp_path: Path) -> Callable[[str], Bench]:
    def make(name: str) -> Bench:
        (tmp_path / name).mkdir()
        return Bench(tmp_path / name)

    return make


def children_of(pid: int) -> list[int]:
    """Return the living child processes of a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in listed.read_text().split()]
    except OSError:
        return []


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)

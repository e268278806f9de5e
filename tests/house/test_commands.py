"""Every command is listed, teaches by an example, and has its page; generated pages are fresh."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from rollcall import cli
from rollcall.cli import COMMANDS
from rollcall.cli.command import Command

ROOT = Path(__file__).parents[2]
CONTRACT = (
    "demo", "run", "status", "estimate", "export", "digest", "problems", "people", "why", "report", "verify", "key",
    "gc", "serve", "access", "certify", "letters",
)  # fmt: skip
READING = ("status", "estimate", "digest", "problems", "people", "why", "verify")


def choices() -> dict[str, argparse.ArgumentParser]:
    subparsers = cli.parser()._subparsers
    assert subparsers is not None
    found = next(iter(subparsers._group_actions)).choices
    assert isinstance(found, dict)
    return found


def test_the_contract_is_kept() -> None:
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names))
    assert set(CONTRACT) <= set(names)


def test_every_file_is_a_command() -> None:
    folder = Path(cli.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "command", "opening", "output", "unbuilt"}
    assert files == {command.name for command in COMMANDS if command.built}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_teaches(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main([command.name, "--help"])
    assert done.value.code == 0
    text = capsys.readouterr().out
    assert "example:" in text
    assert f"rollcall {command.name}" in text.split("example:")[1]
    assert command.summary
    assert command.summary == command.summary.strip().rstrip(".")


@pytest.mark.parametrize("name", READING)
def test_reading_commands_speak_json(name: str) -> None:
    options = {option for action in choices()[name]._actions for option in action.option_strings}
    assert "--json" in options
    assert "--key-file" in options


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_stands_in_the_docs(command: Command) -> None:
    assert f"\n## {command.name}\n" in (ROOT / "docs" / "reference" / "commands.md").read_text()


def test_generated_pages_are_fresh() -> None:
    check = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")

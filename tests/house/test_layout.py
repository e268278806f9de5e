"""The rules of the house that concern every file: who may import whom, how long a file is, what is banned."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rollcall"
FILES = sorted(SOURCE.rglob("*.py"))
STAGES = (
    "evidence",
    "items",
    "findings",
    "mentions",
    "individuals",
    "access",
    "duties",
    "notices",
    "review",
    "prevention",
)
ALLOWED = {
    "arrow": (),
    "model": ("arrow",),
    "problems": (),
    "paths": (),
    "elements": ("model",),
    **dict.fromkeys(STAGES, ("model", "problems", "paths", "elements")),
    "store": ("model", "problems", "engine"),  # of the engine only `outcome`: what a segment is
    "engine": ("model", "problems", "store", "sandbox"),  # of the sandbox only `seccomp`: a worker's own ban
    "sandbox": ("model", "problems", "paths", "items", "engine"),  # of the engine only `guard`
    "views": ("model", "problems", "elements"),
    "case": ("model", "problems", "store"),
}
BANNED_WORDS = re.compile(r"\b(TODO|FIXME|raise NotImplementedError)\b")
STANDARD_LENGTH = 400
REASONED_LENGTH = 600


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def folder(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize(
    "path", [path for path in FILES if folder(path) in ALLOWED], ids=lambda path: str(path.relative_to(SOURCE))
)
def test_a_file_imports_only_what_its_folder_may(path: Path) -> None:
    own = folder(path)
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("rollcall.")}
    assert ours - {own, *ALLOWED[own]} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_fits_the_house(path: Path) -> None:
    text = path.read_text()
    length = text.count("\n")
    assert length <= REASONED_LENGTH
    if length > STANDARD_LENGTH:
        assert "lines" in (ast.get_docstring(ast.parse(text)) or ""), "a longer file says why in its docstring"
    assert not BANNED_WORDS.search(text)
    assert path.stem not in {"utils", "common", "misc", "helpers"}


def test_only_the_guard_catches_everything() -> None:
    broad = re.compile(r"^\s*except( \(?(Base)?Exception\b.*)?:", re.MULTILINE)
    catching = [path for path in FILES if broad.search(path.read_text())]
    assert [path.name for path in catching] == ["guard.py"]


NETWORK = re.compile(
    r"(?:socket|ssl|http|ftplib|poplib|smtplib|imaplib|telnetlib|xmlrpc|asyncio|urllib\.request|requests|httpx|aiohttp)"
    r"(?:\.|\Z)"
)


def test_one_file_of_the_stages_speaks_to_a_network() -> None:
    speaking = {
        str(path.relative_to(SOURCE))
        for path in FILES
        if folder(path) in STAGES and any(NETWORK.match(name) for name in imports(path))
    }
    assert speaking == {"evidence/sources/imap.py"}
    text = (SOURCE / "evidence" / "sources" / "imap.py").read_text()
    # Nothing that changes a mailbox, nor a way to leave certificates unchecked.
    banned = r"\.(?:store|copy|expunge|append|create|delete|rename|setacl|subscribe)\(|readonly=False|BODY\[(?!\\?\])"
    assert not re.search(rf"imap{banned}|CERT_NONE|_create_unverified|check_hostname", text)
    assert text.count("readonly=True") == 1
    assert "BODY.PEEK[]" in text


def test_workers_never_load_what_speaks_to_a_network() -> None:
    code = "import sys, rollcall.engine.worker, rollcall.tasks.opening; sys.exit('imaplib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_stages_ask_no_clock_no_chance_and_no_network() -> None:
    banned = re.compile(
        r"datetime\.now|time\.time\(|^import random|^from random|^import socket|urllib\.request|requests"
    )
    asking = [
        path.relative_to(SOURCE)
        for path in FILES
        if folder(path) in STAGES and re.search(banned.pattern, path.read_text(), re.MULTILINE)
    ]
    assert asking == []


def test_nothing_of_the_repository_names_a_package_host_or_a_path_of_a_machine() -> None:
    banned = re.compile(
        "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", r"(?<![\w.])/" + "(?:work|root|farm)/"))
    )
    here = [path for folder in ("src", "docs", "requirements", "bench") for path in (ROOT / folder).rglob("*")]
    here += [path for path in ROOT.iterdir() if path.suffix in (".md", ".toml") or path.name == "Makefile"]
    texts = (".py", ".md", ".txt", ".toml", ".sql", ".html", "")
    here = [path for path in here if path.suffix in texts and path.is_file()]
    named = [path for path in here if banned.search(path.read_text(errors="ignore"))]
    assert named == []

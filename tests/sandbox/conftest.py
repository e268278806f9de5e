"""A sandbox whose children have the reader of `harm`, and one content to be opened by it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.model import Record
from rollcall.sandbox import client
from rollcall.sandbox.client import Sandbox
from tests.sandbox.reading import Confined

LIMITS = Limits(max_seconds=30, max_bytes=8 << 20, max_output=4 << 20, max_memory=1 << 30)
SHORT = msgspec.structs.replace(LIMITS, max_seconds=1)  # for what has to be waited for
BLOB = "01" * 32
Opened = Callable[..., list[Record]]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        made = Sandbox(ahead=("tests.sandbox.harm",))
        patch.setattr(client, "NAMES", ("harm", *client.NAMES))
        yield made
        made.close()


@pytest.fixture
def opened(sandbox: Sandbox, tmp_path: Path) -> Opened:
    """Return what opens a content and returns its facts; all contents of a test are files of one source."""
    folder = tmp_path / "source"
    folder.mkdir()
    readers = {short: Confined(sandbox, folder, SHORT if short else LIMITS) for short in (False, True)}

    def open_content(text: str, short: bool = False) -> list[Record]:
        data = text.encode()
        (folder / "content").write_bytes(data)
        chain = (("", "s"), ("tree", "content"))
        return list(readers[short].open(Opening(blob_id=BLOB, chain=chain, size=len(data))))

    return open_content

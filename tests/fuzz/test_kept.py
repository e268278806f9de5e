"""What once killed a reader, or was never read to its end, is read now or is a Problem."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from rollcall.sandbox.client import Sandbox
from tests.fuzz.mutate import mutated
from tests.fuzz.run import WRONG, kept, opened


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def test_kept(sandbox: Sandbox, tmp_path: Path) -> None:
    for path in kept():
        state, codes = opened(sandbox, tmp_path, path.read_bytes())
        assert state in ("read", "empty", "problem"), path.name
        assert not codes & set(WRONG), path.name


def test_damage_is_the_same_each_time() -> None:
    data = bytes(range(256)) * 8
    made = [mutated(data, data[::-1], Random(seed)) for seed in range(50)]
    assert made == [mutated(data, data[::-1], Random(seed)) for seed in range(50)]
    assert len(set(made)) > 40

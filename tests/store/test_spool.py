import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.problems import CaseError, Exit
from rollcall.store import Store, open_with_key
from rollcall.store.spool import CHUNK

CONTENT = os.urandom(3 * CHUNK + 12345)


def spooled(store: Store, name: str, content: bytes, step: int = 700_000) -> str:
    with store.spool(store.name(name)) as writer:
        for start in range(0, len(content), step):
            writer.write(content[start : start + step])
    return store.name(name)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Store:
    from rollcall.store import create_store

    from .conftest import PHRASE

    store = create_store(tmp_path_factory.mktemp("spool") / "case", PHRASE)
    spooled(store, "big", CONTENT)
    return store


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offset=st.integers(0, len(CONTENT) + 100), length=st.integers(0, 2 * CHUNK))
def test_any_range_reads_as_the_content(big: Store, offset: int, length: int) -> None:
    readable = big.open_spool(big.name("big"))
    assert readable.read_at(offset, length) == CONTENT[offset : offset + length]
    readable.close()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
@pytest.mark.parametrize("step", [CHUNK // 3, CHUNK, 5 * CHUNK])
def test_any_size_in_any_steps(store: Store, size: int, step: int) -> None:
    content = CONTENT[:size]
    readable = store.open_spool(spooled(store, "x", content, step))
    assert readable.size == size
    assert readable.read_at(0, size + 1) == content
    assert readable.stream().read() == content


def test_a_stream_of_it_moves_like_a_file(big: Store) -> None:
    readable = big.open_spool(big.name("big"))
    stream, other = readable.stream(), readable.stream()
    assert stream.seek(-10, os.SEEK_END) == len(CONTENT) - 10
    assert stream.read() == CONTENT[-10:]
    assert other.read(10) == CONTENT[:10]
    assert stream.seek(CHUNK - 5) == CHUNK - 5
    assert stream.read(10) == CONTENT[CHUNK - 5 : CHUNK + 5]
    assert stream.seek(-5, os.SEEK_CUR) == CHUNK
    assert stream.tell() == CHUNK
    with pytest.raises(OSError, match="descriptor"):
        readable.fileno()


def test_another_process_reads_it_with_the_key(big: Store) -> None:
    with open_with_key(big.path, big.key) as worker:
        assert worker.open_spool(big.name("big")).read_at(CHUNK, 9) == CONTENT[CHUNK : CHUNK + 9]


def test_it_is_there_when_it_is_whole_and_not_before(store: Store) -> None:
    name = store.name("x")
    writer = store.spool(name)
    writer.write(CONTENT)
    assert not store.has_spool(name)
    with pytest.raises(CaseError, match="not there"):
        store.open_spool(name)
    writer.close()
    writer.close()
    assert store.has_spool(name)
    store.drop_spool(name)
    store.drop_spool(name)
    assert not store.has_spool(name)


def interrupted(store: Store) -> None:
    with store.spool(store.name("x")) as writer:
        writer.write(CONTENT)
        raise ZeroDivisionError


def test_what_is_given_up_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        interrupted(store)
    assert list((store.path / "spool").iterdir()) == []


def flip(place: int) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    return change


def swap_chunks(path: Path) -> None:
    data = path.read_bytes()
    head, chunk = 48, CHUNK + 16
    first, second = data[head : head + chunk], data[head + chunk : head + 2 * chunk]
    path.write_bytes(data[:head] + second + first + data[head + 2 * chunk :])


@pytest.mark.parametrize(
    "damage",
    [
        flip(0),
        flip(10),
        flip(30),
        flip(100),
        flip(-1),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes()[: -CHUNK - 16]),
        swap_chunks,
    ],
)
def test_a_damaged_one_is_never_read(store: Store, damage: Callable[[Path], object]) -> None:
    name = spooled(store, "x", CONTENT[: 2 * CHUNK])
    damage(store.path / "spool" / f"{name}.spl")
    with pytest.raises(CaseError, match=f"spool/{name}") as caught:
        store.open_spool(name).read_at(0, 2 * CHUNK)
    assert caught.value.exit_code == Exit.VERIFICATION


def test_a_missing_chunk_shows_at_once(store: Store) -> None:
    name = spooled(store, "x", CONTENT[: 3 * CHUNK])
    path = store.path / "spool" / f"{name}.spl"
    data = path.read_bytes()
    path.write_bytes(data[: 48 + CHUNK + 16] + data[48 + 2 * (CHUNK + 16) :])
    with pytest.raises(CaseError, match="cut short"):
        store.open_spool(name)


def test_it_does_not_open_under_another_name(store: Store) -> None:
    name = spooled(store, "x", b"abc")
    shutil.copy(store.path / "spool" / f"{name}.spl", store.path / "spool" / f"{store.name('y')}.spl")
    with pytest.raises(CaseError, match="changed"):
        store.open_spool(store.name("y"))
    with pytest.raises(ValueError, match="name"):
        store.open_spool("../header")


def test_few_chunks_are_kept_in_memory(big: Store) -> None:
    name = spooled(big, "long", bytes(12 * CHUNK))
    readable = big.open_spool(name)
    for number in range(12):
        readable.read_at(number * CHUNK, 1)
    assert len(readable._chunks) <= 8

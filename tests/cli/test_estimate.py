"""The estimate before a run has ended: people are put together for the moment, and no id is minted."""

import json
from pathlib import Path

import pytest

from rollcall import cli
from rollcall.store import Unlock, open_store


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_before_the_end(folder: Path, capsys: pytest.CaptureFixture[str], share: float) -> None:
    key = folder.parent / "my.key"
    with open_store(folder, Unlock(key_file=key.read_bytes())) as store:
        whole = store.ledger.manifest()
        assert whole is not None
        minted = store.ledger.minted()
        # A first run that is partly done: no complete manifest, a share of the slices, facts without people.
        some = tuple(one for one in whole.segments if one.table not in {"people", "links"})
        unfinished = type(whole)(seq=9, run=1, complete=False, segments=some)
        store.ledger.append("wave", {"run": 1, "share": share})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("rollcall.pipeline.shown_manifest", lambda store: unfinished)
            assert cli.main(["estimate", str(folder), "--key-file", str(key), "--json"]) == 0
            found = json.loads(capsys.readouterr().out)
            assert cli.main(["estimate", str(folder), "--key-file", str(key)]) == 0
        assert store.ledger.minted() == minted
    assert found["share_read"] == share
    assert found["n_people"] == 1
    assert 1 <= found["low"] <= found["high"]
    assert "1 people so far" in capsys.readouterr().out

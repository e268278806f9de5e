"""A made-up case counts only where a simple tool fails on it: the baseline of header words stays under the line."""

import subprocess
import sys
from pathlib import Path

import pytest

from rollcall.demo import load_truth, make_hospital
from rollcall.demo.grade import Grade, grade
from rollcall.demo.shape import load_shapes

from .test_hospital import PACKS

BENCH = Path(__file__).parents[2] / "bench"
SHAPES = load_shapes()
CASES = list(zip(PACKS, ("alomere", "vendor", "plan"), strict=False))


def graded(folder: Path, baseline: str) -> Grade:
    import json

    script = BENCH / f"baseline_{baseline}.py"
    subprocess.run([sys.executable, script, folder / "evidence", "--to", folder / baseline], check=True, cwd=BENCH)
    tables = ([json.loads(line) for line in (folder / baseline / f"{name}.jsonl").read_text().splitlines()]
              for name in ("individuals", "evidence"))  # fmt: skip
    return grade(*tables, load_truth(folder / "truth"))


@pytest.mark.parametrize(("pack", "shape"), CASES)
def test_header_words_are_not_enough(tmp_path: Path, pack: str, shape: str) -> None:
    make_hospital(tmp_path, 21, 260, 110, pack, SHAPES[shape])
    result = graded(tmp_path, "rows")
    assert result.recall.value < 0.85 or result.precision.value < 0.90


def test_the_baselines_find_somebody(tmp_path: Path) -> None:
    make_hospital(tmp_path, 22, 220, 100, "dev", SHAPES["alomere"])
    for baseline in ("rows", "presidio"):
        result = graded(tmp_path, baseline)
        assert result.recall.value > 0.15, baseline
        assert result.precision.value > 0.5, baseline


def test_the_first_baseline_is_as_short_as_promised() -> None:
    assert len((BENCH / "baseline_rows.py").read_text().splitlines()) <= 150

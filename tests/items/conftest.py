"""What tests of items share."""

from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The real files kept beside the project."""
    if not SAMPLES.is_dir():
        pytest.skip("NOT RUN: the real files are not beside the project")
    return SAMPLES

"""Every view says in its first line what one row is, is one statement, is listed, and has a case of its own."""

from pathlib import Path

import pytest

from rollcall import views

FOLDER = Path(views.__file__).parent
CASES = Path(__file__).parents[1] / "views"


def test_every_file_is_listed_and_every_name_has_a_file() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.sql")) == sorted(views.VIEWS)


@pytest.mark.parametrize("name", views.VIEWS)
def test_view(name: str) -> None:
    lines = views.text(name).splitlines()
    assert lines[0].startswith("-- One row"), "the first line says what one row is"
    statement = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    assert statement.count(";") == 1
    assert statement.strip().startswith((f"CREATE OR REPLACE VIEW {name} AS", f"CREATE OR REPLACE TABLE {name} AS"))
    assert list((CASES / name).glob("*/expected.csv")), f"tests/views/{name}/<case>/expected.csv"

"""Make the name tables that ship with the package from the lists of the US Census Bureau (public domain).

    python training/make_name_tables.py FOLDER

FOLDER holds `census_first_names_2020.csv.gz` (name,count,pctmale), `census_surnames_2010.csv.gz` and
`census_surnames_2020.csv.gz` (name,count). Counts are kept as their binary logarithm, one digit or letter: it is the
order of magnitude that tells a name from a word. The output is the same bytes for the same input.
"""

import argparse
import csv
import gzip
import math
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "rollcall" / "elements" / "data"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SMALLEST_SURNAME = 150  # rarer ones double the file and are recognised by their neighbours anyway


def magnitude(count: int) -> str:
    """Return the binary logarithm of a count as one character."""
    return DIGITS[min(len(DIGITS) - 1, int(math.log2(max(1, count))))]


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of one list."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, lines: list[str]) -> None:
    """Write sorted lines, with no time stamp inside the archive."""
    data = "".join(f"{line}\n" for line in sorted(lines)).encode()
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="", compresslevel=9) as packed:
        packed.write(data)


def main() -> None:
    """Write `given_names.csv.gz` and `surnames.csv.gz`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder

    given = []
    for row in read(folder / "census_first_names_2020.csv.gz"):
        if row["name"].isalpha() and len(row["name"]) > 1:
            male = min(9, int(float(row["pctmale"] or 50) / 10))
            given.append(f"{row['name'].lower()},{magnitude(int(float(row['count'])))},{male}")
    write(TARGET / "given_names.csv.gz", given)

    counts: dict[str, int] = {}
    for name in ("census_surnames_2010.csv.gz", "census_surnames_2020.csv.gz"):
        for row in read(folder / name):
            key = row["name"].lower()
            if key.isalpha() and len(key) > 1 and key != "all other names":
                counts[key] = max(counts.get(key, 0), int(float(row["count"])))
    write(
        TARGET / "surnames.csv.gz",
        [f"{name},{magnitude(count)}" for name, count in counts.items() if count >= SMALLEST_SURNAME],
    )


if __name__ == "__main__":
    main()

"""Freeze the codes of ICD-10-CM that ship with the package.

    pip install simple-icd-10-cm==1.5.0      (MIT; in an environment of its own)
    python training/make_code_tables.py

The classification is a work of the National Center for Health Statistics and the Centers for Medicare & Medicaid
Services, in the public domain; the package holds the release of April 2026. Only codes are kept, no descriptions:
categories and all below them, without the dot, sorted. The output is the same bytes for the same input.
"""

import gzip
from pathlib import Path

import simple_icd_10_cm

TARGET = Path(__file__).parents[1] / "src" / "rollcall" / "elements" / "data" / "icd10cm.txt.gz"


def main() -> None:
    """Write `icd10cm.txt.gz`: one code a line, the letters it shares with the line before told by their number."""
    codes = sorted(
        code
        for code in simple_icd_10_cm.get_all_codes(with_dots=False)
        if simple_icd_10_cm.is_category_or_subcategory(code)
    )
    lines, before = [], ""
    for code in codes:
        shared = 0
        while shared < min(len(before), len(code)) and before[shared] == code[shared]:
            shared += 1
        lines.append(f"{shared}{code[shared:]}")
        before = code
    data = "".join(f"{line}\n" for line in lines).encode()
    with (
        TARGET.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="", compresslevel=9) as packed,
    ):
        packed.write(data)


if __name__ == "__main__":
    main()

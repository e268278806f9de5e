"""Make the corpus of PDFs with tables, forms and scans; as `make.py`, and run like it:

python -m tests.corpus.make_pdf
"""

# ruff: noqa: E501 (what is drawn stands as one would write it in a file)

from tests.corpus.make import case, census, numbered, table, text
from tests.items.pdf_claims import Box, filled
from tests.items.pdf_drawn import Style, draw
from tests.items.pdf_file import pdf_file
from tests.items.test_pdf_pictures import IMAGE, KEYS

INDENT = 62  # characters from the margin, where the title begins, to the foot in the middle


def main() -> None:
    """Write all cases."""
    rows = census()
    align = ["left", "left", "center", "right"]
    for name, rules in (("ruled", "lines"), ("open", "none")):
        data = draw(rows, align, Style(rules=rules, title="Census of May")).data
        case(
            "pdf", name, "pdf", data,
            parts=[text(f"Census of May\n\n{' ' * INDENT}Page 1", kind="page", label="1"),
                   table(numbered(rows), kind="page", label="1")],
        )  # fmt: skip
    body = [[*row[:3], f"{row[3]}-{number}"] for number in range(22) for row in rows[1:]]
    drawn = draw([rows[0], *body], align, Style(rules="boxes", again=False))
    count = len(drawn.pages[0]) - 1
    pages = [body[:count], body[count:]]
    head = [0, 0, rows[0]]
    parts = []
    for number, some in enumerate(pages):
        first = 1 + (count if number else 0)
        parts += [
            text(f"Page {number + 1}", kind="page", label=str(number + 1)),
            table(
                [head, *([first + index, 0, row] for index, row in enumerate(some))], kind="page", label=str(number + 1)
            ),
        ]
    case("pdf", "over_pages", "pdf", drawn.data, parts=parts)
    boxes = [
        Box(30, 700, 200, 24, "2. PATIENT'S NAME", "FROBISHER, ANN"), Box(230, 700, 150, 24, "1a. INSURED'S I.D. NUMBER", "QXH899"),
        Box(30, 676, 120, 24, "CITY", "ELY"), Box(150, 676, 230, 24, "TELEPHONE", "(218) 555-0142"),
    ]  # fmt: skip
    told = "\n".join(f"{box.label}: {box.value}" for box in boxes)
    case("pdf", "boxes", "pdf", filled(boxes, "CLAIM"), parts=[text(f"CLAIM\n\n{told}", kind="page", label="1")])
    letter = b"".join(
        b"BT /Helvetica 9 Tf 1 0 0 1 10 %d Tm (words that were written by somebody) Tj ET " % y
        for y in range(60, 140, 12)
    )
    data = pdf_file(
        [b"q 200 0 0 150 0 0 cm /Im Do Q", letter + b"q 60 0 0 40 10 10 cm /Im Do Q"], 200, 150,
        page_keys=KEYS, more=[IMAGE],
    )  # fmt: skip
    case(
        "pdf", "scan_and_card", "pdf", data,
        parts=[text("\n".join(["words that were written by somebody"] * 7), kind="page", label="2")],
        inners=[{"locator": "page 1", "kind": "page"}, {"locator": "page 2 picture 1", "kind": "page"}],
    )  # fmt: skip


if __name__ == "__main__":
    main()

"""Look-alikes of the paper claims of physicians and hospitals: boxes, numbers, labels; drawn by hand, not the artwork.

The National Uniform Claim Committee's 1500 form and the National Uniform Billing Committee's UB-04 put each value under
a small label in a box of its own, many to a row, no two rows alike.
"""

# ruff: noqa: E501 (what is drawn stands as one would write it in a file)

from typing import NamedTuple

from tests.items.pdf_file import pdf_file


class Box(NamedTuple):
    """A box with its label, and what stands in it."""

    left: float
    top: float
    wide: float
    high: float
    label: str
    value: str = ""


HCFA = [
    Box(30, 700, 330, 24, "1. MEDICARE  MEDICAID  GROUP HEALTH PLAN", "X"),
    Box(360, 700, 220, 24, "1a. INSURED'S I.D. NUMBER (For Program in Item 1)", "QXH899451234"),
    Box(30, 676, 210, 24, "2. PATIENT'S NAME (Last Name, First Name, Middle Initial)", "FROBISHER, ANN, T"),
    Box(240, 676, 120, 24, "3. PATIENT'S BIRTH DATE   SEX", "02 01 1951   F"),
    Box(360, 676, 220, 24, "4. INSURED'S NAME (Last Name, First Name, Middle Initial)", "FROBISHER, CLEM"),
    Box(30, 652, 210, 24, "5. PATIENT'S ADDRESS (No., Street)", "12 ELM STREET"),
    Box(240, 652, 120, 24, "6. PATIENT RELATIONSHIP TO INSURED", "SPOUSE"),
    Box(360, 652, 220, 24, "7. INSURED'S ADDRESS (No., Street)", "SAME"),
    Box(30, 628, 170, 24, "CITY", "ELY"), Box(200, 628, 40, 24, "STATE", "MN"),
    Box(240, 628, 120, 48, "8. RESERVED FOR NUCC USE", ""),
    Box(360, 628, 170, 24, "CITY", "ELY"), Box(530, 628, 50, 24, "STATE", "MN"),
    Box(30, 604, 90, 24, "ZIP CODE", "55731"), Box(120, 604, 120, 24, "TELEPHONE (Include Area Code)", "(218) 555-0142"),
    Box(360, 604, 220, 24, "11. INSURED'S POLICY GROUP OR FECA NUMBER", "GRP 77120"),
    Box(30, 580, 330, 24, "21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY", "A. E11.9   B. I10"),
    Box(360, 580, 110, 24, "25. FEDERAL TAX I.D. NUMBER", "41-9990017"),
    Box(470, 580, 110, 24, "26. PATIENT'S ACCOUNT NO.", "0044812"),
]  # fmt: skip
UB04 = [
    Box(30, 700, 200, 36, "1", "LAKES HOSPITAL, ELY MN"), Box(230, 700, 200, 18, "3a PAT. CNTL #", "P-0044812"),
    Box(430, 700, 150, 18, "4 TYPE OF BILL", "0111"), Box(230, 682, 200, 18, "b. MED. REC. #", "MRN 7788120"),
    Box(430, 682, 150, 18, "5 FED. TAX NO.", "41-9990017"),
    Box(30, 664, 220, 24, "8 PATIENT NAME", "FROBISHER ANN"), Box(250, 664, 330, 24, "9 PATIENT ADDRESS", "12 ELM STREET ELY MN"),
    Box(30, 640, 90, 24, "10 BIRTHDATE", "02011951"), Box(120, 640, 40, 24, "11 SEX", "F"),
    Box(160, 640, 120, 24, "12 ADMISSION DATE", "110619"), Box(280, 640, 300, 24, "17 STAT", "01"),
    *[
        Box(30 + left, 616 - 14 * row, wide, 14, "", text)
        for row, cells in enumerate([
            ("42 REV. CD.", "43 DESCRIPTION", "44 HCPCS", "47 TOTAL CHARGES"), ("0120", "ROOM AND BOARD", "", "4200.00"),
            ("0250", "PHARMACY", "J1885", "312.50"), ("0300", "LABORATORY", "80053", "96.00"), ("0001", "TOTAL", "", "4608.50"),
        ])
        for (left, wide), text in zip(((0, 80), (80, 230), (310, 110), (420, 130)), cells, strict=True)
    ],
    Box(30, 546, 200, 24, "58 INSURED'S NAME", "FROBISHER CLEM"), Box(230, 546, 170, 24, "60 INSURED'S UNIQUE ID", "QXH899451234"),
    Box(400, 546, 180, 24, "62 INSURANCE GROUP NO.", "GRP 77120"),
]  # fmt: skip


def _shown(size: float, x: float, y: float, text: str) -> bytes:
    text = text.replace("(", r"\(").replace(")", r"\)")
    return f"BT /Helvetica {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET".encode()


def printed(boxes: list[Box], title: str) -> bytes:
    """The form with its values printed into it."""
    return pdf_file([_drawn(boxes, title, values=True)])


def filled(boxes: list[Box], title: str) -> bytes:
    """The form with its values in fields, whose names say nothing."""
    fields = [
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (f1_%02d) /V (%s) /Rect [%d %d %d %d] >>"
        % (number, box.value.replace("(", r"\(").replace(")", r"\)").encode(), box.left + 2,
           box.top - box.high + 1, box.left + box.wide - 2, box.top - 0.45 * box.high)
        for number, box in enumerate(boxes)
        if box.value and box.label
    ]  # fmt: skip
    names = b" ".join(b"%d 0 R" % (5 + number) for number in range(len(fields)))
    return pdf_file(
        [_drawn(boxes, title, values=False)], page_keys=b"/Annots [%s]" % names,
        catalog_keys=b"/AcroForm << /Fields [%s] >>" % names, more=fields,
    )  # fmt: skip


def _drawn(boxes: list[Box], title: str, *, values: bool) -> bytes:
    ops = [b"0.5 w", _shown(11, 220, 730, title)]
    for box in boxes:
        ops.append(f"{box.left} {box.top - box.high} {box.wide} {box.high} re S".encode())
        if box.label:
            ops.append(_shown(5.5, box.left + 2, box.top - 7, box.label))
        if box.value and (values or not box.label):
            ops.append(_shown(9, box.left + 8, box.top - box.high + 4, box.value))
    return b"\n".join(ops)

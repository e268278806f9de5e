"""The report: escaped, self-contained, accessible in structure, honest about what is open."""

import re
from typing import Any

import lxml.html
import msgspec
import pytest

from rollcall.reports.bars import bars, fit
from rollcall.reports.impact import Impact, render

ACCOUNT = {"n_sources": 2, "n_items": 1300, "n_read": 1290, "n_empty": 3, "n_problem": 7, "n_skipped": 0}
IMPACT = Impact(
    case_name="Example <b>Hospital</b>",
    made_at="2026-02-01 12:00 UTC",
    version="0",
    final=False,
    complete=True,
    account={**ACCOUNT, "difference": 0},
    people={
        "n_people": 1234, "n_people_proven": 12, "n_confirmed": 0, "n_unresolved": 5, "n_excluded": 0, "n_minors": 9,
        "n_deceased": 1, "n_open_problems": 7,
    },
    by_element=[("Social Security number", 900, 12), ("A label that is far too long for the room it has here", 3, 0)],
    by_state=[("MN", 1200, 12), ("unknown", 34, 0)],
    by_mailbox=[("desk@example.org", 1234, 12)],
    by_format=[
        {"format": "application/zip", "n_items": 7, "n_read": 0, "n_empty": 0, "n_problem": 7, "n_skipped": 0},
        {"format": "message/rfc822", "n_items": 1293, "n_read": 1290, "n_empty": 3, "n_problem": 0, "n_skipped": 0},
    ],
    problems=[{"code": "encrypted", "n": 7, "meaning": "Protected.", "what_to_do": "Give its password."}],
    problem_rows=[
        {
            "problem_id": "0123456789abcdef", "code": "encrypted", "mailbox": "desk@example.org", "message_id": "<1@x>",
            "path": "<script>alert(1)</script>.zip", "detail": "", "n_occurrences": 2,
        }
    ],
    n_notes=4,
    n_signed_off=0,
    sources=[
        {
            "number": 1, "suffix": ".mbox", "kind": "mbox", "mailbox": "desk@example.org", "size": 10,
            "sha256": "ab" * 32, "n_items": 1300, "n_read": 1293, "n_problems": 7,
        }
    ],
    discovered_on=None,
    policy={"min_confidence": 0.3, "person_confidence": 0.5},
    policy_digest="cd" * 32,
    ledger_head="ef" * 32,
)  # fmt: skip


def text(page: str) -> str:
    return " ".join(lxml.html.fromstring(page).text_content().split())


def test_it_opens_with_the_account_and_counts_both_ways() -> None:
    words = text(render(IMPACT))
    assert "1,300 items; 1,290 read, 3 empty; 7 could not be, or not wholly: encrypted 7." in words
    assert words.index("1,300 items") < words.index("1,234")
    assert "1,234people on the list, all in scope" in words
    assert "12of them by proof of access" in words
    assert "Not final" in words
    assert "message/rfc8221,2931,29030" in words
    assert "No deadlines: no discovery date given." in words


def change(**changes: Any) -> str:
    return text(render(msgspec.structs.replace(IMPACT, **changes)))


def test_what_it_admits() -> None:
    assert "Final for the evidence given" in change(final=True, problems=[], problem_rows=[])
    assert "The account does not balance: difference 3" in change(account={**ACCOUNT, "difference": 3})
    assert "The run has not finished" in change(complete=False)
    assert "Nobody." in change(by_element=[], by_state=[], by_mailbox=[])
    assert "Discovered 2026-02-01." in change(discovered_on="2026-02-01")


def test_evidence_is_never_markup_and_nothing_is_loaded() -> None:
    page = render(IMPACT)
    assert "<script" not in page
    assert "<b>Hospital" not in page
    assert not re.search(r"""(src|href|action)\s*=|url\(|@import|https?://""", page)
    assert "default-src 'none'" in page


def test_structure_for_those_who_do_not_see_it() -> None:
    tree = lxml.html.fromstring(render(IMPACT))
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//h1")) == 1
    assert next(heading.tag for heading in tree.iter("h1", "h2", "h3")) == "h1"
    for svg in tree.iter("svg"):
        assert svg.get("role") == "img"
        assert svg.get("aria-label")
        assert svg.getnext().tag == "table", "every chart has its numbers as a table"
    for heading in tree.iter("th"):
        assert heading.get("scope") in {"col", "row"}


@pytest.mark.parametrize("n", [0, 1, 60])
def test_nothing_in_a_chart_overlaps_or_leaves_it(n: int) -> None:
    rows = [(f"label {index} " + "w" * index * 3, index * 10**6 + 1, index) for index in range(n)]
    tree = lxml.html.fragment_fromstring(str(bars("People", rows)))
    width, height = (float(word) for word in tree.get("viewbox").split()[2:])
    for box in tree.iter("rect"):
        assert float(box.get("x")) + float(box.get("width")) <= width
        assert float(box.get("y")) + float(box.get("height")) <= height
    for label in tree.iter("text"):
        room = 7.3 * len(label.text or "")
        x = float(label.get("x"))
        if label.get("class") == "label":
            assert x - room >= -8
        else:
            assert x + room <= width + 8


@pytest.mark.parametrize(("given", "width", "shown"), [("short", 100, "short"), ("a" * 40, 73, "a" * 9 + "…")])
def test_labels_are_cut_visibly(given: str, width: float, shown: str) -> None:
    assert fit(given, width) == shown

"""Exports of mail services are known by how they are laid out, and whose each part is by what it is called."""

import pytest

from rollcall.case import Mailbox
from rollcall.evidence.layouts import layout_of, owner_inside

LAYOUTS = [
    (["Search1/01.12.2024-1100/Exchange/ann@clinic.example.pst", "Search1/01.12.2024-1100/Results.csv"], "m365_export"),
    (["PSTs.001.zip/ann@clinic.example.001.pst", "Reports/Items_0_2024.csv"], "m365_export"),
    (["Export Summary 01.csv", "Exchange/bo/Inbox/1.msg"], "m365_export"),
    (["Takeout/Mail/Alle Nachrichten.mbox", "Takeout/archive_browser.html"], "workspace_takeout"),
    (["x/Takeout/Drive/rolls/may.xlsx"], "workspace_takeout"),
    (["case7-ann@clinic.example-AbC.mbox", "case7-metadata.xml"], "vault_export"),
    (["ann.pst"], None),
    (["rolls/Items.csv", "may.xlsx"], None),
    (["Takeout.docx", "menu/Takeout menu.pdf"], None),
    ([], None),
]


@pytest.mark.parametrize(("paths", "name"), LAYOUTS)
def test_layouts(paths: list[str], name: str | None) -> None:
    found = layout_of(paths)
    assert (found.name if found else None) == name


BOXES = (Mailbox(address="bo@clinic.example", custodian="Bo Quill", entity="Clinic"),)
OWNERS = [
    ("Exchange/ann@clinic.example.001.pst", True, "ann@clinic.example", None),
    ("PSTs/bo@clinic.example.pst", True, "bo@clinic.example", "Bo Quill"),
    ("Exchange/Bo Quill.pst", True, "bo@clinic.example", "Bo Quill"),
    ("Exchange/Ann Mott.pst", True, None, "Ann Mott"),
    ("Takeout/Mail/All mail Including Spam and Trash.mbox", True, None, None),
    ("Exchange/ann@clinic.example/Inbox", False, "ann@clinic.example", None),
    ("Exchange/Bo Quill/Inbox", False, "bo@clinic.example", "Bo Quill"),
    ("Exchange/Ann Mott/Inbox", False, None, None),
]


@pytest.mark.parametrize(("path", "store", "mailbox", "custodian"), OWNERS)
def test_owners(path: str, store: bool, mailbox: str | None, custodian: str | None) -> None:
    owner = owner_inside(path, BOXES, store=store)
    assert ((owner.mailbox, owner.custodian) if owner else (None, None)) == (mailbox, custodian)

"""Make the corpus of mail that is no MIME: Outlook's own files. Run it from the root of the repository:

python -m tests.corpus.make_mail
"""

import zlib

from rollcall.items.compound import written
from tests.corpus.make import PEOPLE, case, numbered, table, text, zipped
from tests.items.msg_file import STRING8, TIME, Attached, Item, msg
from tests.items.outlook import filetime
from tests.items.test_olm import BOX, attached, item
from tests.items.test_olm import MAIL as OLM_MAIL
from tests.items.test_smime import ENVELOPED, OID, envelope, tlv
from tests.items.tnef_file import MESSAGE, tnef

SENT = 1_709_528_768
MAIL = {
    0x001A: "IPM.Note",
    0x0037: "Referral",
    0x0039: (TIME, filetime(SENT)),
    0x0042: "Quill, Bo",
    0x5D02: "bo@lakeside.example",
    0x1035: "<41@lakeside.example>",
    0x3FFD: 1252,
}
CONTACT = bytes.fromhex("0420060000000000c000000000000046")


def _table() -> bytes:
    name, ssn, born, _ = PEOPLE[2]
    rows = f"<table><tr><td>Name</td><td>SSN</td></tr><tr><td>{name}</td><td>{ssn}</td></tr></table><p>{born}</p>"
    return rows.encode("cp1252")


def _msg() -> None:
    roll = "".join(f"{name};{ssn}\n" for name, ssn, _, _ in PEOPLE).encode()
    inner = Item(MAIL | {0x0037: "census", 0x1000: f"MRN {PEOPLE[0][3]}"}, [], [Attached({0x3707: "roll.csv"}, roll)])
    files = [
        Attached({0x3707: "Tindall.txt"}, b"899-02-0087\n"),
        Attached({0x3001: "census"}, item=inner),
        Attached({0x3707: "Worksheet"}, streams={("\x01Ole10Native",): b"\4\0\0\0data"}),
        Attached({0x3705: 7, 0x3707: "Vasquez.xlsx", 0x370D: "https://lakeside.sharepoint.com/:x:/s/b/1"}),
    ]
    case(
        "msg", "attached", "msg", msg(Item(MAIL | {0x1013: _table(), 0x3FDE: 1252}, [{0x3001: "Ann"}], files)),
        parts=[
            text("Referral", "subject"),
            text("2016-02-29", "body"),
            table(numbered((("Name", "SSN"), PEOPLE[2][:2])), label="table 1"),
            text("Vasquez.xlsx", "names", label="linked files"),
        ],
        inners=[
            {"locator": "att:0", "kind": "attachment", "name": "Tindall.txt"},
            {"locator": "att:1", "kind": "message", "name": "census"},
            {"locator": "att:2", "kind": "attachment", "name": "Worksheet"},
        ],
        faults=[{"code": "linked_not_included", "detail": "lakeside.sharepoint.com"}],
    )  # fmt: skip
    rich = (
        rb"{\rtf1\ansi\ansicpg1250\fromhtml1 \deff0{\*\htmltag64 <table>}{\*\htmltag80 <tr>}{\*\htmltag84 <td>}"
        rb"\htmlrtf \trowd\cell\htmlrtf0 \'8aebek{\*\htmltag92 </td>}{\*\htmltag84 <td>}899-45-1234"
        rb"{\*\htmltag92 </td>}{\*\htmltag88 </tr>}{\*\htmltag80 <tr>}{\*\htmltag84 <td>}Tindall{\*\htmltag92 </td>}"
        rb"{\*\htmltag84 <td>}899-02-0087{\*\htmltag92 </td>}{\*\htmltag72 </table>}}"
    )
    stored = len(rich).to_bytes(4, "little") + len(rich).to_bytes(4, "little") + b"MELA" + bytes(4) + rich
    packed = (len(stored) - 4).to_bytes(4, "little") + stored[4:]
    rows = (("Šebek", "899-45-1234"), ("Tindall", "899-02-0087"))
    case(
        "msg", "only_rich_text", "msg", msg(Item(MAIL | {0x1009: packed})),
        parts=[text("Referral", "subject"), table(numbered(rows), label="table 1")],
    )  # fmt: skip
    item = Item(
        {0x001A: "IPM.Contact", 0x0037: (STRING8, "Vasquez Ibáñez".encode("cp1252")), 0x3FFD: 1252,
         0x3A42: (TIME, filetime(SENT // 86400 * 86400)), 0x8000: "eluned@home.example", 0x8001: "MRN1200305"},
    )  # fmt: skip
    lines = "Subject: Vasquez Ibáñez\nBirthday: 2024-03-04\nEmail 1: eluned@home.example\nChart: MRN1200305"
    case(
        "msg", "contact", "msg", msg(item, {0x8000: (CONTACT, 0x8083), 0x8001: "Chart"}),
        parts=[text("Vasquez Ibáñez", "subject"), text(lines, "body")],
    )  # fmt: skip


def _smime() -> None:
    mail = f"Content-Type: text/plain\r\n\r\n{PEOPLE[0][0]}: {PEOPLE[0][1]}\r\n".encode()
    case("smime", "signed", "p7m", envelope(mail), inners=[{"locator": "content", "kind": "member"}])
    case("smime", "in_pieces", "p7m", envelope(mail, endless=True, piece=20), inners=[{"locator": "content"}])
    closed = tlv(0x30, OID + ENVELOPED, tlv(0xA0, tlv(0x30, tlv(2, b"\0"))))
    case("smime", "encrypted", "p7m", closed, faults=[{"code": "encrypted_smime"}])


def _tnef() -> None:
    inner = tnef(MAIL | {0x0037: "census", 0x1000: PEOPLE[0][3]}, [], [{0x3705: 1, 0x3707: "roll.csv", 0x3701: b"1"}])
    files = [
        {0x3705: 1, 0x3707: "Tindall.txt", 0x3701: b"899-02-0087\n"},
        {0x3705: 5, 0x3001: "census", 0x3701: (0xD, MESSAGE + inner)},
    ]
    data = tnef(MAIL | {0x1000: f"{PEOPLE[0][0]} {PEOPLE[0][1]}\r\n"}, [{0x3001: "Ann"}], files)
    case(
        "tnef", "attached", "dat", data,
        parts=[text("Referral", "subject"), text("Okonkwo-Reyes, Marisol 899-45-1234\r\n", "body")],
        inners=[
            {"locator": "att:0", "kind": "attachment", "name": "Tindall.txt"},
            {"locator": "att:1", "kind": "message", "name": "census"},
        ],
    )  # fmt: skip


def _olm() -> None:
    mail = OLM_MAIL | {"OPFMessageCopyBody": f"{PEOPLE[0][0]} {PEOPLE[0][1]}"}
    contact = {"OPFContactCopyDisplayName": "Eluned Vasquez", "OPFContactCopyBirthday": "2016-02-29T00:00:00"}
    members = {
        f"{BOX}/Inbox/message_00001.xml": item("email", mail, attached(("roll.csv", "text/csv", f"{BOX}/a/1"))),
        f"{BOX}/a/1": b"899-02-0087",
        f"{BOX}/a/of nobody.txt": b"899-77-6001",
        "Accounts/ann@clinic.example/Address Book/Contacts.xml": item("contact", contact),
    }
    case(
        "olm", "mail_and_contact", "olm", zipped(members),
        inners=[
            {"locator": "0#0", "kind": "message", "name": "Your visit"},
            {"locator": "3#0", "kind": "contact", "name": "Eluned Vasquez"},
            {"kind": "member", "name": "of nobody.txt"},
        ],
    )  # fmt: skip


def _load_file() -> None:
    head = "Item Identity,Document ID,Target Path,Location Name,Subject or Title,Decode Status"
    rows = f"{head}\r\n1,2,/x,ann,{PEOPLE[1][0].split(',')[0]},\r\n3,4,/y,ann,,Encrypted\r\n"
    told = f"2 items; columns: {head.replace(',', ', ')}"
    case(
        "load_file", "results", "csv", rows.encode(),
        parts=[text(told, "note", label="load file", hidden=True)],
        faults=[{"code": "partial", "detail": "1 of 2 items could not be indexed by the export"}],
    )  # fmt: skip


def _mso() -> None:
    held = written({("Object 1", "\x01Ole10Native"): b"\4\0\0\0data"})
    packed = zlib.compress(held)
    inner = [{"locator": "content", "kind": "member"}]
    case("mso", "behind_its_length", "mso", len(held).to_bytes(4, "little") + packed, inners=inner)
    case("mso", "named", "mso", b"ActiveMime".ljust(50, b"\0") + packed, inners=inner)


def main() -> None:
    """Write all cases."""
    _msg()
    _smime()
    _tnef()
    _olm()
    _load_file()
    _mso()


if __name__ == "__main__":
    main()

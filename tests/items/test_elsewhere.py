"""What a message says is not in it: links to files, encrypted text, notices of portals."""

import pytest

from rollcall.items import links
from rollcall.items.elsewhere import is_portal_notice, signs
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import Fault, Text


def body(text: str, *attached: str) -> Message:
    markup = "text/html" if text.startswith("<") else "text/plain"
    files = tuple(Leaf(locator=name, kind="attachment", name=name, chunks=lambda: iter(())) for name in attached)
    return Message(leaves=(Leaf(locator="1", kind="body", media_type=markup, text=text), *files))


@pytest.mark.parametrize(
    ("url", "is_file"),
    [
        ("https://lakeside.sharepoint.com/:x:/s/billing/EaB_c?e=1", True),
        ("https://lakeside-my.sharepoint.com/personal/bo/Documents/Census%20Tindall.xlsx?web=1", True),
        ("https://lakeside.sharepoint.com/sites/hr/SitePages/Home.aspx", False),
        ("https://lakeside.sharepoint.com/sites/hr/_layouts/15/Doc.aspx?sourcedoc=%7B1%7D", True),
        ("https://lakeside.sharepoint.com/", False),
        ("https://1drv.ms/x/s!Ab", True),
        ("https://onedrive.live.com/?id=1", True),
        ("https://drive.google.com/file/d/1/view", True),
        ("https://docs.google.com/spreadsheets/d/1/edit", True),
        ("https://docs.google.com/forms/d/1/viewform", False),
        ("https://lakeside.app.box.com/s/abc", True),
        ("https://www.box.com/pricing", False),
        ("https://www.dropbox.com/scl/fi/1/list.csv?dl=0", True),
        ("https://www.dropbox.com/login", False),
        ("https://notdropbox.com/s/abc", False),
        ("https://we.tl/t-abc", True),
        ("https://lakeside.sharefile.com/d-s1", True),
        ("https://clinic.example/s/file/d/", False),
    ],
)
def test_addresses_of_files(url: str, is_file: bool) -> None:
    assert links.is_shared_file(url) is is_file


@pytest.mark.parametrize(
    ("wrapped", "inner"),
    [
        ("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2F1drv.ms%2Fx%2Fs1&data=05",
         "https://1drv.ms/x/s1"),
        ("https://urldefense.com/v3/__https://1drv.ms/x/s1__;!!a!b$", "https://1drv.ms/x/s1"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__1drv.ms_x_s1&d=Dw", "https://1drv.ms/x/s1"),
        ("https://urldefense.proofpoint.com/v2/url?u=zzz", "https://urldefense.proofpoint.com/v2/url?u=zzz"),
        ("https://clinic.example/?url=https://1drv.ms/x/s1", "https://clinic.example/?url=https://1drv.ms/x/s1"),
    ],
)  # fmt: skip
def test_wrapped_addresses(wrapped: str, inner: str) -> None:
    assert links.unwrapped(wrapped) == inner


@pytest.mark.parametrize(
    ("text", "names", "hosts"),
    [
        ('<a href="https://lakeside.sharepoint.com/:x:/s/b/E?e=1&amp;x=2"><b>Tindall</b> roll.xlsx</a>',
         "Tindall roll.xlsx", ["lakeside.sharepoint.com"]),
        ('<a href="https://lakeside.sharepoint.com/:x:/s/b/E">https://lakeside.sharepoint.com/:x:/s/b/E</a>',
         None, ["lakeside.sharepoint.com"]),
        ("see https://www.dropbox.com/s/1/Tindall%20B.pdf?dl=0 and https://1drv.ms/x/s1.", "Tindall B.pdf",
         ["www.dropbox.com", "1drv.ms"]),
        ("no link to dropbox.com at all", None, []),
        ("https://clinic.example/a.pdf", None, []),
    ],
)  # fmt: skip
def test_linked_files(text: str, names: str | None, hosts: list[str]) -> None:
    values = list(signs(body(text)))
    assert [value.text for value in values if isinstance(value, Text)] == ([names] if names else [])
    faults = [value for value in values if isinstance(value, Fault)]
    assert [(fault.code, fault.detail) for fault in faults] == [("linked_not_included", host) for host in hosts]


def test_encrypted_text() -> None:
    armour = "Hi\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
    assert [value.code for value in signs(body(armour)) if isinstance(value, Fault)] == ["encrypted_pgp"]
    assert not list(signs(body("-----BEGIN PGP SIGNED MESSAGE-----\nhello\n")))


NOTICES = [
    ("You have received a secure message from Lakeside Health.\nClick the link below to read your message.\n"
     "https://secure.lakeside.example/read?id=1", ()),
    ("Bo Quill (bo@lakeside.example) has sent you a protected message.\nRead the message: https://o.example/e", ()),
    ("<p>Bo Quill sent you an encrypted email.</p><p><a href='https://z.example/s'>Open Message</a> here</p>", ()),
    ("This is a secure, encrypted message.\nOpen the attachment (message.html) to view it.", ("securedoc_1.html",)),
    ("You've got an encrypted message from bo@lakeside.example\nTo view: save and open the attachment "
     "(message.html), and sign in", ("message.html",)),
    ("Secure Message Notification: a message is waiting.\nSecure message from Lakeside. Sign in to the portal "
     "https://p.example", ()),
    ("Ha recibido un mensaje seguro de Lakeside.\nHaga clic aquí para leerlo: https://s.example/1", ()),
    ("Vous avez reçu un courriel chiffré. Cliquez sur le lien pour l'ouvrir https://s.example/1", ()),
    ("Sie haben eine verschlüsselte Nachricht erhalten. Klicken Sie hier, um sie zu lesen: https://s.example/1", ()),
    ("Você recebeu uma mensagem segura. Clique aqui para ler https://s.example/1", ()),
]  # fmt: skip
MAILS = [
    ("The patient's portal is down. Click here to see https://status.example", ()),
    ("This message was sent securely. " + "word " * 500 + "click here to read the message https://x.example", ()),
    ("I sent you an encrypted document, please open the file", ("roll.xlsx",)),
    ("Please remember to send secure messages. No link, read the message.", ()),
    ("Minutes attached, open the attachment", ("minutes.html",)),
    ("", ("list.csv",)),
    ("El paciente está seguro de que no recibió el mensaje. Ver https://x.example", ()),
]


@pytest.mark.parametrize(("text", "attached"), NOTICES)
def test_notices(text: str, attached: tuple[str, ...]) -> None:
    assert is_portal_notice(body(text, *attached))


@pytest.mark.parametrize(("text", "attached"), MAILS)
def test_mails_that_are_no_notices(text: str, attached: tuple[str, ...]) -> None:
    assert not is_portal_notice(body(text, *attached))


SEALED = (
    b"<html><form method=post action='https://x.example/read'><input type=hidden name=m value='" + b"QUJD" * 300
    + b"'><input type=submit value='\xd0\xa7\xd0\xb8\xd1\x82\xd0\xb0\xd1\x82\xd1\x8c'></form></html>"
)  # fmt: skip
PAGES = [
    (SEALED, True),
    (SEALED.replace(b"https://x.example", b""), False),  # a form of the page's own
    (SEALED.replace(b"QUJD" * 300, b"QUJD"), False),  # a mark of a session
    (b"<html><p>Minutes</p></html>", False),
]


@pytest.mark.parametrize(("page", "sealed"), PAGES)
def test_a_page_that_carries_its_message_enciphered_is_known_in_any_language(page: bytes, sealed: bool) -> None:
    file = Leaf(locator="2", kind="attachment", name="письмо.html", chunks=lambda: iter((page[:200], page[200:])))
    mail = Message(leaves=(Leaf(locator="1", kind="body", media_type="text/plain", text="Вам"), file))
    assert is_portal_notice(mail) is sealed


@pytest.mark.parametrize("piece", ["<a href=https://1drv.ms/x/", "https://", "<style", "open the secure ", "<"])
def test_nothing_is_quadratic(piece: str) -> None:
    """Sixteen times the text is not a hundred times the work; the suite's own limit would tell."""
    list(signs(body(piece * 40_000)))

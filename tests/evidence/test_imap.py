"""What servers say and do, well or badly, and what is made of it: a scripted server on the loopback."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Collection, Iterator, Sequence

import pytest

from rollcall.evidence.sources import imap_batches
from rollcall.evidence.sources.imap import Folder, Login, Mail, Session
from rollcall.evidence.sources.imap_address import Address, address_of, is_address
from rollcall.evidence.sources.imap_batches import Acquisition
from rollcall.problems import CaseError

MOST = 1 << 20
Answer = Callable[[str], "bytes | None"]  # what stands before the last line; None: hang up
SIZES = b"* 1 FETCH (UID 3 RFC822.SIZE 5)\r\n* 2 FETCH (UID 4 RFC822.SIZE 6)\r\n* 3 FETCH (RFC822.SIZE 7 UID 9)\r\n"
BODIES = {
    3: b'* 1 FETCH (UID 3 FLAGS (\\Seen Clinic) INTERNALDATE "04-Mar-2024 05:06:08 +0100" BODY[] {5}\r\nthree)\r\n',
    4: b'* 2 FETCH (BODY[] {6}\r\nfour\r\n FLAGS () INTERNALDATE " 4-Mar-2024 05:06:08 +0000" UID 4)\r\n',
    9: b'* 3 FETCH (UID 9 FLAGS (\\Recent) INTERNALDATE "nonsense" BODY[] "n\\"in")\r\n',
}


class Script:
    """A server that answers by a script; what the script does not say is said as a plain server would."""

    def __init__(self, answer: Answer | None = None, connections: int = 1_000) -> None:
        self._answer = answer or (lambda command: None)
        self.heard: list[str] = []
        self._left = connections
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while self._left > 0:
                line, _ = self._listening.accept()
                self._left -= 1
                with line, contextlib.suppress(OSError):
                    self._talk(line)
            self._listening.close()

    def _talk(self, line: socket.socket) -> None:
        line.sendall(b"* OK [CAPABILITY IMAP4REV1] ready\r\n")
        for told in line.makefile("r", encoding="latin-1", newline="\r\n"):
            tag, _, command = told.strip().partition(" ")
            self.heard.append(command)
            answer = self._answer(command)
            if answer is None:
                answer = usual(command)
            elif answer.startswith(b"HANG UP"):
                line.sendall(answer.removeprefix(b"HANG UP"))
                return
            if not re.search(rb"(?:^|\n)TAG ", answer):
                answer += b"TAG OK done\r\n"
            line.sendall(answer.replace(b"TAG ", tag.encode() + b" "))


def usual(command: str) -> bytes:
    verb = command.split()[0].upper()
    if verb == "CAPABILITY":
        return b"* CAPABILITY IMAP4REV1\r\n"
    if verb == "LIST":
        return b'* LIST (\\HasNoChildren) "/" INBOX\r\n'
    if verb == "EXAMINE":
        return b"* 3 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n"
    if "RFC822.SIZE" in command:
        return SIZES
    if "BODY.PEEK[]" in command:
        return b"".join(BODIES[uid] for uid in asked(command))
    if verb == "LOGOUT":
        return b"* BYE\r\n"
    return b""


def asked(command: str) -> list[int]:
    found = []
    for run in command.split()[2].split(","):
        first, _, last = run.partition(":")
        found += [uid for uid in BODIES if int(first) <= uid <= int(last or first)]
    return found


class Memory:
    """Keeps mails."""

    def __init__(self) -> None:
        self.mails: dict[tuple[str, int, int], Mail] = {}
        self.kinds: dict[str, str] = {}

    def validity(self, folder: str) -> int | None:
        return next((validity for name, validity, _ in reversed(self.mails) if name == folder), None)

    def uids(self, folder: str, validity: int) -> Collection[int]:
        return {uid for name, number, uid in self.mails if (name, number) == (folder, validity)}

    def keep(self, folder: Folder, validity: int, mails: Sequence[Mail]) -> None:
        self.kinds[folder.name] = folder.kind
        for mail in mails:
            assert (folder.name, validity, mail.uid) not in self.mails, "fetched twice"
            self.mails[folder.name, validity, mail.uid] = mail


class Silent:
    def start(self, stage: str, total: int | None, unit: str) -> None: ...
    def advance(self, n: int) -> None: ...
    def finish(self) -> None: ...


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_batches, "PAUSES", (0.0, 0.0))


@pytest.fixture
def scripted() -> Iterator[Callable[..., Script]]:
    made: list[Script] = []

    def make(answer: Answer | None = None, connections: int = 1_000) -> Script:
        made.append(Script(answer, connections))
        return made[-1]

    yield make
    for one in made:
        one.close()


def acquire(script: Script, kept: Memory | None = None, folder: str = "") -> tuple[Memory, Acquisition]:
    kept = kept or Memory()
    address = Address(user="desk@clinic.org", host="127.0.0.1", port=script.port, tls=False, folder=folder)
    session = Session(address, Login(secret="x"))
    acquisition = Acquisition(session, kept, MOST, Silent())
    acquisition.run()
    session.close()
    return kept, acquisition


def only(pattern: str, answer: bytes, times: int = 1_000) -> Answer:
    """Answer so to commands of this form, so many times."""
    left = [times]

    def reply(command: str) -> bytes | None:
        if left[0] > 0 and re.search(pattern, command):
            left[0] -= 1
            return answer
        return None

    return reply


def test_a_plain_server(scripted: Callable[..., Script]) -> None:
    script = scripted()
    kept, acquisition = acquire(script)
    assert [(mail.uid, mail.raw) for mail in kept.mails.values()] == [(3, b"three"), (4, b"four\r\n"), (9, b'n"in')]
    assert [mail.received for mail in kept.mails.values()] == [1_709_525_168, 1_709_528_768, None]
    assert [mail.flags for mail in kept.mails.values()] == [("\\Seen", "Clinic"), (), ("\\Recent",)]
    assert acquisition.missed == []
    verbs = {" ".join(command.split()[:1]).upper() for command in script.heard}
    assert verbs == {"CAPABILITY", "LOGIN", "LIST", "EXAMINE", "UID", "LOGOUT"}
    again = scripted()
    acquire(again, kept)
    assert not any("BODY" in command for command in again.heard)


@pytest.mark.parametrize(
    ("listed", "name", "kind"),
    [
        (b'* LIST (\\HasNoChildren \\Trash) "/" "Gel&APY-scht"\r\n', "Gelöscht", "deleted"),
        (b'* LIST (\\Sent) "." "Post.Aus&-gang"\r\n', "Post/Aus&gang", "sent"),
        (b'* LIST () "\\\\" "A\\\\B \\"C\\""\r\n', 'A/B "C"', ""),
        (b"* LIST (\\Junk) NIL {4}\r\nM\xc3\xbcl\r\n", "Mül", "junk"),
        (b'* LIST () "/" plain/atom\r\n', "plain/atom", ""),
    ],
)
def test_names_of_folders(scripted: Callable[..., Script], listed: bytes, name: str, kind: str) -> None:
    kept, acquisition = acquire(scripted(only("^LIST", listed + b'* LIST (\\Noselect) "/" "[Gmail]"\r\n')))
    assert acquisition.seen == [name]
    assert kept.kinds == {name: kind}


@pytest.mark.parametrize(
    ("answer", "fetched", "missed"),
    [
        # a folder that cannot be opened, or only after the connection is made again
        (only("^EXAMINE", b"TAG NO [NOPERM] no\r\n"), [], [("", None)]),
        (only("^EXAMINE", b"TAG BAD what\r\n"), [], [("", None)]),
        (only("^EXAMINE", b"HANG UP", 2), [3, 4, 9], []),
        (only("^EXAMINE", b"HANG UP"), [], [("", None)]),
        # mails that vanish, or are refused
        (only("BODY", BODIES[3], 1), [3], [("", 4), ("", 9)]),
        (only("BODY", BODIES[3] + b"TAG NO some\r\n", 1), [3], [("", 4), ("", 9)]),
        (only("BODY", b"TAG BAD no\r\n"), [], [("", 3), ("", 4), ("", 9)]),
        # a listing that says less than there is
        (only("SIZE", SIZES.splitlines(keepends=True)[0]), [3], [("", None)]),
        # too large
        (only("SIZE", SIZES.replace(b"SIZE 6", b"SIZE 9999999")), [3, 9], [("too_large", 4)]),
        # the connection drops after one mail, inside one, and whenever one is fetched
        (only("BODY", b"HANG UP" + BODIES[3], 1), [3, 4, 9], []),
        (only("BODY", b"HANG UP" + BODIES[3] + BODIES[4][:40], 1), [3, 4, 9], []),
        (only("BODY.*", b"HANG UP", 1), [3, 4, 9], []),
        (only("UID FETCH (?:3:4,9|3|3:4|3,9) .*BODY", b"HANG UP"), [4, 9], [("", 3)]),
        (only("BODY", b"HANG UP"), [], [("", 3), ("", 4), ("", 9)]),
        # lies
        (only("BODY", b"* 1 FETCH (UID 3 BODY[] {99999999999}\r\nx", 1), [3, 4, 9], []),
        (only("BODY", b"* 1 FETCH (UID 3 BODY[] {" + b"9" * 5_000 + b"}\r\nx", 1), [3, 4, 9], []),
        (only("BODY", b"* 5 FETCH (UID 55 BODY[] {1}\r\nx)\r\n" + BODIES[9], 1), [9], [("", 3), ("", 4)]),
        (only("SIZE", b"* what\r\n* 1 FETCH\r\n* FETCH (\r\n" + SIZES, 1), [3, 4, 9], []),
        (only("SIZE", b"HANG UP* BYE {3}\r\nxyz\r\n", 1), [3, 4, 9], []),
    ],
)
def test_what_fails_is_counted_and_the_rest_goes_on(
    scripted: Callable[..., Script], answer: Answer, fetched: list[int], missed: list[tuple[str, int | None]]
) -> None:
    kept, acquisition = acquire(scripted(answer))
    assert sorted(mail.uid for mail in kept.mails.values()) == fetched
    assert [(one.code, one.uid) for one in acquisition.missed] == [(code or "not_fetched", uid) for code, uid in missed]
    if fetched != [3, 4, 9]:
        kept, acquisition = acquire(scripted(), kept)
        assert (sorted(mail.uid for mail in kept.mails.values()), acquisition.missed) == ([3, 4, 9], [])


def test_one_folder_that_fails_costs_no_other(scripted: Callable[..., Script]) -> None:
    def answer(command: str) -> bytes | None:
        if command.startswith("LIST"):
            return b"".join(b'* LIST () "/" %s\r\n' % name for name in (b"A", b"B", b"C"))
        return b"HANG UP" if command == 'EXAMINE "B"' else None

    kept, acquisition = acquire(scripted(answer))
    assert {folder for folder, _, _ in kept.mails} == {"A", "C"}
    assert [one.folder for one in acquisition.missed] == ["B"]


def test_a_server_that_stays_away_is_left_alone(scripted: Callable[..., Script]) -> None:
    def answer(command: str) -> bytes | None:
        if command.startswith("LIST"):
            return b"".join(b'* LIST () "/" F%d\r\n' % number for number in range(5))
        return b"HANG UP" + BODIES[3] if "BODY" in command else None

    kept, acquisition = acquire(scripted(answer, connections=1))
    assert [uid for _, _, uid in kept.mails] == [3]
    assert [one.folder for one in acquisition.missed] == [f"F{number}" for number in range(5)]
    assert acquisition.missed[0].detail == "2 mails: the connection broke"


def test_a_folder_numbered_anew_is_fetched_anew(scripted: Callable[..., Script]) -> None:
    kept, _ = acquire(scripted())
    script = scripted(only("^EXAMINE", b"* 3 EXISTS\r\n* OK [UIDVALIDITY 78] valid\r\n"))
    _, acquisition = acquire(script, kept)
    assert acquisition.renewed == ["INBOX"]
    assert sorted((validity, uid) for _, validity, uid in kept.mails) == [(v, u) for v in (77, 78) for u in (3, 4, 9)]


def test_a_mailbox_that_is_numbered_anew_meanwhile(scripted: Callable[..., Script]) -> None:
    said = iter((77, 78, 78, 78))

    def answer(command: str) -> bytes | None:
        if command.startswith("LIST"):
            return b'* LIST () "/" A\r\n* LIST () "/" B\r\n'
        if command == 'EXAMINE "A"':
            return b"* 3 EXISTS\r\n* OK [UIDVALIDITY %d] valid\r\n" % next(said)
        return None

    kept, acquisition = acquire(scripted(answer))
    assert [folder for folder, _, _ in kept.mails] == ["B"] * 3
    assert [(one.folder, one.uid) for one in acquisition.missed] == [("A", None)]


@pytest.mark.parametrize(
    ("text", "user", "host", "port", "tls", "folder", "name"),
    [
        ("imaps://ann@mail.org", "ann", "mail.org", 993, True, "", "imap://ann@mail.org"),
        ("IMAP://ann@MAIL.org:143/", "ann", "mail.org", 143, False, "", "imap://ann@mail.org"),
        ("imap://ann@b.org@[::1]:1143", "ann@b.org", "::1", 1143, False, "", "imap://ann@b.org@[::1]:1143"),
        ("imaps://a%40b.org@m.org/Pr%C3%BCf/2", "a@b.org", "m.org", 993, True, "Prüf/2", "imap://a@b.org@m.org"),
        ("imaps://ann@m.org/Sent Items", "ann", "m.org", 993, True, "Sent Items", "imap://ann@m.org"),
    ],
)
def test_addresses(text: str, user: str, host: str, port: int, tls: bool, folder: str, name: str) -> None:
    assert is_address(text)
    found = address_of(text)
    assert found == Address(user=user, host=host, port=port, tls=tls, folder=folder)
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    ["imap://", "imap://mail.org", "imap://a@", "imap://a@b:port", "imap://a@b:0", "imap://a%0d%0aX@b", "imap://@b"],
)
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(CaseError, match="imaps://user@host"):
        address_of(text)


def test_a_password_has_no_place_in_an_address() -> None:
    with pytest.raises(CaseError, match="password") as refused:
        address_of("imap://ann:geheim@mail.org")
    assert "geheim" not in str(refused.value)
    assert not is_address("box/imap://x")
    assert "geheim" not in repr(Login(secret="geheim"))


@pytest.mark.parametrize(("host", "here"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("m.org", False)])
def test_without_encryption_only_on_this_machine(host: str, here: bool) -> None:
    assert Address(user="a", host=host, port=143, tls=False).is_here is here

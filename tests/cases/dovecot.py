"""A real IMAP server for tests: Dovecot as a process of ours, on the loopback, with its own configuration."""

import contextlib
import datetime
import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER = "desk@clinic.org"
PASSWORD = 'p "\\ssäword'
PATIENCE = 20.0
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home
}}
mail_location = maildir:{base}/home/Maildir:LAYOUT=fs
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Papierkorb {{
    special_use = \\Trash
  }}
  mailbox Gesendet {{
    special_use = \\Sent
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path) -> Path:
    """Write a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    )
    return folder / "server.pem"


class Dovecot:
    """The server, and the mailbox behind it as a Maildir."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.port, self.tls_port = free_port(), free_port()
        self.home = base / "home"
        self.maildir = self.home / "Maildir"
        self.certificate = make_certificate(base)
        for name in ("cur", "new", "tmp"):
            (self.maildir / name).mkdir(parents=True)
        (base / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid()).pw_name
        uid, gid = (65534, 65534) if root else (os.geteuid(), os.getegid())
        group = "dovecot" if root else grp.getgrgid(gid).gr_name
        if root:
            base.chmod(0o755)
        (base / "dovecot.conf").write_text(
            CONFIGURATION.format(
                base=base, port=self.port, tls_port=self.tls_port, uid=uid, gid=gid,
                internal="dovecot" if root else me, internal_group=group,
                login="dovenull" if root else me,
            )
        )  # fmt: skip
        self._owner = (uid, gid)
        self._number = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._give_away()
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(self.base / "dovecot.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.base / "err").open("wb"),
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self._process.poll() is None, (self.base / "err").read_text() + self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)
            self._process = None

    def log(self) -> str:
        return (self.base / "log").read_text() if (self.base / "log").exists() else ""

    def url(self, port: int | None = None, folder: str = "", scheme: str = "imap") -> str:
        return f"{scheme}://{USER}@127.0.0.1:{port or self.port}{folder}"

    def put(self, mail: bytes, folder: str = "", flags: str = "") -> None:
        """Put a mail into a folder, as a delivery agent does; a folder as it is named on the server's disk."""
        self._number += 1
        place = self.maildir / folder
        for name in ("cur", "new", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True)
        target = place / "cur" / f"{1_770_000_000 + self._number}.M{self._number:06}P1.here:2,{flags}"
        target.write_bytes(mail)
        self._give_away()

    def _give_away(self) -> None:
        if os.geteuid() == 0:
            for path in (self.home, *self.home.rglob("*")):
                with contextlib.suppress(FileNotFoundError):
                    os.chown(path, *self._owner)

    def session(self) -> imaplib.IMAP4:
        """A look at the server past the program."""
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        imap.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        return imap

    def flags(self) -> list[bytes]:
        """Every flag of every mail, by folder."""
        found = []
        imap = self.session()
        for line in imap.list()[1]:
            assert isinstance(line, bytes)
            if b"\\Noselect" in line:
                continue
            imap.select(line.split(b' "/" ')[1].decode(), readonly=True)
            found += [b"%s %s" % (line, one) for one in imap.fetch("1:*", "(UID FLAGS)")[1] if isinstance(one, bytes)]
        imap.logout()
        return found


class Gate:
    """A port before the server: it can let so many bytes through, and then hang, or drop the line and refuse others."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self.port = free_port()
        self.most: int | None = None
        self.drops = False
        self.stuck = threading.Event()  # the bytes are through
        self._listening = self._listen()
        self._lines: list[socket.socket] = []

    def set(self, most: int | None, *, drops: bool = False) -> None:
        """Let so many bytes through from here on; everything where it is None."""
        self.most, self.drops = most, drops
        self.stuck.clear()
        if self._listening.fileno() < 0:
            self._listening = self._listen()

    def close(self) -> None:
        self._listening.close()
        for line in self._lines:
            line.close()

    def _listen(self) -> socket.socket:
        listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection(("127.0.0.1", self._behind))
                self._lines += [client, server]
                threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 14):
                if counted and self.most is not None:
                    data = data[: self.most]
                    self.most -= len(data)
                    if not data:
                        self.stuck.set()
                        if not self.drops:
                            return
                        self._listening.shutdown(socket.SHUT_RDWR)
                        self._listening.close()
                        break
                target.sendall(data)
        for line in (source, target):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server that is not started yet. Its folder is a short one: sockets lie in it."""
    if shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", "")) is None:
        pytest.skip("Dovecot is not installed; `make system` does it")
    base = Path(tempfile.mkdtemp(prefix="rc"))
    server = Dovecot(base)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)

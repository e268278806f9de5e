"""How a mailbox on a server is given: imap://user@host[:port][/Folder], imaps:// for TLS from the first byte."""

import ipaddress
import urllib.parse

import msgspec

from rollcall.problems import CaseError

_PORTS = {"imap": 143, "imaps": 993}


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox on a server, or a folder of it and those below."""

    user: str
    host: str
    port: int
    tls: bool
    folder: str = ""

    @property
    def name(self) -> str:
        """Return what identifies the mailbox, however it is reached."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"imap://{self.user}@{host}{'' if self.port in _PORTS.values() else f':{self.port}'}"

    @property
    def is_here(self) -> bool:
        """Say whether the host is this machine, to which no network leads."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def is_address(text: str) -> bool:
    """Say whether a source is given as a mailbox on a server."""
    return text.lower().startswith(("imap://", "imaps://"))


def address_of(text: str) -> Address:
    """Return the mailbox that is given; a CaseError says how to write it."""
    try:
        parts = urllib.parse.urlsplit(text)
        user, host, port = urllib.parse.unquote(parts.username or ""), parts.hostname or "", parts.port
        folder = urllib.parse.unquote(parts.path, errors="strict").strip("/")
    except ValueError:
        user = host = folder = ""
        port = None
    if _holds_secret(text):
        raise CaseError(
            "A password stands in an imap:// address, where other users of this machine can see it. Nothing was done. "
            "Leave it out: it is asked for, or read with --imap-password-file FILE."
        )
    if not user or not host or port == 0 or not (user + host + folder).isprintable():
        raise CaseError("An address of a mailbox is written imaps://user@host[:port][/Folder]. Nothing was done.")
    tls = parts.scheme.lower() == "imaps"
    return Address(user=user, host=host, port=port or _PORTS[parts.scheme.lower()], tls=tls, folder=folder)


def _holds_secret(text: str) -> bool:
    """Say whether an address has a password between user and host."""
    userinfo = text.partition("://")[2].partition("/")[0].rpartition("@")[0]
    return ":" in userinfo

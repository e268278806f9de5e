"""Which service's export a folder or an archive is, from the paths in it, and whose a path of it is."""

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import PurePosixPath

import msgspec

from rollcall.evidence.owners import ADDRESS, Mailbox, Owner, owner_of

_MOST_SIGNS = 200_000  # paths looked at


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way in which a service lays out what it exports."""

    name: str
    title: str
    signs: tuple[str, ...]
    one_person: bool = False


@functools.cache
def layouts() -> tuple[Layout, ...]:
    """Return the layouts that are known."""
    rows = tomllib.loads(files(__package__).joinpath("layouts.toml").read_text("utf-8"))["layout"]
    return msgspec.convert(rows, tuple[Layout, ...])


def layout_of(paths: Iterable[str]) -> Layout | None:
    """Return the layout that these paths are laid out in, None where it is none that is known."""
    waiting = {layout.name: [re.compile(sign, re.IGNORECASE) for sign in layout.signs] for layout in layouts()}
    for number, path in enumerate(paths):
        if number >= _MOST_SIGNS:
            break
        for signs in waiting.values():
            signs[:] = [sign for sign in signs if not sign.search(path)]
    return next((layout for layout in layouts() if not waiting[layout.name]), None)


def owner_inside(path: str, mailboxes: Sequence[Mailbox], *, store: bool) -> Owner | None:
    """Return whose a path inside an archive or folder is; of a folder only where it names an address or a custodian."""
    place = PurePosixPath("/", path)
    if not store and not ADDRESS.search(path) and not mailboxes:
        return None
    owner = owner_of(place, PurePosixPath("/"), mailboxes)
    if store or owner.mailbox is not None:
        return owner if owner != Owner() else None
    return None

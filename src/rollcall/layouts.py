"""Whose what is inside is: mailboxes in archives, folders named for people, and exports that are of one person.

A source has one owner. An archive of an export holds the mailboxes of many, so what stands in it has owners of its own,
told by the name of a mailbox, by a folder above it, or by the mail in it.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.evidence.layouts import Layout, layout_of, owner_inside
from rollcall.evidence.owners import Mailbox, Owner, mailbox_of_mail
from rollcall.model import Source
from rollcall.store import Store
from rollcall.views import Inside

COLUMNS = ["parent_blob_id", "locator", "blob_id", "kind", "name", "folder", "sender", "recipients"]
_MAIL = ("message", "contact", "appointment", "task", "note")
_NESTED = 4  # archives in archives that are looked into
_INSIDE, _LAYOUT = "inside", "layout"


def tell(store: Store, children: pa.Table, mailboxes: Sequence[Mailbox]) -> None:
    """Note whose the mailboxes and folders inside sources are, and which exports the sources are."""
    found = _Found(children)
    sources = store.ledger.sources()
    for source in sources:
        blob_id = found.roots.get(source.source_id)
        if blob_id is None or not found.files[blob_id]:
            continue
        below = [other for other in sources if other.path.startswith(f"{source.path}/")]
        own = (other.path.removeprefix(f"{source.path}/") for other in below)
        layout = layout_of(itertools.chain(found.paths(blob_id), own))
        if layout is not None:
            _note_layout(store, source, layout)
        held = list(found.owners(blob_id, mailboxes))
        for owner in held:
            store.ledger.append(_INSIDE, msgspec.to_builtins(owner), once=_mark(owner))
        told = {one.mailbox for one in held if one.mailbox} | {other.mailbox for other in below if other.mailbox}
        if source.mailbox is None and layout is not None and layout.one_person and len(told) == 1:
            store.ledger.add_sources([msgspec.structs.replace(source, mailbox=told.pop())])


def owners(store: Store) -> list[Inside]:
    """Return what was noted, the latest word on each place."""
    latest = {(row["parent_blob_id"], row["folder"], row["name"]): row for row in store.ledger.rows(_INSIDE)}
    return [Inside(**{**row, "owner": number}) for number, (_, row) in enumerate(sorted(latest.items()))]


def recognised(store: Store) -> dict[str, str]:
    """Return the sources that are exports of a service, each with its name."""
    return {row["source_id"]: row["title"] for row in store.ledger.rows(_LAYOUT)}


def _note_layout(store: Store, source: Source, layout: Layout) -> None:
    body = {"source_id": source.source_id, "layout": layout.name, "title": layout.title}
    store.ledger.append(_LAYOUT, body, once=f"{_LAYOUT}/{source.source_id}/{layout.name}")


def _mark(owner: Inside) -> str:
    return "/".join((_INSIDE, *(str(getattr(owner, name)) for name in owner.__struct_fields__ if name != "owner")))


class _Found:
    """What the sources hold: files by their place, and the mail of each content that holds mail."""

    def __init__(self, children: pa.Table) -> None:
        self.roots: dict[str, str] = {}
        self.files: dict[str, list[tuple[str, str, str]]] = defaultdict(list)  # parent -> (folder, name, content)
        self._children = children
        is_mail = pc.is_in(children["kind"], value_set=pa.array(_MAIL))
        self._stores = set(children.filter(is_mail)["parent_blob_id"].unique().to_pylist())
        others = children.filter(pc.and_(pc.invert(is_mail), pc.not_equal(children["kind"], "attachment")))
        for row in others.select(["parent_blob_id", "locator", "blob_id", "name", "folder"]).to_pylist():
            if row["parent_blob_id"]:
                self.files[row["parent_blob_id"]].append((row["folder"], row["name"], row["blob_id"]))
            else:
                self.roots[row["locator"]] = row["blob_id"]
        loose = children.filter(is_mail).select(["parent_blob_id", "folder", "name", "blob_id"])
        archives = pa.array(sorted(set(self.roots.values()) & set(self.files)), pa.string())
        for row in loose.filter(pc.is_in(loose["parent_blob_id"], value_set=archives)).to_pylist():
            self.files[row["parent_blob_id"]].append((row["folder"], row["name"], row["blob_id"]))

    def paths(self, blob_id: str, depth: int = 0) -> Iterator[str]:
        """Yield the path of each file in a content, also of those in archives in it."""
        for folder, name, inner in self.files.get(blob_id, ()):
            yield f"{folder}/{name}"
            if depth < _NESTED and inner in self.files and inner not in self._stores:
                yield from self.paths(inner, depth + 1)

    def owners(self, blob_id: str, mailboxes: Sequence[Mailbox], depth: int = 0) -> Iterator[Inside]:
        """Yield whose the mailboxes in a content are, and its folders that are somebody's."""
        folders: set[str] = set()
        for folder, name, inner in sorted(set(self.files.get(blob_id, ()))):
            is_store = inner in self._stores and inner not in self.roots.values()
            owner = owner_inside(f"{folder}/{name}", mailboxes, store=True) if is_store else None
            if is_store and (owner is None or owner.mailbox is None):
                mailbox = self._by_mail(inner)
                owner = Owner(mailbox=mailbox, custodian=owner.custodian if owner else None) if mailbox else owner
            if owner is not None:
                yield _inside(blob_id, folder, name, owner)
            if folder not in folders:
                folders.add(folder)
                if folder and (owner := owner_inside(folder, mailboxes, store=False)) is not None:
                    yield _inside(blob_id, folder, "", owner)
            if not is_store and depth < _NESTED and inner in self.files:
                yield from self.owners(inner, mailboxes, depth + 1)

    def _by_mail(self, blob_id: str) -> str | None:
        held = self._children.filter(pc.equal(self._children["parent_blob_id"], blob_id))
        written = zip(held["sender"].to_pylist(), held["recipients"].to_pylist(), strict=True)
        return mailbox_of_mail((sender or "", to or "") for sender, to in written if sender or to)


def _inside(blob_id: str, folder: str, name: str, owner: Owner) -> Inside:
    return Inside(owner=0, parent_blob_id=blob_id, folder=folder, name=name, mailbox=owner.mailbox,
                  custodian=owner.custodian, entity=owner.entity)  # fmt: skip

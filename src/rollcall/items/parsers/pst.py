"""PST and OST, the stores of Outlook, through libpff.

Every item is counted: what libpff cannot open, does not list or hands over as a block is read from the store's own
nodes; what neither reads is a Fault with its folder and place, so that items seen, read and failed can be told apart.
A store is cut into slices of folders; libpff keeps a folder's items in the order of their
ids, so one item is found again without reading its neighbours.
"""

import bisect
import collections
import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rollcall.items import mapi_attachment, mapi_message, pst_nodes
from rollcall.items.mapi import Names, Properties, Value
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import Fault, Inner, Limits, Parser, Yield
from rollcall.items.parsers import pst_again, pst_folders
from rollcall.items.parsers.pst_messages import Reader
from rollcall.items.pst_nodes import BROKEN, Nodes
from rollcall.items.readable import Readable

PER_SHARD = 500
_MAX_EMBEDDED = 16  # messages attached to messages; deeper ones are named in a Fault
_HELD = 2  # stores kept open in one process
_CHUNK = 1 << 20
_UNICODE = 23  # version of the header from which places are 64 bits wide
_LARGEST = 1 << 42  # bytes; a header that promises more is damaged itself
# What the binding raises for damage: its own I/O errors, and Python's where a value is out of every range.
_BROKEN = (OSError, ValueError, TypeError, OverflowError, MemoryError, SystemError)
_NOWHERE = pst_folders.Folder(identifier=0, handle=None, path="(orphans)", kind="recoverable", n_items=0, n_listed=0)
_SLICE = re.compile(r"(\d+):(\d+)-(\d+)")


class _Store(msgspec.Struct):
    """An open store."""

    readable: Readable
    file: Any
    codepage: str
    names: Names
    folders: "dict[int, pst_folders.Folder]"
    faults: tuple[Fault, ...]
    nodes: Nodes | None  # None where the form of the store is one that only libpff knows

    def reader(self, limits: Limits) -> Reader | None:
        """Return the second reader."""
        return Reader(self.nodes, self.names, self.codepage, limits) if self.nodes is not None else None


_open: "collections.OrderedDict[int, _Store]" = collections.OrderedDict()


def looks_like(untrusted: Readable) -> bool:
    """Decide by the magic of the header and of the client that wrote it."""
    head = untrusted.read_at(0, 10)
    return head[:4] == b"!BDN" and head[8:10] in (b"SM", b"SO")


def _missing(untrusted: Readable) -> int:
    """Return how many bytes the store's header (MS-PST 2.2.2.6, ibFileEof) promises and the file lacks."""
    head = untrusted.read_at(0, 192)
    if len(head) < 192:
        return 0
    place, width = (184, 8) if int.from_bytes(head[10:12], "little") >= _UNICODE else (168, 4)
    promised = int.from_bytes(head[place : place + width], "little")
    return max(0, promised - untrusted.size) if promised < _LARGEST else 0


def _store(untrusted: Readable) -> _Store:
    """Return the open store of a content, kept between calls: opening one reads its tree of folders."""
    key = id(untrusted)
    held = _open.get(key)
    if held is None:
        held = _open_store(untrusted)
        _open[key] = held
        while len(_open) > _HELD:
            _open.popitem(last=False)
    _open.move_to_end(key)
    return held


def _open_store(untrusted: Readable) -> _Store:
    import pypff

    file = pypff.file()
    file.open_file_object(untrusted.stream())
    names: dict[int, bytes] = {}
    with contextlib.suppress(*_BROKEN):  # without it, named properties keep their numbers
        for record_set in file.name_to_id_map.record_sets:
            names |= {entry.entry_type: entry.data or b"" for entry in record_set.entries if entry.entry_type < 0x10}
    codepage = file.ascii_codepage
    codepage = codepage.decode("ascii", "replace") if isinstance(codepage, bytes) else str(codepage)
    folders, faults = pst_folders.index(file)
    nodes = None
    with contextlib.suppress(*pst_nodes.BROKEN):
        nodes = Nodes(untrusted)
    return _Store(
        readable=untrusted, file=file, codepage=codepage, names=Names(names), folders=folders, faults=tuple(faults),
        nodes=nodes,
    )  # fmt: skip


def shards(untrusted: Readable, limits: Limits) -> Iterator[str]:
    """Yield "folders" (their names, what belongs to no folder), then a slice of at most 500 items after another."""
    yield "folders"
    try:
        store = _store(untrusted)
    except _BROKEN:
        return  # the first shard says so
    for identifier, folder in store.folders.items():
        # A folder that libpff takes for empty may have messages in the store.
        is_known = store.nodes is not None and identifier in store.nodes.messages
        for first in range(0, folder.n_items or is_known, PER_SHARD):
            yield f"{identifier}:{first}-{min(first + PER_SHARD, folder.n_items)}"


def open_shard(untrusted: Readable, shard: str, limits: Limits) -> Iterator[Yield]:
    """Yield the items of one slice, and a Fault for each that could not be opened."""
    missing = _missing(untrusted) if shard == "folders" else 0
    try:
        store = _store(untrusted)
    except _BROKEN:
        if shard == "folders":
            yield Fault(code="truncated" if missing else "corrupt", detail="store could not be opened")
        return
    if missing:
        yield Fault(code="truncated", detail=f"the last {missing:,} bytes are missing")
    if shard == "folders":
        yield from store.faults
        yield from _orphans(store, limits)
        yield from pst_again.more(untrusted, _n_items(store), limits)
        return
    match = _SLICE.fullmatch(shard)
    if match is None:
        raise ValueError("no such shard")
    identifier, first, last = (int(number) for number in match.groups())
    yield from _items(store, store.folders[identifier], first, last, limits)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield everything, slice by slice."""
    for shard in shards(untrusted, limits):
        yield from open_shard(untrusted, shard, limits)


def _items(store: _Store, folder: pst_folders.Folder, first: int, last: int, limits: Limits) -> Iterator[Yield]:
    # What cannot be opened has no id. It is counted in the slice where the next item is that can be: that slice answers
    # for all ids from behind the last item that could be before.
    lowest, opened = pst_folders.last_before(folder, first)
    highest = lowest
    failed = {lowest: list(range(opened + 1, first))}  # places by the id they stand behind
    seen: set[int] = set()
    for place in range(first, last):
        try:
            item = folder.handle.get_sub_item(place)
            highest = item.identifier
            if not pst_folders.is_folder(item):
                yield _inner(store, item, f"{folder.identifier}/{highest}", folder, limits)
                seen.add(highest)
        except _BROKEN:
            failed.setdefault(highest, []).append(place)
    if last < folder.n_items:
        failed.pop(highest, None)
    known = store.nodes.messages.get(folder.identifier, ()) if store.nodes is not None else ()
    limit = highest if last < folder.n_items else _LARGEST
    unread = [number for number in known if lowest < number <= limit and number not in seen]
    opened_ids, behind, n_more = sorted(seen), lowest, 0
    for value in _unlisted(store, unread, folder, str(folder.identifier), limits):
        if isinstance(value, Inner):
            number = int(value.locator.rpartition("/")[2])
            n_more += 1
            place = bisect.bisect(opened_ids, number) - 1
            behind = max(behind, opened_ids[place] if place >= 0 else lowest)
            failed[behind] = failed.get(behind, [])[1:]
            failed[number] = failed.pop(behind)  # the next one of the gap stands behind this one
            behind = number
        yield value
    lost = sorted(place for places in failed.values() for place in places)
    for place in lost:
        where = f"{folder.identifier}/#{place}"
        yield Fault(code="corrupt", detail=f"item {place + 1} could not be opened", locator=where)
    n_messages = len(seen) + n_more + len(lost)
    # A folder's own list may name items whose nodes are gone; the nodes were counted above.
    if first == 0 and last == folder.n_items and n_messages < (missing := folder.n_listed):
        yield Fault(
            code="partial",
            detail=f"the folder lists {missing} messages, {n_messages} are there",
            locator=str(folder.identifier),
        )


def _unlisted(
    store: _Store, numbers: Iterable[int], folder: pst_folders.Folder, where: str, limits: Limits
) -> Iterator[Yield]:
    """Yield messages that stand in the store and that libpff did not give."""
    n_read = 0
    for number in numbers:
        try:
            yield _from_node(store, number, folder, f"{where}/{number}", limits)
            n_read += 1
        except BROKEN as error:
            yield Fault(code="corrupt", detail=f"item {number}: {type(error).__name__}", locator=f"{where}/{number}")
    if n_read:
        yield Fault(code="second_reader", detail=f"{n_read} items read from their nodes", locator=where)


def _from_node(store: _Store, number: int, folder: pst_folders.Folder, locator: str, limits: Limits) -> Inner:
    if store.nodes is None or (reader := store.reader(limits)) is None:
        raise LookupError("no such item")
    return _as_inner(reader.message(store.nodes.node(number)), locator, folder)


def _orphans(store: _Store, limits: Limits) -> Iterator[Yield]:
    try:
        count = store.file.number_of_orphan_items
    except _BROKEN:
        yield Fault(code="partial", detail="items outside every folder could not be listed")
        count = 0
    seen: set[int] = set()
    for place in range(count):
        try:
            item = store.file.get_orphan_item(place)
            if not pst_folders.is_folder(item):
                yield _inner(store, item, f"orphan/{item.identifier}", _NOWHERE, limits)
                seen.add(item.identifier)
        except _BROKEN as error:
            yield Fault(
                code="corrupt", detail=f"orphan {place + 1}: {type(error).__name__}", locator=f"orphan/#{place}"
            )
    if store.nodes is not None:
        listed = store.nodes.messages.items()
        unread = [number for parent, numbers in listed if parent not in store.folders for number in numbers]
        yield from _unlisted(store, sorted(set(unread) - seen), _NOWHERE, "orphan", limits)


def _n_items(store: _Store) -> int:
    """Return how many items a store has, whether they can be read or not."""
    known = store.nodes.messages if store.nodes is not None else {}
    in_folders = sum(
        folder.n_items if store.nodes is None else max(folder.n_listed, len(known.get(identifier, ())))
        for identifier, folder in store.folders.items()
    )
    outside = sum(len(numbers) for parent, numbers in known.items() if parent not in store.folders)
    with contextlib.suppress(*_BROKEN):
        outside = max(outside, store.file.number_of_orphan_items)
    return in_folders + outside


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return one item by "folder id/item id" or "orphan/item id"."""
    if locator.startswith(f"{pst_again.PREFIX}/"):
        return pst_again.open_child(untrusted, locator, limits)
    store = _store(untrusted)
    where, _, wanted = locator.partition("/")
    identifier = int(wanted)
    folder = _NOWHERE if where == "orphan" else store.folders[int(where)]
    try:
        item = _orphan(store, identifier) if where == "orphan" else pst_folders.find(folder, identifier)
        return _inner(store, item, locator, folder, limits)
    except (LookupError, *_BROKEN):
        return _from_node(store, identifier, folder, locator, limits)


def _orphan(store: _Store, identifier: int) -> Any:
    for place in range(store.file.number_of_orphan_items):
        with contextlib.suppress(OSError):
            item = store.file.get_orphan_item(place)
            if item.identifier == identifier:
                return item
    raise LookupError("no such item")


def _inner(store: _Store, item: Any, locator: str, folder: pst_folders.Folder, limits: Limits) -> Inner:
    return _as_inner(_message(store, item, limits, 0), locator, folder)


def _as_inner(message: Message, locator: str, folder: pst_folders.Folder) -> Inner:
    return Inner(
        locator=locator,
        kind=message.kind,
        name=message.subject or "",
        folder=folder.path,
        folder_kind=folder.kind,
        message=message,
    )


def _properties(store: _Store, holder: Any, place: int = 0) -> tuple[Properties, int]:
    """Return the properties of one set, and how many of them could not be read."""
    values: dict[int, Value] = {}
    failed = 0
    record_set = holder.get_record_set(place)
    for number in range(record_set.number_of_entries):
        try:
            entry = record_set.get_entry(number)
            values.setdefault(entry.entry_type, Value(entry.value_type, entry.data or b""))
        except _BROKEN:
            failed += 1
    return Properties(values, store.codepage, store.names), failed


def _message(store: _Store, item: Any, limits: Limits, depth: int) -> Message:
    properties, failed = _properties(store, item)
    faults: list[Fault] = []
    if failed:
        faults.append(Fault(code="partial", detail=f"{failed} properties could not be read"))
    recipients: list[Properties] = []
    try:
        table = getattr(item, "recipients", None)
        count = table.number_of_record_sets if table is not None else 0
        recipients += [_properties(store, table, place)[0] for place in range(count)]
    except _BROKEN:
        faults.append(Fault(code="partial", detail="recipients could not be read"))
    leaves: list[Leaf] = []
    try:
        count = getattr(item, "number_of_attachments", 0)
    except _BROKEN:
        count = 0
        faults.append(Fault(code="partial", detail="attachments could not be listed"))
    for place in range(count):
        try:
            leaf = _attachment(store, item, item.get_attachment(place), f"att:{place}", limits, depth)
        except (*_BROKEN, *BROKEN) as error:
            leaf = Fault(code="partial", detail=f"attachment: {type(error).__name__}", locator=f"att:{place}")
        if isinstance(leaf, Fault):
            faults.append(leaf)
        else:
            leaves.append(leaf)

    def unpacked_rtf() -> bytes | None:
        with contextlib.suppress(*_BROKEN):
            if isinstance(body := item.rtf_body, bytes) and body.lstrip().startswith(b"{\\rtf"):
                return body
        return None

    return mapi_message.read(properties, recipients, tuple(leaves), tuple(faults), limits, unpacked_rtf)


def _attachment(store: _Store, item: Any, attachment: Any, locator: str, limits: Limits, depth: int) -> Leaf | Fault:
    properties, _ = _properties(store, attachment)
    method = properties.integer(0x3705)
    name = mapi_attachment.name_of(properties)
    if method == 5 and attachment.number_of_sub_items:
        if depth >= _MAX_EMBEDDED:
            return Fault(code="too_deep", detail="messages attached to messages", locator=locator)
        message = _message(store, attachment.get_sub_item(0), limits, depth + 1)
        return Leaf(locator=locator, kind="message", name=name or message.subject or "", message=message)
    reader = store.reader(limits)
    if method == mapi_attachment.EMBEDDED and reader is not None and depth == 0:
        # libpff hands over a block here and no message.
        message = reader.attached(reader.nodes.node(item.identifier), attachment.identifier, 1)
        return Leaf(locator=locator, kind="message", name=name or message.subject or "", message=message)
    if mapi_attachment.is_link(properties):
        return mapi_attachment.link(properties, locator)
    # libpff knows the size only where there is data; an empty file is content too.
    size = attachment.size if 0x3701 in properties else 0

    def chunks() -> Iterator[bytes]:
        left = size
        attachment.seek_offset(0, 0)
        position = 0
        while left > 0:
            attachment.seek_offset(position, 0)
            piece = attachment.read_buffer(min(left, _CHUNK))
            if not piece:
                raise EOFError("attachment ends early")
            position += len(piece)
            left -= len(piece)
            yield piece

    return mapi_attachment.file(properties, locator, size, chunks)


PARSER = Parser(
    name="pst",
    version=1,
    media_types=("application/vnd.ms-outlook-pst",),
    looks_like=looks_like,
    parse=parse,
    shards=shards,
    open_shard=open_shard,
    open_child=open_child,
)

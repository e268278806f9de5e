"""A stand-in for an open Outlook store, with the calls the reader makes of libpff."""

import struct
from typing import Any

UNICODE, STRING8, INTEGER, BOOLEAN, TIME, BINARY = 0x1F, 0x1E, 0x3, 0xB, 0x40, 0x102


def filetime(seconds_since_1970: int) -> bytes:
    """A time as the store keeps it."""
    return struct.pack("<q", (seconds_since_1970 + 11_644_473_600) * 10_000_000)


class Entry:
    """A property."""

    def __init__(self, tag: int, kind: int, data: bytes) -> None:
        self.entry_type, self.value_type, self.data = tag, kind, data


class Set:
    """A set of properties."""

    def __init__(self, properties: dict[int, Any]) -> None:
        self.entries = [Entry(tag, *encoded(value)) for tag, value in properties.items()]
        self.number_of_entries = len(self.entries)

    def get_entry(self, place: int) -> Entry:
        return self.entries[place]


def encoded(value: Any) -> tuple[int, bytes]:
    if isinstance(value, tuple):
        return value  # (type, bytes) as the store has them
    if isinstance(value, bool):
        return BOOLEAN, bytes((value,))
    if isinstance(value, int):
        return INTEGER, struct.pack("<i", value)
    if isinstance(value, bytes):
        return BINARY, value
    return UNICODE, str(value).encode("utf-16-le")


class Holder:
    """Anything with properties."""

    def __init__(self, properties: dict[int, Any] | None = None, identifier: int = 0) -> None:
        self.record_sets = [Set(properties or {})]
        self.number_of_record_sets = 1
        self.identifier = identifier

    def get_record_set(self, place: int) -> Set:
        return self.record_sets[place]


class Recipients(Holder):
    """The table of recipients."""

    def __init__(self, rows: list[dict[int, Any]]) -> None:
        super().__init__()
        self.record_sets = [Set(row) for row in rows]
        self.number_of_record_sets = len(rows)


class Attachment(Holder):
    """An attachment by value, or a message."""

    def __init__(self, properties: dict[int, Any], data: bytes = b"", message: "Item | None" = None) -> None:
        more = {0x3705: 5 if message else 1} | ({} if message else {0x3701: data})
        super().__init__(more | properties)
        self._data, self._position, self._message = data, 0, message
        self.size = len(data)
        self.number_of_sub_items = int(message is not None)

    def get_sub_item(self, place: int) -> "Item":
        assert self._message is not None
        return self._message

    def seek_offset(self, offset: int, whence: int) -> None:
        self._position = offset

    def read_buffer(self, size: int) -> bytes:
        return self._data[self._position : self._position + size]


class Item(Holder):
    """A message, or what Outlook keeps as one."""

    def __init__(
        self,
        identifier: int,
        properties: dict[int, Any],
        recipients: list[dict[int, Any]] | None = None,
        attachments: list[Attachment | OSError] | None = None,
    ) -> None:
        super().__init__(properties, identifier)
        self.recipients = Recipients(recipients or [])
        self._attachments = attachments or []
        self.number_of_attachments = len(self._attachments)

    def get_attachment(self, place: int) -> Attachment:
        found = self._attachments[place]
        if isinstance(found, OSError):
            raise found
        return found

    @property
    def rtf_body(self) -> bytes:
        raise OSError("mismatch")


class Folder(Holder):
    """A folder; an item that is an OSError cannot be opened."""

    def __init__(
        self,
        identifier: int,
        name: str | None,
        items: "list[Item | OSError] | None" = None,
        folders: "list[Folder] | None" = None,
        listed: int | None = None,
    ) -> None:
        super().__init__({}, identifier)
        self.name, self._folders = name, folders or []
        self._items: list[Any] = [*(items or []), *self._folders]
        self.number_of_sub_items = len(self._items)
        self.number_of_sub_messages = len(items or []) if listed is None else listed
        self.number_of_sub_folders = len(self._folders)

    def get_sub_item(self, place: int) -> Any:
        if isinstance(self._items[place], OSError):
            raise self._items[place]
        return self._items[place]

    def get_sub_folder(self, place: int) -> "Folder":
        return self._folders[place]


class File:
    """An open store."""

    def __init__(self, root: Folder, store: dict[int, Any] | None = None, orphans: list[Item] | None = None) -> None:
        self.root_folder, self.message_store = root, Holder(store)
        self.name_to_id_map = Holder()
        self.ascii_codepage = b"cp1252"
        self._orphans = orphans or []
        self.number_of_orphan_items = len(self._orphans)

    def open_file_object(self, stream: Any) -> None:
        """Nothing is read from the bytes."""

    def get_orphan_item(self, place: int) -> Item:
        return self._orphans[place]

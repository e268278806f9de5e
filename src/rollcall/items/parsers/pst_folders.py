"""The folders of an Outlook store: their paths as the user sees them, and which of them hold what was thrown away.

Outlook marks some folders by number, whatever their language; the rest are known by name.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

from rollcall.items.parser import Fault

_BROKEN = (OSError, ValueError, TypeError, OverflowError, MemoryError, SystemError)
_DEEPEST = 200
# Entry ids of special folders: in the store's own properties, and in those of the root folder and the inbox.
_BY_PROPERTY = {0x35E2: "outbox", 0x35E3: "deleted", 0x35E4: "sent", 0x36D7: "drafts"}
_TOP = 0x35E0
_MANY = 0x36D8  # several entry ids in one property; the fifth is the folder of junk mail
_NAMES: dict[str, tuple[str, ...]] = {
    "deleted": (
        "deleted items", "trash", "deleted", "éléments supprimés", "corbeille", "gelöschte elemente", "papierkorb",
        "gelöschte objekte", "elementos eliminados", "papelera", "itens excluídos", "itens eliminados", "lixeira",
        "posta eliminata", "cestino", "verwijderde items", "prullenbak", "удаленные", "удалённые", "已删除邮件",
        "已刪除的郵件", "削除済みアイテム", "지운 편지함", "elementy usunięte", "borttagna objekt",
        "slettede elementer", "slettet post", "poistetut", "odstraněná pošta", "silinmiş öğeler", "mục đã xóa",
    ),
    "recoverable": (
        "recoverable items", "deletions", "purges", "versions", "discoveryholds", "substrateholds", "calendar logging",
        "éléments récupérables", "wiederherstellbare elemente", "elementos recuperables",
    ),
    "sent": (
        "sent items", "sent", "sent mail", "éléments envoyés", "messages envoyés", "gesendete elemente", "gesendet",
        "gesendete objekte", "elementos enviados", "enviados", "itens enviados", "posta inviata", "verzonden items",
        "отправленные", "已发送邮件", "寄件備份", "送信済みアイテム", "보낸 편지함", "elementy wysłane", "skickat",
        "skickade objekt", "sendte elementer", "sendt post", "lähetetyt", "odeslaná pošta", "gönderilmiş öğeler",
    ),
    "drafts": (
        "drafts", "draft", "brouillons", "entwürfe", "borradores", "rascunhos", "bozze", "concepten", "черновики",
        "草稿", "下書き", "임시 보관함", "wersje robocze", "utkast", "kladder", "luonnokset", "koncepty", "taslaklar",
    ),
    "junk": (
        "junk email", "junk e-mail", "junk", "spam", "courrier indésirable", "junk-e-mail", "spamverdacht",
        "correo no deseado", "correo electrónico no deseado", "lixo eletrônico", "lixo eletrónico", "email de lixo",
        "posta indesiderata", "ongewenste e-mail", "нежелательная почта", "垃圾邮件", "垃圾郵件", "迷惑メール",
        "정크 메일", "wiadomości-śmieci", "skräppost", "uønsket e-post", "uønsket mail",
        "roskaposti", "nevyžádaná pošta",
    ),
    "outbox": (
        "outbox", "boîte d'envoi", "postausgang", "bandeja de salida", "caixa de saída", "posta in uscita",
        "postvak uit", "исходящие", "发件箱", "寄件匣", "送信トレイ", "보낼 편지함", "skrzynka nadawcza", "utkorgen",
        "utboks", "udbakke", "lähtevät", "pošta k odeslání", "giden kutusu",
    ),
    "archive": ("archive", "online archive", "archives", "archiv", "archivo", "arquivo morto", "archivio", "archief"),
}  # fmt: skip
_KIND_OF_NAME = {name: kind for kind, names in _NAMES.items() for name in names}


class Folder(msgspec.Struct):
    """A folder that is open. `n_items` counts all below it that are its own, `n_listed` the messages it lists."""

    identifier: int
    handle: Any
    path: str
    kind: str
    n_items: int
    n_listed: int


def kind_by_name(name: str) -> str:
    """Return what a folder of this name is for, in any of several languages; "" for a folder of the user's own."""
    return _KIND_OF_NAME.get(" ".join(name.casefold().split()).replace("\u2019", "'"), "")


def is_folder(item: Any) -> bool:
    """Decide whether libpff took a node to be a folder."""
    import pypff

    return isinstance(item, pypff.folder)


def index(file: Any) -> tuple[dict[int, Folder], list[Fault]]:
    """Return the folders of a store by id, and a Fault for each that could not be opened."""
    folders: dict[int, Folder] = {}
    faults: list[Fault] = []
    root = file.root_folder
    if root is None:
        return folders, [Fault(code="corrupt", detail="the store has no root folder")]
    special, top = _special(file, root)
    pending: list[tuple[Any, str, str, int]] = [(root, "", "", 0)]
    while pending:
        handle, path, kind, depth = pending.pop()
        identifier = handle.identifier
        if identifier in folders or depth > _DEEPEST:
            faults.append(Fault(code="partial", detail="folders form a loop", locator=str(identifier)))
            continue
        folder = Folder(identifier=identifier, handle=handle, path=path, kind=kind, n_items=0, n_listed=0)
        folders[identifier] = folder
        try:
            folder.n_items = handle.number_of_sub_items
            folder.n_listed = 0 if identifier & 0x1F == 3 else handle.number_of_sub_messages  # 3: a search, no folder
        except _BROKEN as error:
            faults.append(Fault(code="corrupt", detail=f"folder: {type(error).__name__}", locator=str(identifier)))
        below = list(_below(handle, folder, special, top, faults))
        pending += [(child, *rest, depth + 1) for child, *rest in reversed(below)]
    return folders, faults


def _below(
    handle: Any, folder: Folder, special: dict[int, str], top: int | None, faults: list[Fault]
) -> Iterator[tuple[Any, str, str]]:
    try:
        count = handle.number_of_sub_folders
    except _BROKEN:
        faults.append(Fault(code="corrupt", detail="subfolders", locator=str(folder.identifier)))
        return
    for place in range(count):
        try:
            child = handle.get_sub_folder(place)
            name, identifier = child.name or "", child.identifier
        except _BROKEN as error:
            faults.append(
                Fault(
                    code="corrupt",
                    detail=f"subfolder {place + 1}: {type(error).__name__}",
                    locator=str(folder.identifier),
                )
            )
            continue
        # Users do not see the folder above the inbox, and each store calls it something else.
        path = "" if identifier == top else f"{folder.path}/{name}".lstrip("/")
        yield child, path, folder.kind or special.get(identifier, "") or kind_by_name(name)


def _special(file: Any, root: Any) -> tuple[dict[int, str], int | None]:
    """Return the kinds of the folders that the store marks by number, and the number of the top one."""
    kinds: dict[int, str] = {}
    top: int | None = None
    with contextlib.suppress(*_BROKEN):
        for tag, data in _binaries(file.message_store):
            if tag == _TOP:
                top = _node(data)
            elif tag in _BY_PROPERTY:
                kinds[_node(data)] = _BY_PROPERTY[tag]
    holders = [root]
    with contextlib.suppress(*_BROKEN):
        holders += [root.get_sub_folder(place) for place in range(root.number_of_sub_folders)]
        holders += [
            holder.get_sub_folder(place) for holder in holders[1:] for place in range(holder.number_of_sub_folders)
        ]
    for holder in holders:
        with contextlib.suppress(*_BROKEN):
            for tag, data in _binaries(holder):
                if tag == 0x36D7:
                    kinds[_node(data)] = "drafts"
                elif tag == _MANY and len(data) >= 24:
                    start = int.from_bytes(data[20:24], "little")
                    if int.from_bytes(data[:4], "little") > 4 and len(data) >= start + 24 > 24:
                        kinds[_node(data[start : start + 24])] = "junk"
    return kinds, top


def _binaries(holder: Any) -> Iterator[tuple[int, bytes]]:
    for record_set in holder.record_sets:
        for entry in record_set.entries:
            if entry.value_type in (0x102, 0x1102):
                yield entry.entry_type, entry.data or b""


def _node(entry_id: bytes) -> int:
    return int.from_bytes(entry_id[-4:], "little")


def find(folder: Folder, identifier: int) -> Any:
    """Return an item of a folder by its id: by halving, as they stand in order; else one by one."""
    low, high = 0, folder.n_items
    with contextlib.suppress(*_BROKEN):
        while low < high:
            middle = (low + high) // 2
            item = folder.handle.get_sub_item(middle)
            if item.identifier == identifier:
                return item
            if item.identifier < identifier:
                low = middle + 1
            else:
                high = middle
    for place in range(folder.n_items):
        with contextlib.suppress(*_BROKEN):
            item = folder.handle.get_sub_item(place)
            if item.identifier == identifier:
                return item
    raise LookupError("no such item")


def last_before(folder: Folder, place: int) -> tuple[int, int]:
    """Return the id and the place of the last item before a place that can be opened; (0, -1) where there is none."""
    for before in reversed(range(place)):
        with contextlib.suppress(*_BROKEN):
            return int(folder.handle.get_sub_item(before).identifier), before
    return 0, -1

"""Where the links of a document lead: the addresses of people, the names of files, and files kept by a storage service.

A reader of the document sees the words of a link, whoever takes the file has its target too.
"""

import re
import urllib.parse
from collections.abc import Iterable, Iterator

from rollcall.items import links
from rollcall.items.headers import one_line
from rollcall.items.parser import Fault, Text, Yield
from rollcall.items.unseen import may_tell, worth_telling

_TO_SOMEBODY = re.compile(r"(?:mailto|tel|sms|callto|sip|skype|facetime):", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"(?:HYPERLINK|INCLUDE(?:PICTURE|TEXT)|LINK\s+\S{1,60})\s+(?:\\[a-z]\s+)*"
    r"(?:\"([^\"\n]{1,4000})\"|([^\s\"\\]\S{0,4000}))"
)
_NO_FILE = "aspx?|php|html?|cgi|jsp|com|org|net|gov|edu|exe|dotx?|dotm"  # pages, hosts, programs, templates
_FILE = re.compile(rf"[^/\\?#]{{1,200}}\.(?!(?:{_NO_FILE})\b)[A-Za-z]\w{{1,4}}\Z", re.IGNORECASE)
_MOST = 20_000


def parts(targets: Iterable[str]) -> Iterator[Yield]:
    """Yield what targets tell, the names of files only linked to, and a Fault for each host that keeps them."""
    lines: dict[str, None] = {}
    names: dict[str, None] = {}
    hosts: dict[str, None] = {}
    for written in dict.fromkeys(targets):
        if len(lines) >= _MOST:
            break
        url = links.unwrapped(written.strip())
        if links.is_shared_file(url):
            hosts[links.host_of(url)] = None
            names[one_line(links.name_of(url))] = None
        lines |= dict.fromkeys(_told(url))
    # An address or the name of a file is worth telling by itself; of other targets only what holds a number is.
    plain = [line for line in lines if _TO_SOMEBODY.match(line) or _FILE.fullmatch(line)]
    if told := "\n".join(filter(None, dict.fromkeys([*plain, *worth_telling(lines).split("\n")]))):
        yield Text(text=told, kind="note", label="links", hidden=True)
    if told := "\n".join(filter(None, names)):
        yield Text(text=told, kind="names", label="linked files")
    for host in hosts:
        yield Fault(code="linked_not_included", detail=host, part=True)


def split_fields(instructions: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the targets that the instructions of fields name (HYPERLINK "..."), and what else these say."""
    targets: list[str] = []
    others: list[str] = []
    for written in instructions:
        targets += ((match[1] or match[2]).replace("\\\\", "\\") for match in _INSTRUCTION.finditer(written))
        others.append(_INSTRUCTION.sub("", written).strip())
    return targets, others


def _told(url: str) -> Iterator[str]:
    """Yield what an address tells: whom it reaches, the name of the file, and each thing it asks for."""
    place, _, query = url.partition("?")
    place = one_line(urllib.parse.unquote(place))
    name = place.partition("#")[0].replace("\\", "/").rpartition("/")[2]
    pieces = [piece for one in query.split("&") if may_tell(piece := one_line(urllib.parse.unquote_plus(one)))]
    if _TO_SOMEBODY.match(place):
        yield " ".join((place, *pieces))
        return
    if _FILE.fullmatch(name):
        yield name
    if place != name and may_tell(place):
        yield place
    yield from pieces

"""Links to files that lie with a storage service: recognised by host and path, unwrapped from what filters put around.

What they lead to was never sent, so it cannot be read here; the names that stand in such links often are of people.
"""

import re
import urllib.parse
from collections.abc import Iterator

_URL = re.compile(r"https?://[^\s\"'<>\\]{4,4000}", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@\s]{0,200}@)?([a-z0-9.-]{3,253})", re.IGNORECASE)
# Host (an ending of it), and what the path of a file or folder has there.
_SERVICES = tuple(
    (re.compile(rf"(?:.*\.)?(?:{host})\Z"), re.compile(path, re.IGNORECASE))
    for host, path in (
        (
            r"sharepoint\.(?:com|us|de|cn)|sharepoint-mil\.us",
            r"/:[a-z]:/|/_layouts/15/(?:doc|wopiframe|guestaccess|onedrive|download|embed)"
            r"|/(?:personal|sites|teams)/[^?]*/[^/?]+\.(?!aspx\b)[a-z0-9]{2,5}(?:\?|\Z)|[?&]sourcedoc=",
        ),
        (r"1drv\.ms", r"/\S{3}"),
        (r"onedrive\.live\.com", r"[?&](?:res)?id="),
        (r"drive\.google\.com", r"/file/d/|/open\?|/uc\?|/folders/"),
        (r"docs\.google\.com", r"/(?:document|spreadsheets|presentation|drawings|file)/(?:u/\d+/)?d/"),
        (r"box\.com|box\.net", r"/(?:s|v|file|folder|shared)/"),
        (r"dropbox\.com", r"/(?:s|sh|scl|t|l/scl)/"),
        (r"dropboxusercontent\.com|db\.tt|we\.tl", r"/\S{3}"),
        (r"wetransfer\.com", r"/downloads/"),
        (r"sharefile\.(?:com|eu)", r"/d-|/(?:f|share|public)/|/i[a-z0-9]{6}"),
        (r"egnyte\.com", r"/(?:dl|fl|app|navigate)/"),
        (r"hightail\.com", r"/(?:download|receive|space|u)/"),
        (r"icloud\.com", r"/(?:attachment|iclouddrive)/"),
        (r"workdrive\.zoho\.com|zohoexternal\.com", r"/(?:file|folder|external)/"),
    )
)
_HINTS = (
    "sharepoint", "1drv", "onedrive", "google.com", "box.com", "box.net", "db.tt", "dropbox", "we.tl", "wetransfer",
    "sharefile", "egnyte", "hightail", "icloud", "zoho",
)  # fmt: skip
_FILE_NAME = re.compile(r"[^/?#]*\.[A-Za-z0-9]{2,5}\Z")
_SHORTEST_PATH = 4


def host_of(url: str) -> str:
    """Return the host of a web address, "" where it is none."""
    found = _HOST.match(url.strip())
    return found[1].lower().strip(".") if found else ""


def unwrapped(url: str) -> str:
    """Return the address inside one that a mail filter made of it (Safe Links, URL Defense)."""
    for _ in range(3):
        host = host_of(url)
        query = urllib.parse.parse_qs(url.partition("?")[2], max_num_fields=50) if "?" in url else {}
        if host.endswith(("safelinks.protection.outlook.com", "safelinks.protection.office365.us")):
            inner = (query.get("url") or [""])[0]
        elif host.startswith("urldefense") and "/v3/__" in url:
            inner = url.partition("/v3/__")[2].partition("__;")[0]
        elif host.startswith("urldefense"):
            inner = urllib.parse.unquote((query.get("u") or [""])[0].replace("-", "%").replace("_", "/"))
        else:
            return url
        if not host_of(inner):
            return url
        url = inner
    return url


def urls(text: str) -> Iterator[tuple[str, int]]:
    """Yield each web address of a text or markup, unwrapped, and where it ends."""
    for match in _URL.finditer(text):
        url = match[0].replace("&amp;", "&").rstrip(".,;:!?)]}")
        yield unwrapped(url), match.end()


def is_shared_file(url: str) -> bool:
    """Decide whether an address is that of a file or folder with a storage service."""
    host = host_of(url)
    rest = url[url.lower().find(host) + len(host) :]
    return len(rest) >= _SHORTEST_PATH and any(service.match(host) and path.search(rest) for service, path in _SERVICES)


def shared_files(body: str, *, is_markup: bool) -> Iterator[tuple[str, str]]:
    """Yield (host, name as far as the link tells it) of each file that a body only links to."""
    lower = body.lower()
    if "://" not in lower or not any(hint in lower for hint in _HINTS):
        return
    for url, end in urls(body):
        if is_shared_file(url):
            yield host_of(url), _shown(body, end) if is_markup and _shown(body, end) else name_of(url)


def _shown(markup: str, end: int) -> str:
    """Return the text of the anchor whose address ends here; "" where an address or nothing stands there."""
    begins = markup.find(">", end, end + 1_000)
    closes = markup.find("</a", begins, begins + 2_000) if begins >= 0 else -1
    if closes < 0:
        return ""
    text = " ".join(re.sub(r"<[^>]*>", " ", markup[begins + 1 : closes]).split())
    return "" if "://" in text else text[:300]


def name_of(url: str) -> str:
    """Return the name of a file as far as its address tells it."""
    name = urllib.parse.unquote(url.partition("?")[0].rstrip("/").rpartition("/")[2])
    if _FILE_NAME.match(name) and not name.lower().endswith(".aspx"):
        return name
    query = urllib.parse.parse_qs(url.partition("?")[2], max_num_fields=50)
    return next((value for key in ("file", "filename", "title") for value in query.get(key, ())), "")

"""What a message says is not in it: files that were only linked to, text that is encrypted, a message kept in a portal.

Portals (Cisco, Proofpoint, Zix, Microsoft, Virtru, Barracuda, Mimecast, ...) send a short notice with a link or a page
to open. Products come and go, so the notice is known by its form: few words, one of the few ways to say it, a link or a
page, and nothing else attached.
"""

import re
from collections.abc import Iterator

from rollcall.items import links
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import ContentError, Fault, Text, Yield

_PGP = "-----BEGIN PGP MESSAGE-----"
_MOST_WORDS = 400  # with the legal notice that most of them carry
_LOOK = 1 << 20
_SECURE = r"(?:secured?|encrypted|protected|e?secure-?mail)"
_MAIL = r"(?:e-?mail|message|mail|communication|document)s?"
_HINTS = ("secure", "encrypted", "protected", "segur", "cifrad", "encriptad", "protegid", "sécuris", "chiffr", "protég",
          "sicher", "verschlüssel", "geschützt", "sicur", "crittograf", "protett", "criptografad")  # fmt: skip
# The same two words beside each other, either way round, in the languages that such products write.
_ELSEWHERE = re.compile(
    r"\b(?:mensajes?|correos?|e-?mails?|mensagens?|mensagem|messages?|courriels?|nachricht(?:en)?|messagg[io]|posta)\b"
    r"[\w\s]{0,30}?\b(?:segur[oa]s?|cifrad[oa]s?|encriptad[oa]s?|protegid[oa]s?|sécurisée?s?|chiffrée?s?|protégée?s?"
    r"|sichere?n?|verschlüsselte?n?|geschützte?n?|sicur[oa]|crittografat[oa]|protett[oa]|criptografad[oa]s?)\b"
    r"|\b(?:sichere?n?|verschlüsselte?n?|geschützte?n?)\s(?:e-?mails?|nachricht(?:en)?)\b",
    re.IGNORECASE,
)
_ASKS_ELSEWHERE = re.compile(
    r"\b(?:haga clic|pulse|abr[ae]|abrir|ver|leer|acceda|descargue|regístrese|clique|acesse|ler|cliquez|ouvr(?:ir|ez)"
    r"|lire|consult(?:er|ez)|klicken|öffnen|lesen|anzeigen|anmelden|clicca(?:re)?|apri(?:re)?|legger[ei]|accedi)\b",
    re.IGNORECASE,
)
# A page that carries its message along enciphered: a form that is sent elsewhere, and in it one long hidden value.
_FORM = re.compile(rb"<form\b[^>]{0,2000}\baction\s*=\s*[\"']?https?://", re.IGNORECASE)
_HIDDEN = re.compile(
    rb"<(?:input|textarea)\b(?=[^>]{0,300}\b(?:hidden|display\s*:\s*none))[^>]{0,300}?"
    rb"(?:\bvalue\s*=\s*[\"']?|>)([A-Za-z0-9+/=%_\-\r\n]{700,})",
    re.IGNORECASE,
)
_MOST_OF_PAGE = 4 << 20
_TAGS = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"<(style|script)\b")
_SAYS = re.compile(
    rf"\b(?:sent|received?|has|have|view|read|open|access|retrieve|decrypt|get|unlock|waiting)\b[^.\n]{{0,80}}"
    rf"\b{_SECURE}[\s-]{{1,3}}(?:[\w-]{{1,20}}\s){{0,2}}?{_MAIL}\b"
    rf"|\b{_SECURE}\s{_MAIL}\s(?:from|portal|cent(?:er|re)|delivery|notification|system|is\swaiting|has\sbeen\ssent)\b"
    rf"|\b{_MAIL}\s(?:is|was|has\sbeen)\s(?:sent\s)?(?:securely|encrypted|protected)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:click|open|view|read|access|retrieve|decrypt|sign[\s-]?in|log[\s-]?in|log[\s-]?on|register|unlock|download"
    r"|follow)\b[^.\n]{0,160}\b(?:message|e-?mail|mail|attach\w*|link|button|below|portal|website|browser|here|account"
    r"|passcode|file)\b",
    re.IGNORECASE,
)
# Names these pages have had for twenty years, whatever the text around them says.
_PAGE = re.compile(
    r"\A(?:securedoc\w*|securemessage\w*|secure[ _-]?e?mail\w*|encrypted[ _-]?message\w*|message_zdm|messageviewer)"
    r"\.s?html?\Z",
    re.IGNORECASE,
)
_HTML_NAME = re.compile(r"\.s?html?\Z", re.IGNORECASE)


def signs(message: Message) -> Iterator[Yield]:
    """Yield the names of linked files, and a Fault for each host and each kind of content that is not there."""
    names: dict[str, None] = {}
    hosts: dict[str, None] = {}
    closed = False
    for leaf in message.leaves:
        if leaf.kind == "link":
            names[leaf.name] = None
            hosts[leaf.media_type or "attached as a link"] = None
        elif leaf.kind == "body" and leaf.text:
            closed = closed or _PGP in leaf.text
            for host, name in links.shared_files(leaf.text, is_markup=leaf.media_type == "text/html"):
                names[name] = None
                hosts[host] = None
    if told := "\n".join(name for name in names if name):
        yield Text(text=told, kind="names", label="linked files")
    for host in hosts:
        yield Fault(code="linked_not_included", detail=host)
    if closed:
        yield Fault(code="encrypted_pgp", detail="in a body")
    if is_portal_notice(message):
        yield Fault(code="held_in_portal", detail="a notice that the message is kept elsewhere")


def is_portal_notice(message: Message) -> bool:
    """Decide whether a mail only says where its message can be read."""
    if message.kind != "message":
        return False
    files = [leaf for leaf in message.leaves if leaf.kind in ("attachment", "message")]
    pages = [leaf for leaf in files if _HTML_NAME.search(leaf.name) or leaf.media_type == "text/html"]
    if any(_PAGE.match(leaf.name) or _carries_message(leaf) for leaf in pages):
        return True
    if len(pages) < len(files):
        return False
    bodies = [leaf for leaf in message.leaves if leaf.kind == "body" and (leaf.text or "").strip()]
    linked = bool(pages)
    texts: list[str] = []
    for leaf in bodies:
        text = (leaf.text or "")[:_LOOK]
        lower = text.lower()
        if not any(hint in lower for hint in _HINTS):
            continue
        linked = linked or "://" in text
        texts.append(" ".join((_shown(text) if leaf.media_type == "text/html" else text).split()))
    if not linked or not texts or max(text.count(" ") for text in texts) > _MOST_WORDS:
        return False
    return any(
        (_SAYS.search(text) and _ASKS.search(text)) or (_ELSEWHERE.search(text) and _ASKS_ELSEWHERE.search(text))
        for text in texts
    )


def _carries_message(leaf: Leaf) -> bool:
    """Decide whether an attached page holds an enciphered message that only a form elsewhere opens."""
    if leaf.chunks is None:
        return False
    held = bytearray()
    try:
        for chunk in leaf.chunks():
            held += chunk
            if len(held) > _MOST_OF_PAGE:
                break
    except ContentError:  # what cannot be had says so where it is opened
        return False
    return bool(_FORM.search(held) and _HIDDEN.search(held))


def _shown(markup: str) -> str:
    """Return roughly what a reader sees of markup: enough to count words and to know a phrase."""
    pieces: list[str] = []
    position, markup = 0, markup.lower()
    while opened := _UNSEEN.search(markup, position):
        pieces.append(markup[position : opened.start()])
        position = markup.find(f"</{opened[1]}", opened.end())
        if position < 0:
            return _TAGS.sub(" ", "".join(pieces))
    return _TAGS.sub(" ", "".join((*pieces, markup[position:])))

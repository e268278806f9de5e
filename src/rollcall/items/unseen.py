"""What markup holds beside what it shows: comments, scripts, attributes, the words of links.

A reader of the mail does not see it, whoever takes the mail has it. Only what may speak of somebody is kept: words, and
numbers in groups; the rest of it is styles, widths and marks that follow who opened what.
"""

import html
import re
import urllib.parse
from collections.abc import Iterable, Iterator

from rollcall.items.markup import strip_tags

_ASIDE = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    r"|<script\b[^>]*>(?P<script>.*?)(?:</script|\Z)"
    r"|\s(?P<key>title|aria-[\w-]{1,40}|placeholder|content|summary|label|value|srcdoc|data-[\w-]{1,60}|href|action)"
    r"\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'>]+)",
    re.IGNORECASE | re.DOTALL,
)
_WORDS = re.compile(r"[^\W\d_]{2,}['’.-]?[ ,]+[^\W\d_]{1,}")
_GROUPED = re.compile(r"(?<!\d)(?:\d{3}[- ]\d{2}[- ]\d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4})(?!\d)")
_PLAIN = frozenset(("title", "content", "value", "label", "summary", "placeholder"))  # say nothing of what they hold


def unseen(markup: str) -> str:
    """Return what markup does not show, line by line; "" where none of it could be about a person."""
    return worth_telling(line for match in _ASIDE.finditer(markup) for line in _lines(match))


def worth_telling(lines: Iterable[str]) -> str:
    """Return the lines that may speak of somebody, each once; "" where no number is among them: words tell nothing."""
    told = "\n".join(dict.fromkeys(line for line in lines if may_tell(line)))
    return told if sum(map(str.isdigit, told)) >= 4 else ""


def may_tell(line: str) -> bool:
    """Decide whether a line may speak of somebody: two words, or numbers."""
    return bool(_GROUPED.search(line) or _WORDS.search(line)) or sum(map(str.isdigit, line)) >= 4


def speaks(value: str) -> bool:
    """Decide whether a value is words or numbers in groups: not a mark, a size or a name of a setting."""
    return bool(_GROUPED.search(value) or _WORDS.search(value))


def _lines(match: re.Match[str]) -> Iterator[str]:
    if match["comment"] is not None or match["data"] is not None:
        yield from _text(match["comment"] or match["data"] or "").split("\n")
    elif match["script"] is not None:
        if _GROUPED.search(match["script"]):  # of programs only those that hold data
            yield from (line.strip() for line in match["script"].split("\n"))
    else:
        yield from _attribute(match["key"].lower(), html.unescape(match["value"].strip("\"'")).strip())


def _text(markup: str) -> str:
    """Return the text inside a comment, which may hold markup and the marks of conditions."""
    return strip_tags(re.sub(r"\A\s*\[if [^\]]{0,200}\]>", "", markup))


def _attribute(key: str, value: str) -> Iterator[str]:
    if key == "srcdoc":
        yield from strip_tags(value).split("\n")
    elif key in ("href", "action"):
        for piece in value.partition("?")[2].split("&"):
            name, _, told = (urllib.parse.unquote_plus(part) for part in piece.partition("="))
            # Long runs of letters and digits follow who opened what.
            if _WORDS.search(told) or _GROUPED.search(told):
                yield f"{name}: {told}".replace("\n", " ")
    else:
        name = key.removeprefix("data-").removeprefix("aria-").replace("-", " ")
        told = " ".join(value.split())
        yield told if key in _PLAIN or key.startswith("aria-") else f"{name}: {told}"

"""Markup read in one pass, without a tree: how deep it nests, and its text when it nests too deep for a tree.

Real readers build a tree in time that grows with the square of the depth, so the depth is known before one is built.
Every step here looks at each character a fixed number of times, whatever the markup.
"""

import html
import itertools
import re
from collections.abc import Iterator

VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
))  # fmt: skip
RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
DROPPED = frozenset(("script", "style"))
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4",
    "h5", "h6", "head", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option",
    "p", "pre", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
    "title", "tr", "ul", "xmp",
))  # fmt: skip
# An end tag may be missing and the next start tag then closes them, so they cannot nest by themselves.
_SELF_CLOSING = frozenset((
    "p", "li", "dt", "dd", "option", "optgroup", "rt", "rp", "colgroup",
))  # fmt: skip
_TABLE_INSIDES = frozenset((
    "tr", "td", "th", "tbody", "thead", "tfoot", "caption",
))  # fmt: skip
# A start tag of these lives on after its parent's end and is opened again in every block that follows.
_FORMATTING = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
# The start of a tag that can nest; tables of a hundred thousand cells have few of them.
_NESTING = re.compile(
    rf"<(?!(?:{'|'.join(sorted(VOID | _SELF_CLOSING | _TABLE_INSIDES))})(?:[\s/>]|\Z))[a-z]", re.IGNORECASE
)


def tags(markup: str) -> Iterator[tuple[int, int, str, bool]]:
    """Yield (start, end, lower-case name, is end tag) of each tag; comments and declarations have the name ""."""
    position, size = 0, len(markup)
    while (start := markup.find("<", position)) >= 0:
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 4)
            end = size if end < 0 else end + 3
            yield start, end, "", False
        elif markup.startswith(("<!", "<?"), start):
            end = markup.find(">", start)
            end = size if end < 0 else end + 1
            yield start, end, "", False
        elif match := _NAME.match(markup, start):
            end = _tag_end(markup, match.end())
            name, closing = match[1].lower(), markup[start + 1] == "/"
            yield start, end, name, closing
            if name in RAW and not closing:
                end = _raw_end(markup, name, end)
        else:
            end = start + 1
        position = end


def _tag_end(markup: str, position: int) -> int:
    """Return where a tag ends; a quoted ">" does not end it."""
    close = markup.find(">", position)
    if close < 0:
        return len(markup)
    inside = markup[position:close]
    for quote in ('="', "='"):
        if inside.count(quote[1]) % 2 and quote in inside:
            opened = markup.find(quote[1], close)
            # A quote that never ends, or ends far away, is a slip of the writer and not a value.
            if 0 <= opened < close + 4096:
                later = markup.find(">", opened)
                return len(markup) if later < 0 else later + 1
    return close + 1


def _raw_end(markup: str, name: str, position: int) -> int:
    """Return where the end tag of a raw element starts; without one it runs to the end."""
    match = re.compile(rf"</{re.escape(name)}", re.IGNORECASE).search(markup, position)
    return match.start() if match else len(markup)


def nests_deeper(markup: str, limit: int) -> bool:
    """Decide whether a tree of this markup would be deeper than `limit`, erring on the deep side."""
    if markup.count("<") <= limit or next(itertools.islice(_NESTING.finditer(markup), limit, None), None) is None:
        return False
    open_tags: list[str] = []
    counts: dict[str, int] = {}
    adopted = 0  # formatting left open by a closed parent
    for _, _, name, closing in tags(markup):
        if not name or name in VOID or name in _SELF_CLOSING:
            continue
        if name in _TABLE_INSIDES:
            while counts.get("table") and open_tags[-1] != "table":
                counts[open_tags.pop()] -= 1
        elif not closing:
            open_tags.append(name)
            counts[name] = counts.get(name, 0) + 1
            if len(open_tags) + adopted > limit:
                return True
        elif counts.get(name):
            while True:
                last = open_tags.pop()
                counts[last] -= 1
                if last == name:
                    break
                adopted += last in _FORMATTING
        elif name in _FORMATTING and adopted:
            adopted -= 1
    return False


def strip_tags(markup: str) -> str:
    """Return the text of markup in reading order, blocks on lines of their own, script and style left out."""
    pieces: list[str] = []
    position, dropping = 0, ""
    for start, end, name, closing in tags(markup):
        if not dropping and start > position:
            pieces.append(_plain(markup[position:start]))
        if name in DROPPED:
            dropping = "" if closing else name
        elif name == "br" or name in BLOCKS:
            pieces.append("\t" if name in ("td", "th") else "\n")
        position = end
    if not dropping:
        pieces.append(_plain(markup[position:]))
    lines = (line.strip(" \t") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _plain(text: str) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", html.unescape(text)).replace("\xa0", " ")

"""Labelled text of others, read in place; what may be trained on is CC BY, Apache-2.0 or MIT (see README.md)."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from made import Doc, name_as
from names import Names

_PRONOUNS = frozenset(
    [
        "i",
        "me",
        "my",
        "mine",
        "myself",
        "we",
        "us",
        "our",
        "ours",
        "you",
        "your",
        "yours",
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "they",
        "them",
        "their",
        "theirs",
        "it",
        "its",
        "who",
        "whom",
        "whose",
        "this",
        "that",
        "these",
        "those",
        "all",
        "everyone",
        "anyone",
        "someone",
        "each",
        "both",
        "one",
    ]
)
_OFFICES = frozenset(
    [
        "team",
        "director",
        "assistant",
        "manager",
        "customer",
        "customers",
        "counsel",
        "president",
        "group",
        "uncle",
        "aunt",
        "sr.",
        "all",
        "desk",
    ]
)
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'") | {"'s", "n't", "'re", "'ll", "'ve", "'m", "'d", "''"}
_NO_SPACE_AFTER = frozenset("([{$#") | {"``"}
_KINDS = {
    "person": "P",
    "PER": "P",
    "location": "X",
    "LOC": "X",
    "corporation": "X",
    "ORG": "X",
    "group": "X",
    "product": "X",
    "creative-work": "X",
    "MISC": "X",
}


def _written(rows: list[tuple[str, str]]) -> Doc:
    """Return words with marks (B-, I-, O) as running text."""
    text, spans = "", []
    before = "("
    for word, mark in rows:
        gap = "" if word in _NO_SPACE_BEFORE or before in _NO_SPACE_AFTER or before == "\n" or word == "\n" else " "
        text += gap if text else ""
        start = len(text)
        text += word
        kind = _KINDS.get(mark[2:], "")
        if mark[:2] == "B-" and kind:
            spans.append((start, len(text), kind))
        elif mark[:2] == "I-" and kind and spans and spans[-1][2] == kind:
            spans[-1] = (spans[-1][0], len(text), kind)
        before = word
    return Doc(text, spans)


def conll(path: Path, *, iob1: bool = False) -> list[Doc]:
    """Return the sentences of a file of words and marks."""
    docs, rows, before = [], [], "O"
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) < 2 or not fields[0].strip():
            if rows:
                docs.append(_written(rows))
            rows, before = [], "O"
            continue
        mark = fields[-1]
        if iob1 and mark[:2] == "I-" and before[2:] != mark[2:]:
            rows.append((fields[0], "B-" + mark[2:]))
        else:
            rows.append((fields[0], mark))
        before = mark
    return docs


def cerec(path: Path) -> Doc:
    """Return one thread, a line for each sentence, with the people it names: whole mentions written as names."""
    text, opened, spans = "", [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("#") or len(fields) < 4:
            if text and not line.startswith("#"):
                text += "\n"
            continue
        word, mark = fields[0], fields[2].replace("*", "")
        before = text[-1:]
        gap = "" if not text or before in "\n(<[$#" or word in _NO_SPACE_BEFORE or word in (">",) else " "
        text += gap
        start = len(text)
        text += word
        if mark.startswith("("):
            opened.append((start, mark[1:2]))
        if mark.endswith(")") and opened:
            begin, kind = opened.pop()
            if kind == "P" and _is_name(text[begin:]):
                spans.append((begin, len(text), "P"))
            elif kind in "OL" and text[begin].isupper() and text[begin:].lower() not in _PRONOUNS:
                spans.append((begin, len(text), "X"))
    return Doc(text, sorted(_outer(spans)))


def _is_name(text: str) -> bool:
    words = [word for word in text.replace(",", " ").replace("-", " ").split() if any(c.isalpha() for c in word)]
    return (
        bool(words)
        and len(words) < 6
        and "@" not in text
        and not any(c.isdigit() for c in text)
        and all(word[0].isupper() or word in ("de", "van", "von", "del", "la") for word in words)
        and not any(word.lower() in _PRONOUNS or word.lower() in _OFFICES for word in words)
    )


def _outer(spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    end = -1
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if span[0] >= end:
            yield span
            end = span[1]


def uner(path: Path, genre: str = "") -> list[Doc]:
    """Return the sentences of a genre with their people. Share-alike: for measuring alone."""
    docs, text, spans, position, wanted = [], "", [], 0, False
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# sent_id"):
            wanted = genre in line.split("=")[1]
        elif line.startswith("# text ="):
            text, spans, position = line[9:], [], 0
        elif not line:
            if wanted and text:
                docs.append(Doc(text, spans))
            text = ""
        elif not line.startswith("#"):
            fields = line.split("\t")
            start = text.find(fields[1], position)
            if start < 0:
                continue
            position = start + len(fields[1])
            mark = fields[2]
            if mark[2:] == "PER" and mark[0] == "B":
                spans.append((start, position, "P"))
            elif mark[2:] == "PER" and spans:
                spans[-1] = (spans[-1][0], position, "P")
    return docs


def presidio(path: Path) -> list[Doc]:
    """Return sentences of Presidio's generator, each text once."""
    docs = {}
    for one in json.loads(path.read_text(encoding="utf-8")):
        spans = []
        for span in one["spans"]:
            kind = {"PERSON": "P", "ORGANIZATION": "X", "LOCATION": "X", "STREET_ADDRESS": "X", "GPE": "X"}.get(
                span["entity_type"]
            )
            if kind:
                spans.append((span["start_position"], span["end_position"], kind))
        docs[one["full_text"]] = Doc(one["full_text"], sorted(_outer(spans)))
    return list(docs.values())


def asq(path: Path) -> list[Doc]:
    """Return clinical questions with the names and places in them."""
    docs = []
    for block in path.read_text(encoding="utf-8").split("===QUERY===")[1:]:
        text, _, tags = block.partition("===PHI_TAGS===")
        text, spans = text.strip(), []
        for line in tags.strip().splitlines():
            tag = json.loads(line) if line.startswith("{") else {}
            kind = {"NAME": "P", "GEOGRAPHIC_LOCATION": "X"}.get(tag.get("identifier_type", ""))
            at = text.find(tag.get("value", "\0"))
            if kind and at >= 0:
                end = at + len(tag["value"])
                if kind == "P":
                    for title in ("Dr. ", "Mr. ", "Mrs. ", "Ms. ", "Dr ", "dr. "):
                        if text.startswith(title, at):
                            at += len(title)
                spans.append((at, end, kind))
        docs.append(Doc(text, sorted(_outer(spans))))
    return docs


def renamed(doc: Doc, people: Names, rng: random.Random, share: float) -> Doc:
    """Return a text with people called otherwise: a share of the names is drawn anew, in the form they had."""
    text, spans, unlisted, position = "", [], [], 0
    for start, end, label in doc.spans:
        text += doc.text[position:start]
        name, position = doc.text[start:end], end
        begin = len(text)
        if label in "PS" and rng.random() < share and "@" not in name and "_" not in name:
            person = people.person()
            words = name.split()
            kind = "I" if "," in name else "P" if len(words) > 1 else rng.choice("GGL")
            new = name_as(kind, person, rng)
            new = new.upper() if name.isupper() and len(name) > 2 else new.lower() if name.islower() else new
            name = new
            if person.unlisted:
                unlisted.append((begin, begin + len(name)))
        text += name
        spans.append((begin, len(text), label))
    return Doc(text + doc.text[position:], spans, unlisted, doc.roles)


def pieces(doc: Doc, size: int = 14) -> list[Doc]:
    """Return a long text in pieces of some lines, so that each is short enough to be learned from."""
    lines = doc.text.split("\n")
    made, at = [], 0
    for first in range(0, len(lines), size):
        text = "\n".join(lines[first : first + size]) + "\n"
        made.append(
            Doc(
                text, [(s - at, e - at, k) for s, e, k in doc.spans if s >= at and e <= at + len(text)], roles=doc.roles
            )
        )
        at += len(text)
    return made

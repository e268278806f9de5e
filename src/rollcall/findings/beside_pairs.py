"""Pairs in one line: labels that end in a mark or a gap, in brackets or stars, or chopped off by semicolons."""

import re
from collections.abc import Iterator, Sequence

from rollcall.elements.labels import read_label
from rollcall.findings.pair import MAX_LABEL, Line, Pair, is_label, knows, pair_at, split_label

_LONGEST = 400  # a line with more is running text, unless it is chopped by semicolons
_LONGEST_CHOPPED = 4_000
_PLAIN = 90
_SURE = 0.85  # score of a label that is known as a whole
_TOLD = re.compile(r"\s\S*\d|\s[A-Z][\w'-]+,? [A-Z]")  # a number, or two words as names are written
_LEAD = re.compile(r"[ \t>]*(?:(?:\(?\d{1,2}[a-z]?[.)]|[-*\u2022\u25cf\u25aa\u25a1\u2610\u2611\u2612])[ \t]+)?")
_DECORATED = re.compile(r"[ \t>]*([-=*~#<\[])\1*[^:=\d]*[-=*~#>\]]+[ \t]*")
_MARK = re.compile(r"[ \t]*(?:#?[ \t]*(?::(?!//)|=(?!=))|(?<=[^\W\d_])[ \t]?#(?=[ \t]|$))[ \t]*")
_DASH = re.compile(r"[ \t]+-{1,2}>?[ \t]*(?=[^\s-])|[ \t]+-{1,2}>?[ \t]*$")
_GAPS = (
    r"\t",
    r"\|",
    r"_{2,}",
    r"\.{3,}",
    r"(?:[ ]\.){3,}",
    r"[ ]{3,}",
    r"(?:(?<=\s)|^)[\u2610\u2611\u2612]",
    r"(?<=[^\s,])[ ]{2,}",
    r"[ ]-{3,}[ ]",
)
_GAP = re.compile(rf"[ \t]*(?:{'|'.join(_GAPS)})[ \t|_.]*")
# A line without any of these holds no label that is kept from its value.
PARTED = re.compile(r"[:=#\t|;\]*~\u2610-\u2612]|__|\.\.\.| \.|  | -")
_CHOP = re.compile(r"[ \t]*[;|][ \t]*")
_WRAPPED = re.compile(r"(\*{1,2}|__?|~)(?P<label>[^*_~\n]{2,56}?)[ \t]*:?[ \t]*\1[ \t]*[:=]?[ \t]*(?P<value>.*)")
_BRACKETED = re.compile(r"\[(?P<label>[^\[\]\n]{2,56})\][ \t]*[:=]?[ \t]*(?P<value>\S.*)")


def beside(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield values that stand in the line of their label."""
    for number, line in enumerate(lines):
        if number in taken or len(line.text) < 5 or _DECORATED.fullmatch(line.text, 0, _LONGEST):
            continue
        if PARTED.search(line.text) is None:
            plain = _plain(line, number)
            if plain is not None:
                taken.add(number)
                yield plain
            continue
        found: list[Pair] = []
        if len(line.text) <= _LONGEST:
            found = _in_line(line, number)
        if len(found) < 2 and len(line.text) <= _LONGEST_CHOPPED and line.text.count(";") + line.text.count("|") >= 2:
            chopped = _chopped(line, number)
            found = chopped if len(chopped) > len(found) else found
        if found:
            taken.add(number)
            yield from found


def _plain(line: Line, number: int) -> Pair | None:
    """Return the pair of a line in which nothing keeps a label from its value but the words: "Date of Birth 3/7/64"."""
    text = line.bare
    if len(text) > _PLAIN or text[-1:] in ".!?," or _TOLD.search(text) is None:
        return None
    begin = line.text.index(text)
    cut = split_label(text)
    if cut is None:
        return None
    label = text[:cut].strip()
    known = read_label(label)
    # Before a number words of labels will do; "Housing call for Ann Keller" is no field.
    if not (text[cut].isdigit() or label.isupper() or (known is not None and known.whole and known.score >= _SURE)):
        return None
    return pair_at(line, number, (begin + cut, begin + len(text)), text[:cut], "plain")


def _in_line(line: Line, number: int) -> list[Pair]:
    lead = _LEAD.match(line.text)
    begin = lead.end() if lead else 0
    for pattern, style in ((_WRAPPED, "wrapped"), (_BRACKETED, "bracketed")):
        match = pattern.fullmatch(line.text, begin - 1 if begin and line.text[begin - 1] in "*_~" else begin)
        if match is not None and (match["value"] or ":" in match.group()) and is_label(match["label"]):
            return [pair_at(line, number, match.span("value"), match["label"], style)]
    found = _marked(line, number, begin)
    if found:
        return found
    dash = _DASH.search(line.text, begin, begin + MAX_LABEL + 4)
    if dash is not None and is_label(line.text[begin : dash.start()]):
        return [pair_at(line, number, (dash.end(), len(line.text)), line.text[begin : dash.start()], "dash")]
    return []


def _marked(line: Line, number: int, begin: int) -> list[Pair]:
    """Return the pairs of a line whose labels end in a mark or a gap; each lasts to the next label."""
    chunks = chunks_of(line.text, begin)
    found: list[Pair] = []
    waiting: tuple[str, int] | None = None  # a label with its mark but no value yet, and where its value would begin
    loose: list[tuple[int, int]] = []  # chunks without a mark
    for start, end in chunks:
        mark = _MARK.search(line.text, start, min(end, start + MAX_LABEL + 6))
        label = _label(line.text, start, mark) if mark is not None else ""
        if mark is not None and is_label(label) and not _clock(line.text, mark):
            if waiting is not None:
                found.append(pair_at(line, number, (waiting[1], waiting[1]), waiting[0], "mark"))
            waiting = None
            if mark.end() >= end:
                waiting = (label, end)
            else:
                found.append(pair_at(line, number, (mark.end(), end), label, "mark"))
        elif waiting is not None:
            found.append(pair_at(line, number, (start, end), waiting[0], "mark"))
            waiting = None
        else:
            loose.append((start, end))
    if waiting is not None:
        found.append(pair_at(line, number, (waiting[1], waiting[1]), waiting[0], "mark"))
    return found or _gapped(line, number, loose)


def _gapped(line: Line, number: int, chunks: Sequence[tuple[int, int]]) -> list[Pair]:
    """Return the pairs of a line in which only gaps keep labels from values."""
    text = line.text
    if len(chunks) == 1 and text[chunks[0][1] :].strip():  # "Phone ________": nothing was filled in
        label = text[slice(*chunks[0])]
        return [pair_at(line, number, (len(text), len(text)), label, "gap")] if is_label(label) else []
    cuts = [split_label(text[slice(*chunk)]) for chunk in chunks] if len(chunks) > 1 else []
    if len(chunks) > 1 and None not in cuts[:2] and sum(cut is not None for cut in cuts) * 3 >= len(chunks) * 2:
        return [
            pair_at(line, number, (start + cut, end), text[start : start + cut], "gap")
            for (start, end), cut in zip(chunks, cuts, strict=True)
            if cut is not None
        ]
    pairs = list(zip(chunks[::2], chunks[1::2], strict=False))
    if len(chunks) % 2 or not 1 <= len(pairs) <= 4 or not all(is_label(text[slice(*label)]) for label, _ in pairs):
        return []
    if len(pairs) > 1 and sum(knows(text[slice(*label)]) for label, _ in pairs) * 2 < len(pairs):
        return []
    return [pair_at(line, number, value, text[slice(*label)], "gap") for label, value in pairs]


def _label(text: str, start: int, mark: re.Match[str]) -> str:
    """Return the label before a mark; a number sign is the label's."""
    return text[start : mark.start() + mark.group().find("#") + 1 or mark.start()]


def _clock(text: str, mark: re.Match[str]) -> bool:
    """Say whether a colon is that of a time of day."""
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return before.isdigit() and after.isdigit()


def chunks_of(text: str, begin: int = 0) -> list[tuple[int, int]]:
    """Return what stands between gaps."""
    found, start = [], begin
    for gap in _GAP.finditer(text, begin):
        if text[start : gap.start()].strip():
            found.append((start, gap.start()))
        start = gap.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def _chopped(line: Line, number: int) -> list[Pair]:
    """Return the pairs of a line chopped by semicolons or bars, whose labels may have no mark of their own."""
    found, start = [], 0
    spans = []
    for cut in _CHOP.finditer(line.text):
        spans.append((start, cut.start()))
        start = cut.end()
    spans.append((start, len(line.text)))
    for begin, end in spans:
        if end - begin > 160:
            continue
        lead = _LEAD.match(line.text, begin, end)
        begin = lead.end() if lead else begin
        mark = _MARK.search(line.text, begin, min(end, begin + MAX_LABEL + 4))
        if mark is not None and is_label(_label(line.text, begin, mark)):
            found.append(pair_at(line, number, (mark.end(), end), _label(line.text, begin, mark), "chopped"))
        elif (cut_at := split_label(line.text[begin:end])) is not None:
            found.append(pair_at(line, number, (begin + cut_at, end), line.text[begin : begin + cut_at], "chopped"))
    return found

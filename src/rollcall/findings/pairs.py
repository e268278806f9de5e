"""Labels and values by how they are laid out, whatever the labels say: what stands before, over or under what.

A form keeps its questions from its answers by a mark (colon, equals sign, tab, rule, dots, a wide gap), by a line (the
answer under its question, or on a rule over it), or, typed in one line, by semicolons. Which it is shows in that
several lines do the same. Nothing is decided here about what a pair means.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from rollcall.elements.asked import SURE, asked
from rollcall.elements.labels import read_label

MAX_LABEL = 56  # characters
_LONGEST = 400  # a line with more is running text, unless it is chopped by semicolons
_LONGEST_CHOPPED = 4_000
_LEAD = re.compile(r"[ \t>]*(?:(?:\(?\d{1,2}[a-z]?[.)]|[-*\u2022\u25cf\u25aa\u25a1\u2610\u2611\u2612]+)[ \t]+)?")
_MARK = re.compile(r"[ \t]*(?::(?!//)|=(?!=))[ \t]*")
_DASH = re.compile(r"[ \t]+-{1,2}>?[ \t]*(?=\S)|[ \t]+-{1,2}>?[ \t]*$")
_GAP = re.compile(
    r"[ \t]*(?:\t|\||_{2,}|\.{3,}|(?:[ ]\.){3,}|[ ]{3,}|(?:(?<=\s)|^)[\u2610\u2611\u2612]|(?<=\S)[ ]{2,})[ \t|_.]*"
)
_CHOP = re.compile(r"[ \t]*[;|][ \t]*")
_WRAPPED = re.compile(r"(\*{1,2}|__?|~)(?P<label>[^*_~\n]{2,56}?)[ \t]*:?[ \t]*\1[ \t]*[:=]?[ \t]*(?P<value>.*)")
_BRACKETED = re.compile(r"\[(?P<label>[^\[\]\n]{2,56})\][ \t]*[:=]?[ \t]*(?P<value>\S.*)")
_LABEL = re.compile(r"[^\W\d_](?:[^:=\n]{0,55})")
_RULE = re.compile(r"[ \t>]*[_\-=~.*]{4,}[ \t]*")
_UNDER = re.compile(r"[ \t>]*\((?P<label>[^\W\d_].{0,70})\)[ \t]*")
_HEAD = re.compile(r"[ \t>]*[-=*~#\[<>_]*[ \t]*(?P<text>[^\W\d_][^:=|\t]{1,60}?)[ \t]*[-=*~#\]<>_:]*[ \t]*")
_HINT = re.compile(r"\([^()]{0,48}\)")
_VALUE_STARTS = re.compile(r"[#(]?\d|[A-Z]{1,5}-?\d")
_QUOTE = re.compile(r"^[ \t>]*>")
_DIGITS = re.compile(r"\d")
_MAIL_LABELS = frozenset(
    ("from", "to", "cc", "bcc", "sent", "date", "subject", "reply-to", "importance", "attachments")
)
_DOUBTFUL = frozenset(("dash", "gap"))  # marks that running text has as well
_GONE = 4  # lines without a pair that end a form


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A label and its value, as they stand; `start` and `end` are characters of the whole text."""

    line: int
    label: str
    value: str
    start: int
    end: int
    style: str
    section: str = ""


class Line(msgspec.Struct, frozen=True):
    """A line of the text."""

    offset: int
    text: str

    @property
    def bare(self) -> str:
        """The line without what quotes and spaces it."""
        return self.text.strip(" \t>")


def is_label(text: str) -> bool:
    """Say whether a text could be a question: short, of words, hardly any digits."""
    text = text.strip()
    if not 2 <= len(text) <= MAX_LABEL or not text[0].isalpha():
        return False
    bare = _HINT.sub(" ", text)
    return len(bare.split()) <= 8 and sum(map(str.isdigit, bare)) <= 2 and not bare.rstrip().endswith((",", ";", "!"))


def knows(text: str) -> bool:
    """Say whether words of a label are such as forms ask with."""
    said = asked(text)
    if any(weight >= SURE for weight in (*said.kinds.values(), *said.roles.values())):
        return True
    header = read_label(text)
    return header is not None and header.score >= 0.85


def forms_of(lines: Iterable[tuple[int, str]]) -> Iterator[list[Pair]]:
    """Yield the pairs of each form of a text, in order of place."""
    held = [Line(offset, text) for offset, text in lines]
    found = sorted(_pairs(held), key=lambda pair: (pair.line, pair.start))
    run: list[Pair] = []
    for pair in found:
        if run and _apart(held, run[-1].line, pair.line):
            yield from _kept(run)
            run = []
        run.append(pair)
    yield from _kept(run)


def _apart(lines: Sequence[Line], above: int, below: int) -> bool:
    """Say whether what stands between two pairs ends a form: too many lines, or running text."""
    between = [line.bare for line in lines[above + 1 : below] if line.bare]
    return len(between) > _GONE or below - above > 2 * _GONE or sum(len(text) > 90 for text in between) > 1


def _kept(run: list[Pair]) -> Iterator[list[Pair]]:
    """Yield a run if it is a form's: three pairs or more, most laid out alike; the head of a mail is none."""
    labels = {pair.label.lower().strip() for pair in run}
    if len(labels & _MAIL_LABELS) >= 3:
        run = [pair for pair in run if pair.label.lower().strip() not in _MAIL_LABELS]
    counts: dict[str, int] = {}
    for pair in run:
        counts[pair.style] = counts.get(pair.style, 0) + 1
    lines = {pair.line for pair in run}
    run = [
        pair
        for pair in run
        if pair.style not in _DOUBTFUL
        or counts[pair.style] > 2
        or knows(pair.label)
        or (pair.style == "gap" and lines & {pair.line - 1, pair.line + 1})
    ]
    if len(run) < 3 or not any(knows(pair.label) for pair in run):
        return
    yield run


def _pairs(lines: Sequence[Line]) -> Iterator[Pair]:
    """Yield every pair that a layout suggests, with the head it stands under."""
    taken: set[int] = set()
    found = [*_under(lines, taken), *_beside(lines, taken), *_over(lines, taken)]
    heads = _heads(lines, {pair.line for pair in found} | taken)
    section, position = "", 0
    for pair in sorted(found, key=lambda one: (one.line, one.start)):
        while position < len(heads) and heads[position][0] <= pair.line:
            section = heads[position][1]
            position += 1
        yield msgspec.structs.replace(pair, section=section)


def _heads(lines: Sequence[Line], taken: set[int]) -> list[tuple[int, str]]:
    """Return the short lines of words alone that no pair holds: what stands over a part of a form."""
    heads = []
    for number, line in enumerate(lines):
        if number in taken or not line.text or len(line.text) > 80:
            continue
        match = _HEAD.fullmatch(line.text)
        if match is not None and len(match["text"].split()) <= 6 and not match["text"].endswith((".", ",", "!", "?")):
            heads.append((number, match["text"]))
    return heads


def _pair(line: Line, number: int, span: tuple[int, int], label: str, style: str) -> Pair:
    start, end = span
    text = line.text[start:end]
    start += len(text) - len(text.lstrip(" \t_.*"))
    end -= len(text) - len(text.rstrip(" \t_*"))
    end = max(start, end)
    return Pair(
        line=number, label=label.strip(" \t*_:"), value=line.text[start:end],
        start=line.offset + start, end=line.offset + end, style=style,
    )  # fmt: skip


def _under(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield values that stand on a rule, with the label under it, as signed forms have them."""
    for number in range(1, len(lines)):
        match = _UNDER.fullmatch(lines[number].text) if len(lines[number].text) < 90 else None
        ruled = number >= 2 and _RULE.fullmatch(lines[number - 1].text) is not None
        above = number - 2 if ruled else number - 1
        label = match["label"] if match is not None else lines[number].bare
        if (match is None and not (ruled and knows(label))) or not is_label(label):
            continue
        value = lines[above]
        if above in taken or not ruled or not value.bare or len(value.text) > 160:
            continue
        if _UNDER.fullmatch(value.text) or _RULE.fullmatch(value.text):
            continue
        taken.update((above, number - 1, number))
        yield _pair(value, above, (0, len(value.text)), label, "under")


def _beside(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield values that stand in the line of their label."""
    for number, line in enumerate(lines):
        if number in taken or len(line.text) < 5:
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


def _in_line(line: Line, number: int) -> list[Pair]:
    lead = _LEAD.match(line.text)
    begin = lead.end() if lead else 0
    for pattern, style in ((_WRAPPED, "wrapped"), (_BRACKETED, "bracketed")):
        match = pattern.fullmatch(line.text, begin - 1 if begin and line.text[begin - 1] in "*_~" else begin)
        if match is not None and (match["value"] or ":" in match.group()) and is_label(match["label"]):
            return [_pair(line, number, match.span("value"), match["label"], style)]
    found = _marked(line, number, begin)
    if found:
        return found
    dash = _DASH.search(line.text, begin, begin + MAX_LABEL + 4)
    if dash is not None and is_label(line.text[begin : dash.start()]):
        return [_pair(line, number, (dash.end(), len(line.text)), line.text[begin : dash.start()], "dash")]
    return []


def _marked(line: Line, number: int, begin: int) -> list[Pair]:
    """Return the pairs of a line whose labels end in a mark or a gap; each lasts to the next label."""
    chunks = _chunks(line.text, begin)
    found: list[Pair] = []
    waiting: tuple[str, int] | None = None  # a label with its mark but no value yet, and where its value would begin
    loose: list[tuple[int, int]] = []  # chunks without a mark
    for start, end in chunks:
        mark = _MARK.search(line.text, start, min(end, start + MAX_LABEL + 6))
        label = line.text[start : mark.start()] if mark is not None else ""
        if mark is not None and is_label(label) and not _clock(line.text, mark):
            if waiting is not None:
                found.append(_pair(line, number, (waiting[1], waiting[1]), waiting[0], "mark"))
            waiting = None
            if mark.end() >= end:
                waiting = (label, end)
            else:
                found.append(_pair(line, number, (mark.end(), end), label, "mark"))
        elif waiting is not None:
            found.append(_pair(line, number, (start, end), waiting[0], "mark"))
            waiting = None
        else:
            loose.append((start, end))
    if waiting is not None:
        found.append(_pair(line, number, (waiting[1], waiting[1]), waiting[0], "mark"))
    return found or _gapped(line, number, loose)


def _gapped(line: Line, number: int, chunks: Sequence[tuple[int, int]]) -> list[Pair]:
    """Return the pairs of a line in which only gaps keep labels from values."""
    text = line.text
    if len(chunks) == 1 and text[chunks[0][1] :].strip():  # "Phone ________": nothing was filled in
        label = text[slice(*chunks[0])]
        return [_pair(line, number, (len(text), len(text)), label, "gap")] if is_label(label) else []
    pairs = list(zip(chunks[::2], chunks[1::2], strict=False))
    if len(chunks) % 2 or not 1 <= len(pairs) <= 4 or not all(is_label(text[slice(*label)]) for label, _ in pairs):
        return []
    if len(pairs) > 1 and sum(knows(text[slice(*label)]) for label, _ in pairs) * 2 < len(pairs):
        return []
    return [_pair(line, number, value, text[slice(*label)], "gap") for label, value in pairs]


def _clock(text: str, mark: re.Match[str]) -> bool:
    """Say whether a colon is that of a time of day."""
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return before.isdigit() and after.isdigit()


def _chunks(text: str, begin: int) -> list[tuple[int, int]]:
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
        if mark is not None and is_label(line.text[begin : mark.start()]):
            found.append(_pair(line, number, (mark.end(), end), line.text[begin : mark.start()], "chopped"))
        elif (cut_at := split_label(line.text[begin:end])) is not None:
            found.append(_pair(line, number, (begin + cut_at, end), line.text[begin : begin + cut_at], "chopped"))
    return found


def split_label(text: str) -> int | None:
    """Return where the value begins in "Birth date 1/2/1980" or "Who is this about Olson, Mary"; None without a label.

    A value begins with its digits; else with the capitalised words that follow the longest beginning known as a label.
    """
    words = list(re.finditer(r"\S+", text))[:9]
    value = next((index for index, word in enumerate(words) if index and _VALUE_STARTS.match(word.group())), None)
    if value is not None and is_label(text[: words[value].start()]) and knows(text[: words[value].start()]):
        return words[value].start()
    for count in range(min(len(words) - 1, 7), 0, -1):
        label = text[: words[count - 1].end()]
        if not words[count].group()[0].isupper() and count < 2:
            continue
        if is_label(label) and knows(label) and (count == len(words) - 1 or words[count].group()[0].isupper()):
            small = [word.group() for word in words[1:count] if word.group()[0].isupper()]
            if not small or label.isupper():
                return words[count].start()
    return None


def _over(lines: Sequence[Line], taken: set[int]) -> Iterator[Pair]:
    """Yield values under their labels, line by line in turn; a label may be left without a value."""
    number = 0
    shown = [index for index, line in enumerate(lines) if line.bare and index not in taken]
    while number < len(shown):
        end, steps = _ladder(lines, shown, number)
        if steps:
            taken.update(shown[number:end])
            for label, value in steps:
                line = lines[value]
                yield _pair(line, value, (0, len(line.text)), lines[label].bare.rstrip(":"), "over")
        number = max(end, number + 1)


def _ladder(lines: Sequence[Line], shown: Sequence[int], at: int) -> tuple[int, list[tuple[int, int]]]:
    """Return where a run of labels over values that begins at a line ends, and its (label, value) lines.

    Between two steps up to two lines may stand that are none: a head, or a label left without a value.
    """
    steps: list[tuple[int, int]] = []
    known = skipped = 0
    position, end = at, at + 1
    while position + 1 < len(shown) and skipped <= 2:
        label, value = lines[shown[position]], lines[shown[position + 1]]
        if not _is_step(label, value) or shown[position + 1] - shown[position] > 2:
            if not steps or not is_label(label.bare):
                break
            skipped += 1
            position += 1
            continue
        question = label.bare.rstrip(":")
        deeper = _indent(value.text) >= _indent(label.text) + 2
        surely = knows(question)
        if not surely and not (deeper and steps) and not (steps and _then_label(lines, shown, position + 2)):
            skipped += 1
            position += 1
            if not steps:
                break
            continue
        steps.append((shown[position], shown[position + 1]))
        known, skipped = known + surely, 0
        position += 2
        end = position
    if known < 2 or len(steps) < 3:
        return at + 1, []
    return end, steps


def _is_step(label: Line, value: Line) -> bool:
    """Say whether one line can ask what the next one answers."""
    question, answer = label.bare.rstrip(":"), value.bare
    if (
        len(label.text) > 90
        or len(value.text) > 160
        or not is_label(question)
        or _quoted(label.text) != _quoted(value.text)
    ):
        return False
    level = _indent(value.text) <= _indent(label.text)
    return not (level and is_label(answer) and len(answer.split()) <= 5 and knows(answer.rstrip(":")))


def _then_label(lines: Sequence[Line], shown: Sequence[int], position: int) -> bool:
    return position < len(shown) and knows(lines[shown[position]].bare.rstrip(":"))


def _quoted(text: str) -> str:
    return "".join(_QUOTE.findall(text)[:1]).replace(" ", "")


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t>"))

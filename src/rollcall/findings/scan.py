"""Scan the text of a part: shapes, labels before and behind them, labelled fields; then settle what overlaps."""

import re
from collections.abc import Callable, Iterable, Sequence

from rollcall.elements import BY_ID
from rollcall.elements.appositions import word_before
from rollcall.elements.blocks import blocks
from rollcall.elements.headers import Header
from rollcall.elements.labels import label_after, label_before, read_label
from rollcall.findings import forms
from rollcall.findings.answers import Told, answer, told_fields, with_provider
from rollcall.findings.candidate import Candidate, read, settle
from rollcall.findings.normalise import Normal, normalise
from rollcall.findings.patterns import Shape, hits, lines
from rollcall.findings.profile import reads_as_name
from rollcall.findings.readings import readings, says, term_readings
from rollcall.model import Finding, Part, Place

# What servers and programs write into a header; what else has words in it was written by somebody.
_TRANSPORT = re.compile(
    r"(?:received|received-spf|return-path|delivered-to|envelope-to|date|message-id|in-reply-to|references|mime-version|"
    r"dkim-.*|domainkey-.*|arc-.*|authentication-results.*|list-.*|user-agent|feedback-id|thread-index|autocrypt|"
    r"content-(?:transfer-encoding|id|language|length|location)|precedence|importance|auto-submitted|"
    r"x-(?:ms|microsoft|forefront|exchange|google|gm|gmail|spam|sg|mailgun|ses|proofpoint|barracuda|mimecast|cloud|"
    r"virus|mailer|originating|original|received|priority|msmail|mimeole|report|campaign|complaints|auto|antiabuse|"
    r"authority|scanned|yahoo|apple|mozilla|uidl?|sender|envelope|return|delivered|account|universally|face|pgp)(?:-.*)?)",
    re.IGNORECASE,
)
_ADDRESSES = frozenset(
    ("from", "to", "cc", "bcc", "sender", "reply-to", "apparently-to", "disposition-notification-to", "errors-to",
     "resent-from", "resent-to", "resent-cc", "resent-sender")
)  # fmt: skip
_BRACKETED = re.compile(r"<[^<>]*>|[^\s<>\"(,;]+@[^\s<>\"),;]+")
_WRITTEN = re.compile(r"[^\W\d_]{2,}['’.-]?[\s,_]+(?:[^\W\d_]{2,}|[^\W\d_]\.)")  # two words
_FREE_HEADERS = frozenset(
    ("subject", "thread-topic", "topic", "comments", "keywords", "summary", "content-description")
)
# What fields of programs are named for; numbers of senders and lists have names that read like a member's or account's.
_NAMED_FOR = frozenset(("ssn", "date_of_birth", "medical_record_number", "name"))
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]*):")
_BARE = re.compile(r"[\s>*\u2022\-#(\[]*$")


def free_text(text: str) -> str:
    """Return a header block with everything blanked that transport wrote; offsets stay."""
    kept = []
    name = ""
    for line in text.splitlines(keepends=True):
        match = None if line[:1].isspace() else _HEADER_LINE.match(line)
        if not line[:1].isspace():
            name = match[1].lower() if match else ""
        kept.append(_free(name, line, match.end() if match else 0))
    return "".join(kept)


def _free(name: str, line: str, start: int) -> str:
    """Return a line of a header with what transport wrote blanked; the value begins at `start`."""
    if name in _ADDRESSES:
        value = _BRACKETED.sub(lambda match: " " * len(match[0]), line[start:])
        # Whom a mail came from and went to is known; beside the names people write notes now and then.
        free = sum(map(str.isdigit, value)) >= 4
        line = line[:start] + value
    elif not name or name in _FREE_HEADERS:
        free = True
    else:
        free = not _TRANSPORT.fullmatch(name) and (_WRITTEN.search(line, start) is not None or _tells(name))
    return line if free else re.sub(r"[^\r\n]", " ", line)


def _tells(name: str) -> bool:
    """Say whether a field is named for what people have one of ("X-Patient-SSN")."""
    label = read_label(name.removeprefix("x-").replace("-", " "))
    return label is not None and label.element in _NAMED_FOR and label.score >= 0.9


_ADDRESSEE = re.compile(r"[ \t>]*([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,4})(?: \([^()]{1,30}\))?[ \t]*")


class _Scanner:
    """Carries from line to line: the line before, a label waiting for its value, the columns of a plain-text table.

    `told` is what the forms of the text tell, by the offset of the line.
    """

    def __init__(self, told: dict[int, list[Told]]) -> None:
        self.told = told
        self.before, self.before_at = "", 0
        self.waiting: Header | None = None
        self.columns: list[forms.Field] | None = None
        self.found: list[Candidate] = []
        self.street: int | None = None  # index of an address that the next line may continue

    def line(self, offset: int, line: str) -> None:
        """Read one line that stands at `offset`."""
        if not line.strip(" \t>"):
            self.before = ""
            self.street = None
            return
        found: list[Candidate] = []
        shaped = list(hits(line)) if len(line) > 3 else []
        told = self.told.get(offset, ())
        fields = [one for one in forms.fields(line) if not _within(told, offset + one.start, offset + one.end)]
        columns = None if told else forms.text_columns(line)
        if columns is not None:
            self.columns = columns
        elif self.columns is not None and not fields and not told:
            found += self._under_columns(line, shaped)
        elif fields or told:
            self.columns = None
        found += self._shapes(offset, line, shaped, told)
        found += term_readings(line)
        for one_told in told:
            found += answer(line, one_told, offset, shaped)
        for field in fields:
            one = forms.value_of(line, field.start, field.end, field.header) if field.header.element else None
            if one is not None:
                found.append(one)
        if self.waiting is not None and not fields and not told and columns is None:
            lead = len(line) - len(line.lstrip(" \t>"))
            one = forms.value_of(line, lead, len(line), self.waiting, trust=0.9)
            if one is not None:
                found.append(one)
        self.waiting = None if told else self._waits(line, fields)
        self._continue_address(offset, line)
        found = settle(found)
        if (name := self._addressed(line, found)) is not None:
            self.found.append(name)
        self._keep(offset, found)
        self.before, self.before_at = line, offset

    def _addressed(self, line: str, found: list[Candidate]) -> Candidate | None:
        """Return the name on the line over a street that has its line alone, as a letter is addressed."""
        name = _ADDRESSEE.fullmatch(self.before) if len(self.before) < 80 else None
        alone = any(one.element == "address" and not line[: one.start].strip(" \t>") for one in found)
        if name is None or not alone or not reads_as_name(name[1]):
            return None
        value, check, factor = read("name", "full", name[1])
        return Candidate(
            start=self.before_at + name.start(1), end=self.before_at + name.end(1), element="name", subtype="full",
            group="", value=value, check=check, confidence=0.65 * factor, why="addressee",
        )  # fmt: skip

    def _keep(self, offset: int, found: list[Candidate]) -> None:
        self.street = None
        for one in with_provider(found):
            self.found.append(_moved(one, offset))
            if one.element == "address" and one.subtype in ("street", "po_box"):
                self.street = len(self.found) - 1

    def _waits(self, line: str, fields: list[forms.Field]) -> Header | None:
        """Return the header of a label at the end of the line whose value must be on the next one."""
        if fields:
            last = fields[-1]
            return last.header if not line[last.start :].strip() and last.header.element else None
        bare = line.strip(" \t>*_-#").rstrip(":")
        header = read_label(bare) if 1 < len(bare) <= 48 else None
        return header if header is not None and header.element and header.score >= 0.9 else None

    def _continue_address(self, offset: int, line: str) -> None:
        if self.street is None or (end := forms.address_tail(line)) is None:
            return
        street = self.found[self.street]
        tail = " ".join(line[:end].split()).lstrip("> ")
        self.found[self.street] = Candidate(
            start=street.start,
            end=offset + end,
            element=street.element,
            subtype=street.subtype,
            group=street.group,
            value=f"{street.value}, {tail}",
            check=street.check,
            confidence=min(0.97, street.confidence + 0.1),
            why=street.why,
        )

    def _label(self, line: str, start: int, end: int) -> Header | None:
        """Return what the words before, behind or above a value say that it is."""
        label = label_before(line, start)
        if label is not None:
            return forms.in_context(label.header, line, (label.start, label.end), self.before)
        after = label_after(line, end)
        if after is not None:
            return after.header
        if _BARE.match(line[:start]):
            if self.waiting is not None:
                return self.waiting
            above = label_before(self.before, len(self.before)) if self.before.rstrip().endswith((":", "=")) else None
            return above.header if above is not None else None
        return word_before(line, start, end)

    def _shapes(
        self, offset: int, line: str, shaped: list[tuple[Shape, int, int]], told: Sequence[Told]
    ) -> list[Candidate]:
        found = []
        labels: dict[tuple[int, int], Header | None] = {}
        for _, start, end in shaped:
            if (start, end) not in labels:
                said = _within(told, offset + start, offset + end)
                labels[start, end] = said if said is not None and said.element else self._label(line, start, end)
        meant = {(start, end) for shape, start, end in shaped if says(shape, labels[start, end])}
        for shape, start, end in shaped:
            label = labels[start, end]
            # A number that fails the check of what its label says is no better read as something near to that.
            near = (start, end) in meant and says(shape, label, any_subtype=True) and not says(shape, label)
            if not near:
                found += readings(line, shape, start, end, label)
        return found

    def _under_columns(self, line: str, shaped: list[tuple[Shape, int, int]]) -> list[Candidate]:
        """Return what a row of a plain-text table holds under its headers; a row that fits none ends the table."""
        spans = list(forms.segments(line))
        found: list[Candidate] = []
        if len(spans) < 2:
            self.columns = None
            return found
        for index, (start, end) in enumerate(spans):
            field = forms.column_for(self.columns or [], start, end, index, len(spans))
            if field is None or not field.header.element:
                continue
            one = forms.value_of(line, start, end, field.header, trust=0.95)
            if one is not None:
                found.append(one)
                continue
            for shape, a, b in shaped:
                if start <= a and b <= end:
                    found += [c for c in readings(line, shape, a, b, field.header) if c.why.startswith("label:")]
        if not found:
            self.columns = None
        return found


def _within(told: Sequence[Told], start: int, end: int) -> Header | None:
    """Return what a form tells of a span that lies in one of its answers."""
    return next((one.header for one in told if one.start <= start and end <= one.end), None)


def _moved(one: Candidate, offset: int) -> Candidate:
    return Candidate(
        start=one.start + offset,
        end=one.end + offset,
        element=one.element,
        subtype=one.subtype,
        group=one.group,
        value=one.value,
        check=one.check,
        confidence=one.confidence,
        why=one.why,
    )


def scan_lines(text: str) -> list[Candidate]:
    """Return what stands in a normalised text, in order of place."""
    held = list(lines(text))
    scanner = _Scanner(told_fields(held))
    for offset, line in held:
        scanner.line(offset, forms.plain_labels(line))
    name = forms.unlabelled_name(held, scanner.found) if scanner.found else None
    return sorted([*scanner.found, name], key=lambda one: one.start) if name is not None else scanner.found


def candidates(text: str) -> tuple[Normal, list[Candidate]]:
    """Return the normalised text and what stands in it, in order of place."""
    normal = normalise(text)
    return normal, scan_lines(normal.text)


def findings_of(
    part: Part, blob_id: str, seal: Callable[[str], str], normal: Normal, found: Iterable[Candidate]
) -> Iterable[Finding]:
    """Return candidates of a part's normalised text as findings, in order of place."""
    places = [(*normal.span(one.start, one.end), one) for one in found if one.end > one.start]
    return _findings(part, blob_id, seal, part.text or "", places)


def scan_text(part: Part, blob_id: str, seal: Callable[[str], str]) -> list[Finding]:
    """Return the findings of a part's text, in order of place. Header blocks are read only where people write."""
    text = part.text or ""
    if not text:
        return []
    normal, found = candidates(free_text(text) if part.kind == "header" else text)
    return list(findings_of(part, blob_id, seal, normal, found))


def _findings(
    part: Part, blob_id: str, seal: Callable[[str], str], text: str, places: list[tuple[int, int, Candidate]]
) -> Iterable[Finding]:
    spans = list(blocks(text)) if places else []
    index = 0
    ordinals: dict[tuple[str, str, str, str], int] = {}
    for start, end, one in places:
        while index < len(spans) - 1 and spans[index][1] <= start:
            index += 1
        block = spans[index][2] if spans else None
        anchor = (block or "", one.element, one.subtype, one.value)
        ordinal = ordinals[anchor] = ordinals.get(anchor, -1) + 1
        element = BY_ID[one.element]
        yield Finding(
            finding_id=seal(f"{blob_id}|{part.part_no}|{block}|{one.element}|{one.subtype}|{one.value}|{ordinal}"),
            blob_id=blob_id,
            place=Place(part_no=part.part_no, start=start, end=end),
            block=block,
            group=one.group,
            element=one.element,
            subtype=one.subtype,
            text=text[start:end],
            value=one.value,
            check=one.check,
            confidence=round(one.confidence, 4),
            why=one.why,
            made_by=f"{element.id}@{element.version}",
        )

"""What the case knows after its tables are read: who works here, and which people there are to be found in prose."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import ahocorasick
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.elements.name_parts import PARTICLES
from rollcall.elements.name_tables import key
from rollcall.elements.name_words import PLAIN
from rollcall.elements.names import given_weight, parse_name
from rollcall.mentions.taught import Taught
from rollcall.model import LexiconEntry

STRONG = frozenset({
    "ssn", "date_of_birth", "medical_record_number", "health_insurance", "drivers_license", "passport", "military_id",
    "tax_id", "patient_account_number", "financial_account", "payment_card", "diagnosis", "treatment", "medication",
})  # fmt: skip
_PUBLIC = frozenset(
    (
        "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "msn.com", "live.com",
        "comcast.net", "me.com", "proton.me", "verizon.net", "att.net", "sbcglobal.net",
    )
)  # fmt: skip
_OWN_SHARE = 0.2  # of the senders' addresses; a domain with less is somebody else's
_LOCAL = re.compile(r"([a-z]{2,})[._-]([a-z]{2,})\d{0,2}$")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*")
_ANGLE = re.compile(r"<\s*([^<>\s@]+@[^<>\s@]+)\s*>")
_BARE = re.compile(r"[^\s<>,;:\"'()@]+@[^\s<>,;:\"'()@]+")
_GAP = re.compile(r"[\s>_\-]*(?:[^\W\d_]\.?[\s>_\-]+)?(?:\"[^\"\n]{1,20}\"\s+)?")
_TURNED = re.compile(r"[\s>]*,[\s>]*|[_\-]+")


def addresses(written: str) -> list[tuple[str, str]]:
    """Return (display name, address in lower case) of a header as written; commas inside a name are kept."""
    pairs: list[tuple[str, str]] = []
    position = 0
    written = written[:100_000]
    for match in _ANGLE.finditer(written):
        before = written[position : match.start()].strip(" ,;\t\r\n")
        bare = list(_BARE.finditer(before))
        if bare:
            pairs += [("", one.group().lower()) for one in bare]
            before = before[bare[-1].end() :].strip(" ,;\t\r\n)")
        pairs.append((" ".join(before.replace('"', " ").split()).strip(" '"), match[1].lower()))
        position = match.end()
    pairs += [("", one.group().lower()) for one in _BARE.finditer(written, position)]
    return pairs


def build_lexicon(
    correspondence: Iterable[tuple[str | None, str | None]], subjects: Iterable[str], mailboxes: Iterable[str] = ()
) -> list[LexiconEntry]:
    """Return staff (from the senders and recipients of the case's mail) and people met in rows and forms, sorted.

    `correspondence` are (sender, recipients) as written; `subjects` names as `subjects_of` returns them; `mailboxes`
    the custodians' addresses, whose domains are the house's own. Without them those domains are that send most.
    """
    return sorted(
        {*_staff(correspondence, mailboxes), *_persons(subjects)},
        key=lambda one: (one.kind, one.family, one.given, one.email or ""),
    )


def _domain(mail: str) -> str:
    return mail.rpartition("@")[2]


def _staff(correspondence: Iterable[tuple[str | None, str | None]], mailboxes: Iterable[str]) -> set[LexiconEntry]:
    senders: Counter[str] = Counter()
    named: dict[str, Counter[str]] = {}
    for sender, recipients in correspondence:
        for name, mail in addresses(sender or ""):
            senders[_domain(mail)] += 1
            named.setdefault(mail, Counter())[name] += 1
        for name, mail in addresses(recipients or ""):
            named.setdefault(mail, Counter())[name] += 1
    own = {_domain(mail.lower()) for mail in mailboxes if "@" in mail} - _PUBLIC
    if not own:
        total = sum(senders.values())
        own = {domain for domain, count in senders.items() if count >= max(2, total * _OWN_SHARE)} - _PUBLIC
    entries = set()
    for mail, names in named.items():
        if _domain(mail) in own:
            for name in names or [""]:
                given, family = _name_of(name, mail)
                if given and family:
                    entries.add(LexiconEntry(kind="staff", given=given, family=family, email=mail))
    return entries


def _name_of(display: str, mail: str) -> tuple[str, str]:
    """Return given and family name of a display name, or of an address like jane.doe@."""
    parsed = parse_name(display) if display and "@" not in display else parse_name("")
    if parsed.full:
        return parsed.given, parsed.family
    match = _LOCAL.match(mail.partition("@")[0])
    if match and given_weight(match[1]) >= 8:
        return match[1].capitalize(), match[2].capitalize()
    return "", ""


def subjects_of(mentions: pa.Table, memberships: pa.Table, findings: pa.Table) -> set[str]:
    """Return the names of those whom rows and forms are about and tell something personal of."""
    known = mentions.filter(
        pc.and_(
            pc.and_(mentions["is_subject"], pc.not_equal(mentions["name"], "")),
            pc.is_in(mentions["kind"], pa.array(["row", "form", "record"])),
        )
    )
    if not known.num_rows:
        return set()
    strong = findings.filter(pc.is_in(findings["element"], pa.array(sorted(STRONG))))["finding_id"]
    tied = memberships.filter(pc.is_in(memberships["finding_id"], strong.combine_chunks()))["mention_id"]
    named = known.filter(pc.is_in(known["mention_id"], tied.combine_chunks()))
    return set(named["name"].unique().to_pylist())


def _persons(subjects: Iterable[str]) -> set[LexiconEntry]:
    entries = set()
    for name in set(subjects):
        parsed = parse_name(name)
        if len(parsed.given.rstrip(".")) > 1 and len(parsed.family) > 1:
            entries.add(LexiconEntry(kind="person", given=parsed.given, family=parsed.family))
    return entries


class Lexicon:
    """The entries made ready to be searched for in text: staff and people by name, and the numbers of the case."""

    def __init__(self, entries: Sequence[LexiconEntry], taught: Taught | None = None) -> None:
        self.taught = taught or Taught()
        self.staff = frozenset(_words(one.given, one.family) for one in entries if one.kind == "staff")
        self.persons = frozenset(_words(one.given, one.family) for one in entries if one.kind == "person")
        patterns: dict[str, tuple[int, int, bool]] = {}  # length, words before the turn, family name first
        for given, family in sorted(self.persons):
            straight, turned = f" {given} {family} ", f" {family} {given} "
            patterns.setdefault(turned, (len(turned), len(family.split()), True))
            patterns[straight] = (len(straight), len(given.split()), False)
        self._automaton = ahocorasick.Automaton()
        for pattern, value in patterns.items():
            self._automaton.add_word(pattern, value)
        if patterns:
            self._automaton.make_automaton()
        self._any = bool(patterns)

    def is_staff(self, given: str, family: str) -> bool:
        """Say whether a name is a staff member's, and not also that of a person met in a table."""
        words = _words(given, family)
        return words in self.staff and words not in self.persons

    def search(self, text: str) -> list[tuple[int, int]]:
        """Return where known people are named: both orders, any case, across line ends and quote marks, ascending."""
        if not self._any:
            return []
        spans: list[tuple[int, int]] = []
        keys: list[str] = []
        for match in _TOKEN.finditer(text):
            word = key(match.group())
            if len(word) > 1:
                spans.append(match.span())
                keys.append(word)
        starts: dict[int, int] = {}
        position = 0
        for index, word in enumerate(keys):
            starts[position] = index
            position += len(word) + 1
        found = []
        for end, (length, turn, turned) in self._automaton.iter(" " + " ".join(keys) + " "):
            first = starts[end - length + 1]
            last = first + keys_in(length, keys, first)
            words = spans[first:last]
            if _reads(text, words, turn, turned=turned):
                found.append((words[0][0], words[-1][1]))
        return _outermost(found)


def keys_in(length: int, keys: Sequence[str], first: int) -> int:
    """Return how many words from `first` a pattern of this length, blanks included, takes up."""
    taken, left = 0, length - 1
    while left > 0:
        left -= len(keys[first + taken]) + 1
        taken += 1
    return taken


def _words(given: str, family: str) -> tuple[str, str]:
    """Return a name as the search sees it."""
    one, other = (
        " ".join(word for word in (key(match.group()) for match in _TOKEN.finditer(part)) if len(word) > 1)
        for part in (given, family)
    )
    return one, other


def _reads(text: str, words: Sequence[tuple[int, int]], turn: int, *, turned: bool) -> bool:
    """Say whether what stands between the words lets them be one name."""
    for index in range(len(words) - 1):
        gap = text[words[index][1] : words[index + 1][0]]
        wanted = _TURNED if turned and index + 1 == turn else _GAP
        if not wanted.fullmatch(gap):
            return False
    written = [text[start:end] for start, end in words]
    # "will" and "may" are names too, but in lower case they are words.
    return all(word[0].isupper() or word in PARTICLES or key(word) not in PLAIN for word in written)


def _outermost(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept

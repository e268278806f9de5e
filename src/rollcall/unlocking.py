"""What may open each file behind a password: the passwords given, and what the mail around the file tells.

The password of a file stands mostly in the mail that brings it, in the next one, or in another mail between the same
people; now and then only in one that names the file. The nearer, the earlier it is tried. Some stand in the name of
the file itself, or of another that came with it.
"""

import datetime
import heapq
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ahocorasick
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.items.passwords import ANNOUNCED, candidates, hinted, of_name
from rollcall.mentions.lexicon import addresses
from rollcall.model import Child, Part
from rollcall.paths import real_path
from rollcall.store import Store
from rollcall.tasks import OCR, OPEN, ROOTS
from rollcall.waves import Reading

MOST = 2_000  # passwords found, for one file; hints at four digits add ten thousand
LIKELIEST = 6  # of those, tried first
OF_NAME, OF_BESIDE, OF_NAMES = 40, 10, 120  # from the name of the file, of another in its mail, from all of them
NEAREST = 300  # mails between the same people that are looked at, the nearest in time
_COLUMNS = ["parent_blob_id", "blob_id", "kind", "name", "subject", "sender", "recipients", "sent_at"]
_REPLY = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|rv|tr|enc)\s*(?:\[\d+\])?\s*:)+", re.IGNORECASE)
_SHORTEST_NAME = 5
SAME_MAIL, SAME_THREAD, SAME_PEOPLE = range(3)


class _Mail(msgspec.Struct, frozen=True):
    thread: str
    people: frozenset[str]
    sent: float


class _Around(msgspec.Struct):
    """Where one file occurs: the mails above it, and what it is called."""

    mails: set[str] = msgspec.field(default_factory=set)
    names: set[str] = msgspec.field(default_factory=set)  # of the file and of what it lies in
    own: set[str] = msgspec.field(default_factory=set)  # of the file
    beside: set[str] = msgspec.field(default_factory=set)  # of what else came with those mails


class _Mails:
    """All mails, and which of them share people or a thread."""

    def __init__(self, mails: Mapping[str, _Mail]) -> None:
        self.by_blob = mails
        self._of_person: dict[str, list[str]] = defaultdict(list)
        self._to_self: dict[str, list[str]] = defaultdict(list)
        self._of_thread: dict[str, list[str]] = defaultdict(list)
        for blob_id, mail in mails.items():
            for person in mail.people:
                self._of_person[person].append(blob_id)
            if len(mail.people) == 1:
                self._to_self[next(iter(mail.people))].append(blob_id)
            if mail.thread:
                self._of_thread[mail.thread].append(blob_id)

    def levels(self, around: _Around) -> dict[str, int]:
        """Return how near each mail stands to a file, for those that stand near at all."""
        own = [self.by_blob[one] for one in sorted(around.mails)]
        if not own:
            return {}
        people = frozenset[str]().union(*(mail.people for mail in own))
        levels: dict[str, int] = dict.fromkeys(around.mails, SAME_MAIL)
        for thread in {mail.thread for mail in own if mail.thread}:
            for blob_id in self._of_thread[thread]:
                if blob_id not in levels and self.by_blob[blob_id].people & people:
                    levels[blob_id] = SAME_THREAD
        # Two people in common are one besides the most frequent, who is in nearly every mail of their own mailbox.
        by_use = sorted(people, key=lambda person: (len(self._of_person[person]), person))
        met = {one for person in by_use[:-1] for one in self._of_person[person]}
        others = {one for one in met if len(self.by_blob[one].people & people) > 1}
        others.update(one for person in people for one in self._to_self[person])
        apart = ((_apart(self.by_blob[one], own), one) for one in others - levels.keys())
        levels.update((one, SAME_PEOPLE) for _, one in heapq.nsmallest(NEAREST, apart))
        return levels


def given_passwords(store: Store) -> Iterator[str]:
    """Yield the passwords of the files that were given with --passwords, one on a line."""
    for source in store.ledger.sources():
        if source.kind != "passwords" or not source.sha256:
            continue
        data = Path(real_path(source.path)).read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
        for line in text.splitlines():
            yield from dict.fromkeys(one for one in (line, line.strip()) if one)


def gather(store: Store, reading: Reading, locked: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each content behind a password what to try on it, the likeliest first."""
    locked, given = sorted(locked), list(given_passwords(store))
    children = pa.concat_tables(reading.table(reading.ended[task], Child, _COLUMNS) for task in (ROOTS, OPEN))
    mails = _mails(children)
    around = _around(children, locked, mails)
    index = _Mails(mails)
    levels = {blob_id: index.levels(around[blob_id]) for blob_id in locked}
    told = _told(reading, {mail for near in levels.values() for mail in near}, around)
    return {blob_id: tuple(_ranked(told, mails, around[blob_id], levels[blob_id], given)) for blob_id in locked}


def _mails(children: pa.Table) -> dict[str, _Mail]:
    """Return each mail once, by content."""
    mails: dict[str, _Mail] = {}
    for row in children.filter(pc.equal(children["kind"], "message")).to_pylist():
        people = addresses(f"{row['sender'] or ''}, {row['recipients'] or ''}")
        thread = " ".join(_REPLY.sub("", row["subject"] or "").casefold().split())
        mail = _Mail(thread, frozenset(address for _, address in people), _seconds(row["sent_at"]))
        known = mails.get(row["blob_id"])
        # Copies may differ in who is named; the richest tells most, and the order of rows nothing.
        if known is None or (len(mail.people), mail.thread, mail.sent) > (len(known.people), known.thread, known.sent):
            mails[row["blob_id"]] = mail
    return mails


def _seconds(written: str | None) -> float:
    return datetime.datetime.fromisoformat(written).timestamp() if written else 0.0


def _around(children: pa.Table, locked: list[str], mails: Mapping[str, _Mail]) -> dict[str, _Around]:
    above: dict[str, list[tuple[str, str]]] = defaultdict(list)
    inside: dict[str, set[str]] = defaultdict(set)
    held = zip(*(children[name].to_pylist() for name in ("blob_id", "parent_blob_id", "name")), strict=True)
    for blob_id, parent, name in held:
        above[blob_id].append((parent, name))
        if parent in mails and name:
            inside[parent].add(name)
    found: dict[str, _Around] = {}
    for blob_id in locked:
        around, seen, waiting = _Around(), {blob_id}, [blob_id]
        around.own.update(name for _, name in above.get(blob_id, ()) if name)
        while waiting:
            one = waiting.pop()
            if one in mails:
                around.mails.add(one)
                around.beside |= inside[one]
            for parent, name in above.get(one, ()):
                if one not in mails and len(name) >= _SHORTEST_NAME:
                    around.names.add(name)
                if parent and parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        found[blob_id] = around
    return found


def _apart(mail: _Mail, own: list[_Mail]) -> float:
    return min(abs(mail.sent - one.sent) for one in own)


class _Told(msgspec.Struct):
    """What texts tell: by mail what is near, by name of a file, and what is announced as a password anywhere."""

    by_mail: dict[str, list[str]]
    hints: dict[str, list[str]]
    by_name: dict[str, list[str]]
    anywhere: dict[str, None]


def _told(reading: Reading, near: set[str], around: Mapping[str, _Around]) -> _Told:
    told = _Told({}, {}, {}, {})
    names = {name.casefold() for one in around.values() for name in one.names}
    finder = ahocorasick.Automaton()
    for name in names:
        finder.add_word(name, name)
    finder.make_automaton()
    for task in (ROOTS, OPEN, OCR):
        for one in reading.ended[task]:
            for row in _texts(reading.table([one], Part, ["blob_id", "part_no", "kind", "text"])):
                _note(told, row, near, finder)
    return told


def _texts(parts: pa.Table) -> Iterator[dict[str, Any]]:
    parts = parts.filter(pc.and_(pc.is_valid(parts["text"]), pc.not_equal(parts["kind"], "header")))
    yield from parts.sort_by([("blob_id", "ascending"), ("part_no", "ascending")]).to_pylist()


def _note(told: _Told, row: dict[str, Any], near: set[str], finder: "ahocorasick.Automaton") -> None:
    text, blob_id = row["text"], row["blob_id"]
    announced = ANNOUNCED.search(text) is not None
    named = {name for _, name in finder.iter(text.casefold())} if len(finder) and row["kind"] != "names" else ()
    if not (announced or named or blob_id in near):
        return
    found = list(dict.fromkeys(candidates(text)))[:MOST]
    if blob_id in near:
        told.by_mail.setdefault(blob_id, []).extend(found)
        told.hints.setdefault(blob_id, []).extend(hinted(text))
    for name in named:
        told.by_name.setdefault(name, []).extend(found)
    if announced and len(told.anywhere) < MOST:
        told.anywhere.update(dict.fromkeys(found[:20]))


def _ranked(
    told: _Told, mails: Mapping[str, _Mail], around: _Around, levels: Mapping[str, int], given: list[str]
) -> Iterator[str]:
    own = [mails[one] for one in sorted(around.mails)]
    order = sorted(levels, key=lambda one: (levels[one], _apart(mails[one], own), one))
    named = [one for name in sorted(around.names) for one in told.by_name.get(name.casefold(), ())]
    near = [one for mail in order if levels[mail] <= SAME_THREAD for one in told.by_mail.get(mail, ())]
    far = [one for mail in order if levels[mail] > SAME_THREAD for one in told.by_mail.get(mail, ())]
    hints = [one for mail in order for one in told.hints.get(mail, ())]
    called = [one for name in sorted(around.own) for one in itertools.islice(of_name(name), OF_NAME)]
    called += [one for name in sorted(around.beside - around.own) for one in itertools.islice(of_name(name), OF_BESIDE)]
    # A few words of the file's own name cost next to nothing, so no other list is tried before them.
    likely = [one for name in sorted(around.own) for one in itertools.islice(of_name(name), LIKELIEST)][: 2 * LIKELIEST]
    found = list(dict.fromkeys([*likely, *near, *named, *called[:OF_NAMES], *far, *sorted(told.anywhere)]))[:MOST]
    yield from dict.fromkeys([*given, *found, *hints])

"""Reads a text as the product does, in this process: findings, forms, prose, and who is named."""

from collections.abc import Sequence

import msgspec

from accuracy_scores import Found, Gold
from rollcall.findings.texts import TextReader
from rollcall.mentions.forms import assemble_forms, is_labelled
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.prose import _NOT_NAMES, assemble_text
from rollcall.mentions.rows import assemble_windows
from rollcall.mentions.subjects import Writers, find_subjects, found_before
from rollcall.model import Column, Finding, LexiconEntry, Membership, Mention, Part, Place, from_table, to_table


class Reading(msgspec.Struct):
    """What the product makes of one content."""

    parts: list[Part]
    findings: list[Finding]
    mentions: dict[str, Mention]
    memberships: list[Membership]
    names: list[tuple[int, int, int, float]]  # part, start, end of everybody named, and how sure


def _seal(text: str) -> str:
    return text


def parts_of(texts: Sequence[tuple[str, str]]) -> list[Part]:
    """Return texts (kind, text) as the parts of a content."""
    return [Part(blob_id="b", part_no=number, kind=kind, text=text) for number, (kind, text) in enumerate(texts)]


def read(
    texts: Sequence[tuple[str, str]],
    correspondents: Sequence[str] = (),
    gold: Sequence[Gold] | None = None,
    *,
    everybody: bool = True,
) -> Reading:
    """Return what the product finds in a content; with `gold` its elements are given, only people are sought."""
    parts = parts_of(texts)
    lexicon = _lexicon(correspondents)
    made = []
    if gold is None:
        reader = TextReader("b", _seal)
        facts = [fact for part in parts for fact in reader.read(part)]
        findings = [one for one in facts if isinstance(one, Finding)]
        columns = [one for one in facts if isinstance(one, Column)]
        made = list(assemble_windows(columns, to_table(Finding, findings), {("b", part.part_no): "" for part in parts}))
        taken = {row["finding_id"] for one in made for row in one.memberships.to_pylist()}
        for part in parts:
            rest = [one for one in findings if one.place.part_no == part.part_no and one.finding_id not in taken]
            if any(is_labelled(one) for one in rest):
                made.append(assemble_forms(rest, part.text, ""))
    else:
        findings = [_given(parts, at, one) for at, one in enumerate(gold) if one.element not in ("", "name")]
    mentions = {one.mention_id: one for each in made for one in from_table(Mention, each.mentions)}
    memberships = [one for each in made for one in from_table(Membership, each.memberships)]
    record_of = {one.finding_id: mentions[one.mention_id] for one in memberships}
    prose = assemble_text(parts, findings, lexicon, correspondents, _seal, record_of)
    mentions |= {one.mention_id: one for one in from_table(Mention, prose.mentions)}
    memberships += from_table(Membership, prose.memberships)
    named = from_table(Finding, prose.names)
    people = _names(parts, findings, lexicon, correspondents, record_of) if everybody else []
    return Reading(parts, [*findings, *named], mentions, memberships, people)


def _given(parts: Sequence[Part], at: int, one: Gold) -> Finding:
    text = (parts[one.part].text or "")[one.start : one.end]
    return Finding(
        finding_id=f"gold {at}", blob_id="b", place=Place(part_no=one.part, start=one.start, end=one.end), block=None,
        group="", element=one.element, subtype=one.subtype, text=text, value=text, check="valid", confidence=0.95,
        why="given", made_by="gold", polarity=one.polarity,
    )  # fmt: skip


def _lexicon(correspondents: Sequence[str]) -> Lexicon:
    staff = []
    for written in correspondents:
        name, _, mail = written.rstrip(">").partition(" <")
        given, _, family = name.partition(" ")
        staff.append(LexiconEntry(kind="staff", given=given.lower(), family=family.lower(), email=mail or None))
    return Lexicon(staff)


def _names(
    parts: Sequence[Part], findings: Sequence[Finding], lexicon: Lexicon, correspondents: Sequence[str],
    record_of: dict[str, Mention],
) -> list[tuple[int, int, int, float]]:  # fmt: skip
    found = []
    for part in parts:
        own = [one for one in findings if one.place.part_no == part.part_no and one.place.start is not None]
        other = [(one.place.start, one.place.end) for one in own if one.element in _NOT_NAMES and one.confidence >= 0.5]
        given = found_before(own, record_of)
        subjects = find_subjects(part.text or "", lexicon, Writers(correspondents), given, other, guess=True)
        found += [(part.part_no, one.start, one.end, one.score) for one in subjects]
    return found


def found_of(reading: Reading, people: Sequence[str], gold: Sequence[Gold]) -> list[Found]:
    """Return a reading as what was found, each thing with the person of the gold it was given to."""
    best: dict[str, Membership] = {}
    for one in reading.memberships:
        if one.alternative_of is None and one.confidence > (
            best[one.finding_id].confidence if one.finding_id in best else -1
        ):
            best[one.finding_id] = one
    place = {one.finding_id: one.place for one in reading.findings}
    names: dict[str, list[Place]] = {}
    held = {one.finding_id for one in reading.findings if one.element == "name"}
    for one in reading.memberships:
        if one.finding_id in held:
            names.setdefault(one.mention_id, []).append(place[one.finding_id])
    owner = {key: _person(mention, names.get(key, ()), people, gold) for key, mention in reading.mentions.items()}
    found = []
    for one in reading.findings:
        # A clinician is a person named; that they are somebody's is a matter of links.
        if one.place.start is None or one.element in ("name", "provider"):
            continue
        tie = best.get(one.finding_id)
        found.append(
            Found(
                part=one.place.part_no, start=one.place.start, end=one.place.end or 0, element=one.element,
                subtype=one.subtype, confidence=one.confidence, owner=owner[tie.mention_id] if tie else None,
                tie=tie.confidence if tie else 0.0,
            )
        )  # fmt: skip
    spans = {(part, start, end): score for part, start, end, score in reading.names}
    found += [Found(part, start, end, "name", "", score) for (part, start, end), score in sorted(spans.items())]
    return found


def _person(mention: Mention, places: Sequence[Place], people: Sequence[str], gold: Sequence[Gold]) -> int | None:
    """Return which of the people of the gold a mention is; -1 for somebody else, None for nobody."""
    for place in places:
        start, end = place.start or 0, place.end or 0
        for one in gold:
            meets = one.part == place.part_no and one.start < end and start < one.end
            if meets and one.element == "name" and one.person is not None:
                return one.person
    words = _words(mention.name)
    if not words:
        return None
    fits = [at for at, name in enumerate(people) if words <= _words(name)]
    return fits[0] if len(fits) == 1 else -1


def _words(name: str) -> frozenset[str]:
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold())
    return frozenset(word for word in kept.split() if len(word) > 1)

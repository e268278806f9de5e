"""What reading text writes down: a mention for each person of a content, what is theirs, and what is nobody's."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from rollcall.mentions.layout import Layout
from rollcall.mentions.roles import are_several
from rollcall.mentions.subjects import Subject
from rollcall.model import Finding, Membership, Mention, Place, digest

CONTACT = frozenset(("phone", "email", "address"))
_ROLES = {"staff": "employee", "correspondent": "correspondent", "provider": "provider"}


class Written:
    """Mentions, memberships and names of one content, as they are made.

    `homes` are the records that stand for people in this content, `first` where each person is first named: a mention
    is anchored there, which does not turn on what else was found.
    """

    def __init__(
        self,
        texts: Mapping[int, Layout],
        homes: Mapping[tuple[str, str], str],
        first: Mapping[tuple[str, str], Subject],
        seal: Callable[[str], str],
    ) -> None:
        self._texts = texts
        self._homes = homes
        self._first = first
        self._seal = seal
        self.mentions: dict[str, Mention] = {}
        self.elements: dict[str, set[tuple[str, str]]] = {}
        self.memberships: list[Membership] = []
        self.names: list[Finding] = []

    def member(self, mention_id: str, finding: Finding, confidence: float, why: str, other: str | None = None) -> None:
        """Make a finding a member of a mention; `other` is the mention that it is an alternative of."""
        self.memberships.append(
            Membership(
                mention_id=mention_id,
                finding_id=finding.finding_id,
                confidence=confidence,
                why=why,
                alternative_of=other,
            )
        )
        if other is None:
            self.elements.setdefault(mention_id, set()).add((finding.element, finding.subtype))

    def mention(self, text: Layout, subject: Subject, position: int = 0) -> str:
        """Return the mention of a person in this content."""
        known = subject.mention_id or self._homes.get(subject.person)
        if known:
            return known
        subject = self._first.get(subject.person, subject)
        if subject.start >= 0:
            text = self._texts[subject.part_no]
        block = text.block_id(subject.start if subject.start >= 0 else position)
        mention_id = digest("prose", text.part.blob_id, block, subject.name, 0)
        if mention_id not in self.mentions:
            self.mentions[mention_id] = Mention(
                mention_id=mention_id,
                blob_id=text.part.blob_id,
                part_no=text.part.part_no,
                row=None,
                block=block or None,
                ordinal=0,
                kind="prose",
                role=_ROLES.get(subject.kind, "other"),
                is_subject=subject.kind != "provider",
                name=subject.name,
                confidence=round(0.9 * subject.score, 4) if not subject.known else 0.9,
                why="person named in text",
            )
            self._name(mention_id, subject)
        return mention_id

    def _name(self, mention_id: str, subject: Subject) -> None:
        """Make the name a member of its mention, as a finding of its own where it is none yet."""
        finding_id = subject.finding_id
        if not finding_id and subject.start >= 0:
            finding = self._name_finding(subject)
            self.names.append(finding)
            finding_id = finding.finding_id
        if finding_id:
            self.memberships.append(
                Membership(mention_id=mention_id, finding_id=finding_id, confidence=0.95, why="the name itself")
            )

    def _name_finding(self, subject: Subject) -> Finding:
        text = self._texts[subject.part_no]
        blob_id, part_no, block = text.part.blob_id, text.part.part_no, text.block_id(subject.start)
        return Finding(
            finding_id=self._seal(f"{blob_id}|{part_no}|{block}|name|full|{subject.name}|{subject.start}|prose"),
            blob_id=blob_id,
            place=Place(part_no=part_no, start=subject.start, end=subject.end),
            block=block or None,
            group="",
            element="name",
            subtype="full" if all(subject.person) else "partial",
            text=(text.part.text or "")[subject.start : subject.end],
            value=subject.name,
            check="unchecked",
            confidence=round(subject.score, 4),
            why="lexicon" if subject.known else "name in text",
            made_by="prose@1",
        )

    def nameless(self, text: Layout, left: Iterable[Finding]) -> None:
        """Keep what has no person: one mention per block, or one per line and value where it must be several people."""
        blocks_: dict[int, list[Finding]] = {}
        for one in left:
            if one.element not in CONTACT:
                blocks_.setdefault(text.block(one.place.start or 0), []).append(one)
        for number in sorted(blocks_):
            groups = [blocks_[number]]
            if are_several(blocks_[number]):
                lines: dict[int, list[Finding]] = {}
                for one in blocks_[number]:
                    lines.setdefault(text.line(one.place.start or 0), []).append(one)
                groups = [
                    group
                    for some in lines.values()
                    for group in ([[one] for one in some] if are_several(some) else [some])
                ]
            for ordinal, group in enumerate(groups):
                self._nameless_mention(text, group, ordinal)

    def _nameless_mention(self, text: Layout, group: Sequence[Finding], ordinal: int) -> None:
        block = text.block_id(group[0].place.start or 0)
        mention_id = digest("prose", text.part.blob_id, block, "", ordinal)
        self.mentions.setdefault(
            mention_id,
            Mention(
                mention_id=mention_id,
                blob_id=text.part.blob_id,
                part_no=text.part.part_no,
                row=None,
                block=block,
                ordinal=ordinal,
                kind="prose",
                role="other",
                is_subject=True,
                name="",
                confidence=0.6,
                why="nobody named",
            ),
        )
        for one in group:
            self.member(mention_id, one, 0.8, "same block")

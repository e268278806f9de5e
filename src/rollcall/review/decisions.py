"""Put decisions back in their places after a run, and say what follows from them.

A decision holds on to an anchor and to what stood there, as sealed values. Anchors move when a reader improves (rows
shift, a paragraph is cut otherwise), and a shifted row has its neighbour's old anchor: so an anchor counts only where
it also shows what was shown. Else the decision goes to the place in the same content that shows the most of it, if
there is one such place; if not, it is orphaned, and somebody has to look.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from rollcall.model import Decision, OrphanedDecision

MENTION_KINDS = frozenset(("confirm", "exclude", "must_link", "cannot_link"))
FINDING_KINDS = frozenset(("not_this",))
ANCHOR_KINDS = frozenset(("sign_off", "skip"))  # their anchors are made of content alone and do not move
LEAST = 0.5  # share of what was shown, weighed by rarity, that must be there again


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at an anchor now."""

    anchor: str  # mention_id or finding_id
    kind: str  # mention, finding
    blob_id: str
    sealed: frozenset[str]  # sealed values and sealed name of the mention; of a finding, those of its mention
    own: str | None = None  # of a finding: its own sealed value, which `Decision.shown` holds first


class Reattached(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions in their present places."""

    decisions: list[Decision]  # those that hold, anchors brought up to date, in the order they were made
    attached: dict[str, str]  # decision_id -> where it is now
    orphans: list[OrphanedDecision]


class Rulings(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from the decisions that hold."""

    status: dict[str, str]  # individual_id -> confirmed, excluded
    not_this: frozenset[str]  # findings that no view counts
    signed_off: frozenset[str]  # problems
    skipped: frozenset[str]  # items
    orphans: list[OrphanedDecision]  # their mention belongs to nobody any more


def reattach(
    decisions: Iterable[Decision], standing: Iterable[Standing], known: frozenset[str] | None = None
) -> Reattached:
    """Return each decision that is not undone with its present anchor, and those whose place is gone.

    `known` are the problems and items there are; None leaves decisions on them as they stand.
    """
    places = _Places(standing)
    held: list[Decision] = []
    attached: dict[str, str] = {}
    orphans: list[OrphanedDecision] = []
    for decision in sorted(decisions, key=lambda one: (one.decided_at, one.decision_id)):
        if decision.undone_by is not None:
            continue
        now = _now(decision, places, known)
        if now is None:
            orphans.append(_orphan(decision, "what was shown stands nowhere in the content, or in several places"))
            continue
        held.append(now)
        attached[decision.decision_id] = now.anchor
    return Reattached(decisions=held, attached=attached, orphans=orphans)


def _orphan(decision: Decision, why: str) -> OrphanedDecision:
    return OrphanedDecision(decision_id=decision.decision_id, kind=decision.kind, anchor=decision.anchor, why=why)


def _now(decision: Decision, places: "_Places", known: frozenset[str] | None) -> Decision | None:
    if decision.kind in ANCHOR_KINDS:
        return decision if known is None or decision.anchor in known else None
    kind = "finding" if decision.kind in FINDING_KINDS else "mention"
    anchor = places.find(kind, decision.anchor, decision.blob_id, decision.shown)
    if anchor is None:
        return None
    other = decision.other_anchor
    if other is not None:
        other = places.find(kind, other, decision.other_blob_id or None, decision.other_shown)
        if other is None or other == anchor:
            return None
    return msgspec.structs.replace(decision, anchor=anchor, other_anchor=other)


class _Places:
    """What stands where, by content."""

    def __init__(self, standing: Iterable[Standing]) -> None:
        self._by_anchor: dict[tuple[str, str], Standing] = {}
        self._by_blob: dict[tuple[str, str], list[Standing]] = {}
        for one in standing:
            self._by_anchor[one.kind, one.anchor] = one
            self._by_blob.setdefault((one.kind, one.blob_id), []).append(one)
        self._rarity: dict[tuple[str, str], Counter[str]] = {}

    def find(self, kind: str, anchor: str, blob_id: str | None, shown: Sequence[str]) -> str | None:
        """Return the anchor that shows now what was shown then."""
        here = self._by_anchor.get((kind, anchor))
        wanted = frozenset(shown)
        own = shown[0] if shown and kind == "finding" else None
        if not wanted:  # nothing was shown: the anchor alone has to do
            return anchor if here is not None else None
        blob_id = here.blob_id if here is not None else blob_id
        if blob_id is None:
            return None
        scores = [(score, one) for score, one in self._scores(kind, blob_id, wanted) if own in (None, one.own)]
        if not scores:
            return None
        best = max(score for score, _ in scores)
        top = [one for score, one in scores if math.isclose(score, best)]
        if best < LEAST:
            return None
        if here is not None and here in top:
            return anchor
        # Places that show exactly the same are the same person to whoever ruled.
        if len({one.sealed for one in top}) > 1:
            return None
        return min(one.anchor for one in top)

    def _scores(self, kind: str, blob_id: str, wanted: frozenset[str]) -> list[tuple[float, Standing]]:
        """Return how much of what was shown each place shows; what many places show weighs little."""
        candidates = self._by_blob.get((kind, blob_id), [])
        counts = self._rarity.get((kind, blob_id))
        if counts is None:
            counts = Counter(value for one in candidates for value in one.sealed)
            self._rarity[kind, blob_id] = counts
        weights = {value: 1.0 / max(1, counts[value]) for value in wanted}
        total = sum(weights.values())
        scores = []
        for one in candidates:
            shared = one.sealed & wanted
            if shared:
                # Of two places that show all of it, the one that shows little else is meant.
                extra = 1e-6 * len(one.sealed - wanted)
                scores.append((sum(weights[value] for value in sorted(shared)) / total - extra, one))
        return scores


def apply(decisions: Iterable[Decision], links: Iterable[tuple[str, str]]) -> Rulings:
    """Return what re-attached decisions mean for people, findings, problems and items; the last ruling counts.

    `links` are (mention_id, individual_id). Link decisions work through `individuals.resolve`, not here.
    """
    person = dict(links)
    status: dict[str, str] = {}
    not_this: set[str] = set()
    signed_off: set[str] = set()
    skipped: set[str] = set()
    orphans: list[OrphanedDecision] = []
    sets = {"not_this": not_this, "sign_off": signed_off, "skip": skipped}
    for decision in sorted(decisions, key=lambda one: (one.decided_at, one.decision_id)):
        if decision.undone_by is not None:
            continue
        if decision.kind in sets:
            sets[decision.kind].add(decision.anchor)
        elif decision.kind in ("confirm", "exclude"):
            individual_id = person.get(decision.anchor)
            if individual_id is None:
                orphans.append(_orphan(decision, "the mention belongs to nobody on the list"))
            else:
                status[individual_id] = "confirmed" if decision.kind == "confirm" else "excluded"
    return Rulings(
        status=status,
        not_this=frozenset(not_this),
        signed_off=frozenset(signed_off),
        skipped=frozenset(skipped),
        orphans=orphans,
    )

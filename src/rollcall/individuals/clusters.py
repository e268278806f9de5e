"""Put profiles together, strongest evidence first, and never against a contradiction.

Connected components are not people: one wrong edge would join two families. So every union is checked against what is
known of both *clusters* ("Gina" joins no cluster that holds a "Tina", however many edges say so). What is refused
although a number is shared is kept for a reviewer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from rollcall.individuals.gather import Profile
from rollcall.individuals.normalise import PersonName, edits, family_level, given_level
from rollcall.individuals.pairs import Edge, births, shared_mrn

_NONE: frozenset[str] = frozenset()
_NO_NAMES: frozenset[PersonName] = frozenset()


class Summary:
    """What is known of a cluster. Sets only grow."""

    __slots__ = (
        "dobs", "emails", "last4", "members", "middles", "mrns", "names", "others", "phones", "places", "profiles",
        "smallest", "ssns", "suffixes", "zips",
    )  # fmt: skip

    def __init__(self, index: int, profile: Profile, smallest: str) -> None:
        self.profiles = [index]
        self.smallest = smallest  # mention id
        self.names = frozenset((profile.name,)) if profile.named else _NO_NAMES
        self.middles = frozenset((profile.name.middle,)) if profile.name.middle else _NONE
        self.suffixes = frozenset((profile.name.suffix,)) if profile.name.suffix else _NONE
        self.dobs = frozenset(profile.dobs)
        self.ssns = frozenset(profile.ssns)
        self.last4 = frozenset(profile.last4)
        self.mrns = frozenset(profile.mrns)
        self.members = frozenset(profile.members)
        self.others = frozenset(profile.others)
        self.phones = frozenset(profile.phones)
        self.emails = frozenset(profile.emails)
        self.places = frozenset(profile.places)
        self.zips = frozenset(profile.zips)

    def absorb(self, other: "Summary") -> None:
        """Take all of another cluster in."""
        self.profiles.extend(other.profiles)
        self.smallest = min(self.smallest, other.smallest)
        for name in _SETS:
            theirs = getattr(other, name)
            if theirs:
                setattr(self, name, getattr(self, name) | theirs)

    @property
    def unique(self) -> bool:
        """Whether it bears a number that one person has."""
        return bool(self.ssns or self.mrns or self.others or any(suffix for _, suffix in self.members))

    @property
    def full_name(self) -> bool:
        """Whether first name (more than an initial) and family name are known."""
        return any(len(name.given) > 1 and name.family for name in self.names)

    @property
    def person(self) -> bool:
        """Whether it can stand for a person by itself."""
        return (bool(self.names) and self.unique) or (self.full_name and bool(self.dobs))

    @property
    def contact(self) -> bool:
        """Whether a way to reach the person, or a contract, is known beside the name."""
        return bool(self.places or self.phones or self.emails or self.members or self.last4 or self.dobs)


_SETS = tuple(name for name in Summary.__slots__ if name not in ("profiles", "smallest"))


def shares_number(one: Summary, other: Summary) -> bool:
    """Say whether two clusters share a number that one person has."""
    return bool(
        one.ssns & other.ssns
        or one.others & other.others
        or any(suffix and (base, suffix) in other.members for base, suffix in one.members)
        or (one.mrns and other.mrns and shared_mrn(sorted(one.mrns), sorted(other.mrns)))
    )


def veto(one: Summary, other: Summary) -> str:
    """Say what forbids that two clusters are one person; "" where nothing does."""
    shared = shares_number(one, other)
    born = births(sorted(one.dobs), sorted(other.dobs))
    level = _names(one, other)
    if level == "first":
        return "first names differ"
    if one.suffixes and other.suffixes and not one.suffixes & other.suffixes:
        return "Jr and Sr"
    if level == "family" and not (shared or born == "same"):
        return "family names differ"
    contract = {base for base, _ in one.members} & {base for base, _ in other.members}
    if born == "differ" or (born == "near" and not (shared or (contract and level == ""))):
        return "birth dates differ"
    if not shared and _middles_differ(one, other):
        return "middle names differ"
    return _numbers(one, other, born=born, level=level)


def _names(one: Summary, other: Summary) -> str:
    worst = ""
    for name in one.names:
        for another in other.names:
            if name.given == another.family and name.family == another.given and name.given:
                continue
            if given_level(name.given, another.given) == "clash" and not (
                name.given + name.middle == another.given or another.given + another.middle == name.given
            ):
                return "first"
            if family_level(name.family, another.family) == "clash":
                worst = "family"
    return worst


def _middles_differ(one: Summary, other: Summary) -> bool:
    if not one.middles or not other.middles:
        return False
    return not {middle[0] for middle in one.middles} & {middle[0] for middle in other.middles}


def _numbers(one: Summary, other: Summary, *, born: str, level: str) -> str:
    same_name_and_birth = born == "same" and level == ""
    if one.ssns and other.ssns and not one.ssns & other.ssns:
        slip = any(edits(a, b, 1) == 1 for a in one.ssns for b in other.ssns)
        if not (slip and same_name_and_birth):
            return "social security numbers differ"
    elif _last4_differ(one, other) or _last4_differ(other, one):
        return "social security numbers differ"
    if one.ssns & other.ssns:
        return ""  # hospitals give one person two record numbers more often than two people one SSN
    if _records_differ(one, other, same_name_and_birth=same_name_and_birth):
        return "record numbers of one hospital differ"
    for base, suffix in one.members:
        if suffix and any(base == b and s and s != suffix for b, s in other.members) and not shares_number(one, other):
            return "two people of one insurance contract"
    return ""


def _last4_differ(one: Summary, other: Summary) -> bool:
    return bool(one.last4 and other.ssns and not one.last4 & {number[-4:] for number in other.ssns})


def _records_differ(one: Summary, other: Summary, *, same_name_and_birth: bool) -> bool:
    if not one.mrns or not other.mrns or shared_mrn(sorted(one.mrns), sorted(other.mrns)):
        return False
    if {issuer for issuer, _ in one.mrns if issuer} & {issuer for issuer, _ in other.mrns if issuer}:
        return True
    unnamed = any(not issuer for issuer, _ in one.mrns) or any(not issuer for issuer, _ in other.mrns)
    return unnamed and not same_name_and_birth


class Refused(msgspec.Struct, frozen=True, order=True):
    """Two mentions that share something and were kept apart, and why; a reviewer should look."""

    mention_id: str
    other_id: str
    why: str


class Clusters:
    """The clusters being made, by profile number. A cluster of one comes into being when it is first asked for."""

    def __init__(
        self, decode: Callable[[int], Profile], smallest: Sequence[str], cannot: Mapping[int, frozenset[int]]
    ) -> None:
        self.why: dict[int, str] = {}  # profile -> the evidence that brought it in
        self.refused: set[Refused] = set()
        self._of: list[Summary | None] = [None] * len(smallest)
        self._decode = decode
        self._smallest = smallest
        self._cannot = cannot

    def of(self, index: int) -> Summary:
        """Return the cluster of a profile."""
        found = self._of[index]
        if found is None:
            found = self._of[index] = Summary(index, self._decode(index), self._smallest[index])
        return found

    def all(self) -> Iterator[Summary]:
        """Yield each cluster once, in the order of its first profile."""
        seen: set[int] = set()
        for index in range(len(self._of)):
            cluster = self.of(index)
            if id(cluster) not in seen:
                seen.add(id(cluster))
                yield cluster

    def forbidden(self, one: Summary, other: Summary) -> str:
        """Say what forbids joining two clusters: a person's ruling or a contradiction."""
        return "ruled apart" if self.ruled_apart(one, other) else veto(one, other)

    def ruled_apart(self, one: Summary, other: Summary) -> bool:
        """Say whether a person ruled that these two are not one."""
        if not self._cannot:
            return False
        members = frozenset(other.profiles)
        return any(self._cannot.get(index, frozenset()) & members for index in one.profiles)

    def join(self, one: Summary, other: Summary, why: str) -> None:
        """Take all of `other` into `one`, which stays."""
        if len(one.profiles) == 1:
            self.why.setdefault(one.profiles[0], why)
        for index in other.profiles:
            self._of[index] = one
            self.why.setdefault(index, why)
        one.absorb(other)

    def agglomerate(self, edges: Iterable[tuple[int, int]], why: Callable[[int, int], Edge]) -> None:
        """Join along edges, which come strongest first, wherever nothing forbids it."""
        for one, other in edges:
            first, second = self.of(one), self.of(other)
            if first is second:
                continue
            reason = self.forbidden(first, second)
            if not reason:
                big, small = (first, second) if len(first.profiles) >= len(second.profiles) else (second, first)
                self.join(big, small, why(one, other).why)
            elif reason != "ruled apart" and shares_number(first, second):
                self.refuse(first.smallest, second.smallest, f"{why(one, other).why}; {reason}")

    def refuse(self, one: str, other: str, why: str) -> None:
        """Keep for a reviewer that two mentions share something and were kept apart."""
        self.refused.add(Refused(min(one, other), max(one, other), why))

    def must_join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Join what a person ruled to be one; only another ruling stands against it."""
        for one, other in sorted(pairs):
            first, second = self.of(one), self.of(other)
            if first is not second and not self.ruled_apart(first, second):
                self.join(first, second, "ruled to be one person")

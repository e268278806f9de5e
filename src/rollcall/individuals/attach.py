"""What becomes of mentions that cannot stand for a person by themselves: a bare name, a number without a name.

They are given to a person only where exactly one fits. With several they stay *unresolved*, with the list of those who
may be meant: forced into one of them somebody would be lost, counted apart the number of people would be too high.
Every round is decided for all mentions against the people as they stood before it, then carried out, so that the order
of mentions decides nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from rollcall.individuals.clusters import Clusters, Summary
from rollcall.individuals.normalise import PersonName, forms

MAX_CANDIDATES = 20
# A name so common that this many more bearers are to be expected among the case's people gives a mention to nobody.
MAX_NAMESAKES = 0.2


class Attachments:
    """The rounds, and what stays open after them."""

    def __init__(
        self, clusters: Clusters, alone: Callable[[int], bool], contents: Callable[[Summary], frozenset[int]]
    ) -> None:
        self._clusters = clusters
        self._contents = contents  # the blobs a cluster's mentions stand in
        self.candidates: dict[int, list[int]] = {}  # first profile of an unresolved cluster -> profiles of candidates
        self.persons: list[Summary] = []
        self.weak: list[Summary] = []
        self._done: set[int] = set()  # weak clusters that have found their end
        for cluster in clusters.all():
            if not alone(cluster.profiles[0]):
                (self.persons if cluster.person else self.weak).append(cluster)

    def run(self, edges: Iterable[tuple[int, int, int]]) -> None:
        """Carry out all rounds; `edges` (weight, one, other) tie weak mentions to people they share something with."""
        self._by_evidence(edges)
        self._nameless()
        # Who has a contact or a contract beside the full name is a person of their own from here on.
        self._by_name([one for one in self._still() if one.full_name and one.contact], settle=True)
        self._by_name([one for one in self._still() if one.full_name and not one.contact], settle=False)
        self._group_by_name()
        self._partial()

    def _still(self) -> list[Summary]:
        return [one for one in self.weak if id(one) not in self._done]

    def _by_evidence(self, edges: Iterable[tuple[int, int, int]]) -> None:
        persons = {id(one) for one in self.persons}
        found: dict[int, tuple[Summary, dict[int, tuple[int, Summary]]]] = {}
        for weight, one, other in edges:
            first, second = self._clusters.of(one), self._clusters.of(other)
            if (id(first) in persons) == (id(second) in persons):
                continue
            weak, person = (second, first) if id(first) in persons else (first, second)
            if not self._clusters.forbidden(weak, person):
                near = found.setdefault(id(weak), (weak, {}))[1]
                near[id(person)] = (max(weight, near.get(id(person), (0, person))[0]), person)
        chosen: list[tuple[Summary, Summary]] = []
        for weak, near in sorted(found.values(), key=lambda pair: pair[0].smallest):
            best = max(weight for weight, _ in near.values())
            top = [person for weight, person in near.values() if weight == best]
            if len(top) == 1:
                chosen.append((weak, top[0]))
            else:
                self._open(weak, [person for _, person in near.values()])
        self._carry_out(chosen, "shares contact or contract and name with one person only")

    def _nameless(self) -> None:
        nameless = [one for one in self._still() if not one.names]
        if not nameless:
            return
        index: dict[str, dict[int, Summary]] = {}
        for cluster in (*self.persons, *(one for one in self._still() if one.names)):
            for number in _numbers(cluster):
                index.setdefault(number, {})[id(cluster)] = cluster
        chosen = []
        for one in nameless:
            near = {key: cluster for number in _numbers(one) for key, cluster in index.get(number, {}).items()}
            fitting = [cluster for cluster in near.values() if not self._clusters.forbidden(one, cluster)]
            if len(fitting) == 1:
                chosen.append((one, fitting[0]))
            else:
                self._open(one, near.values())
        self._carry_out(chosen, "bears the number of one person only")

    def _by_name(self, some: list[Summary], *, settle: bool) -> None:
        index = _NameIndex(self.persons)
        namesakes = Namesakes(self.persons)
        chosen: list[tuple[Summary, Summary]] = []
        own: list[Summary] = []
        for one in some:
            fitting = [person for person in index.near(one) if self._fits(one, person)]
            here = self._contents(one) if fitting else frozenset()
            same = [person for person in fitting if here & self._contents(person)]
            fitting = same if len(same) == 1 else fitting
            if len(fitting) == 1 and (same or namesakes.expected(one) < MAX_NAMESAKES):
                chosen.append((one, fitting[0]))
            elif fitting:
                self._open(one, fitting)
            elif settle:
                own.append(one)
        self._carry_out(chosen, "the only person of that name")
        self.persons += own
        self._done.update(map(id, own))

    def _fits(self, one: Summary, person: Summary) -> bool:
        """Say whether a weak mention may be of a person: nothing forbids it, and no other address says otherwise."""
        if self._clusters.forbidden(one, person):
            return False
        if one.zips and person.zips and not one.zips & person.zips:
            return False
        return not (one.places and person.places and not one.places & person.places)

    def _group_by_name(self) -> None:
        """Put together mentions that have a full name and nothing else, where nobody of that name is known."""
        groups = _NameIndex([])
        named = [one for one in self._still() if one.full_name]
        # The most telling names first, so that "John Q Carter" is there before "John Carter" asks.
        for one in sorted(named, key=lambda one: (-_length(one), one.smallest)):
            fitting = [group for group in groups.near(one) if not self._clusters.forbidden(one, group)]
            if len(fitting) > 1:
                self._open(one, fitting)
                continue
            self._done.add(id(one))
            if fitting:
                self._clusters.join(fitting[0], one, "the same name, of which nothing more is known")
                groups.add(fitting[0])
            else:
                groups.add(one)
                self.persons.append(one)

    def _partial(self) -> None:
        """Give a part of a name to the one person of the same content whom it fits."""
        partial = [one for one in self._still() if one.names and not one.full_name]
        if not partial:
            return
        index = _NameIndex(self.persons)
        chosen = []
        for one in partial:
            here = self._contents(one)
            fitting = [person for person in index.near(one) if not self._clusters.forbidden(one, person)]
            same = [person for person in fitting if here & self._contents(person)]
            if len(same) == 1:
                chosen.append((one, same[0]))
            else:
                self._open(one, same or fitting)
        self._carry_out(chosen, "the only person of that name in the same content")

    def _carry_out(self, chosen: list[tuple[Summary, Summary]], why: str) -> None:
        """Join each weak cluster to its person, unless one that joined before says otherwise."""
        for weak, person in sorted(chosen, key=lambda pair: (-len(pair[0].profiles), pair[0].smallest)):
            if self._clusters.forbidden(weak, person):
                self._open(weak, [person])
                continue
            self._clusters.join(person, weak, why)
            self._done.add(id(weak))

    def _open(self, one: Summary, near: Iterable[Summary]) -> None:
        ordered = sorted(near, key=lambda cluster: cluster.smallest)[:MAX_CANDIDATES]
        self.candidates[one.profiles[0]] = [cluster.profiles[0] for cluster in ordered]
        self._done.add(id(one))


class Namesakes:
    """How many people of a name there should be, from how often its parts are borne.

    First and family names go together (those of one origin are borne by the same people), so what independence expects
    is raised by what the people known show: pairs of one name seen, to pairs of one name expected.
    """

    def __init__(self, people: Iterable[Summary]) -> None:
        self._given: Counter[str] = Counter()
        self._family: Counter[str] = Counter()
        self._n = 0
        whole: Counter[tuple[str, str]] = Counter()
        for one in people:
            for given, family in {_bare(name) for name in one.names if len(name.given) > 1 and name.family}:
                self._n += 1
                self._given[given] += 1
                self._family[family] += 1
                whole[given, family] += 1
        seen = sum(count * (count - 1) for count in whole.values())
        chance = [sum(count * count for count in part.values()) for part in (self._given, self._family)]
        self._lift = max(1.0, seen * self._n * self._n / max(1, chance[0] * chance[1])) if self._n else 1.0

    def expected(self, one: Summary) -> float:
        """Return how many to expect beside the one known; of several names it bears, the rarest speaks."""
        others = [
            max(0, self._given[given] - 1) * max(0, self._family[family] - 1)
            for given, family in {_bare(name) for name in one.names}
        ]
        return min(others) * self._lift / max(1, self._n)


def _bare(name: PersonName) -> tuple[str, str]:
    return name.given, name.family.partition(" ")[0]


class _NameIndex:
    """Clusters by family name and first name, short forms and initials included."""

    def __init__(self, clusters: Iterable[Summary]) -> None:
        self._by: dict[str, dict[int, Summary]] = {}
        for cluster in clusters:
            self.add(cluster)

    def add(self, cluster: Summary) -> None:
        """Make a cluster findable."""
        for key in {key for name in cluster.names for key in (*_full_keys(name), *_partial_keys(name))}:
            self._by.setdefault(key, {})[id(cluster)] = cluster

    def near(self, one: Summary) -> list[Summary]:
        """Return the clusters whose name may be the same, in the order of their smallest mentions."""
        keys = {key for name in one.names for key in _looked_up(name)}
        found = {key: cluster for name in keys for key, cluster in self._by.get(name, {}).items() if cluster is not one}
        return sorted(found.values(), key=lambda cluster: cluster.smallest)


def _full_keys(name: PersonName) -> list[str]:
    if not (name.given and name.family):
        return []
    return [f"{given} {family}" for given in sorted(forms(name.given)) for family in name.family.split()]


def _partial_keys(name: PersonName) -> list[str]:
    """Return the keys by which less than the name finds it: given alone, family alone, initial and family."""
    keys = [f"{given} *" for given in sorted(forms(name.given))] if name.given else []
    keys += [f"* {family}" for family in name.family.split()]
    if name.given and name.family:
        keys += [f"{name.given[0]}. {family}" for family in name.family.split()]
    return keys


def _looked_up(name: PersonName) -> list[str]:
    """Return the keys under which a name looks for people: a whole one also finds those known by an initial."""
    if not name.given:
        return [f"* {family}" for family in name.family.split()]
    if not name.family:
        return [f"{given} *" for given in sorted(forms(name.given))]
    if len(name.given) == 1:
        return [f"{name.given}. {family}" for family in name.family.split()]
    return [*_full_keys(name), *(f"{name.given[0]} {family}" for family in name.family.split())]


def _length(cluster: Summary) -> int:
    return max(len(name.given) + len(name.middle) + len(name.family) + len(name.suffix) for name in cluster.names)


def _numbers(cluster: Summary) -> Iterator[str]:
    yield from (f"s:{number}" for number in cluster.ssns)
    yield from (f"m:{number}" for _, number in cluster.mrns)
    yield from (f"o:{number}" for number in cluster.others)
    yield from (f"h:{base}:{suffix}" for base, suffix in cluster.members)

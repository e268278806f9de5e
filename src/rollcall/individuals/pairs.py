"""Which mentions are worth comparing, and what two of them have in common.

Candidates come from blocks of equal keys (a shared number, family name + birth date, ...), one partition of the keys'
hash at a time. What is found is a list of edges (weight, one, other); the weight is a level, not a probability: it says
which evidence goes first.
"""

import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.individuals.gather import ALONE, Profile
from rollcall.individuals.normalise import family_level, forms, given_level, near_dates

# Blocks beyond this are compared with near neighbours only: hundreds of bearers of one number are a number that says
# nothing (a placeholder, a clinic's own phone), and all pairs of them would cost more than the rest of the case.
MAX_BLOCK = 150
WINDOW = 20


class Edge(msgspec.Struct, frozen=True, array_like=True):
    """What two profiles share."""

    weight: int  # 0: nothing, or a clash
    why: str
    clash: str = ""  # what keeps two apart that share a number


NOTHING = Edge(0, "")


def keys(profile: Profile) -> Iterator[str]:
    """Yield the blocking keys of a profile."""
    if profile.apart.startswith(ALONE):
        return
    yield from (f"s:{ssn}" for ssn in profile.ssns)
    yield from (f"m:{mrn}" for _, mrn in profile.mrns)
    yield from (f"h:{base}" for base, _ in profile.members)
    yield from (f"o:{other}" for other in profile.others)
    if not profile.named:
        return
    families = profile.name.family.split()
    givens = sorted(forms(profile.name.given)) if profile.name.given else []
    for dob in profile.dobs:
        yield from (f"b:{dob}:{family}" for family in {*families[:1], *families[-1:]})
        yield from (f"d:{dob}:{given}" for given in givens)
    yield from (f"l:{number[-4:]}:{profile.name.family}" for number in (*profile.last4, *profile.ssns))
    yield from (f"e:{mail}" for mail in profile.emails)
    for given in givens:
        yield from (f"p:{number}:{given}" for number in profile.phones)
        yield from (f"a:{place}:{given}" for place in profile.places)


def blocks(profiles: Sequence[bytes], n_partitions: int, decode: "Decoder") -> Iterator[list[list[int]]]:
    """Yield, per partition of the keys' hash, the groups of profiles that share a key."""
    hashes, owners = array("L"), array("L")
    for index in range(len(profiles)):
        for key in set(keys(decode(index))):
            hashes.append(zlib.crc32(key.encode()))
            owners.append(index)
    # "L" is eight bytes on the machines we run on; the cast says so if it is not.
    table = pa.table({
        "hash": pa.array(memoryview(hashes), type=pa.uint64()),
        "owner": pa.array(memoryview(owners), type=pa.uint64()),
    })  # fmt: skip
    del hashes, owners
    for partition in range(n_partitions):
        yield _groups(_partition(table, partition, n_partitions))


def _partition(table: pa.Table, partition: int, n_partitions: int) -> pa.Table:
    if n_partitions == 1:
        return table
    whole = pc.multiply(pc.divide(table["hash"], n_partitions), n_partitions)
    return table.filter(pc.equal(pc.subtract(table["hash"], whole), partition))


def _groups(table: pa.Table) -> list[list[int]]:
    ordered = table.sort_by([("hash", "ascending"), ("owner", "ascending")])
    groups: list[list[int]] = []
    last = -1
    group: list[int] = []
    for key, owner in zip(ordered["hash"].to_pylist(), ordered["owner"].to_pylist(), strict=True):
        if key != last:
            if len(group) > 1:
                groups.append(group)
            last, group = key, []
        group.append(owner)
    if len(group) > 1:
        groups.append(group)
    return groups


class Decoder:
    """Profiles by number, taken out of their bytes when asked for; the last ones are kept."""

    def __init__(self, profiles: Sequence[bytes], keep: int = 200_000) -> None:
        self._profiles = profiles
        self._keep = keep
        self._held: dict[int, Profile] = {}
        self._decode = msgspec.msgpack.Decoder(Profile).decode

    def __call__(self, index: int) -> Profile:
        """Return profile number `index`."""
        held = self._held.get(index)
        if held is None:
            if len(self._held) >= self._keep:
                self._held.clear()
            held = self._held[index] = self._decode(self._profiles[index])
        return held


def candidate_pairs(group: list[int], profiles: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a block: all, or of a big one those near each other when sorted by what they say."""
    if len(group) <= MAX_BLOCK:
        yield from combinations(group, 2)
        return
    ordered = sorted(group, key=lambda index: (profiles[index], index))
    for position, one in enumerate(ordered):
        for other in ordered[position + 1 : position + 1 + WINDOW]:
            yield (one, other) if one < other else (other, one)


def _shared(one: Profile, other: Profile) -> list[str]:
    """Return the numbers of one person's own that both bear."""
    shared = ["ssn"] if set(one.ssns) & set(other.ssns) else []
    if shared_mrn(one.mrns, other.mrns):
        shared.append("medical record number")
    if any(suffix and (base, suffix) in other.members for base, suffix in one.members):
        shared.append("member number")
    shared += sorted({number.split(":")[0].replace("_", " ") for number in set(one.others) & set(other.others)})
    return shared


def shared_mrn(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> bool:
    """Say whether two bear one record number of one hospital; an unnamed hospital may be any."""
    return any(
        value == another and (issuer == other_issuer or not issuer or not other_issuer)
        for issuer, value in one
        for other_issuer, another in other
    )


def births(one: Sequence[str], other: Sequence[str]) -> str:
    """Say how birth dates agree: same, near, differ, unknown."""
    if not one or not other:
        return "unknown"
    if set(one) & set(other):
        return "same"
    return "near" if any(near_dates(a, b) for a in one for b in other) else "differ"


def compare(one: Profile, other: Profile) -> Edge:
    """Decide what two profiles have in common, and how much it weighs."""
    shared = _shared(one, other)
    if not one.named or not other.named:
        both_nameless = not one.named and not other.named
        return Edge(60, f"share {shared[0]}") if shared and both_nameless else NOTHING
    given = given_level(one.name.given, other.name.given)
    family = family_level(one.name.family, other.name.family)
    born = births(one.dobs, other.dobs)
    if given == "clash" and _joined(one, other):
        given = "same"
    if one.name.suffix and other.name.suffix and one.name.suffix != other.name.suffix:
        return Edge(0, "", "different name suffix" if shared else "")
    if given == "clash" and _swapped(one, other):
        given, family = "nickname", "same"
    if given == "clash" or (family == "clash" and given != "same"):
        return Edge(0, "", f"share {shared[0]}, names differ" if shared else "")
    if shared:
        return _by_number(shared, given, family, born)
    return _by_name(one, other, (given, family, born))


def _joined(one: Profile, other: Profile) -> bool:
    """Mary Ann is Maryann."""
    return bool(one.name.given) and (
        one.name.given + one.name.middle == other.name.given or other.name.given + other.name.middle == one.name.given
    )


def _swapped(one: Profile, other: Profile) -> bool:
    return bool(one.name.family) and one.name.given == other.name.family and one.name.family == other.name.given


def _by_number(shared: list[str], given: str, family: str, born: str) -> Edge:
    what = " and ".join(shared)
    if family == "clash":  # a changed family name, or another family's number
        return Edge(90, f"share {what}, first name and birth date") if born == "same" else Edge(0, "", f"share {what}")
    if born == "differ":
        return Edge(55, f"share {what} and name")
    weight = 100 + (10 if born == "same" else 0) + (5 if given == "same" and family == "same" else 0)
    if "unknown" in (given, family):
        weight = 80
    return Edge(weight, f"share {what} and name" + (" and birth date" if born == "same" else ""))


def _by_name(one: Profile, other: Profile, levels: tuple[str, str, str]) -> Edge:
    given, family, born = levels
    if "unknown" in (given, family) or given == "typo":
        return NOTHING  # a slip in the first name may as well be a twin: not without a number
    contact = _contact(one, other)
    contract = bool({base for base, _ in one.members} & {base for base, _ in other.members})
    four = bool(set(one.last4) & ({number[-4:] for number in other.ssns} | set(other.last4))) or bool(
        set(other.last4) & {number[-4:] for number in one.ssns}
    )
    if born == "same":
        return _by_birth(given, family, contact, contract=contract)
    if family == "clash" or given == "initial" or bool(one.name.suffix) != bool(other.name.suffix):
        return NOTHING  # father and son share name, address and contract; one of them is often written without suffix
    if born == "near" and (contact or contract or four):
        return Edge(66, "same name, birth date with a slip, and " + (contact or "the insurance contract"))
    if born == "differ":
        return NOTHING
    if four:
        return Edge(78, "same name and last four digits of the ssn")
    if contract:
        return Edge(72, "same name and insurance contract")
    if contact:
        return Edge(70 if contact == "email" else 64, f"same name and {contact}")
    return NOTHING


def _by_birth(given: str, family: str, contact: str, *, contract: bool) -> Edge:
    if family == "clash":
        if contact or contract:
            return Edge(74, "same first name, birth date and " + (contact or "insurance contract"))
        return NOTHING
    exact = given == "same" and family == "same"
    weight = 88 if exact else 84 if given in ("same", "nickname") else 62
    why = "same name and birth date" if exact else "like name and same birth date"
    return Edge(weight + (4 if contact or contract else 0), why + (f" and {contact}" if contact else ""))


def _contact(one: Profile, other: Profile) -> str:
    if set(one.emails) & set(other.emails):
        return "email"
    if set(one.places) & set(other.places) and not (one.zips and other.zips and not set(one.zips) & set(other.zips)):
        return "address"
    return "phone" if set(one.phones) & set(other.phones) else ""

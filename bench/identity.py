"""How well mentions are put together to people: lost, split, pairs right, on made-up mentions of which truth is known.

    python bench/identity.py [--people 20000] [--seed 11] [--mean 4.8]

`lost` counts people to whom no listed person belongs mostly: all their mentions stand in somebody else's, so that they
would never be told. A listed person belongs to whom most of its mentions are about.
"""

import argparse
import resource
import time
from collections import Counter, defaultdict

from make_mentions import Made, make
from rollcall.individuals.resolve import Resolution, resolve


def measure(made: Made, found: Resolution) -> dict[str, float]:
    """Return the figures of one resolution."""
    clusters: dict[str, list[str]] = defaultdict(list)
    for link in found.links:
        clusters[link.individual_id].append(made.truth[link.mention_id])
    owner = {key: Counter(who).most_common(1)[0][0] for key, who in clusters.items()}
    owned = {who for who in owner.values() if who}
    linked = {link.mention_id for link in found.links}
    listed = {made.truth[one] for one in linked} - {""}
    everybody = {who for who in made.truth.values() if who}
    pairs = right = 0
    for who in clusters.values():
        counts = Counter(who)
        pairs += len(who) * (len(who) - 1) // 2
        right += sum(count * (count - 1) // 2 for name, count in counts.items() if name)
    sizes = Counter(made.truth[one] for one in linked if made.truth[one])
    true = sum(count * (count - 1) // 2 for count in sizes.values())
    mixed = sum(len(set(who)) > 1 for who in clusters.values())
    unresolved = sum(one.status == "unresolved" for one in found.individuals)
    return {
        "people": len(everybody), "clusters": len(clusters), "lost": len(listed - owned) / len(everybody),
        "lost_n": len(listed - owned), "unlisted_n": len(everybody - listed), "pair_precision": right / max(1, pairs),
        "pair_recall": right / max(1, true), "mixed": mixed, "strangers": sum(not who for who in owner.values()),
        "unresolved": unresolved,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--mean", type=float, default=4.8)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--partitions", type=int, default=1)
    given = parser.parse_args()
    made = make(given.seed, given.people, given.mean)
    print(f"{made.mentions.num_rows:,} mentions, {made.findings.num_rows:,} findings")
    start, used = time.perf_counter(), time.process_time()
    found = resolve(made.mentions, made.memberships, made.findings, made.relations, n_partitions=given.partitions)
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    for name, value in measure(made, found).items():
        print(f"{name:16} {value:.5f}" if isinstance(value, float) else f"{name:16} {value:,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{wall:.1f} s, {cpu:.1f} s of processor, peak {peak:,.0f} MiB; refused {len(found.refused):,}")


if __name__ == "__main__":
    main()

"""The order of work: the same each time, and honest from the beginning."""

import random

from hypothesis import given
from hypothesis import strategies as st

from rollcall.engine.strata import spread

NAMES = st.text(st.characters(), max_size=6)  # lone surrogates too: a name is what an archive says
SIZED = st.lists(st.tuples(NAMES, st.integers(0, 1 << 40)), unique_by=lambda thing: thing[0])


def spread_sized(things: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return spread(things, lambda thing: thing[1], lambda thing: thing[0])


@given(SIZED, st.randoms())
def test_nothing_is_lost_and_the_order_given_does_not_matter(
    things: list[tuple[str, int]], chance: random.Random
) -> None:
    first = spread_sized(things)
    assert sorted(first) == sorted(things)
    chance.shuffle(things)
    assert spread_sized(things) == first


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 120))
def test_every_beginning_holds_its_share_of_each_stratum(n_small: int, n_large: int, taken: int) -> None:
    things = [(f"s{n}", 10) for n in range(n_small)] + [(f"l{n}", 1 << 20) for n in range(n_large)]
    begin = spread_sized(things)[:taken]
    taken = len(begin)
    small = sum(size == 10 for _, size in begin)
    assert abs(small - taken * n_small / (n_small + n_large)) <= 2


def test_inside_a_stratum_the_order_is_not_that_of_the_names() -> None:
    things = [(f"{n:03}", 1000) for n in range(100)]
    order = [name for name, _ in spread_sized(things)]
    assert sum(int(name) < 50 for name in order[:50]) in range(12, 39)
    assert order != sorted(order)

"""The projected range: never below what is found, exact at the end, wider the less was read."""

from hypothesis import given
from hypothesis import strategies as st

from rollcall.cli.estimate import project

PEOPLE = st.integers(0, 10**6)


@given(PEOPLE, st.floats(0.001, 0.999), st.integers(0, 1000))
def test_the_range_holds_what_is_found_and_the_plain_projection(n: int, share: float, waves: int) -> None:
    low, high = project(n, share, waves)
    assert low == n
    assert high >= n / share - 1e-6


@given(PEOPLE, st.floats(0.01, 0.9), st.integers(1, 1000))
def test_it_narrows(n: int, share: float, waves: int) -> None:
    assert project(n, share, waves)[1] >= project(n, share, waves * 2)[1]


@given(PEOPLE, st.sampled_from([0.0, 1.0]))
def test_at_both_ends_it_is_the_number(n: int, share: float) -> None:
    assert project(n, share, 3) == (n, n)

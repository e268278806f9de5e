"""Chance that repeats: every draw comes from a stream named by the seed and a purpose."""

import random
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *purpose: object) -> Random:
    """Return the stream of random numbers of one purpose; the same on every machine for the same seed."""
    return random.Random(":".join(str(part) for part in (seed, *purpose)))  # noqa: S311 - made-up people, not secrets


def weighted(rng: Random, weights: Mapping[str, float]) -> str:
    """Return a key, the likelier the greater its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def digits(rng: Random, count: int) -> str:
    """Return that many digits."""
    return "".join(rng.choices("0123456789", k=count))


def letters(rng: Random, count: int, alphabet: str = "ABCDEFGHJKLMNPQRSTUVWXYZ") -> str:
    """Return that many capital letters, without I and O unless told."""
    return "".join(rng.choices(alphabet, k=count))


def some(rng: Random, items: Sequence[T], low: int, high: int) -> list[T]:
    """Return between low and high of the items, in their order."""
    count = min(len(items), rng.randint(low, high))
    chosen = sorted(rng.sample(range(len(items)), count))
    return [items[index] for index in chosen]

"""Deals clauses, words and names out between training and development, by a hash of their text."""

import functools
import hashlib
from collections.abc import Sequence

DEVELOPMENT = 0.2  # of clauses, words and names
SPLIT_FROM = 5  # shorter lists are common to both: "Mr.", "she"


@functools.cache
def rank(text: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the text, in whatever capitals."""
    return int.from_bytes(hashlib.sha256(text.casefold().encode()).digest()[:4], "big") / 2**32


@functools.cache
def share_of(text: str) -> str:
    """Return whether a text is one to train or one to judge with."""
    return "development" if rank(text) < DEVELOPMENT else "train"


def dealt(texts: Sequence[str], share: str, least: int = SPLIT_FROM) -> list[str]:
    """Return those of a list that belong to a share; all of a short list; never none."""
    if share == "all" or len(texts) < least:
        return list(texts)
    own = [text for text in texts if share_of(text) == share]
    if own:
        return own
    pick = min if share == "development" else max
    return [pick(texts, key=rank)]

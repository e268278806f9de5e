"""The tagger: people's names in running text, of any origin, found by context and shape (`training/tagger`).

Each word becomes a sum of vectors (`tagger_words`), made once for each word that is met; a small network of
convolutions looks eight words to either side and says of each word how likely it begins, continues, ends or is a name.
A text is read by itself, in pieces whose borders turn on nothing but the text, on one thread: what is found in it and
how sure it is does not change with what else is read, nor with the order.
"""

import bisect
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from rollcall.elements.tagger_words import digest_of_rows, row, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DATA = Path(__file__).parent / "data"
OUTSIDE, BEGIN, INSIDE, END, SINGLE, OTHER = range(6)
PIECE = 1024  # words that are read at once, and
MARGIN = 24  # of them on each side the words that are only looked at: more than the network reaches
REACHES = (1, 2, 4)  # of the layers, in words
PLACES = 4  # decimals that scores are rounded to
_SURELY_NOT = 0.02  # a word is left alone where it is less likely than this to be of a name
_KEPT_WORDS = 60_000  # whose vectors are kept
_NEXT = {
    BEGIN: (INSIDE, END),
    INSIDE: (INSIDE, END),
    END: (OUTSIDE, BEGIN, SINGLE),
    SINGLE: (OUTSIDE, BEGIN, SINGLE),
    OUTSIDE: (OUTSIDE, BEGIN, SINGLE),
}


class Named(msgspec.Struct, frozen=True):
    """A person's name in a text."""

    start: int
    end: int
    score: float  # how sure it is that a person is named from here to there, 0..1
    staff: float  # how likely the context is that of one who works there, and not of a patient or another


class Reading:
    """What the tagger makes of a text."""

    def __init__(self, text: str) -> None:
        words, self._starts, self._ends = tokens(text)
        self._person: NDArray[np.float64] = np.zeros(len(words))  # how likely each word is of a person's name
        self.names: list[Named] = []  # in order
        core = PIECE - 2 * MARGIN
        for first in range(0, len(words), core):
            low, high = max(0, first - MARGIN), min(len(words), first + core + MARGIN)
            chances, staff = _model().read(words[low:high])
            self._person[low:high] = 1.0 - chances[:, OUTSIDE] - chances[:, OTHER]
            for begin, end, score in spans(chances):
                # A name belongs to the piece in whose core it begins.
                if first <= low + begin < first + core:
                    likely = round(float(staff[begin : end + 1].mean()), PLACES)
                    span = self._starts[low + begin], self._ends[low + end]
                    self.names.append(Named(*span, round(score, PLACES), likely))

    def likely(self, start: int, end: int) -> float:
        """Return how likely the least likely word between two places is to be of a person's name."""
        low, high = bisect.bisect_right(self._ends, start), bisect.bisect_left(self._starts, end)
        return round(float(self._person[low:high].min()), PLACES) if low < high else 0.0


def spans(chances: "NDArray[np.float64]") -> list[tuple[int, int, float]]:
    """Return (first, last, score) of the names in rows of chances (outside, begin, inside, end, single, other)."""
    person = 1.0 - chances[:, OUTSIDE] - chances[:, OTHER]
    maybe = np.flatnonzero(person > _SURELY_NOT)
    found: list[tuple[int, int, float]] = []
    at = 0
    while at < len(maybe):
        stop = at
        while stop + 1 < len(maybe) and maybe[stop + 1] == maybe[stop] + 1:
            stop += 1
        first = int(maybe[at])
        found += [
            (
                first + begin,
                first + end,
                _score(chances[first + begin : first + end + 1], person[first + begin : first + end + 1]),
            )
            for begin, end in _best(chances[first : int(maybe[stop]) + 1])
        ]
        at = stop + 1
    return found


def _score(chances: "NDArray[np.float64]", person: "NDArray[np.float64]") -> float:
    """Return how sure a name is: of its words the least likely to be of a person, and the borders count half."""
    borders = float(chances[0, SINGLE]) if len(chances) == 1 else float(min(chances[0, BEGIN], chances[-1, END]))
    least = float(person.min())
    return least * (0.5 + 0.5 * min(1.0, borders / max(least, 1e-9)))


def _best(chances: "NDArray[np.float64]") -> list[tuple[int, int]]:
    """Return the names in the likeliest series of labels that a name can have."""
    outside = np.maximum(chances[:, OUTSIDE] + chances[:, OTHER], 1e-9)
    scores = np.log(np.maximum(np.column_stack([outside, chances[:, BEGIN : SINGLE + 1]]), 1e-9)).tolist()
    best: dict[int, tuple[float, tuple[int, ...]]] = {
        label: (scores[0][label], (label,)) for label in (OUTSIDE, BEGIN, SINGLE)
    }
    for line in scores[1:]:
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for label, (score, path) in best.items():
            for following in _NEXT[label]:
                total = score + line[following]
                if following not in reached or total > reached[following][0]:
                    reached[following] = (total, (*path, following))
        best = reached
    ended = [best[label] for label in (OUTSIDE, END, SINGLE) if label in best]
    path = max(ended)[1] if ended else ()
    found, begin = [], 0
    for index, label in enumerate(path):
        if label in (BEGIN, SINGLE):
            begin = index
        if label in (END, SINGLE):
            found.append((begin, index))
    return found


class _Layer(msgspec.Struct, frozen=True):
    """A convolution over words: what each word and one on either side, `reach` words away, add up to."""

    weights: "NDArray[np.float32]"  # (3 or 1 words) x wide, deep
    bias: "NDArray[np.float32]"
    reach: int

    @classmethod
    def read(cls, held: Any, name: str, reach: int) -> "_Layer":
        """Return a layer as it was trained: weights are (deep, wide, words)."""
        weights = held[f"{name}.weight"]
        stacked = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(-1, weights.shape[0]))
        return cls(stacked, held[f"{name}.bias"], reach)

    def __call__(self, words: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return what the layer makes of words, a row each."""
        if self.reach:
            edge = np.zeros((self.reach, words.shape[1]), np.float32)
            padded = np.concatenate([edge, words, edge])
            words = np.concatenate([padded[: len(words)], words, padded[2 * self.reach :]], axis=1)
        made: NDArray[np.float32] = words @ self.weights + self.bias
        return made


class _Model:
    """The network, loaded once in a process.

    It is small enough to be summed here: workers hold the key of the case, and libraries that run networks write and
    call where nobody asked them to.
    """

    def __init__(self) -> None:
        with np.load(_DATA / "tagger.npz") as held:
            self._table, self._scale, self._made_for = held["table"], float(held["scale"]), int(held["made_for"])
            self._entry = _Layer.read(held, "entry", 1)
            self._layers = [_Layer.read(held, f"layer{n}", reach) for n, reach in enumerate(REACHES)]
            self._labels, self._staff = _Layer.read(held, "labels", 0), _Layer.read(held, "staff", 0)
        self._known: dict[str, NDArray[np.float32]] = {}

    def verify(self) -> None:
        """Raise ValueError where words are no longer seen as they were in training."""
        if self._made_for != digest_of_rows():
            raise ValueError("the tagger was trained with other rows of words: run training/tagger/train.py")

    def _vector(self, word: str) -> "NDArray[np.float32]":
        """Return the vector of a word: a sum of whole numbers, so that no order of adding changes it."""
        vector = self._known.get(word)
        if vector is None:
            total = self._table[row(word)].sum(axis=0, dtype=np.int32)
            vector = total.astype(np.float32) * np.float32(self._scale)
            if len(self._known) >= _KEPT_WORDS:
                self._known.clear()
            self._known[word] = vector
        return vector

    def read(self, words: list[str]) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """Return the chances of the labels of each word, and of each word how likely it is of one of the staff."""
        seen = np.maximum(self._entry(np.stack([self._vector(word) for word in words])), 0)
        for layer in self._layers:
            seen = seen + np.maximum(layer(seen), 0)
        labels = self._labels(seen).astype(np.float64)
        chances = np.exp(labels - labels.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        return chances, 1.0 / (1.0 + np.exp(-self._staff(seen)[:, 0].astype(np.float64)))


@functools.cache
def _model() -> _Model:
    return _Model()

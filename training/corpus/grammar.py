"""Expands the rules of `data/*.toml` into marked text.

A rule is a list of alternatives. In an alternative `{x}` is a rule or a value of the person in question ("p"), `{x@q}`
the same of another ("mother": p's mother), `{^x}` begins with a capital, `{dx!negated}` has a polarity, and `[a|b|]`
is one of the things between the bars, which may hold such again.
"""

import functools
import re
import tomllib
from pathlib import Path

import msgspec

from .cast import OTHERS, RELATIVES, Cast
from .marked import Marked, join
from .naming import NAMINGS, Naming
from .shares import dealt, rank
from .values import MAKERS, Values

_DATA = Path(__file__).parent / "data"
_TOKEN = re.compile(r"\{(?P<capital>\^?)(?P<name>\w+)(?:@(?P<of>\w+))?(?:!(?P<polarity>\w+))?\}|(?P<mark>[\[\]|])")


class Ref(msgspec.Struct, frozen=True):
    """A rule or value to be put in."""

    name: str
    of: str = ""
    capital: bool = False
    polarity: str = ""


class Choice(msgspec.Struct, frozen=True):
    """One of several sequences."""

    options: tuple[tuple["str | Ref | Choice", ...], ...]


_NEW = {"q": "patient", "r": "staff", "r2": "staff", "w": "staff", "e": "employee"}
_OF_OTHERS = {
    "espouse": ("e", "spouse"), "echild": ("e", "child"), "wspouse": ("w", "spouse"), "wchild": ("w", "child"),
    "wmother": ("w", "mother"),
}  # fmt: skip
Node = str | Ref | Choice


@functools.cache
def rules(*files: str) -> dict[str, list[str]]:
    """Return the rules of these files together."""
    merged: dict[str, list[str]] = {}
    for file in files:
        for name, options in tomllib.loads((_DATA / f"{file}.toml").read_text(encoding="utf-8")).items():
            merged.setdefault(name, []).extend(options)
    return merged


@functools.cache
def parsed(text: str) -> tuple[Node, ...]:
    """Return an alternative as nodes."""
    stack: list[list[list[Node]]] = [[[]]]
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            stack[-1][-1].append(text[at : match.start()])
        at = match.end()
        mark = match["mark"]
        if mark == "[":
            stack.append([[]])
        elif mark == "|" and len(stack) > 1:
            stack[-1].append([])
        elif mark == "]" and len(stack) > 1:
            options = tuple(tuple(one) for one in stack.pop())
            stack[-1][-1].append(Choice(options))
        elif mark:
            stack[-1][-1].append(mark)
        else:
            stack[-1][-1].append(Ref(match["name"], match["of"] or "", bool(match["capital"]), match["polarity"] or ""))
    stack[-1][-1].append(text[at:])
    if len(stack) != 1:
        raise ValueError(f"a bracket stays open: {text}")
    return tuple(node for node in stack[0][0] if node != "")


def _is_common(text: str) -> bool:
    return text.startswith("=") or sum(map(str.isalpha, _TOKEN.sub("", text))) < 2


@functools.cache
def _options(files: tuple[str, ...], rule: str, share: str) -> tuple[str, ...]:
    """Return a rule's alternatives of a share; what has hardly a word, or is marked by "=", belongs to both."""
    options = rules(*files)[rule]
    own = [one for one in options if not _is_common(one)]
    return (*(one for one in options if _is_common(one)), *(dealt(own, share) if own else ()))


class Grammar:
    """Writes marked text about the people of a cast."""

    def __init__(self, cast: Cast, files: tuple[str, ...]) -> None:
        self.cast, self.rng, self.share = cast, cast.rng, cast.share
        self.values = Values(cast)
        self.naming = Naming(cast)
        self.frames: list[str] = []
        self._files, self._rules = files, rules(*files)
        self._recent: dict[str, list[str]] = {}

    def has(self, rule: str) -> bool:
        """Say whether there is such a rule."""
        return rule in self._rules

    def expand(self, rule: str, who: dict[str, int]) -> Marked:
        """Return one expansion of a rule; `who` says which index "p", "w" and others stand for, and grows."""
        options = self._dealt(rule)
        fresh = [one for one in options if one not in self._recent.get(rule, ())]
        chosen = self.rng.choice(fresh or options).removeprefix("=")
        if len(self._rules[rule]) > 8:
            self._recent.setdefault(rule, []).append(chosen)
            self.frames.append(f"{rule}:{int(rank(chosen) * 2**32):08x}")
        return self._sequence(parsed(chosen), who)

    def write(self, text: str, who: dict[str, int]) -> Marked:
        """Return the expansion of a text that is no rule."""
        return self._sequence(parsed(text), who)

    def share_pick(self, rule: str) -> str:
        """Return an alternative of a rule as it stands, to be written for several people alike."""
        return self.rng.choice(self._dealt(rule)).removeprefix("=")

    def _dealt(self, rule: str) -> tuple[str, ...]:
        return _options(self._files, rule, self.share)

    def _sequence(self, nodes: tuple[Node, ...], who: dict[str, int]) -> Marked:
        pieces: list[Marked | str] = []
        for node in nodes:
            if isinstance(node, str):
                pieces.append(node)
            elif isinstance(node, Choice):
                pieces.append(self._sequence(self.rng.choice(node.options), who))
            else:
                pieces.append(self._ref(node, who))
        return join(pieces)

    def _ref(self, ref: Ref, who: dict[str, int]) -> Marked:
        number = self._who(ref.of, who) if ref.of else who["p"]
        if ref.name in self._rules:
            made = self.expand(ref.name, who if not ref.of else {**who, "p": number, "q": who["p"]})
        elif ref.name in NAMINGS:
            made = self.naming.write(ref.name, number)
        elif ref.name in MAKERS:
            made = self.values.write(ref.name, number)
        else:
            raise KeyError(ref.name)
        if ref.polarity:
            spans = tuple(msgspec.structs.replace(one, polarity=ref.polarity) for one in made.spans)
            made = Marked(made.text, spans)
        return made.capital() if ref.capital else made

    def _who(self, key: str, who: dict[str, int]) -> int:
        if key in who:
            return who[key]
        if key in RELATIVES or key in OTHERS:
            return self.cast.whose(key, who["p"])
        if key in _OF_OTHERS:
            of, relative = _OF_OTHERS[key]
            return self.cast.whose(relative, self._who(of, who))
        if key in _NEW:
            number = self.cast.add(_NEW[key])
        else:
            raise KeyError(key)
        who[key] = number
        return number

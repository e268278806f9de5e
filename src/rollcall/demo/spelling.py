"""How one hand writes headers: always the same words for whose it is, always the same case."""

from random import Random

from rollcall.demo.chance import weighted
from rollcall.demo.pack import Pack, Spell


def spelled(words: str, case: str) -> str:
    """Return words in one of the cases that people and programs use; words in capitals stay so in titles."""
    parts = words.split()
    if case == "Title":
        return " ".join(one if one.isupper() or not one[:1].isalpha() else one[:1].upper() + one[1:] for one in parts)
    if case == "Camel":
        return "".join(one[:1].upper() + one[1:].lower() for one in parts)
    if case == "camel":
        joined = spelled(words, "Camel")
        return joined[:1].lower() + joined[1:]
    return {
        "UPPER": words.upper(), "lower": words.lower(), "snake": "_".join(parts).lower(),
        "SNAKE": "_".join(parts).upper(), "dot": ".".join(parts).lower(), "colon": f"{spelled(words, 'Title')}:",
        "dash": "-".join(parts).lower(), "first": words[:1].upper() + words[1:],
    }[case]  # fmt: skip


class Hand:
    """One writer of headers."""

    def __init__(self, rng: Random, spell: Spell, role: str) -> None:
        self.rng, self.spell = rng, spell
        self.before = rng.choice(spell.who.get(role) or spell.before)
        self.case = rng.choice(spell.cases)
        self.said: dict[str, str] = {}

    def header(self, field: str) -> str | None:
        """Return what this hand writes over a column, or None where it has no words for it."""
        if field not in self.said:
            who, _, own = field.rpartition(".")
            if own not in self.spell.say or (who and who not in self.spell.who):
                return None
            before = self.rng.choice(self.spell.who[who]) if who else self.before
            self.said[field] = spelled(f"{before} {self.rng.choice(self.spell.say[own])}".strip(), self.case)
        return self.said[field]


def spellings(pack: Pack, field: str) -> set[str]:
    """Return all spellings of a header that a pack may write, for the main person of a list."""
    who, _, own = field.rpartition(".")
    befores = pack.spell.who.get(who, []) if who else pack.spell.before
    made = {
        spelled(f"{before} {said}".strip(), case)
        for before in befores for said in pack.spell.say.get(own, []) for case in pack.spell.cases
    }  # fmt: skip
    return made | set(pack.headers.get(field, []))


def bare(text: str) -> str:
    """Return a header or label as a careless reader sees it: small letters and digits only."""
    return "".join(c for c in text.casefold() if c.isalnum())


def draw_hand(rng: Random, pack: Pack, role: str) -> Hand | None:
    """Return a hand, or None for a list whose headers were each written by somebody else."""
    if not pack.wide or not pack.spell.say or weighted(rng, {"hand": 0.65, "mixed": 0.35}) == "mixed":
        return None
    return Hand(rng, pack.spell, role)

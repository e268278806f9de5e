"""The shape of a breach: which mailboxes in which stores, what is written how often, and how people crowd; as data."""

import tomllib
from importlib import resources

import msgspec


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of organisation that was broken into."""

    about: str
    people_per_message: float
    stores: list[str]  # one mailbox each: mbox, maildir, eml; .zip behind it for a zip of these
    spread: float  # how unequal the crowds are (sigma of a lognormal)
    mix: dict[str, float]  # kind of mail -> share of all mails
    entities: int = 1  # how many organisations' patients it holds
    roster: float = 0.0  # share of the true people who stand in the roster beside the evidence
    member_lists: bool = False  # its lists are rather of members than of patients

    def n_messages(self, people: int) -> int:
        """Return how many mails that many people take."""
        return max(60, round(people / self.people_per_message))


def load_shapes() -> dict[str, Shape]:
    """Return all shapes by name."""
    text = resources.files("rollcall.demo").joinpath("shapes.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Shape])

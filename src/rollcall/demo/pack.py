"""A pack: the words and forms of one made-up organisation, as data (`packs/<name>/*.toml`).

The code knows how a document is built; a pack knows what its headers, labels, sentences and titles say. A new pack is a
new folder; nothing here changes.
"""

import tomllib
from importlib import resources

import msgspec


class Payer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A health plan and the shape of its member numbers (# digit, @ letter, else as it stands)."""

    name: str
    member: str
    group: str = "######"
    short: str = ""


class Org(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who the hospital is, where its people live, and when its mail was written."""

    name: str
    domain: str
    phone_area: list[str]
    towns: list[tuple[str, str, str]]  # town, state, ZIP
    streets: list[str]
    facilities: dict[str, str]  # name of the issuer -> shape of its record numbers
    account: str  # shape of patient account numbers
    departments: list[str]
    outside: list[tuple[str, str]]  # name, mail host of those it writes with
    home_hosts: list[str]
    employers: list[str]
    first_day: str
    last_day: str
    custodians: list[str]  # department of each custodian: the first is an mbox, the second a Maildir


class ListForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of people that somebody keeps: its columns, and how it is called and sent."""

    about: str
    fields: list[str]
    extra: list[str] = []
    role: str = "patient"
    titles: list[str] = []
    files: list[str] = []
    sheets: list[str] = []
    subjects: list[str] = []
    bodies: list[str] = []


class PaperForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form about one person: sections of labelled fields."""

    about: str
    title: str
    sections: list[tuple[str, list[str]]]
    role: str = "patient"
    files: list[str] = []
    subjects: list[str] = []
    bodies: list[str] = []


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage about people with {slots}; `b.` speaks of a second person."""

    subject: str
    text: str
    role: str = "patient"
    weight: float = 1.0
    kind: str = "prose"  # prose, subject, patient_mail
    optional: bool = False
    who: str = ""  # what fits whom: F, adult, worker (has an employer), child, newborn, mother, spanish
    b_who: str = ""  # the same of the second person, who is then of the household
    formal: bool = False  # a letter: never all in small letters


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thread without patients: a subject and its mails, first to last."""

    subject: str
    mails: list[str]


class DecoyMail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mail with something that only looks like a person's data."""

    kind: str
    subject: str
    text: str
    sender: str = "staff"  # staff, outside


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything one made-up organisation writes with."""

    org: Org
    payers: list[Payer]
    headers: dict[str, list[str]]
    groups: dict[str, list[str]]  # words over a group of columns
    labels: dict[str, list[str]]
    lists: list[ListForm]
    forms: list[PaperForm]
    frames: list[Frame]
    letters: list[Frame]
    talks: list[Talk]
    decoys: list[DecoyMail]
    titles: list[tuple[str, str]]  # staff: title, credential or ""
    greetings: list[str]
    closings: list[str]
    forwards: list[str]
    replies: list[str]
    disclaimers: list[str]
    notes: list[str]
    diagnoses: list[tuple[str, str, str]]  # code, words, whose: F, M, A (adults) or everybody's
    drugs: list[str]
    procedures: list[tuple[str, str]]
    layouts: dict[str, float]
    formats: dict[str, dict[str, float]]  # how lists, forms are stored: xlsx, csv, ...
    mix: dict[str, float]  # kind of mail -> share of all mails


def load_pack(name: str) -> Pack:
    """Return the pack of that name; an unknown or misspelt one is refused."""
    folder = resources.files("rollcall.demo").joinpath("packs", name)
    if not name.isidentifier() or not folder.is_dir():
        raise ValueError(f"there is no pack called {name!r}")
    data: dict[str, object] = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            data |= tomllib.loads(entry.read_text(encoding="utf-8"))
    return msgspec.convert(data, Pack)

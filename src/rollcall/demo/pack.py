"""A pack: the words and forms of one made-up organisation, as data (`packs/<name>/*.toml`).

The code knows how a document is built; a pack knows what its headers, labels, sentences and titles say. A new pack is a
new folder; nothing here changes.
"""

import tomllib
from importlib import resources
from typing import Any

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
    zone: int = -6  # hours from UTC in winter
    zone_name: str = "Central Standard Time"  # as calendars call it
    clients: dict[str, str] = {}  # organisations that a business associate works for, as `facilities`


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
    headers: dict[str, list[str]] = {}  # of this list only, before those of the pack: another language, a trade's words
    language: str = ""


class PaperForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form about one person: sections of labelled fields."""

    about: str
    title: str
    sections: list[tuple[str, list[str]]]
    role: str = "patient"
    files: list[str] = []
    subjects: list[str] = []
    bodies: list[str] = []
    labels: dict[str, list[str]] = {}  # of this form only, before those of the pack
    language: str = ""
    who: str = ""  # whom it is for, as a passage says it


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage about people with {slots}; `b.` speaks of a second person."""

    subject: str
    text: str
    role: str = "patient"
    weight: float = 1.0
    kind: str = "prose"  # prose, subject, patient_mail
    optional: bool = False
    who: str = ""  # what fits whom: F, adult, died, worker (has an employer), child, newborn, mother, spanish
    b_who: str = ""  # the same of the second person, who is then of the household
    formal: bool = False  # a letter: never all in small letters
    language: str = ""  # "es": dates and excuses in Spanish, and no greeting in another language


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


class Tradition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way of naming people: its names, and how a whole name is put together."""

    name: str
    share: float
    surnames: list[str]
    female: list[str]
    male: list[str]
    starts: list[str] = []  # surnames that no census counted: a start and an end
    ends: list[str] = []
    particles: list[str] = []  # "da", "Al-": now and then in front
    spanish: float = 0.0  # the share of them who write and are written to in Spanish
    way: str = ""  # double (two surnames), patronym (father's and grandfather's name), single (one name only)


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layout of a list: a structure of the code, dressed in one office's style."""

    id: str
    structure: str
    weight: float = 1.0
    indent: int = 0  # empty columns on the left
    gap: int = 0  # a blank row after so many
    again: int = 0  # the header once more after so many rows
    counted: str = ""  # the header of a running number in front
    tail: str = ""  # the header of an empty column behind, for ticks and initials
    case: str = ""  # of the headers: upper, lower
    ruled: str = ""  # a row of this sign below the header
    last: str = ""  # the last line


class FormLook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layout of a form: how a label and its value stand, and how sections begin."""

    id: str
    structure: str
    mark: str = "{}"  # around the heading of a section
    case: str = ""  # of the labels: upper, lower
    head: list[str] = []
    foot: list[str] = []


class LetterLook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layout of a letter: what stands above and below the passage."""

    id: str
    head: list[str]  # {org}, {date}, {dept}
    foot: list[str] = []
    indent: int = 0


class Spell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How this pack's offices put headers together: whose it is, what it is, and the case of the hand."""

    before: list[str] = []
    cases: list[str] = []
    say: dict[str, list[str]] = {}  # field -> the words for it
    who: dict[str, list[str]] = {}  # guarantor, subscriber, contact -> the words in front


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
    spell: Spell = Spell()
    traditions: list[Tradition] = []  # none: the common lists of `data/`
    habits: dict[str, dict[str, float]] = {}  # dates, names, phones: how lists and forms write them besides
    list_looks: list[Look] = []
    form_looks: list[FormLook] = []
    letter_looks: list[LetterLook] = []
    whose: dict[str, str] = {}  # a word in titles of lists -> whom such a list is about; nobody else stands on it
    test_patients: list[str] = []  # whom those who install systems make up, and nobody deletes; last the family name
    words: dict[str, list[str]] = {}  # for the kinds of document that a small pack does without
    wide: bool = False


def load_pack(name: str, *, wide: bool = False) -> Pack:
    """Return the pack of that name, with all it has when wide; an unknown or misspelt one is refused."""
    folder = resources.files("rollcall.demo").joinpath("packs", name)
    if not name.isidentifier() or not folder.is_dir():
        raise ValueError(f"there is no pack called {name!r}")
    data: dict[str, Any] = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            data |= tomllib.loads(entry.read_text(encoding="utf-8"))
    more = folder.joinpath("wide")
    if wide and more.is_dir():
        for entry in sorted(more.iterdir(), key=lambda one: one.name):
            _add(data, tomllib.loads(entry.read_text(encoding="utf-8")))
    return msgspec.convert({**data, "wide": wide}, Pack)


def _add(data: dict[str, Any], more: dict[str, Any]) -> None:
    """Add what a wide pack has besides: lists grow, tables are joined, single values are replaced."""
    for key, value in more.items():
        old = data.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _add(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            data[key] = old + value
        else:
            data[key] = value

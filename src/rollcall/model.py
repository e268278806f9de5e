"""Every record; one class is one table.

Records are frozen `msgspec.Struct`s. The Arrow schema of a table is derived from its class (`arrow.py`), so there is
one place to change. Facts (what stages write) come first, then what the views show, as the contract names it.

Times are UTC, ISO 8601 text with `Z`, and end in `_at`; rows and columns count from 0; character offsets are half-open
`[start, end)` into the part's stored text. What a person sees is 1-based and is made in the views.

All records stand in one file, however many lines, so that the whole data model can be read in one sitting.
"""

import hashlib
from typing import Any, ClassVar, Self

import msgspec

from rollcall.arrow import from_table as from_table
from rollcall.arrow import schema as schema
from rollcall.arrow import to_table as to_table


def digest(*parts: object) -> str:
    """Return the 32-hex-digit id of a thing from what identifies it.

    It depends on no key, clock, chance or order of runs: a second case made of the same evidence has the same ids.
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that is kept as a row; `TABLE` is the table's name."""

    TABLE: ClassVar[str] = ""

    def __repr__(self) -> str:  # values of people must not reach logs
        return f"{type(self).__name__}({str(getattr(self, self.__struct_fields__[0]))[:8]})"

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the record of one row of this table, its types checked."""
        return msgspec.convert(row, cls)


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where in a blob; stored as flat nullable columns so that SQL can sort, join and print them."""

    part_no: int
    page: int | None = None
    table: int | None = None  # which table of the part, when it has several
    row: int | None = None
    col: int | None = None
    start: int | None = None  # characters of the part's text, or of the cell where the part is a table
    end: int | None = None
    x0: float | None = None  # page units 0..1
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    rotation: int | None = None
    score: float | None = None  # OCR
    locator: str | None = None  # "PID-5.1", "CLM[3]/NM1"


# --- facts: evidence and items -------------------------------------------------------------------------------------


class Child(Record, frozen=True, kw_only=True):
    """One occurrence inside its parent: what a container holds at a locator. Items are the expansion of these.

    The root of a source has `parent_blob_id` "" and the source's id as its locator.
    """

    TABLE: ClassVar[str] = "children"
    parent_blob_id: str
    locator: str  # what the format itself calls it: mbox offset, PST node ids, MIME part path, zip index
    kind: str  # message, attachment, inline, member, file, store, contact, appointment, task, note
    name: str = ""
    media_type: str = ""
    blob_id: str
    size: int
    folder: str = ""  # "/" between levels, as the store spells it
    folder_kind: str = ""  # "", deleted, recoverable, sent, junk, drafts, outbox, archive
    message_id: str | None = None  # with angle brackets, as written
    subject: str | None = None
    sender: str | None = None  # "Name <address>" as written
    recipients: str | None = None  # the same, joined by ", "
    sent_at: str | None = None
    received_at: str | None = None
    dates: str | None = None  # JSON object: each date property as written -> UTC or null
    header_blob_id: str | None = None  # raw headers differ per occurrence and have a blob of their own


class Shard(Record, frozen=True, kw_only=True):
    """A slice of a container that is too large for one unit of work; each is opened by itself."""

    TABLE: ClassVar[str] = "shards"
    blob_id: str
    shard: str  # what the format's `open_shard` understands
    shard_no: int


class Locked(Record, frozen=True, kw_only=True):
    """A content behind a password, which is kept back until passwords are gathered; it then has a Blob."""

    TABLE: ClassVar[str] = "locked"
    blob_id: str


class Blob(Record, frozen=True, kw_only=True):
    """One content, opened once; a container that was sliced has one row for the slicing."""

    TABLE: ClassVar[str] = "blobs"
    blob_id: str
    media_type: str  # as identified from structure, never as declared
    parser: str  # "xlsx@1"; "" where none fits
    size: int
    state: str  # read, empty, problem
    n_parts: int
    n_children: int


class Part(Record, frozen=True, kw_only=True):
    """What one would point at: a body, page, sheet, note, header block, or the names of what is inside."""

    TABLE: ClassVar[str] = "parts"
    blob_id: str
    part_no: int
    kind: str  # subject, body, header, names, page, sheet, table, note, text
    label: str = ""  # sheet name, page number as printed, ...
    text: str | None = None  # None for a table: its cells are rows
    n_rows: int | None = None
    hidden: bool = False
    about: str = ""  # key of the record whose person the part speaks of, where the format says so


class Row(Record, frozen=True, kw_only=True):
    """One row of a table part, as the user's program shows it."""

    TABLE: ClassVar[str] = "rows"
    blob_id: str
    part_no: int
    row: int  # absolute in the sheet, from 0
    first_col: int  # column of cells[0]
    cells: list[str]


class Words(Record, frozen=True, kw_only=True):
    """Where the words of a page stand: one row for a part, an entry for a word, or of print for a stretch of a line."""

    TABLE: ClassVar[str] = "words"
    blob_id: str
    part_no: int
    starts: list[int]  # characters of the part's text; of a table, of its cells, tabs between, a line for each row
    ends: list[int]
    x0: list[int]  # ten-thousandths of its width and height from the upper left, as the page or picture lies
    y0: list[int]
    x1: list[int]
    y1: list[int]
    scores: list[float]  # of OCR, how sure each is; none of print
    turned: int  # degrees clockwise that the picture must be turned by to be read: 0, 90, 180, 270
    skew: float  # degrees it is askew then


class RecordOf(Record, frozen=True, kw_only=True):
    """One person as a structured format gives them; what it says of them are RecordFields."""

    TABLE: ClassVar[str] = "records"
    blob_id: str
    part_no: int
    key: str  # what the content calls the record: "message 3 PID"
    role: str  # as in Mention


class RecordField(Record, frozen=True, kw_only=True):
    """One labelled value of a record, and where in its part it stands."""

    TABLE: ClassVar[str] = "record_fields"
    blob_id: str
    part_no: int
    key: str
    element: str
    subtype: str
    issuer: str | None = None
    polarity: str = "asserted"
    text: str  # as written
    value: str  # as one would write it where the format takes it apart: "OLSON, MARY"
    start: int
    end: int
    locator: str  # "message 3 PID-5"


class RecordRelation(Record, frozen=True, kw_only=True):
    """One record's person is this to another's, as the content says."""

    TABLE: ClassVar[str] = "record_relations"
    blob_id: str
    key: str
    other_key: str
    relation: str  # as in Relation


class Trouble(Record, frozen=True, kw_only=True):
    """Something in a content that could not be read, or not wholly; the views turn it into a Problem."""

    TABLE: ClassVar[str] = "troubles"
    blob_id: str
    part_no: int | None = None
    locator: str = ""
    code: str  # of problems.py
    detail: str = ""  # never a value of a person


# --- facts: findings and mentions ----------------------------------------------------------------------------------


class Column(Record, frozen=True, kw_only=True):
    """What one column of a table was taken to mean, and why; an unmapped column is a row too (element "")."""

    TABLE: ClassVar[str] = "columns"
    blob_id: str
    part_no: int
    table: int
    first_row: int  # first data row
    last_row: int
    header_row: int | None
    col: int
    header: str
    element: str
    subtype: str
    group: str  # which person of the row: "", "patient", "guarantor", "subscriber", "mother", ...
    confidence: float
    why: str
    layout: str = ""  # the same for every table with the same headers: one decision is good for all of them


class Finding(Record, frozen=True, kw_only=True):
    """One occurrence of a data element in a part. Never removed; low confidence is a number, not a deletion."""

    TABLE: ClassVar[str] = "findings"
    finding_id: str  # sealed with the case key: anchor + element + value + ordinal among equals
    blob_id: str
    place: Place
    block: str | None  # digest of the normalised text block it stands in (the same when quoted); None in tables
    group: str  # role group of the column or label it stands under, "" where unknown
    element: str
    subtype: str
    issuer: str | None = None
    polarity: str = "asserted"  # asserted, negated, family, hypothetical
    text: str  # as written
    value: str  # normal form
    check: str  # valid, never_issued, published_sample, bad_checksum, unchecked, ...
    confidence: float
    why: str  # header, label:ssn, pattern, near:dob, lexicon, ...
    made_by: str  # "ssn@1"


class Mention(Record, frozen=True, kw_only=True):
    """Findings about one person in one place (row, form, paragraph); anchored in content, not in what we found."""

    TABLE: ClassVar[str] = "mentions"
    mention_id: str  # digest of the anchor
    blob_id: str
    part_no: int
    row: int | None  # rows: anchor is (blob, part, row, group)
    block: str | None  # prose: anchor is (block, name as written, ordinal)
    ordinal: int  # forms: anchor is (blob, part, record ordinal, first label)
    kind: str  # row, form, prose, record
    # patient, member, subscriber, dependent, guarantor, emergency_contact, provider, employee, correspondent, other
    role: str
    is_subject: bool
    entity: str | None = None
    name: str  # as written, "" where none
    confidence: float
    why: str


class Membership(Record, frozen=True, kw_only=True):
    """A finding belongs to a mention."""

    TABLE: ClassVar[str] = "memberships"
    mention_id: str
    finding_id: str
    confidence: float
    why: str
    alternative_of: str | None = None  # another mention_id that may be meant instead


class Relation(Record, frozen=True, kw_only=True):
    """One mention speaks of another person's relation to it."""

    TABLE: ClassVar[str] = "relations"
    mention_id: str
    other_id: str
    relation: str  # guarantor_of, subscriber_of, guardian_of, parent_of, dependent_of, contact_of


class LexiconEntry(Record, frozen=True, kw_only=True):
    """Case knowledge for the second pass: a staff member, a person met in a table, a number with whose it is there."""

    TABLE: ClassVar[str] = "lexicon"
    kind: str  # staff, person, number, shape (the form of a hospital's own numbers)
    given: str
    family: str
    email: str | None = None
    element: str = ""  # of a number or shape
    subtype: str = ""
    issuer: str | None = None
    value: str = ""


# --- facts: individuals --------------------------------------------------------------------------------------------


class Individual(Record, frozen=True, kw_only=True):
    """A resolved person; the contract's table, minus what only a join can know (the view adds it)."""

    TABLE: ClassVar[str] = "people"
    individual_id: str
    status: str  # proposed, unresolved (decisions make confirmed and excluded)
    names: list[str]
    given_name: str | None
    middle_name: str | None
    family_name: str | None
    suffix: str | None
    date_of_birth: str | None
    date_of_birth_text: str | None
    identifiers: list[dict[str, str | None]]  # element, subtype, issuer, value
    addresses: list[str]
    phones: list[str]
    emails: list[str]
    state: str | None
    state_source: str | None
    roles: list[str]  # patient, member, employee, other
    fine_roles: list[str]
    minor: bool | None
    deceased: bool | None
    guardian: str | None
    language: str | None
    roster_ids: list[str]
    confidence: float
    candidates: list[str]
    why: str  # in words: how sure that this is one real person


class Link(Record, frozen=True, kw_only=True):
    """A mention is this individual's, how sure, and why."""

    TABLE: ClassVar[str] = "links"
    individual_id: str
    mention_id: str
    confidence: float
    why: str


# --- what the contract shows ---------------------------------------------------------------------------------------


class Source(Record, frozen=True, kw_only=True):
    """A thing we were given, with its hash and custody."""

    TABLE: ClassVar[str] = "sources"
    source_id: str
    path: str
    kind: str  # pst, ost, mbox, eml, maildir, folder, zip, imap, file; log, roster, passwords
    mailbox: str | None
    custodian: str | None
    entity: str | None
    size: int
    sha256: str
    sha1: str
    md5: str
    received_at: str | None
    received_from: str | None
    received_by: str | None
    n_items: int = 0
    n_read: int = 0
    n_problems: int = 0


class Item(Record, frozen=True, kw_only=True):
    """One occurrence: a message, an attachment, a member of an archive."""

    TABLE: ClassVar[str] = "items"
    item_id: str
    parent_id: str | None
    family_id: str
    source_id: str
    mailbox: str | None
    folder: str
    message_id: str | None
    subject: str | None
    sent_at: str | None
    received_at: str | None
    kind: str
    name: str
    size: int
    blob_id: str
    same_as: str | None
    end_state: str  # read, empty, problem, skipped


class Problem(Record, frozen=True, kw_only=True):
    """What could not be done, where, what it may hide, and what to do next; one row per content."""

    TABLE: ClassVar[str] = "problems"
    problem_id: str
    item_id: str | None
    message_id: str | None
    mailbox: str | None
    path: str
    code: str
    detail: str
    what_to_do: str
    people_at_risk: list[str] | None
    state: str  # open, resolved, signed_off
    n_occurrences: int


class IndividualRow(Record, frozen=True, kw_only=True):
    """One row per person, as the contract shows it."""

    TABLE: ClassVar[str] = "individuals"
    individual_id: str
    listed: bool
    status: str
    names: list[str]
    given_name: str | None
    middle_name: str | None
    family_name: str | None
    suffix: str | None
    date_of_birth: str | None
    date_of_birth_text: str | None
    identifiers: list[dict[str, str | None]]
    addresses: list[str]
    phones: list[str]
    emails: list[str]
    state: str | None
    state_source: str | None
    roles: list[str]
    entities: list[str]
    minor: bool | None
    deceased: bool | None
    guardian: str | None
    language: str | None
    roster_ids: list[str]
    elements: list[str]
    elements_proven: list[str]
    n_items: int
    n_mentions: int
    confidence: float
    candidates: list[str]
    first_seen_run: int


class Evidence(Record, frozen=True, kw_only=True):
    """One row per individual x element x subtype x value x place in one content, at its strongest occurrence."""

    TABLE: ClassVar[str] = "evidence"
    individual_id: str
    element: str
    subtype: str
    value: str
    blob_id: str
    item_id: str
    message_id: str | None
    mailbox: str | None
    custodian: str | None
    entity: str | None
    path: str
    place: str
    confidence: float
    check: str
    access: str
    n_occurrences: int


class Account(Record, frozen=True, kw_only=True):
    """What the logs say of one account (made by the access stage)."""

    TABLE: ClassVar[str] = "accounts"
    mailbox: str
    verdict: str
    first_at: str | None
    last_at: str | None
    open: bool
    paths: list[str]
    indicators: list[str]


class Window(Record, frozen=True, kw_only=True):
    """When the intruder was in, per path (made by the access stage)."""

    TABLE: ClassVar[str] = "windows"
    mailbox: str
    path_id: str
    kind: str
    start_at: str | None
    start_not_before: str | None
    end_at: str | None
    end_not_after: str | None
    open: bool
    closed_by: str | None
    events: int


class Scope(Record, frozen=True, kw_only=True):
    """What the logs say of one message in one mailbox (made by the access stage)."""

    TABLE: ClassVar[str] = "scope"
    mailbox: str
    message_id: str | None
    item_id: str | None
    state: str
    acquired: bool | None
    viewed: bool | None
    reasons: list[str]
    events: list[str]


class Phish(Record, frozen=True, kw_only=True):
    """A candidate for the mail that began it (made by the access stage)."""

    TABLE: ClassVar[str] = "phish"
    mailbox: str
    message_id: str | None
    rank: int
    reasons: list[str]
    campaign: list[str]


class Duty(Record, frozen=True, kw_only=True):
    """What is owed to whom by when under which clause (made by the duties stage)."""

    TABLE: ClassVar[str] = "duties"
    duty_id: str
    law: str
    jurisdiction: str
    addressee: str
    kind: str
    due_on: str | None
    standard: str | None
    anchor: str | None
    n_individuals: int
    conditions: list[str]
    citation: str
    confidence: str
    status: str


class Decision(Record, frozen=True, kw_only=True):
    """Who ruled what, when, why, on which anchor, and what was shown. Append-only, in the ledger."""

    TABLE: ClassVar[str] = "decisions"
    decision_id: str
    decided_at: str
    decided_by: str
    kind: str  # confirm, exclude, not_this, must_link, cannot_link, sign_off, skip
    anchor: str  # mention_id, finding_id, problem_id or item_id
    other_anchor: str | None = None  # the second mention of a link decision
    blob_id: str | None = None
    shown: list[str] = []  # sealed values (and sealed name) that stood there when the ruling was made
    other_blob_id: str | None = None
    other_shown: list[str] = []
    why: str = ""
    undone_by: str | None = None


class Alias(Record, frozen=True, kw_only=True):
    """An id that used to stand for a person, and the one that does now."""

    TABLE: ClassVar[str] = "aliases"
    alias_id: str
    individual_id: str
    run: int
    why: str


class OrphanedDecision(Record, frozen=True, kw_only=True):
    """A decision whose place is no longer found."""

    TABLE: ClassVar[str] = "orphaned_decisions"
    decision_id: str
    kind: str
    anchor: str
    why: str


FACTS: tuple[type[Record], ...] = (
    Child, Shard, Blob, Part, Row, Words, RecordOf, RecordField, RecordRelation, Trouble, Column, Finding, Mention,
    Membership, Relation, LexiconEntry, Individual, Link,
)  # fmt: skip
TABLES: tuple[type[Record], ...] = (
    IndividualRow, Evidence, Source, Item, Problem, Account, Window, Scope, Phish, Duty, Finding, Mention, Link,
    Decision, Alias, OrphanedDecision,
)  # fmt: skip

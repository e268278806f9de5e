"""What putting findings together yields: facts, ready to be emitted.

Most contents hold a handful of findings, and a table costs as much for one row as for thousands; so what is made a
fact at a time stays records, what is made by the window of rows is tables, and both can be asked for as tables.
"""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from rollcall.model import Finding, Membership, Mention, Record, Relation, schema, to_table


class Assembled:
    """Mentions with their memberships and relations, and the names that only this stage could see."""

    def __init__(self, records: Sequence[Sequence[Record]], tables: Sequence[tuple[type[Record], pa.Table]]) -> None:
        self.of_one_kind = records
        self.tables = tables

    def records(self) -> Iterator[Record]:
        """Yield what was made a fact at a time."""
        for some in self.of_one_kind:
            yield from some

    @property
    def mentions(self) -> pa.Table:
        """All mentions."""
        return self._all(Mention)

    @property
    def memberships(self) -> pa.Table:
        """All memberships."""
        return self._all(Membership)

    @property
    def relations(self) -> pa.Table:
        """All relations."""
        return self._all(Relation)

    @property
    def names(self) -> pa.Table:
        """Findings of element `name` met in running text."""
        return self._all(Finding)

    def _all(self, record: type[Record]) -> pa.Table:
        pieces = [table for kind, table in self.tables if kind is record]
        pieces += [to_table(record, some) for some in self.of_one_kind if some and isinstance(some[0], record)]
        return pa.concat_tables([schema(record).empty_table(), *pieces])


def from_records(
    mentions: Iterable[Mention] = (),
    memberships: Iterable[Membership] = (),
    relations: Iterable[Relation] = (),
    names: Iterable[Finding] = (),
) -> Assembled:
    """Return records as facts; repeated ones are kept once, in the order they came."""
    return Assembled(
        [
            list({row.mention_id: row for row in mentions}.values()),
            list({(row.mention_id, row.finding_id): row for row in memberships}.values()),
            list(dict.fromkeys(relations)),
            list({row.finding_id: row for row in names}.values()),
        ],
        [],
    )


def from_tables(mentions: pa.Table, memberships: pa.Table, relations: pa.Table) -> Assembled:
    """Return tables as facts."""
    return Assembled([], [(Mention, mentions), (Membership, memberships), (Relation, relations)])


def joined(pieces: Iterable[Assembled]) -> Assembled:
    """Return the facts of several calls as one."""
    kept = list(pieces)
    return Assembled(
        [some for piece in kept for some in piece.of_one_kind],
        [each for piece in kept for each in piece.tables],
    )

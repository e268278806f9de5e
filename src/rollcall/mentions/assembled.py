"""What putting findings together yields: tables of facts, ready to be emitted."""

from collections.abc import Iterable

import msgspec
import pyarrow as pa

from rollcall.model import Finding, Membership, Mention, Relation, schema, to_table


class Assembled(msgspec.Struct, frozen=True, kw_only=True):
    """Mentions with their memberships and relations, and the names that only this stage could see."""

    mentions: pa.Table
    memberships: pa.Table
    relations: pa.Table
    names: pa.Table  # Findings of element `name` met in running text


def from_records(
    mentions: Iterable[Mention] = (),
    memberships: Iterable[Membership] = (),
    relations: Iterable[Relation] = (),
    names: Iterable[Finding] = (),
) -> Assembled:
    """Return records as tables; repeated rows are kept once, in the order they came."""
    return Assembled(
        mentions=to_table(Mention, {row.mention_id: row for row in mentions}.values()),
        memberships=to_table(Membership, {(row.mention_id, row.finding_id): row for row in memberships}.values()),
        relations=to_table(Relation, dict.fromkeys(relations)),
        names=to_table(Finding, {row.finding_id: row for row in names}.values()),
    )


def nothing() -> Assembled:
    """Return no facts, with the right schemas."""
    return from_records()


def joined(pieces: Iterable[Assembled]) -> Assembled:
    """Return the facts of several calls as one."""
    kept = [nothing(), *pieces]
    return Assembled(
        mentions=pa.concat_tables([piece.mentions for piece in kept]).cast(schema(Mention)),
        memberships=pa.concat_tables([piece.memberships for piece in kept]).cast(schema(Membership)),
        relations=pa.concat_tables([piece.relations for piece in kept]).cast(schema(Relation)),
        names=pa.concat_tables([piece.names for piece in kept]).cast(schema(Finding)),
    )

"""Mentions with findings for tests of the resolver, in the fewest words."""

from collections.abc import Iterable

import msgspec
import pyarrow as pa

from rollcall.individuals.resolve import Resolution, resolve
from rollcall.model import Decision, Finding, Membership, Mention, Place, Relation, digest, to_table

ELEMENTS = {
    "ssn": ("ssn", "full"),
    "last4": ("ssn", "last4"),
    "dob": ("date_of_birth", "full"),
    "mrn": ("medical_record_number", "mrn"),
    "member": ("health_insurance", "member_id"),
    "mbi": ("health_insurance", "mbi"),
    "email": ("email", ""),
    "phone": ("phone", ""),
    "street": ("address", "street"),
    "city": ("address", "city"),
    "state": ("address", "state"),
    "zip": ("address", "zip"),
    "dx": ("diagnosis", "code"),
    "given": ("name", "given"),
    "family": ("name", "family"),
    "dl": ("drivers_license", "licence"),
}


class Said(msgspec.Struct):
    """One mention: a name and what stands with it. Values may be lists; "value|ISSUER" gives an issuer."""

    key: str
    name: str = ""
    role: str = "patient"
    blob: str = ""
    subject: bool = True
    facts: dict[str, str | list[str]] = {}


def said(
    key: str, name: str = "", *, role: str = "patient", blob: str = "", subject: bool = True, **facts: str | list[str]
) -> Said:
    return Said(key, name, role, blob or f"blob-{key}", subject, facts)


def mention_id(key: str) -> str:
    return digest("test", key)


class Facts(msgspec.Struct):
    mentions: pa.Table
    memberships: pa.Table
    findings: pa.Table
    relations: pa.Table


def _findings(one: Said) -> list[Finding]:
    found = []
    for what, written in one.facts.items():
        element, subtype = ELEMENTS[what]
        for text in written if isinstance(written, list) else [written]:
            value, _, issuer = text.partition("|")
            found.append(
                Finding(
                    finding_id=digest("f", one.key, what, text),
                    blob_id=one.blob,
                    place=Place(part_no=0),
                    block=None,
                    group="",
                    element=element,
                    subtype=subtype,
                    issuer=issuer or None,
                    text=value,
                    value=value.replace("-", "") if what in ("ssn", "member", "mrn") else value,
                    check="valid",
                    confidence=0.95,
                    why="header",
                    made_by="t@1",
                )
            )
    return found


def facts(said_: Iterable[Said]) -> Facts:
    mentions, memberships, findings = [], [], []
    for one in said_:
        found = _findings(one)
        findings += found
        mentions.append(
            Mention(
                mention_id=mention_id(one.key),
                blob_id=one.blob,
                part_no=0,
                row=None,
                block=None,
                ordinal=0,
                kind="row",
                role=one.role,
                is_subject=one.subject,
                name=one.name,
                confidence=0.95,
                why="row",
            )
        )
        memberships += [
            Membership(mention_id=mention_id(one.key), finding_id=finding.finding_id, confidence=0.97, why="same row")
            for finding in found
        ]
    return Facts(
        to_table(Mention, mentions),
        to_table(Membership, memberships),
        to_table(Finding, findings),
        to_table(Relation, []),
    )


def run(
    said_: Iterable[Said], decisions: Iterable[Decision] = (), minted: dict[str, str] | None = None, n: int = 1
) -> Resolution:
    made = facts(said_)
    return resolve(made.mentions, made.memberships, made.findings, made.relations, list(decisions), minted, n)


def groups(resolution: Resolution, keys: Iterable[str]) -> list[list[str]]:
    """The keys of the mentions of each individual."""
    names = {mention_id(key): key for key in keys}
    found: dict[str, list[str]] = {}
    for link in resolution.links:
        found.setdefault(link.individual_id, []).append(names[link.mention_id])
    return sorted(sorted(members) for members in found.values())


def together(*said_: Said, **options: object) -> list[list[str]]:
    return groups(run(said_, **options), [one.key for one in said_])

"""What one system writes for another: each message has what its kind must have, sums add up, ids are of one thing."""

import datetime
import json
from random import Random
from uuid import UUID

import pytest

from rollcall.demo.pack import Pack, load_pack
from rollcall.demo.people import Person, make_people
from rollcall.demo.writers.hl7 import write_hl7
from rollcall.demo.writers.records import write_fhir
from rollcall.demo.writers.x12 import write_x12

TODAY = datetime.date(2019, 5, 3)
MUST = {"ADT": {"EVN"}, "ORU": {"OBR", "OBX"}, "DFT": {"EVN", "FT1"}, "SIU": {"SCH", "RGS", "AIP"}}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("unseen", wide=True)


@pytest.fixture(scope="module")
def people(pack: Pack) -> list[Person]:
    return [one for household in make_people(pack, 2, 120) for one in household]


def test_every_hl7_message_has_the_segments_of_its_kind(pack: Pack, people: list[Person]) -> None:
    text = write_hl7(Random(1), pack, people, TODAY, ["Ann Otherwise"]).data.decode().replace("\n", "")
    seen: set[str] = set()
    for message in text.split("MSH|")[1:]:
        kind = message.split("|")[7][:3]
        segments = {line[:3] for line in message.split("\r")}
        assert MUST[kind] <= segments
        assert ("EVN" in segments) == (kind in ("ADT", "DFT"))
        assert ("SCH" in segments) == (kind == "SIU")
        seen.add(kind)
    assert seen == set(MUST)


def test_what_an_835_adjusts_is_what_was_not_paid(pack: Pack, people: list[Person]) -> None:
    claims = 0
    for seed in range(12):
        text = write_x12(Random(seed), pack, people[:20], TODAY, "House").data.decode()
        for claim in text.replace("\r", "").replace("\n", "").split("CLP*")[1:]:
            parts = claim.split("~")[0].split("*")
            adjusted = [line.split("*") for line in claim.split("~") if line.startswith("CAS")]
            assert float(parts[2]) - float(parts[3]) == sum(float(one[3]) for one in adjusted)
            assert float(parts[4]) == sum(float(one[3]) for one in adjusted if one[1] == "PR")
            claims += 1
    assert claims > 20


def test_every_fhir_resource_has_an_id_of_its_own(pack: Pack, people: list[Person]) -> None:
    bundles = [write_fhir(Random(seed), pack, people[:20]) for seed in range(6)]
    bundle = next(one for one in bundles if one.layout == "bundle")
    entries = json.loads(bundle.data)["entry"]
    assert len({UUID(one["resource"]["id"]) for one in entries}) == len(entries) == 60
    assert all(one["fullUrl"] == f"urn:uuid:{one['resource']['id']}" for one in entries)


def test_parties_are_named_in_full_though_the_envelope_is_short(pack: Pack, people: list[Person]) -> None:
    for seed in range(6):
        text = write_x12(Random(seed), pack, people[:3], TODAY, "A House with a Rather Long Name").data.decode()
        assert "*A HOUSE WITH A RATHER LONG NAME*" in text
        assert "*ZZ*A HOUSE WITH A *" in text

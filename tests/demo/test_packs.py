"""Every pack has the words for everything it asks for, and a passage for everybody."""

import datetime
import re
from importlib import resources
from pathlib import Path

import pytest

from rollcall.demo.chance import stream
from rollcall.demo.crooked import STRUCTURES
from rollcall.demo.grid import LAYOUTS
from rollcall.demo.hospital import CROWDED, SINGLE
from rollcall.demo.makers import MAKERS
from rollcall.demo.names import TRADITIONS, draw_family, draw_given
from rollcall.demo.pack import Frame, Pack, load_pack
from rollcall.demo.paper import SLOT, is_about_two
from rollcall.demo.people import fits, make_people
from rollcall.demo.show import EXCEL_DATES, FIELDS, MONTHS, show_date, show_name, show_phone
from rollcall.demo.writers.delimited import SEPARATORS

PACKS = sorted(one.name for one in resources.files("rollcall.demo").joinpath("packs").iterdir() if one.is_dir())
SAID_OTHERWISE = {"balance", "provider", "notes", "room", "They", "Their"}


@pytest.fixture(params=[(name, wide) for name in PACKS for wide in (False, True)], ids=str)
def pack(request: pytest.FixtureRequest) -> Pack:
    name, wide = request.param
    return load_pack(name, wide=wide)


def frames_of(pack: Pack) -> dict[str, list[Frame]]:
    kinds = {kind: [one for one in pack.frames if one.kind == kind] for kind in ("prose", "subject", "patient_mail")}
    return kinds | {"letter": pack.letters}


def test_every_field_has_words_and_a_way_to_be_shown(pack: Pack) -> None:
    listed = {field for one in pack.lists for field in (*one.fields, *one.extra)}
    asked = {field for form in pack.forms for _, fields in form.sections for field in fields}
    assert listed <= set(pack.headers)
    assert {field.rpartition(".")[2] for field in listed} <= set(pack.headers)  # under a row of groups
    assert asked <= set(pack.labels)
    assert {field.rpartition(".")[2] for field in listed | asked} <= set(FIELDS) | SAID_OTHERWISE
    assert {field.partition(".")[0] for field in listed if "." in field} <= set(pack.groups)


def test_every_slot_of_a_passage_is_known(pack: Pack) -> None:
    for frames in frames_of(pack).values():
        for frame in frames:
            slots = SLOT.findall(frame.subject + frame.text)
            assert {slot[1] for slot in slots} <= set(FIELDS) | SAID_OTHERWISE, frame.subject
            assert len(re.findall(r"\{", frame.subject + frame.text)) == len(slots), frame.subject


def test_there_is_a_passage_about_one_person_for_everybody(pack: Pack) -> None:
    for household in make_people(pack, 1, 300):
        for person in household:
            for kind, frames in frames_of(pack).items():
                alone = [one for one in frames if fits(person, one.who) and not is_about_two(one) and not one.optional]
                assert alone, kind


def test_layouts_formats_and_kinds_of_mail_are_known(pack: Pack) -> None:
    assert set(pack.layouts) <= set(LAYOUTS)
    assert set(pack.mix) <= set(MAKERS)
    assert set(CROWDED) | SINGLE <= set(MAKERS)
    assert sum(pack.mix.values()) == pytest.approx(1)
    assert set(pack.formats["lists"]) <= {"xlsx", "fixed", "pdf", "docx", *SEPARATORS}
    assert set(pack.formats["forms"]) <= {"body", "docx", "txt", "pdf", "html"}


def test_every_host_and_number_is_one_that_nobody_has(pack: Pack) -> None:
    org = pack.org
    hosts = [org.domain, *org.home_hosts, *(host for _, host in org.outside)]
    assert all(host.endswith(".example") for host in hosts)


@pytest.mark.parametrize("tradition", sorted(TRADITIONS))
def test_every_tradition_has_names(tradition: str) -> None:
    rng = stream(1, tradition)
    names = {f"{draw_given(rng, tradition, sex)} {draw_family(rng, tradition)}" for sex in "FM" for _ in range(40)}
    assert len(names) > 50


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("m/d/Y", "3/7/1961"), ("mm/dd/Y", "03/07/1961"), ("m/d/y", "3/7/61"), ("Y-m-d", "1961-03-07"),
        ("mm-dd-Y", "03-07-1961"), ("d-Mon-Y", "07-MAR-1961"), ("Month d, Y", f"{MONTHS[2]} 7, 1961"),
        ("Ymd", "19610307"), ("mdY", "03071961"), ("m.d.y", "3.7.61"), ("d-mon-y", "7-Mar-61"),
    ],
)  # fmt: skip
def test_dates_are_written_as_people_write_them(style: str, text: str) -> None:
    assert show_date(datetime.date(1961, 3, 7), style) == text


@pytest.mark.parametrize("name", PACKS)
def test_every_habit_of_a_pack_can_be_written(name: str) -> None:
    pack = load_pack(name, wide=True)
    person = next(iter(make_people(pack, 1, 1)))[0]
    for style in pack.habits.get("dates", {}):
        assert show_date(person.born, style)
        assert EXCEL_DATES[style]
    for style in pack.habits.get("names", {}):
        assert person.family in show_name(person, style)
    for style in pack.habits.get("phones", {}):
        assert show_phone(person.phone, style).endswith(person.phone[6:])
    assert set(pack.habits) <= {"dates", "names", "phones"}


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_as_wide_as_asked(name: str) -> None:
    import sys

    sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
    import pack_counts

    pack = load_pack(name, wide=True)
    assert {said: count for said, count in pack_counts.headers(pack).items() if count < 60} == {}
    assert {kind: count for kind, count in pack_counts.layouts(pack).items() if count < 25} == {}
    assert max(len(pack.traditions), 0 if pack.traditions else len(TRADITIONS)) >= 6


@pytest.mark.parametrize("name", PACKS)
def test_a_wide_pack_has_the_words_of_every_kind_of_mail(name: str) -> None:
    pack = load_pack(name, wide=True)
    kinds = {one.kind for one in pack.frames}
    assert {"invite", "deep_below", "deep_above", "prose", "subject", "patient_mail"} <= kinds
    wanted = "report_subjects report_bodies feed_subjects feed_bodies contacts_subjects contacts_bodies invite_subjects"
    wanted += " picture_files picture_subjects picture_bodies locked_subjects locked_bodies password_subjects"
    assert {*wanted.split(), "password_bodies", "password_words", "archive_names"} <= set(pack.words)
    assert {one.structure for one in pack.list_looks} <= set(STRUCTURES)
    assert all("{password}" in one for one in pack.words["password_bodies"])
    for who in (set(pack.spell.who) | {""}) - {"guarantor", "subscriber", "contact", "member", "employee", ""}:
        pytest.fail(f"nobody asks for {who}")

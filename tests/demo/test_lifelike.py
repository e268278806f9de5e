"""What looked false once and must not again: dates of files, sums of payments, who stands on which list."""

import datetime
import io
import zipfile
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import Random

import msgspec
import openpyxl
import pytest

from rollcall.demo import Truth, load_truth, make_hospital
from rollcall.demo.lists import apt, chosen
from rollcall.demo.pack import ListForm, Pack, load_pack
from rollcall.demo.people import Person, fits, make_people
from rollcall.demo.shape import load_shapes
from rollcall.demo.writers.x12 import write_x12

from .reading import messages, unpacked
from .test_hospital import PACKS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth, list[str]]:
    """A hospital with many archives, and the mailboxes that came packed."""
    folder = tmp_path_factory.mktemp("lifelike")
    shape = load_shapes()["umass"]
    mix = {"archive": 0.15, "nested": 0.1, "lists": 0.3, "form": 0.2, "locked": 0.1}
    make_hospital(folder, 3, 260, 100, "dev", msgspec.structs.replace(shape, mix=mix))
    packed = [str(one) for one in (folder / "evidence").glob("*.zip")]
    stamps = [str(one.date_time) for path in packed for one in zipfile.ZipFile(path).infolist()]
    unpacked(folder)
    return folder, load_truth(folder / "truth"), stamps


def day_of(message: Message) -> datetime.date | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).date()
    except ValueError:  # mails that break the standard
        return None


def test_files_in_archives_are_as_old_as_their_mail(made: tuple[Path, Truth, list[str]]) -> None:
    ages: list[int] = []
    for message in messages(made[0]):
        for part in message.walk():
            data, day = part.get_payload(decode=True), day_of(message)
            if str(part.get_filename()).endswith(".zip") and isinstance(data, bytes) and day:
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    ages += [(day - datetime.date(*one.date_time[:3])).days for one in archive.infolist()]
    assert len(ages) > 15
    assert set(ages) <= set(range(4))  # an answer may send on what is some hours old
    assert len({tuple(made[2])}) == 1


def test_workbooks_are_as_old_as_their_mail(made: tuple[Path, Truth, list[str]]) -> None:
    ages: list[int] = []
    for message in messages(made[0]):
        for part in message.walk():
            data, day = part.get_payload(decode=True), day_of(message)
            if str(part.get_filename()).endswith(".xlsx") and isinstance(data, bytes) and data[:2] == b"PK" and day:
                made_on = openpyxl.load_workbook(io.BytesIO(data), read_only=True).properties.created
                ages.append((day - made_on.date()).days)
    assert len(ages) > 5
    assert set(ages) <= set(range(4))


def test_mailboxes_are_packed_after_their_last_mail(made: tuple[Path, Truth, list[str]]) -> None:
    last = max(day for one in messages(made[0]) if (day := day_of(one)))
    assert len(made[2]) > 10
    (stamp,) = set(made[2])
    year, month, day = (int(part) for part in stamp.strip("()").split(", ")[:3])
    assert last <= datetime.date(year, month, day) <= last + datetime.timedelta(30)


def test_parents_who_are_no_patients_stand_only_beside_their_children(made: tuple[Path, Truth, list[str]]) -> None:
    truth = made[1]
    relatives = {key for key, one in truth.people.items() if "relative" in one.kinds}
    assert relatives
    assert relatives <= {one.person for one in truth.relations if one.relation == "guardian_of"}
    assert not any(truth.people[key].roster_ids for key in relatives)
    assert all(fact.of for _, fact in truth.facts() if fact.person in relatives)


@pytest.mark.parametrize("seed", range(12))
def test_an_835_pays_the_sum_of_its_claims(seed: int) -> None:
    pack = load_pack("dev", wide=True)
    people = [one for home in make_people(pack, seed, 6) for one in home]
    data = write_x12(Random(seed), pack, people, datetime.date(2019, 5, 6), "House").data.decode()
    parts = [one.strip().split("*") for one in data.split("~")]
    paid = [one for one in parts if one[0] == "CLP"]
    total = [one for one in parts if one[0] == "BPR"]
    assert [int(one[2]) for one in total] == [sum(int(one[4]) for one in paid)] * len(total)
    for at, one in enumerate(parts):
        if one[0] == "CLP":
            rest = parts[at:]
            until = next((n for n, other in enumerate(rest[1:], 1) if other[0] in ("CLP", "SE")), len(rest))
            taken = sum(int(other[3]) for other in rest[:until] if other[0] == "CAS")
            assert int(one[3]) == int(one[4]) + taken  # charged, paid, taken off or owed


FORM = ListForm("shots", ["name"], titles=["Sealant kids", "All"], files=["sealant", "all"], bodies=["Sealants, all"])


@pytest.fixture(scope="module")
def pack() -> Pack:
    return msgspec.structs.replace(load_pack("dev", wide=True), whose={"sealant": "pupil", "hip": "over 45"})


@pytest.fixture(scope="module")
def people(pack: Pack) -> list[Person]:
    return [one for home in make_people(pack, 1, 200) for one in home]


def test_a_list_of_anybody_is_not_called_one_of_children(pack: Pack, people: list[Person]) -> None:
    form = apt(pack, FORM, people)
    assert (form.titles, form.files) == (["All"], ["all"])
    assert form.bodies == FORM.bodies  # where nothing else can be said
    pupils = [one for one in people if fits(one, "pupil")]
    assert apt(pack, FORM, pupils) == FORM


def test_a_list_of_children_holds_children(pack: Pack, people: list[Person]) -> None:
    drawn = [chosen(Random(seed), pack, FORM, people) for seed in range(40)]
    ours = [(form, theirs) for form, theirs in drawn if form.titles == ["Sealant kids"]]
    assert 5 < len(ours) < 40
    assert all(fits(one, "pupil") for _, theirs in ours for one in theirs)
    assert all(theirs == people for form, theirs in drawn if form.titles == ["All"])


@pytest.mark.parametrize("name", PACKS)
def test_what_asks_for_somebody_is_said_and_fits_somebody(name: str) -> None:
    loaded = load_pack(name, wide=True)
    somebody = [one for home in make_people(loaded, 1, 300) for one in home]
    texts = [text.casefold() for one in loaded.lists for text in (*one.titles, *one.files, *one.sheets, *one.subjects)]
    for word, who in loaded.whose.items():
        assert any(word in text for text in texts)
        assert any(fits(one, who) for one in somebody)


@pytest.mark.parametrize("name", PACKS)
def test_test_patients_are_the_packs_own(name: str) -> None:
    ours = set(load_pack(name).test_patients)
    assert len(ours) > 2
    assert all(" " in one for one in ours)
    assert not ours & {one for other in PACKS if other != name for one in load_pack(other).test_patients}

"""Makers of what else lies in office mail: print reports, calendars, contacts, pictures, locked and nested files."""

import datetime
from random import Random

from rollcall.demo.chance import digits, letters
from rollcall.demo.compose import address_of, staff_mail, written
from rollcall.demo.grid import ListMaker, fill
from rollcall.demo.hospital import Hospital, note
from rollcall.demo.lists import about_list, apt, crowd, draw_list, list_form, store
from rollcall.demo.looks import draw_paged, make_grids
from rollcall.demo.mail import Attached, Mail, Mime, quoted
from rollcall.demo.pack import Frame
from rollcall.demo.paper import Paper, Writer, fitting_forms, insurance_card, make_form
from rollcall.demo.people import Person, fits
from rollcall.demo.show import show_date
from rollcall.demo.truth import Document, Fact
from rollcall.demo.writers.archive import locked_zip, tgz_bytes, zip_bytes
from rollcall.demo.writers.cards import write_cards, write_invite
from rollcall.demo.writers.delimited import columns_of
from rollcall.demo.writers.form_page import form_page
from rollcall.demo.writers.hl7 import write_hl7
from rollcall.demo.writers.made import Made
from rollcall.demo.writers.office_crypto import lock_office
from rollcall.demo.writers.photo import write_photo
from rollcall.demo.writers.picture import Original, write_picture
from rollcall.demo.writers.records import write_ccda, write_fhir
from rollcall.demo.writers.report import write_report
from rollcall.demo.writers.ruled import write_ruled
from rollcall.demo.writers.x12 import write_x12


def said(hospital: Hospital, rng: Random, what: str) -> str:
    """Return one of the pack's words for a kind of document."""
    return fill(rng.choice(hospital.pack.words[what]), rng, hospital.cast.dated)


def _somebody(hospital: Hospital, rng: Random, fresh: list[Person]) -> Person:
    """Return the new person, somebody known, or on the first day anybody."""
    known = fresh[:1] or hospital.again(rng, 1)
    return known[0] if known else next(iter(hospital.cast.homes.values()))[0]


def _send(hospital: Hospital, rng: Random, what: str, made: Made) -> Mail:
    paper = Paper(said(hospital, rng, f"{what}_subjects"), [said(hospital, rng, f"{what}_bodies")], [])
    return staff_mail(hospital, rng, paper, [hospital.attach(made)])


def make_report(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A print report of some pages."""
    form, people = draw_list(hospital, rng, fresh)
    maker = ListMaker(rng, hospital.cast, form, people, stored_typed=False)
    grid = make_grids(maker, draw_paged(rng, hospital.pack, len(people)))[0]
    title = fill(rng.choice(form.titles or [form.about]), rng, hospital.cast.dated)
    run = show_date(hospital.cast.today, "mm/dd/Y")
    made = write_report(
        rng,
        fill(rng.choice(form.files), rng, hospital.cast.dated),
        grid,
        title,
        maker.style.issuer,
        run,
        hospital.pack.words["report_ends"],
    )
    _send(hospital, rng, "report", made)


def make_ruled(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A list printed to PDF with its boxes."""
    form, people = draw_list(hospital, rng, fresh)
    maker = ListMaker(rng, hospital.cast, form, people, stored_typed=False)
    grid = make_grids(maker, draw_paged(rng, hospital.pack, len(people)))[0]
    title = fill(rng.choice(form.titles or [form.about]), rng, hospital.cast.dated)
    _send(
        hospital, rng, "report", write_ruled(rng, fill(rng.choice(form.files), rng, hospital.cast.dated), grid, title)
    )


def make_feed(hospital: Hospital, rng: Random, fresh: list[Person], kind: str) -> None:
    """A file that one system wrote for another: HL7, X12, FHIR, C-CDA."""
    pack, today, entity = hospital.pack, hospital.cast.today, hospital.cast.entity
    if kind == "ccda":
        made = write_ccda(rng, hospital.cast, _somebody(hospital, rng, fresh))
    else:
        people = crowd(hospital, rng, fresh, 30)
        made = (
            write_hl7(rng, pack, people, today, hospital.cast.doctors, entity) if kind == "hl7"
            else write_x12(rng, pack, people, today, hospital.cast.house) if kind == "x12"
            else write_fhir(rng, pack, people, entity)
        )  # fmt: skip
    _send(hospital, rng, "feed", made)


def make_calendar(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """An invitation to talk about somebody."""
    person = _somebody(hospital, rng, fresh)
    frames = [one for one in hospital.pack.frames if one.kind == "invite" and fits(person, one.who)]
    paper = Writer(rng, hospital.cast, [person]).write(rng.choice(frames))
    organizer = address_of(rng.choice(hospital.cast.staff))
    where = rng.choice(hospital.pack.words["rooms"]).replace("{dept}", rng.choice(hospital.pack.org.departments))
    sent = hospital.now(rng)
    day = sent + datetime.timedelta(days=rng.randint(1, 9))
    day += datetime.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)  # nobody meets on Sundays
    start = day.replace(hour=rng.randint(8, 16), minute=rng.choice((0, 0, 30)), second=0)
    made = write_invite(rng, paper.subject, paper.text, where, start, paper.facts, organizer, sent, hospital.pack.org)
    around = Paper(said(hospital, rng, "invite_subjects"), [""], [])
    staff_mail(hospital, rng, around, [hospital.attach(made)])


def make_contacts(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """An address book that holds patients."""
    people = crowd(hospital, rng, fresh, 12)
    _send(hospital, rng, "contacts", write_cards(rng, hospital.pack, people, hospital.cast.entity))


def _originals(hospital: Hospital, rng: Random, person: Person, width: int) -> tuple[Original, list[Fact]]:
    """Return a form about somebody as it lies on the glass: in lines, in boxes, or in boxes filled in by hand."""
    form = rng.choice(fitting_forms(hospital.pack, person))
    pairs, paper = make_form(rng, hospital.cast, form, person)
    if rng.random() < 0.5:
        foot = hospital.pack.words["signed"]
        return Original([], form_page(rng, hospital.cast.house, form.title, pairs, foot, filled=False)), paper.facts
    lines = [hospital.cast.house, "", *paper.lines]
    return Original([part for line in lines for part in written(line, width)]), paper.facts


def make_picture(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A scan or fax of a form or of a list; its people can be read by eye only."""
    if len(fresh) > 1 or rng.random() < 0.3:
        people = (fresh or hospital.again(rng, 6))[:110]
        form = apt(hospital.pack, list_form(hospital, rng), people)
        maker = ListMaker(rng, hospital.cast, form, people, stored_typed=False)
        grid = maker.make("titled")
        original = Original(columns_of(grid, cap=60))
        facts = [fact for line in grid.lines for cell in line if cell for fact in cell.facts]
        rest = fresh[110:]
    else:
        original, facts = _originals(hospital, rng, (fresh or [_somebody(hospital, rng, fresh)])[0], 104)
        rest = []
    now, area = hospital.now(rng), hospital.pack.org.phone_area[-1]
    head = f"{now:%m/%d/%Y %H:%M}   {area}-555-{digits(rng, 4)}   {hospital.cast.house}"
    cover = [
        line.format(org=hospital.cast.house, date=show_date(now.date(), "m/d/Y"), dept=rng.choice(_inner(hospital)))
        for line in hospital.pack.words.get("fax_cover", []) if rng.random() < 0.9
    ]  # fmt: skip
    name = f"{said(hospital, rng, 'picture_files')}{digits(rng, 4)}"
    made = write_picture(rng, name, original, facts, cover if rng.random() < 0.6 else [], head)
    attached = [hospital.attach(made)]
    if rest:  # the pages were full
        form = apt(hospital.pack, list_form(hospital, rng), rest)
        attached.append(hospital.attach(store(hospital, rng, form, rest)))
    paper = Paper(said(hospital, rng, "picture_subjects"), [said(hospital, rng, "picture_bodies")], [])
    staff_mail(hospital, rng, paper, attached)


def _inner(hospital: Hospital) -> list[str]:
    return hospital.pack.words.get("letter_departments") or hospital.pack.org.departments


def make_photo(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """What somebody took with a telephone: a form on a desk, or an insurance card."""
    person = _somebody(hospital, rng, fresh)
    card = rng.random() < 0.5
    if card:
        lines, facts = insurance_card(rng, hospital.cast, person)
        original = Original(lines)
    else:
        original, facts = _originals(hospital, rng, person, 88)
    name = f"{said(hospital, rng, 'photo_files')}{digits(rng, 4)}"
    made = write_photo(rng, name, original, facts, hospital.now(rng), card=card)
    paper = Paper(said(hospital, rng, "photo_subjects"), [said(hospital, rng, "photo_bodies")], [])
    staff_mail(hospital, rng, paper, [hospital.attach(made)])


def make_locked(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A workbook or archive behind a password, which a later mail tells, or none."""
    made = store(hospital, rng, *draw_list(hospital, rng, fresh, 60), "xlsx")
    password = _password(hospital, rng)
    document = hospital.document("locked", f"zip:{made.layout}", made.facts)
    if rng.random() < 0.5:
        name = f"{made.name.rpartition('.')[0]}.zip"
        data, media = locked_zip([(made.name, made.data)], password, rng, hospital.cast.saved), "application/zip"
        contents = [(document, f"{name} > {made.name}")]
    else:
        document.layout = f"xlsx:{made.layout}"
        name, media, data = made.name, made.media, lock_office(made.data, password, rng)
        contents = [(document, name)]
    document.locked = "told" if rng.random() < 0.8 else "lost"
    if document.locked == "told":
        hospital.passwords.append((name, password, document))
    paper = Paper(said(hospital, rng, "locked_subjects"), [said(hospital, rng, "locked_bodies")], [])
    staff_mail(hospital, rng, paper, [Attached(name, media, data, contents)])


def _password(hospital: Hospital, rng: Random) -> str:
    word, year = rng.choice(hospital.pack.words["password_words"]), hospital.cast.today.year
    ways = (f"{word}{digits(rng, 2)}!", f"{word}{year}", f"{word.upper()}#{digits(rng, 4)}", f"{letters(rng, 4)}{year}")
    return rng.choice(ways)


def tell_password(hospital: Hospital, rng: Random) -> None:
    """The mail that tells the password of an earlier one."""
    name, password, _ = hospital.passwords.pop(0)
    words = said(hospital, rng, "password_bodies").replace("{file}", name).replace("{password}", password)
    staff_mail(hospital, rng, Paper(said(hospital, rng, "password_subjects"), [words], []), kind="talk")


def make_nested(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """Files in archives in archives, or in a mail in an archive."""
    form, people = draw_list(hospital, rng, fresh)
    made = store(hospital, rng, form, people)
    document = hospital.document(made.kind, made.layout, made.facts)
    data, path = made.data, made.name
    if rng.random() < 0.4:  # a saved mail with the file
        file = Attached(made.name, made.media, made.data, [(document, made.name)])
        inside = staff_mail(hospital, rng, about_list(hospital, rng, form, people), [file], send=False)
        note(inside, "inner")
        data = Mime(rng).render(inside)
        contents: list[tuple[Document, str]] = [(one, "") for one in inside.documents] + [(document, f" > {made.name}")]
        path = f"{fill(rng.choice(form.files), rng, hospital.cast.dated)}.eml"
        contents = [(one, f"{path}{below}") for one, below in contents]
    else:
        contents = [(document, path)]
    inner = path
    for _ in range(rng.choice((2, 2, 3))):
        if rng.random() < 0.3:
            outer = f"{said(hospital, rng, 'archive_names')}.tgz"
            data = tgz_bytes([(inner, data)], hospital.cast.saved)
            contents = [(one, f"{outer} > {below}") for one, below in contents]
        else:
            folder = rng.choice(
                ("", "", "old/", f"{hospital.cast.today.year}/Q{(hospital.cast.today.month + 2) // 3}/")
            )
            outer = f"{said(hospital, rng, 'archive_names')}.zip"
            data = zip_bytes([(folder + inner, data)], hospital.cast.saved)
            contents = [(one, f"{outer} > {folder}{below}") for one, below in contents]
        inner = outer
    paper = Paper(fill(rng.choice(form.subjects), rng, hospital.cast.dated), [said(hospital, rng, "feed_bodies")], [])
    media = "application/zip" if inner.endswith("zip") else "application/gzip"
    staff_mail(hospital, rng, paper, [Attached(inner, media, data, contents)])


def _at_work(when: datetime.datetime) -> datetime.datetime:
    """Return the same moment, or one of the working day before where it lies in the night or at a weekend."""
    if when.hour < 7:
        when -= datetime.timedelta(hours=10 + when.hour // 2)
    elif when.hour > 19:
        when -= datetime.timedelta(hours=5)
    return when - datetime.timedelta(days=max(0, when.weekday() - 4))


def make_deep(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """An answer whose facts are about somebody named only three mails below."""
    person = _somebody(hospital, rng, fresh)
    writer = Writer(rng, hospital.cast, [person])
    below, above = ([one for one in hospital.pack.frames if one.kind == kind and fits(person, one.who)]
                    for kind in ("deep_below", "deep_above"))  # fmt: skip
    first: Frame = rng.choice(below)
    paper = writer.write(first)
    mail = staff_mail(hospital, rng, Paper(paper.subject, paper.lines, []), send=False)
    mail.when = _at_work(mail.when - datetime.timedelta(hours=rng.randint(28, 70), minutes=rng.randrange(60)))
    for hours in (rng.randint(3, 15), 0):
        words = [rng.choice(hospital.pack.replies), "", *quoted(rng, mail, forward=False).split("\n")]
        mail = staff_mail(hospital, rng, Paper(f"RE: {paper.subject}", words, []), send=False)
        mail.when = _at_work(mail.when - datetime.timedelta(hours=hours, minutes=rng.randint(5, 59)))
    said_now = writer.write(rng.choice(above))
    lines = [*said_now.lines, "", *quoted(rng, mail, forward=False).split("\n")]
    whole = Paper(f"RE: {paper.subject}", lines, said_now.facts, first.subject)
    staff_mail(hospital, rng, whole, kind="thread")

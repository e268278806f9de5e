"""One maker per kind of mail of a pack's mix; each sends exactly one mail."""

from collections.abc import Callable
from functools import partial
from random import Random

from rollcall.demo.chance import digits, weighted
from rollcall.demo.compose import from_outside, from_patient, staff_mail, written
from rollcall.demo.follow import follow
from rollcall.demo.grid import Cell, Grid, Line, fill
from rollcall.demo.hospital import Hospital, note
from rollcall.demo.lists import (
    about_list,
    draw_list,
    make_archive,
    make_html_table,
    make_list,
    make_slides,
    make_staff_list,
    store,
)
from rollcall.demo.mail import QUIRKS, Attached, Mime
from rollcall.demo.office import (
    make_calendar,
    make_contacts,
    make_deep,
    make_feed,
    make_locked,
    make_nested,
    make_photo,
    make_picture,
    make_report,
    make_ruled,
    tell_password,
)
from rollcall.demo.pack import DecoyMail, Frame
from rollcall.demo.paper import Paper, Writer, fitting_forms, is_about_two, make_form
from rollcall.demo.people import Person, fits
from rollcall.demo.show import show_date, show_name
from rollcall.demo.truth import Fact
from rollcall.demo.writers.docx import write_docx
from rollcall.demo.writers.form_page import form_page, write_form_page
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.page import html_pairs, html_text
from rollcall.demo.writers.pdf import write_pdf
from rollcall.demo.writers.scan import write_scan
from rollcall.demo.writers.sheet import write_sheets

Maker = Callable[[Hospital, Random, list[Person]], None]


# --- one person ----------------------------------------------------------------------------------------------------


def _form(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A filled form, in the mail or attached."""
    person = fresh[0] if fresh else hospital.again(rng, 1)[0]
    form = rng.choice(fitting_forms(hospital.pack, person))
    pairs, paper = make_form(rng, hospital.cast, form, person)
    way = weighted(rng, hospital.pack.formats["forms"])
    frame = Frame(rng.choice(form.subjects), rng.choice(form.bodies), role=form.role, language=form.language)
    around = Writer(rng, hospital.cast, [person]).write(frame)
    if way in ("body", "html"):
        lines = [*around.lines, "", *paper.lines]
        html = html_text(around.text) + "<br>" + html_pairs(pairs) if way == "html" else ""
        merged = Paper(around.subject, lines, [*around.facts, *paper.facts], paper.layout, form.language)
        staff_mail(hospital, rng, merged, kind="form", html=html)
        return
    name, named = rng.choice(form.files), []
    if rng.random() < 0.3:  # a file named for its patient
        said = show_name(person, rng.choice(("first last", "last, first")))
        name = f"{name} - {said}"
        named = [Fact(person.person_id, form.role, "name", "full", _value(hospital, person), said, "name")]
    if way == "docx":
        as_table = rng.random() < 0.5
        made = write_docx(
            "form",
            paper.layout,
            name,
            paper.lines[:2] if as_table else paper.lines,
            paper.facts,
            pairs if as_table else None,
        )
    elif way == "pdf" and hospital.pack.wide and rng.random() < 0.5:
        foot = hospital.pack.words["signed"]
        made = write_form_page(
            name, form_page(rng, hospital.cast.house, form.title, pairs, foot, filled=True), paper.facts
        )
    elif way == "pdf":
        lines = paper.lines
        if hospital.pack.wide:
            lines = [part for line in lines for part in written(line, 96)]
        made = write_pdf(
            "form",
            paper.layout,
            name,
            lines,
            _lined(lines, paper.facts),
            mono=any("   " in line.strip() for line in lines),  # columns made with blanks
        )
    else:
        data = ("\r\n".join(paper.lines) + "\r\n").encode("cp1252", "replace")
        made = Made("form", paper.layout, f"{name}.txt", "text/plain", data, paper.facts)
    made.facts += named
    staff_mail(hospital, rng, around, [hospital.attach(made)])


def _lined(lines: list[str], facts: list[Fact]) -> list[tuple[int, Fact]]:
    """Return the facts, each with the number of the first line that says it."""
    return [(next((n for n, line in enumerate(lines) if fact.text in line), 0), fact) for fact in facts]


def _value(hospital: Hospital, person: Person) -> str:
    return hospital.truth.people[person.person_id].names[0]


def _second(hospital: Hospital, rng: Random, first: Person, frame: Frame) -> list[Person]:
    """Return the second person of a frame: of the house, or of an earlier mail; nobody where none fits."""
    home = [
        one for one in hospital.cast.homes.get(first.person_id, [])
        if one is not first and fits(one, frame.b_who) and "relative" not in one.kinds
    ]  # fmt: skip
    if home and (frame.b_who or rng.random() < 0.5 or not hospital.seen):
        return [rng.choice(home)]
    if frame.b_who:
        return []
    return [one for one in hospital.again(rng, 2) if one is not first][:1]


def _filled(hospital: Hospital, rng: Random, fresh: list[Person], frames: list[Frame]) -> Paper:
    """Return a passage that fits the new person, or else somebody known."""
    first = fresh[0] if fresh else hospital.again(rng, 1)[0]
    # A new person must be named well somewhere, so the vague frames are for known ones.
    fitting = [one for one in frames if fits(first, one.who) and not (fresh and one.optional)]
    while True:
        frame = rng.choices(fitting, [one.weight for one in fitting])[0]
        second = _second(hospital, rng, first, frame) if is_about_two(frame) else []
        if second or not is_about_two(frame):
            return Writer(rng, hospital.cast, [first, *second]).write(frame)
        fitting = [one for one in fitting if one is not frame]


def _passage(hospital: Hospital, rng: Random, fresh: list[Person], kind: str) -> Paper:
    return _filled(hospital, rng, fresh, [one for one in hospital.pack.frames if one.kind == kind])


def _prose(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    staff_mail(hospital, rng, _passage(hospital, rng, fresh, "prose"), kind="prose")


def _subject(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    staff_mail(hospital, rng, _passage(hospital, rng, fresh, "subject"), kind="subject")


def _patient_mail(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    adults = [one for one in fresh if one.email]
    paper = _passage(hospital, rng, fresh, "patient_mail")
    from_patient(hospital, rng, paper, adults[0] if adults else None)


def _letter(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A letter as Word or PDF."""
    paper = _filled(hospital, rng, fresh, hospital.pack.letters)
    what = paper.subject
    name = f"{what} {rng.choice(('final', 'signed', 'v2', digits(rng, 4), '(1)'))}"
    lines = [hospital.cast.house, "", *paper.lines]
    if hospital.pack.letter_looks:
        look = rng.choice(hospital.pack.letter_looks)
        slots = {"org": hospital.cast.house, "date": show_date(hospital.cast.today, "Month d, Y")}
        if paper.language == "es":
            slots["date"] = show_date(hospital.cast.today, "d de mes de Y")
        slots["dept"] = rng.choice(hospital.pack.words.get("letter_departments") or hospital.pack.org.departments)
        head, foot = ([line.format(**slots) for line in side] for side in (look.head, look.foot))
        lines = [*head, *(" " * look.indent + line if line else line for line in paper.lines), *foot]
        what = f"{what} {look.id}"
    facts = all_at(paper.facts, "body")
    if weighted(rng, hospital.pack.formats["letters"]) == "docx":
        made = write_docx("letter", what, name, lines, facts)
    else:
        wrapped = [part for line in lines for part in written(line, 92)]
        made = write_pdf("letter", what, name, wrapped, _lined(wrapped, facts), mono=False)
    said = paper.subject
    around = Paper(
        rng.choice([*hospital.pack.words["letter_subjects"], "{said}"]).replace("{said}", said),
        [rng.choice(hospital.pack.words["letter_bodies"])],
        [],
    )
    attached = [hospital.attach(made)]
    staff_mail(hospital, rng, around, attached) if rng.random() < 0.75 else from_outside(
        hospital, rng, around, attached
    )


def _malformed(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A mail that breaks the standard in one way and says all the same."""
    quirk = rng.choice(QUIRKS)
    attached: list[Attached] = []
    if quirk == "loose_base64":
        form, people = draw_list(hospital, rng, fresh, 5)
        attached = [hospital.attach(store(hospital, rng, form, people))]
        paper = Paper(fill(rng.choice(form.subjects), rng, hospital.cast.dated), ["attached"], [])
    else:
        paper = _passage(hospital, rng, fresh, "prose")
    if quirk in ("wrong_charset", "unknown_charset", "raw_header"):
        said = hospital.pack.words["accents"]
        paper.lines.append(rng.choice(said) if hospital.pack.wide else said[0])
    if quirk == "raw_header":
        paper.subject += rng.choice(hospital.pack.words.get("accent_subjects", [" – señal"]))
    staff_mail(hospital, rng, paper, attached, kind="malformed", quirk=quirk)


def _scan(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A picture of a page; the people on it are known to the truth only."""
    people = hospital.again(rng, rng.randint(1, 2))
    facts = [
        Fact(one.person_id, "patient", element, "", value, "", "picture", optional=True)
        for one in people
        for element, value in (("name", _value(hospital, one)), ("date_of_birth", one.born.isoformat()))
    ]
    made = Made("scan", "picture", f"Scan_{digits(rng, 4)}.png", "image/png", write_scan(rng), facts)
    paper = Paper(
        rng.choice(hospital.pack.words["scan_subjects"]),
        [rng.choice(hospital.pack.words["scan_bodies"])],
        [],
    )
    staff_mail(hospital, rng, paper, [hospital.attach(made)])


def _inner(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A mail with another mail attached to it whole."""
    form, people = draw_list(hospital, rng, fresh, 5)
    made = store(hospital, rng, form, people)
    inside = staff_mail(
        hospital, rng, about_list(hospital, rng, form, people), [hospital.attach(made)], kind="prose", send=False
    )
    note(inside, "inner")
    name = f"{inside.subject.replace('/', '-').replace(':', '')}.eml"
    contents = [(document, name) for document in inside.documents]
    contents += [(document, f"{name} > {path}") for one in inside.attached for document, path in one.contents]
    attached = Attached(name, "message/rfc822", Mime(rng).render(inside), contents)
    staff_mail(hospital, rng, Paper(f"FW: {inside.subject}", ["Attaching the original."], []), [attached])


# --- what is about nobody ------------------------------------------------------------------------------------------


def _talk(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    if hospital.passwords and rng.random() < 0.5:
        tell_password(hospital, rng)
        return
    talk = rng.choice(hospital.pack.talks)
    text = rng.choice(talk.mails)
    paper = Paper(talk.subject if text == talk.mails[0] else f"RE: {talk.subject}", text.split("\n"), [])
    staff_mail(hospital, rng, paper, kind="talk")


def _phone_list(hospital: Hospital, rng: Random) -> Made:
    """Return a workbook of who works where: names and numbers of the house, nothing of anybody's own."""
    lines: list[Line] = [[Cell(head, bold=True) for head in hospital.pack.words["phone_list_heads"]]]
    for one in rng.sample(hospital.cast.staff, min(30, len(hospital.cast.staff))):
        said = f"{one.person.family}, {one.person.given}" + (f", {one.credential}" if one.credential else "")
        lines.append([Cell(said), Cell(one.title), Cell(one.department), Cell(one.phone), Cell(one.email)])
    return write_sheets(
        fill(hospital.pack.words["phone_list_files"][0], rng, hospital.cast.dated),
        [Grid("Staff", "plain", lines)],
        saved=hospital.cast.saved,
    )


def _decoy(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    decoy: DecoyMail = rng.choice(hospital.pack.decoys)
    one, two = rng.sample(hospital.cast.staff, 2)
    inv = f"{rng.randint(773, 899)}-{digits(rng, 2)}-{digits(rng, 4)}"
    roster = "\n".join(
        f"{s.person.family + ', ' + s.person.given:<28}{s.title:<38}{s.phone}"
        for s in rng.sample(hospital.cast.staff, min(10, len(hospital.cast.staff)))
    )
    slots = {
        "inv": inv, "po": f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}", "staff": one.name, "staff2": two.name,
        "staff_given": one.person.given, "dept": one.department, "staff_phone": one.phone,
        "date": f"{rng.randint(1, 12)}/14",
        "npi": digits(rng, 9), "npi2": digits(rng, 9), "npi3": digits(rng, 9), "roster": roster,
    }  # fmt: skip
    subject, text = decoy.subject, decoy.text
    for slot, value in slots.items():
        subject, text = subject.replace(f"{{{slot}}}", value), text.replace(f"{{{slot}}}", value)
    paper = Paper(subject, text.split("\n"), [])
    attached: list[Attached] = []
    if decoy.kind == "staff_roster" and rng.random() < 0.6:
        made = _phone_list(hospital, rng)
        attached = [Attached(made.name, made.media, made.data)]
        paper.lines = [hospital.pack.words["phone_list_bodies"][0]]
    send = from_outside if decoy.sender == "outside" else staff_mail
    mail = send(hospital, rng, paper, attached)
    hospital.decoy(decoy.kind, text.split("\n")[0], mail)


def _follow(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    if not hospital.recent:
        _talk(hospital, rng, fresh)
        return
    follow(hospital, rng)


MAKERS: dict[str, Maker] = {
    "lists": make_list,
    "slides": make_slides,
    "staff_list": make_staff_list,
    "archive": make_archive,
    "html_table": make_html_table,
    "form": _form,
    "prose": _prose,
    "subject": _subject,
    "patient_mail": _patient_mail,
    "letter": _letter,
    "malformed": _malformed,
    "scan": _scan,
    "inner": _inner,
    "talk": _talk,
    "decoy": _decoy,
    "follow": _follow,
    "report": make_report,
    "ruled": make_ruled,
    "deep": make_deep,
    "nested": make_nested,
    "locked": make_locked,
    "picture": make_picture,
    "photo": make_photo,
    "calendar": make_calendar,
    "contacts": make_contacts,
    **{kind: partial(make_feed, kind=kind) for kind in ("hl7", "x12", "ccda", "fhir")},
}

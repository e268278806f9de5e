"""One maker per kind of mail of a pack's mix; each sends exactly one mail."""

from collections.abc import Callable
from random import Random

from rollcall.demo.chance import digits, weighted
from rollcall.demo.compose import from_outside, from_patient, staff_mail, written
from rollcall.demo.follow import follow
from rollcall.demo.grid import Cell, Grid, Line, ListMaker, fill
from rollcall.demo.hospital import Hospital, note
from rollcall.demo.mail import QUIRKS, Attached, Mime
from rollcall.demo.pack import DecoyMail, Frame, ListForm
from rollcall.demo.paper import Paper, Writer, is_about_two, make_form
from rollcall.demo.people import Person, fits
from rollcall.demo.show import show_name
from rollcall.demo.truth import Fact
from rollcall.demo.writers.archive import zip_bytes
from rollcall.demo.writers.delimited import SEPARATORS, columns_of, write_delimited, write_fixed
from rollcall.demo.writers.docx import write_docx
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.page import html_pairs, html_table, html_text
from rollcall.demo.writers.pdf import write_pdf
from rollcall.demo.writers.scan import write_scan
from rollcall.demo.writers.sheet import write_sheets

Maker = Callable[[Hospital, Random, list[Person]], None]


# --- lists ---------------------------------------------------------------------------------------------------------


def _crowd(hospital: Hospital, rng: Random, fresh: list[Person], cap: int = 400) -> list[Person]:
    """Return the new people with some known ones among them."""
    extra = min(cap, max(2 if len(fresh) < 3 else 0, int(len(fresh) * rng.random() * 0.5)))
    known = [one for one in hospital.again(rng, extra) if one not in fresh]
    people = [*fresh, *known]
    if rng.random() < 0.5:
        rng.shuffle(people)
    return people


def _list_form(hospital: Hospital, rng: Random, role: str = "") -> ListForm:
    forms = [one for one in hospital.pack.lists if (one.role == "employee") == (role == "employee")]
    return rng.choice(forms)


def _store(hospital: Hospital, rng: Random, form: ListForm, people: list[Person], way: str = "") -> Made:
    """Return a list as a file of some format."""
    way = way or weighted(rng, hospital.pack.formats["lists"])
    layout = weighted(rng, hospital.pack.layouts)
    if layout == "cards" and (way != "xlsx" or len(people) > 40):
        layout = "plain"
    grid = ListMaker(rng, hospital.cast, form, people, stored_typed=way == "xlsx").make(layout)
    name = fill(rng.choice(form.files), rng)
    if way in SEPARATORS:
        return write_delimited(rng, name, grid, way)
    if way == "fixed":
        return write_fixed(name, grid)
    if way == "pdf":
        facts = [(n, fact) for n, line in enumerate(grid.lines) for cell in line if cell for fact in cell.facts]
        return write_pdf("list_pdf", layout, name, columns_of(grid, cap=60), facts, mono=True)
    grids, hidden = [grid], None
    chance = rng.random()
    if chance < 0.2 and hospital.seen and form.role != "employee":
        other = ListMaker(rng, hospital.cast, _list_form(hospital, rng), hospital.again(rng, rng.randint(3, 9)))
        grids.append(other.make(rng.choice(("plain", "titled", "no_header"))))
        hidden = 1 if chance < 0.1 else None
    return write_sheets(name, grids, hidden)


def _about_list(hospital: Hospital, rng: Random, form: ListForm, people: list[Person]) -> Paper:
    """Return the words around an attached list; now and then they name somebody of it."""
    frame = Frame(fill(rng.choice(form.subjects), rng), fill(rng.choice(form.bodies), rng), role=form.role)
    return Writer(rng, hospital.cast, people[:1]).write(frame)


def _lists(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    form = _list_form(hospital, rng)
    people = _crowd(hospital, rng, fresh)
    staff_mail(
        hospital, rng, _about_list(hospital, rng, form, people), [hospital.attach(_store(hospital, rng, form, people))]
    )


def _staff_list(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    form = _list_form(hospital, rng, "employee")
    some = [one.person for one in rng.sample(hospital.cast.staff[2:], min(12, len(hospital.cast.staff) - 2))]
    staff_mail(
        hospital,
        rng,
        _about_list(hospital, rng, form, some),
        [hospital.attach(_store(hospital, rng, form, some, "xlsx"))],
    )


def _archive(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A zip with one or two lists, or a zip in a zip."""
    form = _list_form(hospital, rng)
    people = _crowd(hospital, rng, fresh)
    cut = len(people) if len(people) < 8 or rng.random() < 0.5 else len(people) // 2
    members = [_store(hospital, rng, form, part) for part in (people[:cut], people[cut:]) if part]
    if len(members) == 2 and members[0].name == members[1].name:
        members[1].name = "2_" + members[1].name
    folder = rng.choice(("", "", "q3/", "FINAL/"))
    name = fill(rng.choice(form.files), rng)
    contents = [
        (hospital.document(made.kind, made.layout, made.facts), f"{name}.zip > {folder}{made.name}") for made in members
    ]
    data = zip_bytes((folder + made.name, made.data) for made in members)
    if rng.random() < 0.35:
        outer = rng.choice(("files", "for audit", "export"))
        data = zip_bytes([(f"{name}.zip", data)])
        contents = [(document, f"{outer}.zip > {path}") for document, path in contents]
        name = outer
    attached = Attached(f"{name}.zip", "application/zip", data, contents)
    staff_mail(hospital, rng, _about_list(hospital, rng, form, people), [attached])


def _html_table(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A table pasted into the mail itself."""
    form = _list_form(hospital, rng)
    people = _crowd(hospital, rng, fresh, 6)
    layout = rng.choice(("plain", "plain", "titled", "two_row", "no_header", "grouped"))
    grid: Grid = ListMaker(rng, hospital.cast, form, people, stored_typed=False).make(layout)
    facts = [fact for line in grid.lines for cell in line if cell for fact in cell.facts]
    around = _about_list(hospital, rng, form, people)
    text = "\n\n".join((around.text, "\n".join(_tabbed(grid))))
    html = html_text(around.text) + "\n<br>\n" + html_table(rng, grid) + "\n<br>"
    paper = Paper(around.subject, text.split("\n"), [*around.facts, *all_at(facts, "body")], layout)
    staff_mail(hospital, rng, paper, kind="html_table", html=html)


def _tabbed(grid: Grid) -> list[str]:
    """Return the lines that a mail program makes of a table for those who read plain text."""
    return ["\t".join(cell.text if cell else "" for cell in line) for line in grid.lines]


# --- one person ----------------------------------------------------------------------------------------------------


def _form(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A filled form, in the mail or attached."""
    person = fresh[0] if fresh else hospital.again(rng, 1)[0]
    form = rng.choice(hospital.pack.forms)
    pairs, paper = make_form(rng, hospital.cast, form, person)
    way = weighted(rng, hospital.pack.formats["forms"])
    frame = Frame(rng.choice(form.subjects), rng.choice(form.bodies), role=form.role)
    around = Writer(rng, hospital.cast, [person]).write(frame)
    if way in ("body", "html"):
        lines = [*around.lines, "", *paper.lines]
        html = html_text(around.text) + "<br>" + html_pairs(pairs) if way == "html" else ""
        merged = Paper(around.subject, lines, [*around.facts, *paper.facts], paper.layout)
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
    elif way == "pdf":
        made = write_pdf(
            "form",
            paper.layout,
            name,
            paper.lines,
            [(0, fact) for fact in paper.facts],
            mono=paper.layout in ("two_up", "wide"),
        )
    else:
        data = ("\r\n".join(paper.lines) + "\r\n").encode("cp1252", "replace")
        made = Made("form", paper.layout, f"{name}.txt", "text/plain", data, paper.facts)
    made.facts += named
    staff_mail(hospital, rng, around, [hospital.attach(made)])


def _value(hospital: Hospital, person: Person) -> str:
    return hospital.truth.people[person.person_id].names[0]


def _second(hospital: Hospital, rng: Random, first: Person, frame: Frame) -> list[Person]:
    """Return the second person of a frame: of the house, or of an earlier mail; nobody where none fits."""
    home = [one for one in hospital.cast.homes.get(first.person_id, []) if one is not first and fits(one, frame.b_who)]
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
    lines = [hospital.pack.org.name, "", *paper.lines]
    facts = all_at(paper.facts, "body")
    if weighted(rng, hospital.pack.formats["letters"]) == "docx":
        made = write_docx("letter", what, name, lines, facts)
    else:
        wrapped = [part for line in lines for part in written(line, 92)]
        made = write_pdf("letter", what, name, wrapped, [(0, fact) for fact in facts], mono=False)
    around = Paper(
        rng.choice((f"{what} for your signature", "letter attached", what)),
        [rng.choice(("Please sign.", "Letter attached for the chart.", "Final version attached."))],
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
        form = _list_form(hospital, rng)
        attached = [hospital.attach(_store(hospital, rng, form, _crowd(hospital, rng, fresh, 5)))]
        paper = Paper(fill(rng.choice(form.subjects), rng), ["attached"], [])
    else:
        paper = _passage(hospital, rng, fresh, "prose")
    if quirk in ("wrong_charset", "unknown_charset", "raw_header"):
        paper.lines.append("Por favor, llame mañana – gracias. Café @ 2 West")
    if quirk == "raw_header":
        paper.subject += " – señal"
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
        rng.choice(("Scanned from 2West copier", "scan", "Message from KM_C368")),
        [rng.choice(("", "Please index to chart."))],
        [],
    )
    staff_mail(hospital, rng, paper, [hospital.attach(made)])


def _inner(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A mail with another mail attached to it whole."""
    form = _list_form(hospital, rng)
    people = _crowd(hospital, rng, fresh, 5)
    made = _store(hospital, rng, form, people)
    inside = staff_mail(
        hospital, rng, _about_list(hospital, rng, form, people), [hospital.attach(made)], kind="prose", send=False
    )
    note(inside, "inner")
    name = f"{inside.subject.replace('/', '-').replace(':', '')}.eml"
    contents = [(document, name) for document in inside.documents]
    contents += [(document, f"{name} > {path}") for one in inside.attached for document, path in one.contents]
    attached = Attached(name, "message/rfc822", Mime(rng).render(inside), contents)
    staff_mail(hospital, rng, Paper(f"FW: {inside.subject}", ["Attaching the original."], []), [attached])


# --- what is about nobody ------------------------------------------------------------------------------------------


def _talk(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    talk = rng.choice(hospital.pack.talks)
    text = rng.choice(talk.mails)
    paper = Paper(talk.subject if text == talk.mails[0] else f"RE: {talk.subject}", text.split("\n"), [])
    staff_mail(hospital, rng, paper, kind="talk")


def _phone_list(hospital: Hospital, rng: Random) -> Made:
    """Return a workbook of who works where: names and numbers of the house, nothing of anybody's own."""
    lines: list[Line] = [[Cell(head, bold=True) for head in ("Name", "Title", "Department", "Phone", "Email")]]
    for one in rng.sample(hospital.cast.staff, min(30, len(hospital.cast.staff))):
        said = f"{one.person.family}, {one.person.given}" + (f", {one.credential}" if one.credential else "")
        lines.append([Cell(said), Cell(one.title), Cell(one.department), Cell(one.phone), Cell(one.email)])
    return write_sheets(fill("phone list {my}", rng), [Grid("Staff", "plain", lines)])


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
        paper.lines = ["New phone list attached, please print one for the desk."]
    send = from_outside if decoy.sender == "outside" else staff_mail
    mail = send(hospital, rng, paper, attached)
    hospital.decoy(decoy.kind, text.split("\n")[0], mail)


def _follow(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    if not hospital.recent:
        _talk(hospital, rng, fresh)
        return
    follow(hospital, rng)


MAKERS: dict[str, Maker] = {
    "lists": _lists,
    "staff_list": _staff_list,
    "archive": _archive,
    "html_table": _html_table,
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
}

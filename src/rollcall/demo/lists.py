"""Makers of mails with lists of people: attached in some format, in archives, pasted into the mail."""

import re
from collections.abc import Callable
from random import Random

import msgspec

from rollcall.demo.chance import weighted
from rollcall.demo.compose import staff_mail
from rollcall.demo.grid import Grid, ListMaker, fill
from rollcall.demo.hospital import Hospital
from rollcall.demo.looks import draw_look, make_grids
from rollcall.demo.mail import Attached
from rollcall.demo.pack import Frame, ListForm, Pack
from rollcall.demo.paper import Paper, Writer, is_about_two
from rollcall.demo.people import Person, fits
from rollcall.demo.show import show_date
from rollcall.demo.writers.archive import zip_bytes
from rollcall.demo.writers.delimited import SEPARATORS, columns_of, write_delimited, write_fixed
from rollcall.demo.writers.docx import write_docx_list
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.page import html_table, html_text
from rollcall.demo.writers.pdf import write_pdf
from rollcall.demo.writers.sheet import write_sheets
from rollcall.demo.writers.slides import Slide, write_slides


def crowd(hospital: Hospital, rng: Random, fresh: list[Person], cap: int = 400) -> list[Person]:
    """Return the new people with some known ones among them."""
    extra = min(cap, max(2 if len(fresh) < 3 else 0, int(len(fresh) * rng.random() * 0.5)))
    known = [one for one in hospital.again(rng, extra) if one not in fresh]
    people = [*fresh, *known]
    if rng.random() < 0.5:
        rng.shuffle(people)
    return people


def list_form(hospital: Hospital, rng: Random, role: str = "") -> ListForm:
    """Return a kind of list that this office keeps: of patients and members, or of employees."""
    forms = [one for one in hospital.pack.lists if (one.role == "employee") == (role == "employee")]
    return rng.choice(forms)


def draw_list(hospital: Hospital, rng: Random, fresh: list[Person], cap: int = 400) -> tuple[ListForm, list[Person]]:
    """Return a kind of list and who stands on it, so called that it may be about them."""
    form = list_form(hospital, rng)
    people = crowd(hospital, rng, fresh, cap)
    return apt(hospital.pack, form, people), people


def apt(pack: Pack, form: ListForm, people: list[Person]) -> ListForm:
    """Return the form without what asks for other people than these: no list of pupils holds the old."""
    barred = [word for word, who in pack.whose.items() if not all(fits(one, who) for one in people)]
    return _called(form, lambda text: not any(word in text.casefold() for word in barred))


def _called(form: ListForm, fitting: Callable[[str], bool]) -> ListForm:
    """Return the form with the titles, names and words that fit; where none does, with all."""
    texts = {name: getattr(form, name) for name in ("titles", "files", "sheets", "subjects", "bodies")}
    return msgspec.structs.replace(form, **{name: [*filter(fitting, all_)] or all_ for name, all_ in texts.items()})


def chosen(rng: Random, pack: Pack, form: ListForm, people: list[Person]) -> tuple[ListForm, list[Person]]:
    """Return a list of some of these people only, where the form has a title for such and enough of them are there."""
    words = {word: who for word, who in pack.whose.items() if any(word in one.casefold() for one in form.titles)}
    if words and rng.random() < 0.6:
        who = rng.choice(sorted(set(words.values())))
        theirs = [one for one in people if fits(one, who)]
        if 2 < len(theirs) < len(people):
            wanted = [word for word in words if words[word] == who]
            named = _called(apt(pack, form, theirs), lambda text: any(word in text.casefold() for word in wanted))
            return named, theirs
    return apt(pack, form, people), people


def store(hospital: Hospital, rng: Random, form: ListForm, people: list[Person], way: str = "") -> Made:
    """Return a list as a file of some format."""
    way = way or weighted(rng, hospital.pack.formats["lists"])
    layout = weighted(rng, hospital.pack.layouts)
    if layout == "cards" and (way != "xlsx" or len(people) > 40):
        layout = "plain"
    maker = ListMaker(rng, hospital.cast, form, people, stored_typed=way == "xlsx")
    if hospital.pack.list_looks:
        grids = make_grids(maker, draw_look(rng, hospital.pack, len(people), way))
    else:
        grids = [maker.make(layout)]
    grid, layout = grids[0], grids[0].layout
    name = fill(rng.choice(form.files), rng, hospital.cast.dated)
    if way in SEPARATORS:
        return write_delimited(rng, name, grid, way)
    if way == "docx":
        return write_docx_list(name, grid)
    if way == "fixed":
        return write_fixed(name, grid)
    if way == "pdf":
        facts = [(n, fact) for n, line in enumerate(grid.lines) for cell in line if cell for fact in cell.facts]
        return write_pdf("list_pdf", layout, name, columns_of(grid, cap=60), facts, mono=True,
                         turns=hospital.pack.wide)  # fmt: skip
    hidden = None
    chance = rng.random()
    if chance < 0.2 and hospital.seen and form.role != "employee":
        other = ListMaker(rng, hospital.cast, list_form(hospital, rng), hospital.again(rng, rng.randint(3, 9)))
        grids.append(other.make(rng.choice(("plain", "titled", "no_header"))))
        hidden = len(grids) - 1 if chance < 0.1 else None
    return write_sheets(name, grids, hidden, hospital.cast.saved)


def about_list(hospital: Hospital, rng: Random, form: ListForm, people: list[Person]) -> Paper:
    """Return the words around an attached list; now and then they name somebody of it."""
    frame = Frame(
        fill(rng.choice(form.subjects), rng, hospital.cast.dated),
        fill(rng.choice(form.bodies), rng, hospital.cast.dated),
        role=form.role,
        language=form.language,
    )
    return Writer(rng, hospital.cast, people[:1]).write(frame)


def make_list(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """Send a list as a file; one that is about some of the people only goes with another about the rest."""
    drawn = list_form(hospital, rng)
    people = crowd(hospital, rng, fresh)
    form, theirs = chosen(rng, hospital.pack, drawn, people)
    paper = about_list(hospital, rng, form, theirs)
    files = [store(hospital, rng, form, theirs)]
    if rest := [one for one in people if one not in theirs]:
        files.append(store(hospital, rng, apt(hospital.pack, list_form(hospital, rng), rest), rest))
        if files[0].name == files[1].name:
            files[1].name = "2_" + files[1].name
    staff_mail(hospital, rng, paper, [hospital.attach(made) for made in files])


def make_staff_list(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """Send a list about employees as people: payroll, enrolment."""
    form = list_form(hospital, rng, "employee")
    some = [one.person for one in rng.sample(hospital.cast.staff[2:], min(12, len(hospital.cast.staff) - 2))]
    staff_mail(
        hospital,
        rng,
        about_list(hospital, rng, form, some),
        [hospital.attach(store(hospital, rng, form, some, "xlsx"))],
    )


def make_archive(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A zip with one or two lists, or a zip in a zip."""
    form, people = draw_list(hospital, rng, fresh)
    cut = len(people) if len(people) < 8 or rng.random() < 0.5 else len(people) // 2
    members = [store(hospital, rng, form, part) for part in (people[:cut], people[cut:]) if part]
    if len(members) == 2 and members[0].name == members[1].name:
        members[1].name = "2_" + members[1].name
    folder = rng.choice(("", "", "q3/", "FINAL/"))
    name = fill(rng.choice(form.files), rng, hospital.cast.dated)
    contents = [
        (hospital.document(made.kind, made.layout, made.facts), f"{name}.zip > {folder}{made.name}") for made in members
    ]
    data = zip_bytes(((folder + made.name, made.data) for made in members), hospital.cast.saved)
    if rng.random() < 0.35:
        outer = rng.choice(("files", "for audit", "export"))
        data = zip_bytes([(f"{name}.zip", data)], hospital.cast.saved)
        contents = [(document, f"{outer}.zip > {path}") for document, path in contents]
        name = outer
    attached = Attached(f"{name}.zip", "application/zip", data, contents)
    staff_mail(hospital, rng, about_list(hospital, rng, form, people), [attached])


POINT = re.compile(r"(?<=[a-z0-9)]{2}\.) (?=[A-Z])|\n")  # where a passage is cut into points; not after "Dr." or "J."


def make_slides(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A deck for a meeting: a list over some slides, and a few cases in points."""
    form, people = draw_list(hospital, rng, fresh, 8)
    maker = ListMaker(rng, hospital.cast, form, people, stored_typed=False)
    fields = maker.columns()
    room = 7 - len(form.fields)  # a slide is no wider
    fields = [one for one in fields if one in form.fields or one in [e for e in fields if e not in form.fields][:room]]
    heads = maker.heads(fields)
    title = fill(rng.choice(form.titles or [form.about]), rng, hospital.cast.dated)
    slides = [Slide(title, [hospital.cast.house, show_date(hospital.cast.today, "Month d, Y")])]
    each = rng.randint(6, 11)
    for at in range(0, len(people), each):
        lines = maker.body(fields, people[at : at + each])
        facts = [fact for line in lines for cell in line if cell for fact in cell.facts]
        slides.append(Slide(title, table=[heads, *lines], facts=facts))
    for person in hospital.again(rng, rng.choice((0, 1, 2, 3))):
        frames = [
            one for one in hospital.pack.frames
            if one.kind in ("prose", "invite") and fits(person, one.who) and not is_about_two(one)
        ]  # fmt: skip
        paper = Writer(rng, hospital.cast, [person]).write(rng.choice(frames))
        points = [one for one in POINT.split(paper.text) if one]
        slides.append(Slide(paper.subject, points, facts=paper.facts))
    name = fill(rng.choice(form.files), rng, hospital.cast.dated)
    attached = [hospital.attach(write_slides(name, slides))]
    staff_mail(hospital, rng, about_list(hospital, rng, form, people), attached)


def make_html_table(hospital: Hospital, rng: Random, fresh: list[Person]) -> None:
    """A table pasted into the mail itself."""
    form, people = draw_list(hospital, rng, fresh, 6)
    layout = rng.choice(("plain", "plain", "titled", "two_row", "no_header", "grouped"))
    maker = ListMaker(rng, hospital.cast, form, people, stored_typed=False)
    if hospital.pack.list_looks:
        grid = make_grids(maker, draw_look(rng, hospital.pack, len(people), "html"))[0]
        layout = grid.layout
    else:
        grid = maker.make(layout)
    facts = [fact for line in grid.lines for cell in line if cell for fact in cell.facts]
    around = about_list(hospital, rng, form, people)
    pasted = hospital.pack.words.get("pasted_bodies", []) if not form.language else []
    if pasted and rng.random() < 0.75:  # else they wrote as if it were attached, as people do
        around = Paper(around.subject, [rng.choice(pasted)], [one for one in around.facts if one.spot == "subject"])
    text = "\n\n".join((around.text, "\n".join(_tabbed(grid))))
    html = html_text(around.text) + "\n<br>\n" + html_table(rng, grid) + "\n<br>"
    paper = Paper(around.subject, text.split("\n"), [*around.facts, *all_at(facts, "body")], layout, form.language)
    staff_mail(hospital, rng, paper, kind="html_table", html=html)


def _tabbed(grid: Grid) -> list[str]:
    """Return the lines that a mail program makes of a table for those who read plain text."""
    return ["\t".join(cell.text if cell else "" for cell in line) for line in grid.lines]

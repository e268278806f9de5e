"""Running text about people: forms of labels and values, passages and letters with slots; and the facts in them."""

import re
from collections.abc import Callable
from random import Random

import msgspec

from rollcall.demo.cast import Cast
from rollcall.demo.grid import FINE_ROLES, fill, shared
from rollcall.demo.pack import FormLook, Frame, Pack, PaperForm
from rollcall.demo.people import Person, fits
from rollcall.demo.show import Shown, Style, localize, show
from rollcall.demo.truth import Fact

Pair = tuple[str, str | None]  # label and value; a heading has no value


class Paper(msgspec.Struct):
    """A text of lines, and what it says about whom."""

    subject: str
    lines: list[str]
    facts: list[Fact]
    layout: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def _fact(shown: Shown, person: Person, role: str, spot: str, optional: bool) -> Fact:
    return Fact(person.person_id, role, shown.element, shown.subtype, shown.value, shown.text, spot, optional)


ABSENT = {"": ("unknown", "n/a", "not on file"), "es": ("no tiene", "no consta", "pendiente")}
SLOT = re.compile(r"\{(?:(b)\.)?(\w+)\}")


class Writer:
    """Fills one frame with one or two people."""

    def __init__(self, rng: Random, cast: Cast, people: list[Person]) -> None:
        self.rng, self.cast, self.people = rng, cast, people
        self.style: Style = cast.style(rng, prose=True)
        self.doctor = rng.choice(cast.doctors)
        self.facts: list[Fact] = []

    def write(self, frame: Frame) -> Paper:
        """Return the passage with its facts; the slots of the subject line are facts of the subject."""
        # One hand writes the whole mail, so two passages about one person agree.
        if frame.formal and self.style.case:
            self.style.case = ""
        localize(self.rng, self.style, frame.language)
        subject = self._filled(frame.subject, frame, "subject")
        text = self._filled(frame.text, frame, "body")
        if self.style.case == "lower":
            subject, text = subject.lower(), text.lower()
            self.facts = [msgspec.structs.replace(fact, text=fact.text.lower()) for fact in self.facts]
        return Paper(subject, text.split("\n"), self.facts, frame.subject, frame.language)

    def _filled(self, text: str, frame: Frame, spot: str) -> str:
        return SLOT.sub(lambda slot: self._slot(slot, frame, spot), text)

    def _slot(self, slot: re.Match[str], frame: Frame, spot: str) -> str:
        person = self.people[-1 if slot[1] else 0]
        field = slot[2]
        if field == "provider":
            return self._stated(Shown(self.doctor, "provider", "", self.doctor), person, frame, spot, optional=True)
        if field == "notes":
            return self.rng.choice(self.cast.pack.notes)
        if field in ("They", "Their"):
            shown = show(field.lower(), person, self.style, self.cast.pack)
            return shown.text.capitalize() if shown else ""
        shown = show(field, person, self.style, self.cast.pack)
        if shown is None:  # they have none
            return self.rng.choice(ABSENT.get(frame.language, ABSENT[""]))
        return self._stated(shown, person, frame, spot, optional=frame.optional)

    def _stated(self, shown: Shown, person: Person, frame: Frame, spot: str, *, optional: bool) -> str:
        if shown.element:
            fact = _fact(shown, person, frame.role, spot, optional)
            if person is not self.people[0] and frame.b_who == "mother":
                fact = msgspec.structs.replace(fact, of=self.people[0].person_id)
            self.facts.append(fact)
        return shown.text


def is_about_two(frame: Frame) -> bool:
    """Say whether a frame needs a second person."""
    return "{b." in frame.text or "{b." in frame.subject


def fitting_forms(pack: Pack, person: Person) -> list[PaperForm]:
    """Return the forms that somebody may fill in."""
    return [one for one in pack.forms if fits(person, one.who)]


def make_form(rng: Random, cast: Cast, form: PaperForm, person: Person) -> tuple[list[Pair], Paper]:
    """Return a filled form: its (label, value) pairs for a table, and its lines with the facts in them."""
    style = cast.style(rng)
    style.stored = "text"
    localize(rng, style, form.language)
    way = rng.choice(("colon", "colon", "below", "dots", "two_up", "wide"))
    look = rng.choice(cast.pack.form_looks) if cast.pack.form_looks else None
    labels = {**cast.pack.labels, **form.labels}
    pairs: list[Pair] = []
    facts: list[Fact] = []
    for section, fields in form.sections:
        if section:
            pairs.append((section, None))
        for field in fields:
            shown, whom, role = _shown(rng, cast, field, person, style, form.role)
            if shown is None or (field not in form.sections[0][1] and rng.random() < 0.12):
                if rng.random() < 0.5:
                    pairs.append((rng.choice(labels[field]), "" if rng.random() < 0.7 else "n/a"))
                continue
            pairs.append((rng.choice(labels[field]), shown.text))
            if shown.element:
                fact = _fact(shown, whom, role, "body", False)
                facts.append(fact if whom is person else msgspec.structs.replace(fact, of=person.person_id))
                if field == "subscriber.member" and whom is not person:
                    facts.append(shared(facts[-1], person, form.role))
    title = form.title if rng.random() < 0.8 else ""
    if look is not None:
        lines = [*(fill(line, rng, cast.dated) for line in look.head), title, "", *lay_form(pairs, look), *look.foot]
        return pairs, Paper(form.title, lines, facts, look.id)
    return pairs, Paper(form.title, [title, "", *_laid_out(pairs, way)], facts, way)


def insurance_card(rng: Random, cast: Cast, person: Person) -> tuple[list[str], list[Fact]]:
    """Return the front of somebody's insurance card: the plan, the name, the numbers."""
    style = cast.style(rng)
    style.stored, style.former = "text", False
    style.date = style.date if "Month" not in style.date else "mm/dd/Y"
    lines, facts = [person.payer.upper(), ""], [
        Fact(person.person_id, "patient", "health_insurance", "payer", person.payer, person.payer.upper(), "body")
    ]  # fmt: skip
    for field in ("name", "member", "group", "dob") if rng.random() < 0.5 else ("name", "member", "group"):
        shown = show(field, person, style, cast.pack)
        if shown is None:
            continue
        label = rng.choice(cast.pack.labels.get(f"card.{field}") or cast.pack.labels[field])
        lines += [label, f"   {shown.text}"] if rng.random() < 0.4 else [f"{label}: {shown.text}"]
        facts.append(_fact(shown, person, "patient", "body", False))
    return [*lines, "", rng.choice(cast.pack.words["card_feet"])], facts


def _shown(
    rng: Random, cast: Cast, field: str, person: Person, style: Style, role: str
) -> tuple[Shown | None, Person, str]:
    who, _, own = field.rpartition(".")
    if who:
        other = cast.other(person, who, rng) if who != "guarantor" or person.guardian else person
        if other is None:
            return None, person, role
        return show(own, other, style, cast.pack), other, role if other is person else FINE_ROLES[who]
    if field == "provider":
        doctor = rng.choice(cast.doctors)
        return Shown(doctor, "provider", "", doctor), person, role
    return show(field, person, style, cast.pack), person, role


def lay_form(pairs: list[Pair], look: FormLook) -> list[str]:
    """Return the pairs as lines in a look of the pack."""
    dressed: list[Pair] = []
    number = 0
    for label, value in pairs:
        if value is None:
            dressed.append((look.mark.format(label), None))
            continue
        number += 1
        said = label.upper() if look.case == "upper" else label.lower() if look.case == "lower" else label
        dressed.append((f"{number}. {said}" if look.structure == "numbered" else said, value))
    way = FORM_WAYS.get(look.structure)
    if way is None:
        return _laid_out(dressed, look.structure)
    lines: list[str] = []
    for label, value in dressed:
        lines += ["", label] if value is None else way(label, value)
    return _joined(lines) if look.structure == "inline" else lines


def _joined(lines: list[str]) -> list[str]:
    """Return labels and values run together, a paragraph for each section."""
    return ["; ".join(group.strip("\n").split("\n")) for group in "\n".join(lines).split("\n\n") if group.strip()]


FORM_WAYS: dict[str, Callable[[str, str], list[str]]] = {
    "brackets": lambda label, value: [f"[{label}] {value}"],
    "equals": lambda label, value: [f"{label} = {value}"],
    "dash": lambda label, value: [f"{label} - {value}"],
    "pipe": lambda label, value: [f"| {label:<28} | {value:<36} |"],
    "signed": lambda label, value: [f"  {value}", "_" * 38, f"  ({label})", ""],
    "numbered": lambda label, value: [f"{label}: {value}"],
    "tabbed": lambda label, value: [f"{label}\t{value}"],
    "starred": lambda label, value: [f"*{label}*: {value}"],
    "inline": lambda label, value: [f"{label} {value}"],
    "blank": lambda label, value: [f"{label} __{value}__________"],
    "question": lambda label, value: [f"{label}?", f"> {value}"],
}


def _laid_out(pairs: list[Pair], way: str) -> list[str]:
    """Return the pairs as lines: `Label: value`, the value below, dot leaders, or two pairs a line."""
    lines: list[str] = []
    held = ""
    for label, value in pairs:
        section = value is None
        if way == "two_up" and not section:
            one = f"{label}: {value}"
            if held:
                lines.append(f"{held:<44} {one}")
                held = ""
            else:
                held = one
            continue
        if held:
            lines.append(held)
            held = ""
        if section:
            lines += ["", label]
        elif way == "below":
            lines += [label, f"  {value}"]
        elif way == "dots":
            lines.append(f"{label} {'.' * max(3, 30 - len(label))} {value}")
        elif way == "wide":
            lines.append(f"{label:<25} {value}")
        else:
            lines.append(f"{label}: {value}")
    return [*lines, held] if held else lines

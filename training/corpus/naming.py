"""How a person is named and referred to in running text."""

from collections.abc import Callable
from random import Random

from .cast import Cast, Human
from .marked import Marked, Span
from .names import Name

STYLES = (
    "First Last", "First Last", "First Last", "First Last", "First Last", "First M Last", "First M. Last",
    "First Middle Last", "Last, First", "Last, First", "LAST, FIRST", "Last, First M", "LAST,FIRST M", "Last, First M.",
    "F. Last", "First L.", "FIRST LAST", "First 'Nick' Last", "Last, First (Nick)", "first last", "Nick Last",
    "Last First", "LAST, FIRST MIDDLE", "Last,First", "First L",
)  # fmt: skip
_PLAIN = ("First Last",) * 6 + ("First M. Last", "First M Last", "First Middle Last", "Nick Last")


def shown(rng: Random, name: Name, style: str) -> str:
    """Return a name in a style."""
    nick, middle = name.nick or name.given, name.middle or ""
    initial, mark = middle[:1], rng.choice("\"'")
    tail = f"{rng.choice((' ', ' ', ', '))}{name.suffix}" if name.suffix else ""
    natural = {
        "First Last": f"{name.given} {name.family}{tail}",
        "FIRST LAST": f"{name.given} {name.family}{tail}".upper(),
        "first last": f"{name.given} {name.family}{tail}".lower(),
        "First M Last": f"{name.given} {initial} {name.family}{tail}" if initial else f"{name.given} {name.family}",
        "First M. Last": f"{name.given} {initial}. {name.family}{tail}" if initial else f"{name.given} {name.family}",
        "First Middle Last": f"{name.given} {middle} {name.family}{tail}" if middle else f"{name.given} {name.family}",
        "F. Last": f"{name.given[:1]}. {name.family}",
        "First L.": f"{name.given} {name.family[:1]}.",
        "First L": f"{name.given} {name.family[:1]}",
        "First 'Nick' Last": f"{name.given} {mark}{nick}{mark} {name.family}",
        "Nick Last": f"{nick} {name.family}{tail}",
        "Last First": f"{name.family} {name.given}",
        "Last, First": f"{name.family}{' ' + name.suffix if name.suffix else ''}, {name.given}",
        "Last,First": f"{name.family},{name.given}",
        "LAST, FIRST": f"{name.family}, {name.given}".upper(),
        "Last, First M": f"{name.family}, {name.given} {initial}".strip(),
        "Last, First M.": f"{name.family}, {name.given} {initial}." if initial else f"{name.family}, {name.given}",
        "LAST,FIRST M": f"{name.family},{name.given} {initial}".strip().upper(),
        "LAST, FIRST MIDDLE": f"{name.family}, {name.given} {middle}".strip().upper(),
        "Last, First (Nick)": f"{name.family}, {name.given} ({nick})",
    }  # fmt: skip
    if not name.nick and "Nick" in style:
        style = "First Last"
    return natural[style]


def title(human: Human, rng: Random) -> str:
    """Return "Mr." or "Ms."."""
    word = "Mr" if human.sex == "M" else rng.choice(("Ms", "Mrs", "Ms", "Miss"))
    return word + ("" if rng.random() < 0.25 or word == "Miss" else ".")


class Naming:
    """Names people of a cast: whole when first spoken of, then shorter."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.rng = cast, cast.rng

    def write(self, kind: str, number: int) -> Marked:
        """Return a name or what stands for one."""
        return NAMINGS[kind](self, self.cast.people[number])

    def marked(self, human: Human, text: str, lead: str = "", subtype: str = "full") -> Marked:
        """Return a name with its span; what leads it ("Mr. ") stands outside."""
        human.named += 1
        return Marked(lead + text, (Span(len(lead), len(lead) + len(text), "name", subtype, human.number),))

    def styled(self, human: Human, styles: tuple[str, ...] = STYLES) -> Marked:
        """Return the whole name as this person is mostly written here."""
        if not human.style or self.rng.random() < 0.15:
            human.style = self.rng.choice(styles)
        style = human.style if human.style in styles or styles is STYLES else self.rng.choice(styles)
        return self.marked(human, shown(self.rng, human.name, style))

    def name(self, human: Human) -> Marked:
        """Return the whole name, in any order."""
        return self.styled(human)

    def plain(self, human: Human) -> Marked:
        """Return the whole name in natural order."""
        return self.styled(human, _PLAIN)

    def last_first(self, human: Human) -> Marked:
        """Return the name as lists sort it."""
        styles = ("Last, First", "LAST, FIRST", "Last, First M", "LAST,FIRST M", "LAST, FIRST MIDDLE", "Last,First")
        return self.styled(human, styles)

    def first(self, human: Human) -> Marked:
        """Return the first name."""
        nick = human.name.nick if human.name.nick and self.rng.random() < 0.3 else human.name.given
        return self.marked(human, nick, subtype="partial")

    def last(self, human: Human) -> Marked:
        """Return the family name."""
        return self.marked(human, human.name.family, subtype="partial")

    def mr(self, human: Human) -> Marked:
        """Return title and family name."""
        return self.marked(human, human.name.family, f"{title(human, self.rng)} ", "partial")

    def doctor(self, human: Human) -> Marked:
        """Return a clinician's name with title or degree."""
        chance = self.rng.random()
        lead = self.rng.choice(("Dr. ", "Dr ", "Dr. ", "dr ", "DR. "))
        if chance < 0.5:
            return self.marked(human, human.name.family, lead, "partial")
        if chance < 0.75:
            return self.marked(human, shown(self.rng, human.name, self.rng.choice(_PLAIN)), lead)
        made = self.marked(human, shown(self.rng, human.name, self.rng.choice(_PLAIN)))
        return made + self.rng.choice((", MD", ", DO", ", NP", " PA-C", ", M.D.", " MD"))

    def ref(self, human: Human) -> Marked:
        """Return what one calls somebody already named: a short name, or no name at all."""
        if not human.named:
            return self.name(human)
        chance = self.rng.random()
        if chance < 0.25:
            return self.mr(human)
        if chance < 0.4:
            return self.first(human)
        if chance < 0.5:
            return self.last(human)
        if chance < 0.58:
            return self.name(human)
        if human.role in ("patient", "member") and chance < 0.85:
            return Marked(
                self.rng.choice(("the patient", "patient", "pt", "this patient", "the pt", "the above patient"))
            )
        return self.he(human)

    def he(self, human: Human) -> Marked:
        """Return he or she."""
        return Marked("he" if human.sex == "M" else "she")

    def his(self, human: Human) -> Marked:
        """Return his or her."""
        return Marked("his" if human.sex == "M" else "her")

    def him(self, human: Human) -> Marked:
        """Return him or her."""
        return Marked("him" if human.sex == "M" else "her")

    def man(self, human: Human) -> Marked:
        """Return man, lady, male, female."""
        return Marked(
            self.rng.choice(("man", "male", "gentleman") if human.sex == "M" else ("woman", "female", "lady"))
        )

    def boy(self, human: Human) -> Marked:
        """Return son or daughter."""
        return Marked("son" if human.sex == "M" else "daughter")

    def el(self, human: Human) -> Marked:
        """Return the article of Spanish."""
        return Marked("el" if human.sex == "M" else "la")

    def hijo(self, human: Human) -> Marked:
        """Return son or daughter in Spanish."""
        return Marked("hijo" if human.sex == "M" else "hija")

    def kin(self, human: Human) -> Marked:
        """Return what somebody is to another."""
        words = {
            "spouse": ("husband",) if human.sex == "M" else ("wife",),
            "mother": ("mother", "mom"),
            "father": ("father", "dad"),
        }
        return Marked(self.rng.choice(words.get(human.relation, (human.relation or "friend",))))


NAMINGS: dict[str, Callable[[Naming, Human], Marked]] = {
    "name": Naming.name, "plain": Naming.plain, "last_first": Naming.last_first, "first": Naming.first,
    "last": Naming.last, "mr": Naming.mr, "doctor": Naming.doctor, "ref": Naming.ref, "he": Naming.he,
    "his": Naming.his, "him": Naming.him, "man": Naming.man, "boy": Naming.boy, "el": Naming.el, "hijo": Naming.hijo,
    "kin": Naming.kin,
}  # fmt: skip

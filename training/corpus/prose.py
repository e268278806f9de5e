"""Yields passages of running text: mails, threads, lists in mails, messages, notes, letters, chats."""

import datetime
from collections.abc import Callable, Iterator
from random import Random

from . import lists
from .cast import Cast, show_date
from .grammar import Grammar
from .marked import Marked, join
from .noise import indented, quoted, worn, wrapped
from .passage import Passage, part, told_of

FILES = ("identifiers", "mail", "matters", "genres", "lists")
TOPICS = (
    "registration", "registration", "billing", "billing", "auth", "auth", "clinical", "clinical", "home", "dental",
    "bh", "pharmacy", "specimen", "school", "county", "legal", "visits", "plan", "events", "access",
)  # fmt: skip
Who = dict[str, int]


class Scene:
    """What one passage is being made of."""

    def __init__(self, seed: str, share: str) -> None:
        self.rng = Random(seed)  # noqa: S311
        self.cast = Cast(self.rng, share)
        self.grammar = Grammar(self.cast, FILES)
        self.who: Who = {"p": self.cast.add("patient"), "w": self.cast.add("staff"), "r": self.cast.add("staff")}
        self.subject = Marked()
        self.files: list[Marked] = []
        self.language = "en"

    def say(self, rule: str, who: Who | None = None) -> Marked:
        """Return an expansion of a rule."""
        return self.grammar.expand(rule, self.who if who is None else who)

    def chance(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return self.rng.random() < share


def _paragraphs(scene: Scene, sentences: list[Marked]) -> Marked:
    """Return sentences put together to paragraphs, or a line each."""
    mark = scene.rng.choice((" ", " ", " ", " ", "\n", "  "))
    pieces: list[Marked | str] = []
    for number, one in enumerate(sentences):
        if number:
            pieces.append("\n\n" if scene.chance(0.15) else mark)
        pieces.append(one)
    return join(pieces)


def _about(scene: Scene, topic: str, who: Who, most: int = 4) -> list[Marked]:
    """Return sentences about one person: who it is, then what is said of them."""
    made = [scene.say(f"{topic}_in", who)]
    for _ in range(scene.rng.choice((0, 1, 1, 2, 2, 3, most))):
        source = topic if scene.chance(0.85) else scene.rng.choice(TOPICS)
        made.append(scene.say(source, who))
    if scene.chance(0.12):
        made.insert(scene.rng.randrange(1, len(made) + 1), scene.say("two", who))
    return made


def _next_person(scene: Scene) -> Who:
    return {**scene.who, "p": scene.cast.add("patient")}


def _staff_body(scene: Scene) -> Marked:
    """Return the body of a mail about one patient or some."""
    topic = scene.rng.choice(TOPICS)
    made = _about(scene, topic, scene.who)
    for _ in range(scene.rng.choice((0, 0, 0, 0, 1, 1, 2, 3))):
        also = scene.grammar.expand("also", scene.who)
        other = _next_person(scene)
        more = _about(scene, topic if scene.chance(0.6) else scene.rng.choice(TOPICS), other, 2)
        made += [also + more[0], *more[1:]]
        if scene.chance(0.15):  # back to the first one
            made.append(scene.say(topic))
    if scene.chance(0.3):
        made.insert(scene.rng.choice((0, len(made))), scene.say("filler"))
    if scene.chance(0.6):
        made.append(scene.say("ask"))
    return _paragraphs(scene, made)


def _elsewhere_body(scene: Scene) -> Marked:
    """Return a body that names nobody: the subject line or the name of a file does."""
    human = scene.cast.people[scene.who["p"]]
    if scene.chance(0.7):
        scene.subject = scene.say("subject")
    if not human.named:
        scene.files = [scene.say("file")]
    human.named += 1
    topic = scene.rng.choice(TOPICS)
    made = [scene.say(topic) for _ in range(scene.rng.randint(1, 3))]
    if scene.chance(0.5):
        made.append(scene.say("ask"))
    return _paragraphs(scene, made)


def _staff_affairs(scene: Scene) -> Marked:
    """Return a body about an employee: personnel, pay, benefits."""
    scene.who["e"] = scene.cast.add("employee")
    made = [scene.say("hr_in"), *(scene.say("hr") for _ in range(scene.rng.randint(1, 4)))]
    if scene.chance(0.25):
        other = {**scene.who, "e": scene.cast.add("employee")}
        made += [scene.say("hr_in", other), scene.say("hr", other)]
    return _paragraphs(scene, made)


def _two(scene: Scene) -> Marked:
    made = [scene.say("two")]
    if scene.chance(0.5):
        made.append(
            scene.say("two", {**scene.who, "p": scene.who.get("q", scene.who["p"])} if scene.chance(0.3) else None)
        )
    if scene.chance(0.5):
        made.append(scene.say("ask"))
    return _paragraphs(scene, made)


def _list(scene: Scene) -> Marked:
    count = scene.rng.choice((2, 3, 3, 4, 4, 5, 6))
    people = lists.draw_people(scene.grammar, scene.who, count)
    pieces = [scene.say("list_intro"), scene.rng.choice(lists.SHAPES)(scene.grammar, scene.rng, people)]
    if scene.chance(0.5):
        pieces.append(scene.say("list_close"))
    return join([one for one in pieces if one.text], scene.rng.choice(("\n\n", "\n", "\n\n")))


def _nobody(scene: Scene) -> Marked:
    """Return a body without any patient in it."""
    made = [scene.say("filler") for _ in range(scene.rng.randint(1, 4))]
    return _paragraphs(scene, [*made, scene.say("ask")])


def _mail(scene: Scene, body: Marked) -> Marked:
    """Return a body with greeting, closing, signature and small print."""
    hello, bye, name = scene.say("hi"), scene.say("thanks"), scene.say("signature")
    pieces = [hello, body, join([one for one in (bye, name) if one.text], "\n")]
    if scene.chance(0.2):
        pieces.append(scene.say("disclaimer"))
    gap = scene.rng.choice(("\n\n", "\n\n", "\n"))
    return join([one for one in pieces if one.text], gap)


def _headers(scene: Scene, older: Scene | None = None) -> Marked:
    """Return how a mail program introduces the older mail that follows."""
    rng, cast = scene.rng, scene.cast
    writer, reader = (scene.grammar.write("{plain@" + key + "}", scene.who) for key in ("w", "r"))
    address = scene.grammar.write("{email@w}", scene.who)
    day = cast.today - datetime.timedelta(days=rng.randint(0, 9))
    clock = f"{rng.randint(1, 12)}:{rng.randint(0, 59):02d} {rng.choice(('AM', 'PM'))}"
    subject = scene.subject if scene.subject.text else scene.say("subject_plain")
    long = show_date(day, "%A, %B {d}, %Y")
    return rng.choice(
        (
            join(["On ", show_date(day, "%a, %b {d}, %Y"), f" at {clock} ", writer, " <", address, "> wrote:"]),
            join(
                [
                    "-----Original Message-----\nFrom: ",
                    writer,
                    f"\nSent: {long} {clock}\nTo: ",
                    reader,
                    "\nSubject: ",
                    subject,
                    "\n",
                ]
            ),
            join(
                [
                    "From: ",
                    writer,
                    " <",
                    address,
                    f">\nSent: {long} {clock}\nTo: ",
                    reader,
                    "\nSubject: ",
                    subject,
                    "\n",
                ]
            ),
            join(
                [
                    "________________________________\nFrom: ",
                    writer,
                    f"\nDate: {show_date(day, '{m}/{d}/%Y')} {clock}\nTo: ",
                    reader,
                    "\n",
                ]
            ),
            join([">>> ", writer, f" {show_date(day, '{m}/{d}/%y')} {clock} >>>"]),
            join(
                [
                    "---------- Forwarded message ---------\nFrom: ",
                    writer,
                    " <",
                    address,
                    f">\nDate: {show_date(day, '%a, %b {d}, %Y')}\nSubject: ",
                    subject,
                    "\nTo: ",
                    reader,
                    "\n",
                ]
            ),
        )
    )


def _thread(scene: Scene) -> Marked:
    """Return a mail over the older one it answers, which may be about the same person or about another."""
    newest = _mail(scene, scene.rng.choice((_short, _short, _staff_body, _list, _two))(scene))
    swapped = {**scene.who, "w": scene.who["r"], "r": scene.who["w"]}
    if scene.chance(0.3):
        swapped["p"] = scene.cast.add("patient")
    kept, scene.who = scene.who, swapped
    older = _mail(scene, scene.rng.choice((_staff_body, _staff_body, _two, _list))(scene))
    head = _headers(scene)
    scene.who = kept
    if head.text.endswith(("wrote:", ">>>")) and scene.chance(0.8):
        older = quoted(wrapped(older, 72) if scene.chance(0.6) else older, scene.rng.choice(("> ", "> ", ">", "| ")))
    elif scene.chance(0.15):
        older = indented(older, "    ")
    return join([newest, head, older], "\n\n" if scene.chance(0.7) else "\n")


def _short(scene: Scene) -> Marked:
    """Return a line or two in answer: values of whom the older mail names."""
    topic = scene.rng.choice(TOPICS)
    return _paragraphs(scene, [scene.say(topic) for _ in range(scene.rng.choice((1, 1, 2)))])


def _letter(scene: Scene) -> Marked:
    """Return a letter with its date, whom it is about, and what it says."""
    about, hello = scene.say("letter_re"), scene.say("letter_open")
    address = scene.grammar.write("{plain}\n{street}\n{town}", scene.who) if scene.chance(0.4) else Marked()
    pieces = [scene.grammar.write("{org}", scene.who), scene.grammar.write("{today}", scene.who), address]
    pieces += [about, hello] if scene.chance(0.7) else [hello, about]
    source = "legal" if scene.chance(0.2) else "letter"
    pieces.append(_paragraphs(scene, [scene.say(source) for _ in range(scene.rng.randint(2, 5))]))
    pieces.append(join([scene.say("thanks"), scene.say("signature")], "\n\n"))
    return join([one for one in pieces if one.text], "\n\n")


def _phone(scene: Scene) -> Marked:
    made = [scene.say("phone_note")]
    made += [scene.say("phone_note", _next_person(scene)) for _ in range(scene.rng.choice((0, 0, 0, 1, 2)))]
    return join(made, scene.rng.choice(("\n", "\n\n", "\n---\n")))


def _chat(scene: Scene) -> Marked:
    """Return turns of a chat, each with who says it."""
    how = scene.rng.choice(("{name}: ", "[{clock}] {name}: ", "{name} {clock}\n", "{clock} {name} > ", "{name}\n"))
    made = []
    who = scene.who
    for _ in range(scene.rng.randint(3, 9)):
        speaker = scene.rng.choice(("w", "r"))
        minutes = f"{scene.rng.randint(1, 12)}:{scene.rng.randint(0, 59):02d}"
        head = how.replace("{name}", "{plain@" + speaker + "}" if scene.chance(0.7) else "{first@" + speaker + "}")
        if scene.chance(0.12):
            who = _next_person(scene)
        made.append(join([scene.grammar.write(head.replace("{clock}", minutes), scene.who), scene.say("chat", who)]))
    return join(made, "\n")


def _simple(rule: str, more: int = 0) -> Callable[[Scene], Marked]:
    def make(scene: Scene) -> Marked:
        made = [scene.say(rule)]
        made += [scene.say(rule, _next_person(scene)) for _ in range(scene.rng.randint(0, more))]
        return join(made, "\n")

    return make


def _self(scene: Scene) -> Marked:
    """Return what a patient writes of themselves or of theirs."""
    writer = scene.who["w"]
    scene.cast.people[writer].role = "patient"
    sentences = [scene.say("self_mail") for _ in range(scene.rng.randint(1, 5))]
    body = _paragraphs(scene, sentences)
    pieces = [scene.say("portal_open"), body, scene.say("self_close")]
    return join([one for one in pieces if one.text], scene.rng.choice(("\n", "\n\n", " ")))


def _spanish(scene: Scene) -> Marked:
    scene.language = "es"
    body = _paragraphs(scene, [scene.say("es_in"), *(scene.say("es") for _ in range(scene.rng.randint(0, 4)))])
    return join([scene.say("es_hi"), body, scene.say("es_close")], "\n\n")


def _other_language(scene: Scene) -> Marked:
    scene.language = "mixed"
    body = _paragraphs(
        scene, [scene.say("other_in"), *(scene.say("registration") for _ in range(scene.rng.randint(0, 2)))]
    )
    return _mail(scene, body)


def _in_mail(make: Callable[[Scene], Marked]) -> Callable[[Scene], Marked]:
    return lambda scene: _mail(scene, make(scene))


# kind -> (weight, maker)
KINDS: dict[str, tuple[int, Callable[[Scene], Marked]]] = {
    "mail": (22, _in_mail(_staff_body)),
    "elsewhere": (5, _in_mail(_elsewhere_body)),
    "two": (7, _in_mail(_two)),
    "list": (14, _in_mail(_list)),
    "thread": (12, _thread),
    "personnel": (7, _in_mail(_staff_affairs)),
    "phone": (6, _phone),
    "chat": (4, _chat),
    "calendar": (3, _simple("calendar", 3)),
    "note": (6, _simple("note")),
    "letter": (6, _letter),
    "fax": (3, _simple("fax")),
    "self": (8, _self),
    "spanish": (4, _spanish),
    "language": (1, _other_language),
    "nobody": (3, _in_mail(_nobody)),
}


def passages(seed: int, n: int, share: str = "train", kinds: tuple[str, ...] = ()) -> Iterator[Passage]:
    """Yield `n` passages of a share; the same seed yields the same, and a longer run begins with the shorter."""
    names = kinds or tuple(KINDS)
    weights = [KINDS[name][0] for name in names]
    for number in range(n):
        name = f"{share}:prose:{seed}:{number}"
        yield _passage(name, share, Random(name).choices(names, weights)[0])  # noqa: S311


def _passage(name: str, share: str, kind: str) -> Passage:
    scene = Scene(name, share)
    body = KINDS[kind][1](scene)
    body = worn(scene.rng, body).stripped()
    if scene.chance(0.15):
        body = wrapped(body, scene.rng.choice((60, 68, 72, 76)))
    if not scene.subject.text and kind not in ("chat", "note", "phone"):
        own = kind not in ("nobody", "personnel", "self") and scene.chance(0.3)
        scene.subject = scene.say("subject" if own else "subject_plain")
    if not scene.files and scene.chance(0.2):
        own = kind not in ("nobody", "personnel", "self") and scene.chance(0.4)
        scene.files = [scene.say("file" if own else "file_plain")]
    parts = [part("body", body)]
    parts += [part("subject", scene.subject)] if scene.subject.text else []
    parts += [part("names", join(scene.files, "\n"))] if scene.files else []
    people = scene.cast.people
    sender, reader = (
        f"{people[scene.who[key]].name.full} <{scene.grammar.write('{email@' + key + '}', scene.who).text}>"
        for key in ("w", "r")
    )
    persons, parts = told_of([one.person() for one in people], parts)
    return Passage(
        id=name, channel="prose", kind=kind, persons=persons, parts=parts, sender=sender, recipients=(reader,),
        frames=tuple(scene.grammar.frames), language=scene.language,
    )  # fmt: skip

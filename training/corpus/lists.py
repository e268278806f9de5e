"""Lists of people in a mail: a line each, bullets, run into a sentence, values after all the names."""

from random import Random

from .grammar import Grammar
from .marked import Marked, join

LEADS = ("", "", "", "- ", "* ", "• ", "{n}. ", "{n}) ", "  - ", "o ", "· ", "   ", "-", "{n} - ")
BETWEEN = (", ", " - ", " | ", "; ", " / ", "  ", "\t", " ", ",", " – ", "   ")


def draw_people(grammar: Grammar, who: dict[str, int], count: int, role: str = "patient") -> list[int]:
    """Return the people of a list, the one the mail is about among them."""
    return [who["p"], *(grammar.cast.add(role) for _ in range(count - 1))]


def lines(grammar: Grammar, rng: Random, people: list[int]) -> Marked:
    """Return a line for each, all made alike: name and fields in the same order, most with the same labels."""
    fields = rng.sample(_FIELDS, rng.choice((1, 1, 2, 2, 3, 4)))
    labelled = rng.random() < 0.5
    pattern = [
        grammar.share_pick(f"line_{field}") if labelled else "{" + rng.choice(_BARE[field]) + "}" for field in fields
    ]
    pattern.insert(
        0 if rng.random() < 0.75 else rng.randrange(len(pattern) + 1),
        rng.choice(("{name}", "{plain}", "{last_first}", "{last_first}")),
    )
    between = rng.choice(BETWEEN)
    lead = rng.choice(LEADS)
    tail = rng.choice(("", "", "", ";", ".", ","))
    made = []
    for number, one in enumerate(people, 1):
        shown = [part for at, part in enumerate(pattern) if at < 2 or rng.random() > 0.07]
        row = join([grammar.write(part, {"p": one}) for part in shown], between)
        note = grammar.expand("line_note", {"p": one}) if rng.random() < 0.12 else ""
        made.append(join([lead.format(n=number), row, tail, note]))
    return join(made, rng.choice(("\n", "\n", "\n", "\n\n")))


def blocks(grammar: Grammar, rng: Random, people: list[int]) -> Marked:
    """Return a small block for each: the name on a line of its own, what is said of them below."""
    fields = rng.sample(_FIELDS, rng.randint(1, 4))
    patterns = [grammar.share_pick(f"line_{field}") for field in fields]
    lead = rng.choice(("", "", "  ", "   - ", "\t", "> "))
    made = []
    for number, one in enumerate(people, 1):
        head = join([rng.choice(("", "", f"{number}. ", "Patient: ", "* ")), grammar.write("{name}", {"p": one})])
        rest = [join([lead, grammar.write(part, {"p": one})]) for part in patterns]
        made.append(join([head, *rest], "\n"))
    return join(made, rng.choice(("\n\n", "\n\n", "\n")))


def _row(pieces: list[Marked], last: str) -> Marked:
    return pieces[0] if len(pieces) == 1 else join([join(pieces[:-1], ", "), last, pieces[-1]])


def aligned(grammar: Grammar, rng: Random, people: list[int]) -> Marked:
    """Return names in a row and then their numbers in the same order."""
    field = rng.choice(_FIELDS)
    last = rng.choice((" and ", ", and ", ", ", " & "))
    names = _row([grammar.write("{plain}", {"p": one}) for one in people], last)
    values = _row([grammar.write("{" + rng.choice(_BARE[field][:1]) + "}", {"p": one}) for one in people], last)
    frame = grammar.share_pick("aligned")
    before, _, rest = frame.partition("NAMES")
    between, _, after = rest.partition("VALUES")
    what = rng.choice(_PLURALS[field])
    return join(
        [
            part.replace("WHAT", what) if isinstance(part, str) else part
            for part in (before, names, between, values, after)
        ]
    )


def inline(grammar: Grammar, rng: Random, people: list[int]) -> Marked:
    """Return them in one sentence, each with a value behind the name."""
    field = rng.choice(_FIELDS)
    open_, close = rng.choice((("(", ")"), (" ", ""), ("- ", ""), ("[", "]"), (": ", ""), (", ", "")))
    part = "{" + rng.choice(_BARE[field]) + "}" if rng.random() < 0.6 else grammar.share_pick(f"line_{field}")
    gap = "" if open_ in (": ", ", ", " ") else " "
    pieces = [
        grammar.write("{plain}" + gap, {"p": one}) + open_ + grammar.write(part, {"p": one}) + close for one in people
    ]
    mark = ", " if open_ != ", " else "; "
    row = (
        join(pieces, mark)
        if rng.random() < 0.4
        else join([join(pieces[:-1], mark), rng.choice((" and ", mark + "and ", " & ")), pieces[-1]])
        if len(pieces) > 1
        else pieces[0]
    )
    before, _, after = grammar.share_pick("inline").partition("ROW")
    return join([before, row, after])


def table(grammar: Grammar, rng: Random, people: list[int]) -> Marked:
    """Return a small table in plain text, with a header or none, by tabs, spaces or bars."""
    fields = rng.sample(_FIELDS, rng.randint(1, 4))
    head = ["Name", *(rng.choice(_PLURALS[field]).removesuffix("s") for field in fields)]
    rows = [
        [grammar.write("{last_first}" if rng.random() < 0.9 else "{plain}", {"p": one})]
        + [grammar.write("{" + _BARE[field][0] + "}", {"p": one}) for field in fields]
        for one in people
    ]
    cells: list[list[Marked | str]] = [[*head]] if rng.random() < 0.7 else []
    cells += [[*row] for row in rows]
    how = rng.choice(("\t", "pad", "pad", " | ", ","))
    if how != "pad":
        return join([join(row, how) for row in cells], "\n")
    widths = [max(len(_plain(row[at])) for row in cells) + rng.randint(2, 4) for at in range(len(fields) + 1)]
    return join(
        [join([join([cell, " " * (widths[at] - len(_plain(cell)))]) for at, cell in enumerate(row)]) for row in cells],
        "\n",
    )


def _plain(cell: Marked | str) -> str:
    return cell if isinstance(cell, str) else cell.text


_FIELDS = (
    "mrn",
    "mrn",
    "dob",
    "dob",
    "acct",
    "member",
    "claim",
    "ssn",
    "dx",
    "proc",
    "dos",
    "amount",
    "phone",
    "addr",
    "med",
    "room",
)
_BARE = {
    "mrn": ("mrn",), "dob": ("dob",), "acct": ("acct", "encounter"), "member": ("member", "mbi", "medicaid"),
    "claim": ("claim",), "ssn": ("ssn", "ssn4"), "dx": ("dx", "icd"), "proc": ("proc", "service", "cpt"),
    "dos": ("dos_full", "appt", "admitted"), "amount": ("amount",), "phone": ("phone",), "addr": ("address", "street"),
    "med": ("med",), "room": ("room",),
}  # fmt: skip
_PLURALS = {
    "mrn": ("MRNs", "chart numbers", "MR #s", "record numbers"), "dob": ("DOBs", "dates of birth", "birthdays"),
    "acct": ("accounts", "account numbers", "Acct #s"), "member": ("member IDs", "ID numbers", "policy numbers"),
    "claim": ("claims", "claim numbers"), "ssn": ("SSNs", "socials"), "dx": ("diagnoses", "Dxs", "conditions"),
    "proc": ("procedures", "services"), "dos": ("dates", "dates of service", "appts"),
    "amount": ("balances", "amounts"),
    "phone": ("phone numbers", "phones"), "addr": ("addresses",), "med": ("meds", "medications"), "room": ("rooms",),
}  # fmt: skip
SHAPES = (lines, lines, lines, blocks, aligned, inline, inline, table)

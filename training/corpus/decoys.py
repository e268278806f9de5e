"""What looks like something of a person and is nobody's: organisations, tickets, office telephones, meeting days."""

import datetime
from collections.abc import Callable
from random import Random

from .cast import DATE_STYLES, PHONE_STYLES, Cast, filled, shapes, show_date, words


def _day(rng: Random, cast: Cast) -> str:
    day = cast.today + datetime.timedelta(days=rng.randint(-20, 40))
    return show_date(day, rng.choice(("{m}/{d}", "%B {o}", "%A", "%b {d}", "{m}/{d}/%Y", "%A {m}/{d}")))


def _office_phone(rng: Random, cast: Cast) -> str:
    style = PHONE_STYLES[rng.randrange(6)]
    return style.format(a=cast.house.area, e="555", n=f"{rng.randint(0, 9999):04d}")


def _clock(rng: Random, cast: Cast) -> str:
    half = rng.choice((" am", " pm", "am", "p", " PM", ""))
    return f"{rng.randint(1, 12)}:{rng.choice(('00', '15', '30', '45'))}{half}"


def _room(rng: Random, cast: Cast) -> str:
    number = f"{rng.randint(1, 6)}{rng.randint(0, 40):02d}"
    return rng.choice((number, f"{number}-{rng.choice('AB')}", f"bed {rng.randint(1, 40)}"))


def _url(rng: Random, cast: Cast) -> str:
    return f"https://portal.{cast.house.host}/{rng.choice(('bill', 'msg', 'login'))}/{rng.randint(1000, 99999)}"


def _of(name: str) -> Callable[[Random, Cast], str]:
    return lambda rng, cast: rng.choice(words(name))


def _number(name: str) -> Callable[[Random, Cast], str]:
    return lambda rng, cast: filled(rng, rng.choice(shapes(name)))


# how a clause asks for it -> (what it is, how it is drawn)
DECOYS: dict[str, tuple[str, Callable[[Random, Cast], str]]] = {
    "today": ("date", lambda rng, cast: show_date(cast.today, rng.choice(DATE_STYLES))),
    "someday": ("date", _day),
    "org": ("organisation", lambda rng, cast: cast.house.name),
    "org_short": ("organisation", lambda rng, cast: cast.house.short),
    "other_org": ("organisation", lambda rng, cast: cast.other.name),
    "dept": ("organisation", _of("departments")),
    "employer": ("organisation", _of("employers")),
    "specialty": ("specialty", _of("specialties")),
    "title": ("title", _of("titles")),
    "town": ("place", lambda rng, cast: cast.house.town),
    "ticket": ("number", _number("ticket")),
    "order": ("number", _number("order")),
    "count": ("number", lambda rng, cast: str(rng.randint(2, 480))),
    "ext": ("number", lambda rng, cast: str(rng.randint(100, 79999))),
    "total": ("amount", lambda rng, cast: f"${rng.randint(2, 900) * 100:,}"),
    "office_phone": ("phone", _office_phone),
    "clock": ("time", _clock),
    "room": ("number", _room),
    "url": ("url", _url),
}


def decoy(kind: str, rng: Random, cast: Cast) -> str:
    """Return a decoy as it is written."""
    return DECOYS[kind][1](rng, cast)

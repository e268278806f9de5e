"""FHIR resources as lines of text, and whose what stands in them is."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from rollcall.items.drafts import Draft, Lines, born_as, name_of, phone_of, spoken, street_of
from rollcall.items.markup import strip_tags
from rollcall.items.parser import Field, Inner, Text, Yield
from rollcall.items.parsers.fhir_paths import (
    BILLED,
    DISEASES,
    KNOWN,
    LICENCES,
    MAIDEN,
    NEGATED,
    OWNERS,
    PATHS,
    PEOPLE,
    STATES_OF_LICENCES,
    SYSTEMS,
)
from rollcall.items.parsers.fhir_values import as_list, called, file_bytes, kinship, leaves, said, without
from rollcall.items.parsers.hl7_fields import ID_TYPES

_CODED = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?\Z")
_SENTENCE = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}\W+[^\W\d_]{2,}")
_NOT_SAID = frozenset(("display", "system", "url", "reference", "profile", "div", "code", "unit", "contentType"))
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


class Reading:
    """The resources of one content being read; `flush` hands over what was read since the last time."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._drafts: dict[str, Draft] = {}  # those with something to say since the last flush
        self._roles: dict[str, str] = {}
        self._notes: list[tuple[str, str, str, str]] = []  # kind, label, key, text
        self._files: list[Inner] = []
        self._urls: dict[str, str] = {}  # full url -> key
        self._names: dict[str, str] = {}  # key of a clinician, payer or drug -> how it is called
        self._where = ""
        self._base = ""
        self._polarity = "asserted"
        self._vital = False

    @property
    def length(self) -> int:
        """How much text waits to be handed over."""
        return self._lines.length

    def flush(self) -> Iterator[Yield]:
        """Yield the part, its records, the notes and the files."""
        if self._lines.length:
            yield self._lines.text()
            yield from (draft.record() for draft in self._drafts.values() if draft.fields or draft.relations)
        for kind, label, about, text in self._notes:
            yield Text(text=text, kind=kind, label=label, about=about)
        yield from self._files
        self._drafts, self._notes, self._files = {}, [], []

    # --- who is who -------------------------------------------------------------------------------------------------

    def index(self, resource: Any, url: str, base: str = "") -> None:
        """Note by what a resource is referred to, and what those are called who are only named elsewhere."""
        if not isinstance(resource, dict):
            return
        key = self._key(resource, url, base)
        if url:
            self._urls[url] = key
        kind = resource.get("resourceType")
        if kind == "Practitioner":
            self._names[key] = called(as_list(resource.get("name"))[:1])
        elif kind == "Organization":
            self._names[key] = said(resource, "name")
        elif kind == "Medication":
            self._names[key] = said(resource, "code", "text") or said(resource, "code", "coding", "display")

    def _key(self, resource: dict[str, Any], url: str, base: str) -> str:
        kind, number = str(resource.get("resourceType", "")), said(resource, "id")
        if base:
            return f"{base}#{number}"
        return f"{kind}/{number}" if number else url or f"{self._where}{kind}"

    def _refers(self, value: Any) -> str:
        """Return the key of whom a reference means; "" where it names none."""
        reference = said(value, "reference")
        if reference.startswith("#"):
            return f"{self._base}{reference}"
        if reference in self._urls:
            return self._urls[reference]
        pieces = reference.partition("/_history")[0].split("/")
        if len(pieces) >= 2:
            return "/".join(pieces[-2:])
        return reference

    def _draft(self, key: str, role: str = "") -> Draft:
        if role:
            self._roles[key] = role
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = Draft(key, self._roles.get(key, "patient"))
        draft.role = self._roles.get(key, draft.role)
        return draft

    def _owner(self, resource: dict[str, Any], key: str) -> Draft:
        kind = str(resource.get("resourceType"))
        if kind in PEOPLE:
            return self._draft(key, PEOPLE[kind])
        for name in OWNERS:
            for value in as_list(resource.get(name)):
                if refers := self._refers(value):
                    return self._draft(refers)
        for actor in as_list(resource.get("participant")):
            refers = self._refers(actor.get("actor")) if isinstance(actor, dict) else ""
            if refers.startswith("Patient/"):
                return self._draft(refers)
        return self._draft(key)

    # --- resources --------------------------------------------------------------------------------------------------

    def resource(self, resource: Any, where: str, url: str, base: str = "") -> None:
        """Read one resource and those it contains."""
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            return
        self._where = where
        kind, key = resource["resourceType"], self._key(resource, url, base)
        held, self._base = self._base, base or key
        for inside in as_list(resource.get("contained")):
            self.index(inside, "", key)
            self.resource(inside, where, "", key)
        self._base = base or key
        if kind == "FamilyMemberHistory" or kind not in KNOWN:
            self._unknown(resource, kind, key, where)
        else:
            owner = self._owner(resource, key)
            status = said(resource, "verificationStatus", "coding", "code") or said(resource, "verificationStatus")
            self._polarity = (
                "negated" if status in NEGATED or said(resource, "status") == "entered-in-error" else "asserted"
            )
            self._vital = said(resource, "category", "coding", "code") == "vital-signs"
            before = len(owner.fields)
            self._read(resource, kind, kind, owner)
            self._relations(resource, (kind, key), owner, owner.fields[before:])
        self._base = held

    def _unknown(self, resource: dict[str, Any], kind: str, key: str, where: str) -> None:
        """Keep a resource as text about its patient; a family's history is not the patient's."""
        lines = Lines()
        leaves(resource, kind, lines)
        family = kind == "FamilyMemberHistory"
        owner = next(
            (refers for name in OWNERS for one in as_list(resource.get(name)) if (refers := self._refers(one))), ""
        )
        if owner:
            self._draft(owner)
        text = lines.text().text
        self._notes.append(("family_history" if family else "section", f"{where}{kind}", "" if family else owner, text))

    def _relations(self, resource: dict[str, Any], of: tuple[str, str], owner: Draft, said_now: list[Field]) -> None:
        """Read who is what to whom: contacts, related people, subscribers (who have the contract too), guarantors."""
        kind, key = of
        if kind == "Patient":
            for number, contact in enumerate(as_list(resource.get("contact")), 1):
                if isinstance(contact, dict):
                    beside = self._draft(f"{key} contact {number}", "emergency_contact")
                    beside.relate(kinship(contact), owner)
                    self._read(contact, "Patient.contact", "RelatedPerson", beside)
        elif kind == "RelatedPerson":
            if patient := self._refers(resource.get("patient")):
                owner.relate(kinship(resource), self._draft(patient))
        elif kind == "Coverage":
            subscriber = self._refers(resource.get("subscriber"))
            if subscriber and subscriber != owner.key:
                role = "" if subscriber.startswith("Patient/") else "subscriber"
                holder = self._draft(subscriber, role)
                holder.relate("subscriber_of", owner)
                holder.fields += [one for one in said_now if one.element == "health_insurance"]
        elif kind == "Account":
            for guarantor in as_list(resource.get("guarantor")):
                if isinstance(guarantor, dict) and (party := self._refers(guarantor.get("party"))) not in (
                    "",
                    owner.key,
                ):
                    self._draft(party).relate("guarantor_of", owner)

    def _read(self, value: dict[str, Any], path: str, mapped: str, owner: Draft) -> None:
        """Write what stands in an object, line by line; `mapped` is the path in the table."""
        for name, inside in value.items():
            if name in ("resourceType", "contained") or (mapped == "Patient" and name == "contact"):
                continue
            for one in as_list(inside):
                self._member(one, f"{path}.{name}", f"{mapped}.{name}", owner)

    def _member(self, value: Any, path: str, mapped: str, owner: Draft) -> None:
        kind, what = PATHS.get(mapped, ("", ""))
        if mapped == "Observation.code" and self._vital:
            what = "treatment.vital"
        if mapped == "Coverage.class" and said(value, "type", "coding", "code") == "group":
            kind, what = "id", "health_insurance.group"
        place = f"{self._where}{path}"
        if kind:
            left = _WRITE[kind](self, owner, what, value, (path, place))
            if isinstance(left, dict):
                leaves(left, path, self._lines)
        elif isinstance(value, dict):
            if value.get("url") == MAIDEN and (name := said(value, "valueString")):
                owner.add("mothers_maiden_name.name", *self._lines.add(path, name), place, name)
            elif mapped.endswith(".text") and "div" in value:
                self._narrative(value, path, place, owner)
            else:
                self._read(value, path, mapped, owner)
        elif value is not None:
            self._lines.add(path, str(value))
            name = path.rpartition(".")[2]
            free = _SENTENCE.search(str(value)) and name not in _NOT_SAID
            if free or (name == "valueString" and ".extension" in path):
                self._notes.append(("section", place, owner.key, str(value)))

    def _narrative(self, value: dict[str, Any], path: str, place: str, owner: Draft) -> None:
        """Write the narrative of a resource; what was not made from its data may say more."""
        text = strip_tags(said(value, "div"))
        self._lines.add(path, text)
        if said(value, "status") not in ("generated", "empty") and text.strip():
            self._notes.append(("section", place, owner.key, text))

    # --- data types -------------------------------------------------------------------------------------------------

    def _name(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        if not isinstance(value, dict):
            return {"": value}
        family, given, suffix = (
            said(value, "family"),
            [str(one) for one in as_list(value.get("given"))],
            said(value, "suffix"),
        )
        listed = name_of(family, " ".join(given[:1]), " ".join(given[1:]), suffix) or said(value, "text")
        if listed:
            shown = spoken(family, " ".join(given), "", suffix) or listed
            owner.add(what, *self._lines.add(at[0], shown), at[1], listed)
        return without(value, "family", "given", "suffix", *(("text",) if not family and not given else ()))

    def _address(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        if not isinstance(value, dict):
            return {"": value}
        street = " ".join(str(one) for one in as_list(value.get("line")))
        if not street and not said(value, "city"):
            street = said(value, "text")
        if street:
            owner.add(street_of(street), *self._lines.add(at[0], street), at[1], street)
        for name, subtype in (("city", "city"), ("state", "state"), ("postalCode", "zip")):
            if text := said(value, name):
                owner.add(f"address.{subtype}", *self._lines.add(f"{at[0]}.{name}", text), at[1], text)
        return without(value, "line", "city", "state", "postalCode")

    def _reach(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        if not isinstance(value, dict):
            return {"": value}
        found, text = phone_of(said(value, "value"))
        if found and said(value, "system") not in ("url", "other"):
            owner.add(found, *self._lines.add(at[0], said(value, "value")), at[1], text)
            return without(value, "value")
        return value

    def _id(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        number, system = said(value, "value"), said(value, "system")
        if not number:
            return value
        code = next(
            (said(one, "code") for one in as_list((value.get("type") or {}).get("coding")) if said(one, "code")), ""
        )
        meant = ID_TYPES.get(code.upper()) or SYSTEMS.get(system) or what
        issuer = ""
        if system.startswith(LICENCES):
            meant, issuer = "drivers_license.licence", STATES_OF_LICENCES.get(system.removeprefix(LICENCES), "")
        elif meant.startswith("medical_record_number"):
            issuer = said(value, "assigner", "display") or system
        owner.add(meant, *self._lines.add(at[0], number), at[1], number, issuer)
        return without(value, "value")

    def _day(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        start, end = self._lines.add(at[0], str(value))
        if match := _DATE.match(str(value)):
            day = match[0] if len(match[0]) == 10 else match[0][:4]
            owner.add(born_as(day) if what.startswith("date_of_birth") else what, start, end, at[1], day)
        return None

    def _period(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        for name in ("start", "end"):
            if text := said(value, name):
                self._day(owner, what, text, (f"{at[0]}.{name}", at[1]))
        return without(value, "start", "end") if isinstance(value, dict) else {"": value}

    def _code(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        if isinstance(value, dict) and "concept" in value:
            value = value["concept"]
        if not isinstance(value, dict):
            return {"": value}
        if "reference" in value or "display" in value:
            name = said(value, "display") or self._names.get(self._refers(value), "")
            if name:
                owner.add(what, *self._lines.add(at[0], name), at[1], name, polarity=self._polarity)
            return without(value, "display")
        told = {said(value, "text")}
        for coding in as_list(value.get("coding")):
            system, code, display = (said(coding, name) for name in ("system", "code", "display"))
            self._coded(owner, what, (system.lower(), code, display), at)
            told.add(display)
        text = said(value, "text")
        if text and not any(said(one, "display") == text for one in as_list(value.get("coding"))):
            owner.add(what, *self._lines.add(at[0], text), at[1], text, polarity=self._polarity)
        rest = [without(one, "code", "display") for one in as_list(value.get("coding")) if isinstance(one, dict)]
        return {**without(value, "text", "coding"), "coding": rest}

    def _coded(self, owner: Draft, what: str, coding: tuple[str, str, str], at: tuple[str, str]) -> None:
        system, code, display = coding
        meant = what
        if what.startswith("diagnosis") and (
            any(one in system for one in DISEASES) or (not system and _CODED.match(code))
        ):
            meant = "diagnosis.code"
        telling = meant == "diagnosis.code" or any(one in system for one in BILLED) or not display
        if code:
            start, end = self._lines.add(f"{at[0]}.code", code)
            if telling and (meant == "diagnosis.code" or not code.isdigit() or "diagnosis" not in what):
                owner.add(meant, start, end, at[1], code, polarity=self._polarity)
        if display:
            owner.add(what, *self._lines.add(at[0], display), at[1], display, polarity=self._polarity)

    def _text(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        owner.add(what, *self._lines.add(at[0], str(value)), at[1], str(value))
        return None

    def _money(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        amount = said(value, "value")
        if amount:
            owner.add(what, *self._lines.add(at[0], amount), at[1], amount)
        return without(value, "value") if isinstance(value, dict) else {"": value}

    def _party(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        key = self._refers(value)
        name = said(value, "display") or self._names.get(key, "")
        provider = what.startswith("provider")
        if name and not (provider and key.startswith(("Organization/", "Patient/"))):
            owner.add(what, *self._lines.add(at[0], name), at[1], name)
            return without(value, "display")
        return value if isinstance(value, dict) else {"": value}

    def _file(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        data = said(value, "data")
        if not data:
            return value
        number = len(self._files) + 1
        self._files.append(
            Inner(
                locator=f"{at[1]} {number}", kind="attachment", name=said(value, "title"),
                media_type=said(value, "contentType"), chunks=lambda: iter((file_bytes(data),)),
            )
        )  # fmt: skip
        return without(value, "data")

    def _note(self, owner: Draft, what: str, value: Any, at: tuple[str, str]) -> Any:
        text = said(value, "text") if isinstance(value, dict) else str(value)
        self._lines.add(at[0], text)
        if text.strip():
            self._notes.append(("section", at[1], owner.key, text))
        return without(value, "text") if isinstance(value, dict) else None


_WRITE: dict[str, Callable[[Reading, Draft, str, Any, tuple[str, str]], Any]] = {
    "name": Reading._name, "address": Reading._address, "reach": Reading._reach, "id": Reading._id,
    "day": Reading._day, "period": Reading._period, "code": Reading._code, "text": Reading._text,
    "money": Reading._money, "provider": Reading._party, "payer": Reading._party, "file": Reading._file,
    "note": Reading._note,
}  # fmt: skip

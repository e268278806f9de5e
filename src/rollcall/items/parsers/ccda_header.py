"""The header of a clinical document: whom it is about, who wrote it, who takes part."""

from typing import Any

from rollcall.items.drafts import Draft, Lines, born_as, day_of, name_of, phone_of, spoken, street_of
from rollcall.items.parser import Text
from rollcall.items.parsers.ccda_sections import CLASSES, PEOPLE, RELATED, ROOTS, TREATING
from rollcall.items.xml import child, children, local, text_of


class Header:
    """The header being written as lines, with the people in it."""

    def __init__(self, root: Any) -> None:
        self.drafts: list[Draft] = []
        self.patient = Draft("recordTarget", "patient")
        self._lines = Lines()
        self._counts: dict[str, int] = {}
        for element in children(root):
            if local(element) == "component":
                break
            self._walk(element, local(element), None, "")

    def text(self) -> Text:
        """Return the header as a part."""
        return self._lines.text("header")

    def _walk(self, element: Any, path: str, owner: Draft | None, around: str) -> None:
        """Write what stands in an element; `owner` is the person it is in, `around` the part they take."""
        name = local(element)
        if name == "patientRole":
            owner = self._patient()
        elif (name in PEOPLE and owner is None) or name == "guardian":
            owner = self._person(element, name)
        elif name in ("providerOrganization", "representedOrganization", "representedCustodianOrganization",
                      "wholeOrganization", "scopingOrganization", "serviceProviderOrganization", "birthplace",
                      "receivedOrganization", "assignedCustodian"):  # fmt: skip
            self._leaves(element, path)
            return
        if name in TREATING:
            around = name
        if self._value(element, name, path, owner, around):
            return
        self._own(element, path)
        if name == "encompassingEncounter":
            self._encounter(element, path)
        for one in children(element):
            self._walk(one, f"{path}.{local(one)}", owner, around)

    def _patient(self) -> Draft:
        count = self._counts["patient"] = self._counts.get("patient", 0) + 1
        draft = self.patient if count == 1 else Draft(f"recordTarget {count}", "patient")
        self.drafts.append(draft)
        return draft

    def _person(self, element: Any, name: str) -> Draft:
        count = self._counts[name] = self._counts.get(name, 0) + 1
        code = child(element, "code")
        classes = (element.get("classCode", ""), code.get("code", "") if code is not None else "")
        relation = next((CLASSES[one] for one in classes if one in CLASSES), PEOPLE[name])
        if name in ("assignedAuthor", "assignedEntity"):
            relation = ""
        role = RELATED.get(relation, "emergency_contact") if relation else "provider"
        draft = Draft(f"{name} {count}", role)
        if relation:
            draft.relate(relation, self.patient)
        self.drafts.append(draft)
        return draft

    def _value(self, element: Any, name: str, path: str, owner: Draft | None, around: str) -> bool:
        """Write an element that is a value of its person; say whether it was one."""
        if owner is None:
            return False
        if name == "name":
            self._name(element, path, owner, around)
        elif owner.role == "provider":
            return False
        elif name == "addr":
            address(element, path, owner, self._lines)
        elif name == "telecom":
            what, value = phone_of(element.get("value", ""))
            if not what:
                return False
            owner.add(what, *self._lines.add(path, element.get("value", "")), path, value)
        elif name in ("birthTime", "deceasedTime"):
            day = day_of(element.get("value", ""))
            if not any(map(str.isdigit, day)):
                return False
            what = born_as(day) if name == "birthTime" else "date_of_death.date"
            owner.add(what, *self._lines.add(path, element.get("value", "")), path, day)
        elif name == "id":
            return self._id(element, path, owner)
        else:
            return False
        return True

    def _name(self, element: Any, path: str, owner: Draft, around: str) -> None:
        family, given, suffix = (
            [" ".join(text_of(one).split()) for one in children(element, kind)]
            for kind in ("family", "given", "suffix")
        )
        if next((one.get("qualifier") for one in children(element, "suffix")), None) == "AC":
            suffix = []  # a degree
        listed = name_of(" ".join(family[:1]), " ".join(given[:1]), " ".join(given[1:2]), " ".join(suffix[:1]))
        shown = spoken(" ".join(family[:1]), " ".join(given), "", " ".join(suffix)) or " ".join(
            text_of(element).split()
        )
        if not listed:
            listed = shown if any(map(str.isalpha, shown)) else ""
        span = self._lines.add(path, shown)
        if not listed:
            return
        owner.add("name.full", *span, path, listed)
        if owner.role == "provider" and around:
            self.patient.add("provider.provider", *span, path, shown)

    def _id(self, element: Any, path: str, owner: Draft) -> bool:
        number, root = element.get("extension", "").strip(), element.get("root", "")
        what = ROOTS.get(root, "medical_record_number.mrn")
        if root.startswith("2.16.840.1.113883.4.3."):
            what = ROOTS["2.16.840.1.113883.4.3"]
        if not number or not what:
            return False
        issuer = (element.get("assigningAuthorityName") or root) if what.startswith("medical_record_number") else ""
        owner.add(what, *self._lines.add(path, number), path, number, issuer)
        return True

    def _encounter(self, element: Any, path: str) -> None:
        for one in children(element, "id"):
            if number := one.get("extension", "").strip():
                span = self._lines.add(f"{path}.id", number)
                self.patient.add("patient_account_number.encounter", *span, f"{path}.id", number)
        time = child(element, "effectiveTime")
        for one in (time, *children(time, "low", "high")) if time is not None else ():
            if day := day_of(one.get("value", "")):
                place = f"{path}.effectiveTime"
                self.patient.add("date_of_service.date", *self._lines.add(place, one.get("value", "")), place, day)

    def _own(self, element: Any, path: str) -> None:
        """Write what an element says by its attributes and right inside."""
        for name in ("displayName", "value", "extension"):
            if text := element.get(name, "").strip():
                self._lines.add(path, text)
        if text := (element.text or "").strip():
            self._lines.add(path, text)

    def _leaves(self, element: Any, path: str) -> None:
        self._own(element, path)
        for one in children(element):
            self._leaves(one, f"{path}.{local(one)}")


def address(element: Any, path: str, owner: Draft, lines: Lines) -> None:
    """Write an address, and take it in for its owner."""
    written = [" ".join(text_of(one).split()) for one in children(element, "streetAddressLine")]
    street = " ".join(one for one in written if one)
    if street:
        owner.add(street_of(street), *lines.add(path, street), path, street)
    for name, subtype in (("city", "city"), ("state", "state"), ("postalCode", "zip")):
        for one in children(element, name):
            if text := " ".join(text_of(one).split()):
                owner.add(f"address.{subtype}", *lines.add(f"{path}.{name}", text), path, text)
    if not street and (loose := " ".join((element.text or "").split())):
        owner.add(street_of(loose), *lines.add(path, loose), path, loose)

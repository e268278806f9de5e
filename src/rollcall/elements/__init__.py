"""The catalogue: one file per element, one constant, one line here. Ids and subtypes are the contract's."""

from rollcall.elements import (
    address,
    date_of_birth,
    diagnosis,
    drivers_license,
    email,
    health_insurance,
    medical_record_number,
    name,
    phone,
    ssn,
)
from rollcall.elements.element import Element, Pattern
from rollcall.elements.unbuilt import UNBUILT

ELEMENTS: tuple[Element, ...] = (
    name.ELEMENT,
    address.ELEMENT,
    phone.ELEMENT,
    email.ELEMENT,
    date_of_birth.ELEMENT,
    ssn.ELEMENT,
    drivers_license.ELEMENT,
    medical_record_number.ELEMENT,
    health_insurance.ELEMENT,
    diagnosis.ELEMENT,
    *UNBUILT,
)
BY_ID: dict[str, Element] = {element.id: element for element in ELEMENTS}

__all__ = ["BY_ID", "ELEMENTS", "UNBUILT", "Element", "Pattern"]

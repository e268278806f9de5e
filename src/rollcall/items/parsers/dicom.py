"""DICOM: what the header of a medical image says of its patient, and the picture itself for words burnt into it.

Elements become lines of "keyword: value". Comments, reports and private elements are sections of text about the
patient. The first frames are pages, and later ones that show something else: a film repeats the same words on each.
DICOM PS3.3 (modules of patient, visit, study, image) and PS3.6 (keywords), 2024.
"""

import io
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rollcall.items.drafts import Draft, Lines, born_as, day_of, name_of, phone_of, records, spoken, street_of
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.pixels import PAGE, page_bytes
from rollcall.items.readable import Readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

# keyword -> what it is
FIELDS = {
    "PatientName": "name.full",
    "OtherPatientNames": "name.full",
    "PatientBirthName": "name.full",
    "PatientMotherBirthName": "mothers_maiden_name.name",
    "PatientID": "medical_record_number.mrn",
    "OtherPatientIDs": "medical_record_number.mrn",
    "PatientBirthDate": "date_of_birth.full",
    "PatientAddress": "address.street",
    "PatientTelephoneNumbers": "phone.phone",
    "MedicalAlerts": "diagnosis.words",
    "Allergies": "diagnosis.words",
    "InsurancePlanIdentification": "health_insurance.payer",
    "AccessionNumber": "patient_account_number.encounter",
    "AdmissionID": "patient_account_number.visit",
    "AdmittingDate": "date_of_service.date",
    "StudyDate": "date_of_service.date",
    "AcquisitionDate": "date_of_service.date",
    "AcquisitionDateTime": "date_of_service.date",
    "StudyDescription": "treatment.procedure",
    "RequestedProcedureDescription": "treatment.procedure",
    "PerformedProcedureStepDescription": "treatment.procedure",
    "AdmittingDiagnosesDescription": "diagnosis.words",
    "ReasonForStudy": "diagnosis.words",
    "ReasonForTheRequestedProcedure": "diagnosis.words",
    "ReferringPhysicianName": "provider.provider",
    "PerformingPhysicianName": "provider.provider",
    "NameOfPhysiciansReadingStudy": "provider.provider",
    "PhysiciansOfRecord": "provider.provider",
    "RequestingPhysician": "provider.provider",
    "ConsultingPhysicianName": "provider.provider",
}
NOTES = frozenset(
    ("PatientComments", "AdditionalPatientHistory", "ImageComments", "StudyComments", "VisitComments", "TextValue",
     "InterpretationText", "Impressions", "ResultsComments", "RequestedProcedureComments", "SpecialNeeds",
     "PatientState", "ImagingServiceRequestComments", "FrameComments", "DerivationDescription", "UnformattedTextValue")
)  # fmt: skip
_TEXTS = frozenset(
    ("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT")
)
_PAPERS = frozenset(("OT", "DOC", "SC", "SR"))  # modalities of what was scanned or captured
_FRAMES, _PAGES = 3, 40  # taken in any case, and at most
_LOOKED_AT = 600  # frames of a longer film, evenly apart
_OTHER = 16.0  # grey levels by which small pictures of two scenes differ at least, on the average
_SMALL = 32  # pixels of their sides
_DEEP = 12  # sequences in sequences
_MOST_LINES = 20_000
_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, ArithmeticError, RuntimeError,
           NotImplementedError, ImportError)  # fmt: skip


def looks_like(untrusted: Readable) -> bool:
    """Decide by the mark behind the preamble."""
    return untrusted.read_at(128, 4) == b"DICM"


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the header with its patient, what somebody wrote, a document set in, and the first frames as pages."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they tell the values they are about
        dataset = _opened(untrusted)
        header = _Header(dataset)
    yield header.lines.text("header")
    yield from records(header.drafts)
    for label, text in header.notes:
        yield Text(text=text, kind="section", label=label, about=header.patient.key)
    if (document := dataset.get("EncapsulatedDocument")) is not None:
        kind = str(dataset.get("MIMETypeOfEncapsulatedDocument", ""))
        yield Inner(
            locator="EncapsulatedDocument", kind="attachment", media_type=kind, chunks=lambda: iter((document,))
        )
    yield from _pages(dataset, limits)


def _opened(untrusted: Readable) -> "Dataset":
    import pydicom
    from pydicom import config

    config.settings.reading_validation_mode = config.IGNORE
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)  # it tells the values it stumbles over
    # pydicom asks a buffered reader for the name of its file, which ours have not.
    return pydicom.dcmread(io.BytesIO(untrusted.read_at(0, untrusted.size)))


class _Header:
    """The elements of a file being written as lines."""

    def __init__(self, dataset: "Dataset") -> None:
        self.lines = Lines()
        self.patient = Draft("PatientName", "patient")
        self.drafts = [self.patient]
        self.notes: list[tuple[str, str]] = []
        self._n_lines = 0
        self._issuer = str(dataset.get("IssuerOfPatientID", "") or "")
        self._role = str(dataset.get("ResponsiblePersonRole", "") or "")
        self._walk(dataset, "", 0)

    def _walk(self, dataset: "Dataset", path: str, depth: int) -> None:
        for element in dataset:
            if self._n_lines > _MOST_LINES:
                return
            keyword = element.keyword or f"({element.tag.group:04X},{element.tag.element:04X})"
            if element.VR == "SQ":
                for inside in element.value or () if depth < _DEEP else ():
                    self._walk(inside, f"{path}{keyword}.", depth + 1)
            elif element.VR in _TEXTS:
                private = element.tag.is_private
                for value in _values(element.value):
                    self._value(keyword, f"{path}{keyword}", value, private=private, depth=depth)

    def _value(self, keyword: str, place: str, value: Any, *, private: bool, depth: int) -> None:
        text = str(value).strip(" \0")
        if not text:
            return
        self._n_lines += 1
        what = FIELDS.get(keyword, "")
        span = self.lines.add(place, text)
        if keyword in NOTES or (private and not keyword.endswith(",0010)")):  # the rest name whose the group is
            self.notes.append((place, text))
        elif keyword == "ResponsiblePerson":
            self._responsible(value, span, place)
        elif what.startswith(("name", "provider", "mothers")):
            self._name(what, value, span, place)
        elif what.startswith("date"):
            day = day_of(text)
            if any(map(str.isdigit, day)):
                self.patient.add(born_as(day) if "birth" in what else what, *span, place, day)
        elif what.startswith("address"):
            self.patient.add(street_of(text), *span, place, text)
        elif what.startswith("phone"):
            found, number = phone_of(text)
            if found:
                self.patient.add(found, *span, place, number)
        elif what and (depth == 0 or keyword == "PatientID"):
            issuer = self._issuer if what.startswith("medical_record_number") and depth == 0 else ""
            self.patient.add(what, *span, place, text, issuer)

    def _name(self, what: str, value: Any, span: tuple[int, int], place: str) -> None:
        listed, shown = _names(value)
        if not listed:
            return
        if not what.startswith("provider"):
            self.patient.add(what, *span, place, listed if what.startswith("name") else shown)
            return
        self.patient.add(what, *span, place, shown)
        if not any(one.value_of("name") == listed for one in self.drafts):
            provider = Draft(place, "provider")
            provider.add("name.full", *span, place, listed)
            self.drafts.append(provider)

    def _responsible(self, value: Any, span: tuple[int, int], place: str) -> None:
        if listed := _names(value)[0]:
            person = Draft(place, "other")
            person.add("name.full", *span, place, listed)
            person.relate(
                "guardian_of" if self._role in ("PARENT", "GUARDIAN", "CUSTODIAN", "") else "contact_of", self.patient
            )
            self.drafts.append(person)


def _values(value: Any) -> list[Any]:
    from pydicom.multival import MultiValue

    return list(value) if isinstance(value, MultiValue | list) else [value]


def _names(value: Any) -> tuple[str, str]:
    """Return a name as listed and as spoken: family, given, middle, prefix, suffix, apart by carets."""
    parts = [" ".join(part.split()) for part in str(value).partition("=")[0].split("^")] + [""] * 5
    family, given, middle, _, suffix = parts[:5]
    listed = name_of(family, given, middle, suffix)
    return listed, spoken(family, given, middle, suffix) if given else listed


def _pages(dataset: "Dataset", limits: Limits) -> Iterator[Yield]:
    """Yield the first frames as pages, unless the file says that nothing is burnt into them."""
    if "PixelData" not in dataset or str(dataset.get("BurnedInAnnotation", "")).upper() == "NO":
        return
    try:
        pixels = int(dataset.get("Rows", 0)) * int(dataset.get("Columns", 0))
        frames = max(1, int(dataset.get("NumberOfFrames", 1) or 1))
    except _BROKEN:
        yield Fault(code="corrupt", detail="size of the picture")
        return
    if not 0 < pixels <= limits.max_pixels:
        yield Fault(code="too_large" if pixels else "corrupt", detail=f"{pixels} pixels")
        return
    is_paper = str(dataset.get("Modality", "")) in _PAPERS
    chosen: Iterable[int] = range(frames) if is_paper else _scenes(dataset, frames)
    for taken, number in enumerate(chosen):
        if taken == _PAGES:
            yield Fault(code="too_large", detail=f"{frames} frames, {_PAGES} were looked at", part=True)
            return
        yield Inner(locator=f"page {number + 1}", kind="page", media_type=PAGE, chunks=_frame(dataset, number))


def _scenes(dataset: "Dataset", frames: int) -> Iterator[int]:
    """Yield the first frames, and each that shows something else than those taken: the next image, another screen."""
    import numpy as np

    seen: list[Any] = []
    step = max(1, frames // _LOOKED_AT)
    for number in (*range(min(frames, _FRAMES)), *range(_FRAMES, frames, step)):
        try:
            grey = _grey(dataset, number)
        except ContentError:
            if number < _FRAMES:
                yield number  # a problem of its own
            continue
        rows = np.linspace(0, grey.shape[0] - 1, min(_SMALL, grey.shape[0])).astype(int)
        cols = np.linspace(0, grey.shape[1] - 1, min(_SMALL, grey.shape[1])).astype(int)
        small = grey[np.ix_(rows, cols)].astype(np.int16)
        if number < _FRAMES or all(float(np.abs(small - one).mean()) >= _OTHER for one in seen):
            seen.append(small)
            yield number


def _frame(dataset: "Dataset", number: int) -> Callable[[], Iterator[bytes]]:
    return lambda: iter((_page(dataset, number),))


def _page(dataset: "Dataset", number: int) -> bytes:
    """Return a frame as a page."""
    return page_bytes(_grey(dataset, number))


def _grey(dataset: "Dataset", number: int) -> "NDArray[np.uint8]":
    """Return the pixels of a frame: from its darkest to its lightest."""
    import numpy as np
    from pydicom.pixels import pixel_array

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = np.asarray(pixel_array(dataset, index=number), dtype=np.float32)
    except _BROKEN as error:
        raise ContentError("partial", f"pixels: {type(error).__name__}") from None
    if frame.ndim == 3:
        frame = frame.mean(axis=2)
    low, high = float(frame.min()), float(frame.max())
    grey: NDArray[np.uint8] = ((frame - low) * (255.0 / ((high - low) or 1.0))).astype(np.uint8)
    if str(dataset.get("PhotometricInterpretation", "")) == "MONOCHROME1":
        grey = 255 - grey
    return grey


PARSER = Parser(name="dicom", version=2, media_types=("application/dicom",), looks_like=looks_like, parse=parse)

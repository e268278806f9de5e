"""DICOM: pixels as pages, what is said not to be burnt in, and files that are damaged."""

import io
from pathlib import Path

import pytest

from rollcall.items.parser import Inner, Limits
from rollcall.items.parsers import dicom
from rollcall.items.pixels import page_size
from rollcall.items.readable import FileReadable, MemoryReadable

from .people import codes, people, values

CASE = Path(__file__).parents[1] / "corpus" / "dicom" / "captured" / "input.dcm"


def changed(**more: object) -> bytes:
    """The corpus' file with some elements changed."""
    import pydicom

    image = pydicom.dcmread(CASE)
    for keyword, value in more.items():
        setattr(image, keyword, value)
    out = io.BytesIO()
    image.save_as(out)
    return out.getvalue()


def pages(data: bytes) -> list[bytes]:
    inners = [one for one in values(dicom.PARSER, data) if isinstance(one, Inner) and one.kind == "page"]
    return [b"".join(one.chunks()) for one in inners if one.chunks is not None]


def test_a_file_on_disk_reads_like_one_in_memory() -> None:
    found = list(dicom.parse(FileReadable(CASE), Limits()))
    assert people(found) == people(values(dicom.PARSER, CASE.read_bytes()))


def test_pixels_from_darkest_to_lightest() -> None:
    (page,) = pages(CASE.read_bytes())
    size = page_size(MemoryReadable(page))
    assert size is not None
    assert size[1:] == (6, 4)
    assert (page[size[0]], page[-1]) == (0, 255)
    (turned,) = pages(changed(PhotometricInterpretation="MONOCHROME1"))
    assert (turned[size[0]], turned[-1]) == (255, 0)


@pytest.mark.parametrize(
    ("more", "n_pages"),
    [
        ({"BurnedInAnnotation": "NO"}, 0),
        ({"BurnedInAnnotation": "YES"}, 1),
        ({"NumberOfFrames": 6, "Rows": 2, "Columns": 2, "Modality": "US"}, 3),
        ({"NumberOfFrames": 6, "Rows": 2, "Columns": 2, "Modality": "OT"}, 6),
    ],
)
def test_how_many_pages(more: dict[str, object], n_pages: int) -> None:
    assert len(pages(changed(**more))) == n_pages


def film(*scenes: int) -> bytes:
    """A film of frames of 8 x 8 pixels, each of a scene: all dark but for one row."""
    frames = [bytes(250 if place // 8 == scene else 10 for place in range(64)) for scene in scenes]
    return changed(NumberOfFrames=len(scenes), Rows=8, Columns=8, Modality="US", PixelData=b"".join(frames))


@pytest.mark.parametrize(
    ("scenes", "n_pages"),
    [((1,) * 30, 3), ((1,) * 10 + (2,) * 10 + (3,) * 10, 5), ((1, 2, 3, 1, 2, 3, 1, 2, 3), 3), ((*range(8),) * 2, 8)],
)
def test_later_frames_that_show_something_else_are_pages(scenes: tuple[int, ...], n_pages: int) -> None:
    assert len(pages(film(*scenes))) == n_pages


def test_a_picture_larger_than_allowed() -> None:
    found = list(dicom.parse(FileReadable(CASE), Limits(max_pixels=20)))
    assert codes(found) == ["too_large"]


def test_a_document_set_in() -> None:
    found = values(
        dicom.PARSER, changed(EncapsulatedDocument=b"%PDF-1.4", MIMETypeOfEncapsulatedDocument="application/pdf")
    )
    inner = next(one for one in found if isinstance(one, Inner) and one.locator == "EncapsulatedDocument")
    assert inner.chunks is not None
    assert b"".join(inner.chunks()) == b"%PDF-1.4"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"AdmittingDiagnosesDescription": "HIV"}, ("diagnosis.words", "HIV")),
        ({"OtherPatientNames": ["HALL^MARY", "X^Y"]}, ("name.full", "HALL, MARY")),
        ({"PatientTelephoneNumbers": "701-555-0142"}, ("phone.phone", "701-555-0142")),
        ({"StudyDescription": "CT HEAD"}, ("treatment.procedure", "CT HEAD")),
        ({"ReferringPhysicianName": "HOUSE^GREG"}, ("provider.provider", "GREG HOUSE")),
        ({"AccessionNumber": "A9"}, ("patient_account_number.encounter", "A9")),
    ],
)
def test_what_the_header_says(more: dict[str, object], expected: tuple[str, str]) -> None:
    assert expected in people(values(dicom.PARSER, changed(**more)))["PatientName"]

"""Presentations: every word of slides and notes of the real ones, and what a made one holds."""

import re
import zipfile
from pathlib import Path

import pytest

from rollcall.items.parser import Fault, Limits, Table, Text
from rollcall.items.parsers import pptx
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make import zipped

LIMITS = Limits()


def test_broken_order_still_gives_every_slide() -> None:
    slide = "<p:sld xmlns:p='urn:p' xmlns:a='urn:a'><a:p><a:r><a:t>kept</a:t></a:r></a:p></p:sld>"
    data = zipped({"ppt/presentation.xml": "<p:presentation", "ppt/slides/slide1.xml": slide})
    values = list(pptx.parse(MemoryReadable(data), LIMITS))
    assert [value.code for value in values if isinstance(value, Fault)] == ["partial"]
    assert [value.text for value in values if isinstance(value, Text)] == ["kept"]


def test_entities_are_refused() -> None:
    slide = "<!DOCTYPE x [<!ENTITY a 'b'>]><p:sld xmlns:p='urn:p'/>"
    data = zipped({"ppt/presentation.xml": "<p:presentation xmlns:p='urn:p'/>", "ppt/slides/slide1.xml": slide})
    assert [value.code for value in pptx.parse(MemoryReadable(data), LIMITS) if isinstance(value, Fault)] == ["bomb"]


@pytest.mark.samples
def test_real_presentations(samples: Path) -> None:
    """Every run of text that stands in a slide or its notes is read."""
    counted = 0
    for path in sorted((samples / "slides").glob("*.pptx")):
        readable = FileReadable(path)
        if not pptx.looks_like(readable):
            continue
        values = list(pptx.parse(readable, LIMITS))
        assert not [value for value in values if isinstance(value, Fault)]
        found = " ".join(
            value.text if isinstance(value, Text) else " ".join(cell for _, _, cells in value.rows for cell in cells)
            for value in values
            if isinstance(value, (Text, Table))
        )
        squeezed = "".join(found.split())
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if re.match(r"ppt/(slides|notesSlides)/[^/]*\.xml$", name):
                    for run in re.findall(r"<a:t>([^<&]+)</a:t>", package.read(name).decode()):
                        assert "".join(run.split()) in squeezed
        counted += 1
    assert counted > 20

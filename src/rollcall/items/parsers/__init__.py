"""The formats Rollcall reads, one file each, most specific first; the first whose structure fits reads a content.

A folder (`tree`) is no content and stands outside the list.
"""

from rollcall.items.parser import Parser
from rollcall.items.parsers import (
    delimited,
    doc,
    docx,
    eml,
    hl7,
    html,
    image,
    locked_office,
    mbox,
    metafile,
    ole_object,
    packed,
    pdf,
    picture,
    ppt,
    pptx,
    pst,
    rtf,
    seven_zip,
    sheets,
    tar,
    text,
    x12,
    zip_,
)

PARSERS: tuple[Parser, ...] = (
    pst.PARSER,
    locked_office.PARSER,
    sheets.PARSER,
    doc.PARSER,
    docx.PARSER,
    ppt.PARSER,
    pptx.PARSER,
    zip_.PARSER,
    seven_zip.PARSER,
    tar.PARSER,
    packed.PARSER,
    pdf.PARSER,
    picture.PARSER,
    image.PARSER,
    rtf.PARSER,
    hl7.PARSER,
    x12.PARSER,
    mbox.PARSER,
    eml.PARSER,
    html.PARSER,
    metafile.PARSER,
    ole_object.PARSER,
    delimited.PARSER,
    text.PARSER,
)

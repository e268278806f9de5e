"""The formats Rollcall reads, one file each, most specific first; the first whose structure fits reads a content.

A folder (`tree`) is no content and stands outside the list.
"""

from rollcall.items.parser import Parser
from rollcall.items.parsers import (
    delimited,
    doc,
    docx,
    eml,
    html,
    image,
    mbox,
    metafile,
    ole_object,
    pdf,
    picture,
    ppt,
    pptx,
    pst,
    rtf,
    sheets,
    text,
    zip_,
)

PARSERS: tuple[Parser, ...] = (
    pst.PARSER,
    sheets.PARSER,
    doc.PARSER,
    docx.PARSER,
    ppt.PARSER,
    pptx.PARSER,
    zip_.PARSER,
    pdf.PARSER,
    picture.PARSER,
    image.PARSER,
    rtf.PARSER,
    mbox.PARSER,
    eml.PARSER,
    html.PARSER,
    metafile.PARSER,
    ole_object.PARSER,
    delimited.PARSER,
    text.PARSER,
)

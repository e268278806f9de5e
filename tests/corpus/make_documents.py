"""Make the corpus of documents: slides, OpenDocument, the binary formats of old Office, and what else offices keep.

As in `make.py`, beside it: everybody is made up, and what is expected is written by hand from what was put in.

    python -m tests.corpus.make_documents
"""

# ruff: noqa: E501 (formats are written as they stand in files)

from tests.corpus.make import case, numbered, relations, table, text, zipped

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


# --- slides ----------------------------------------------------------------------------------------------------------

_DRAW = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def paragraphs(*lines: str) -> str:
    """A body of text in DrawingML."""
    inside = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f"<p:txBody>{inside}</p:txBody>"


def make_pptx() -> None:
    """Slides with a table, a group, a merged cell, notes, a comment, a chart, a diagram; one is not shown."""
    cell = "<a:tc%s><a:txBody><a:p>%s</a:p></a:txBody></a:tc>"

    def row(*words: str) -> str:
        inside = (
            cell % (' vMerge="1"', "") if word == "^" else cell % ("", f"<a:r><a:t>{word}</a:t></a:r>")
            for word in words
        )
        return f"<a:tr>{''.join(inside)}</a:tr>"

    grid = f"<a:tbl>{row('Patient', 'Visit')}{row('Ann Frobisher', '1 May')}{row('^', '9 May')}</a:tbl>"
    first = (
        f"<p:sp>{paragraphs('Census', 'of May')}</p:sp>"
        f"<p:grpSp><p:sp>{paragraphs('boxed 899-02-0087')}</p:sp></p:grpSp>"
        f"<p:graphicFrame><a:graphic>{grid}</a:graphic></p:graphicFrame>"
        '<p:pic><p:cNvPr id="4" name="Picture 3" descr="Card of Ann Frobisher"/></p:pic>'
    )
    master = (
        f'<p:sp><p:nvPr><p:ph type="title"/></p:nvPr>{paragraphs("Click to edit")}</p:sp>'
        f'<p:sp><p:nvPr><p:ph type="ftr"/></p:nvPr>{paragraphs("Elm Clinic")}</p:sp>'
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {_DRAW}><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(("a", "slide", "slides/slide1.xml"), ("b", "slide", "slides/slide2.xml")),
        "ppt/slides/slide2.xml": f"<p:sld {_DRAW}>{first}</p:sld>",
        "ppt/slides/_rels/slide2.xml.rels": relations(
            ("n", "notesSlide", "../notesSlides/notesSlide1.xml"), ("c", "comments", "../comments/comment1.xml"),
            ("h", "chart", "../charts/chart1.xml"), ("d", "diagramData", "../diagrams/data1.xml"),
        ),
        "ppt/slides/slide1.xml": f'<p:sld {_DRAW} show="0"><p:sp>{paragraphs("not shown MRN0044812")}</p:sp></p:sld>',
        "ppt/slides/slide9.xml": f"<p:sld {_DRAW}><p:sp>{paragraphs('left behind')}</p:sp></p:sld>",
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {_DRAW}><p:sp>{paragraphs('call Bo Quill')}</p:sp></p:notes>",
        "ppt/comments/comment1.xml": f'<p:cmLst {_DRAW}><p:cm authorId="0"><p:text>who is this</p:text></p:cm></p:cmLst>',
        "ppt/charts/chart1.xml": "<c:chart xmlns:c='urn:c'><c:cat><c:pt><c:v>Tindall</c:v></c:pt><c:pt><c:v>12</c:v></c:pt></c:cat></c:chart>",
        "ppt/diagrams/data1.xml": f"<dgm:dataModel xmlns:dgm='urn:d' {_DRAW}><dgm:pt><a:p><a:r><a:t>Head of ward</a:t></a:r></a:p></dgm:pt></dgm:dataModel>",
        "ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster {_DRAW}>{master}</p:sldMaster>",
        "ppt/media/image1.png": _PNG,
    }  # fmt: skip
    case(
        "pptx", "everywhere", "pptx", zipped(parts),
        parts=[
            text("Census\nof May\nboxed 899-02-0087", kind="page", label="slide 1"),
            table(numbered([["Patient", "Visit"], ["Ann Frobisher", "1 May"], ["Ann Frobisher", "9 May"]]), label="slide 1 table 1"),
            text("Card of Ann Frobisher", kind="note", label="slide 1 words for pictures", hidden=True),
            text("call Bo Quill", kind="note", label="slide 1 notes"),
            text("who is this", kind="note", label="slide 1 comments"),
            text("Tindall\n12", label="slide 1 chart"),
            text("Head of ward", label="slide 1 diagram"),
            text("not shown MRN0044812", kind="page", label="slide 2", hidden=True),
            text("left behind", kind="page", label="slide not in use", hidden=True),
            text("Elm Clinic", kind="note", label="masters", hidden=True),
        ],
        inners=[{"locator": "ppt/media/image1.png", "kind": "inline", "name": "image1.png"}],
    )  # fmt: skip


MAKERS = (make_pptx,)

if __name__ == "__main__":
    for make in MAKERS:
        make()

"""PowerPoint decks, written by hand: a title slide, tables of a few people each, and slides with points."""

from html import escape

import msgspec

from rollcall.demo.grid import Line
from rollcall.demo.truth import Fact
from rollcall.demo.writers.archive import OFFICE, zip_bytes
from rollcall.demo.writers.made import Made, all_at

MEDIA = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{_OFFICE}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_TYPE = "application/vnd.openxmlformats-officedocument"
_GROUP = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
_PLAIN = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_PALETTE = ["000000", "FFFFFF", "44546A", "E7E6E6", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47"]
_COLOURS = "".join(
    f'<a:{one}><a:srgbClr val="{colour}"/></a:{one}>'
    for one, colour in zip(
        ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink"),
        [*_PALETTE, "0563C1", "954F72"],
        strict=True,
    )
)
_FONTS = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
_THEME = (
    f'{_HEAD}<a:theme {_SPACES} name="Office"><a:themeElements><a:clrScheme name="Office">{_COLOURS}</a:clrScheme>'
    f'<a:fontScheme name="Office"><a:majorFont>{_FONTS}</a:majorFont><a:minorFont>{_FONTS}</a:minorFont>'
    f'</a:fontScheme><a:fmtScheme name="Office"><a:fillStyleLst>{_PLAIN * 3}</a:fillStyleLst><a:lnStyleLst>'
    f"{f'<a:ln>{_PLAIN}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>"
    f"{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst><a:bgFillStyleLst>{_PLAIN * 3}"
    "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)
_MAP = 'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" ' + " ".join(f'accent{n}="accent{n}"' for n in range(1, 7))
_TREE = f"<p:cSld><p:spTree>{_GROUP}</p:spTree></p:cSld>"
_MASTER = (
    f'{_HEAD}<p:sldMaster {_SPACES}>{_TREE}<p:clrMap {_MAP} hlink="hlink" folHlink="folHlink"/><p:sldLayoutIdLst>'
    '<p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst></p:sldMaster>'
)
_LAYOUT = f'{_HEAD}<p:sldLayout {_SPACES} type="blank">{_TREE}</p:sldLayout>'


class Slide(msgspec.Struct):
    """One slide: a heading, then points or a table, and what they say."""

    heading: str
    points: list[str] = []
    table: list[Line] = []
    facts: list[Fact] = []


def _relations(targets: list[tuple[str, str]]) -> str:
    """Return the file that names what a part leans on: kind and place of each."""
    ties = (
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{"".join(ties)}</Relationships>'


def _lines(texts: list[str], size: int) -> str:
    said = (f'<a:p><a:r><a:rPr lang="en-US" sz="{size}"/><a:t>{escape(one)}</a:t></a:r></a:p>' for one in texts)
    return f"<a:bodyPr/><a:lstStyle/>{''.join(said) or '<a:p/>'}"


def _shape(number: int, kind: str, top: int, high: int, texts: list[str], size: int) -> str:
    place = f'<a:xfrm><a:off x="457200" y="{top}"/><a:ext cx="11277600" cy="{high}"/></a:xfrm>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind} {number}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr>'
        f"<p:txBody>{_lines(texts, size)}</p:txBody></p:sp>"
    )


def _table(lines: list[Line]) -> str:
    wide = max(len(line) for line in lines)
    cols = f'<a:gridCol w="{11277600 // wide}"/>' * wide
    rows = "".join(
        '<a:tr h="370840">'
        + "".join(
            f"<a:tc><a:txBody>{_lines([cell.text] if cell else [], 1200)}</a:txBody><a:tcPr/></a:tc>"
            for cell in [*line, *[None] * (wide - len(line))]
        )
        + "</a:tr>"
        for line in lines
    )
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="3" name="Table 3"/><p:cNvGraphicFramePr/><p:nvPr/>'
        '</p:nvGraphicFramePr><p:xfrm><a:off x="457200" y="1400000"/><a:ext cx="11277600" cy="4000000"/></p:xfrm>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
        f'<a:tblPr firstRow="1" bandRow="1"/><a:tblGrid>{cols}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic>'
        "</p:graphicFrame>"
    )


def write_slides(name: str, slides: list[Slide]) -> Made:
    """Return a deck of the slides."""
    files = {"ppt/theme/theme1.xml": _THEME, "ppt/slideMasters/slideMaster1.xml": _MASTER}
    files |= {"ppt/slideLayouts/slideLayout1.xml": _LAYOUT}
    layout, master = (
        ("slideLayout", "../slideLayouts/slideLayout1.xml"),
        ("slideMaster", "../slideMasters/slideMaster1.xml"),
    )
    ties = {"slideMasters/_rels/slideMaster1": [layout, ("theme", "../theme/theme1.xml")]}
    ties |= {"slideLayouts/_rels/slideLayout1": [master], "_rels/presentation": [("slideMaster", master[1][3:])]}
    kinds = {"theme/theme1": "theme", "slideMasters/slideMaster1": "presentationml.slideMaster"}
    kinds |= {
        "slideLayouts/slideLayout1": "presentationml.slideLayout",
        "presentation": "presentationml.presentation.main",
    }
    facts: list[Fact] = []
    for number, slide in enumerate(slides, 1):
        body = _shape(2, "title", 350000, 900000, [slide.heading], 3200)
        body += _table(slide.table) if slide.table else _shape(3, "body", 1500000, 4700000, slide.points, 2000)
        body += _shape(9, "sldNum", 6400000, 300000, [str(number)], 1000)
        files[f"ppt/slides/slide{number}.xml"] = (
            f"{_HEAD}<p:sld {_SPACES}><p:cSld><p:spTree>{_GROUP}{body}</p:spTree></p:cSld></p:sld>"
        )
        ties[f"slides/_rels/slide{number}"] = [layout]
        ties["_rels/presentation"].append(("slide", f"slides/slide{number}.xml"))
        kinds[f"slides/slide{number}"] = "presentationml.slide"
        facts += all_at(slide.facts, f"slide {number}")
    shown = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n + 1}"/>' for n in range(1, len(slides) + 1))
    files["ppt/presentation.xml"] = (
        f'{_HEAD}<p:presentation {_SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        f'</p:sldMasterIdLst><p:sldIdLst>{shown}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/>'
        '<p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )
    parts = "".join(
        f'<Override PartName="/ppt/{one}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for one, kind in kinds.items()
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    files["[Content_Types].xml"] = (
        f'{_HEAD}<Types xmlns="{types}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{parts}</Types>'
    )
    files["_rels/.rels"] = _relations([("officeDocument", "ppt/presentation.xml")])
    files |= {f"ppt/{place}.xml.rels": _relations(targets) for place, targets in ties.items()}
    data = zip_bytes(((file, files[file].encode()) for file in sorted(files)), OFFICE)
    return Made("slides", "deck", f"{name}.pptx", MEDIA, data, facts)

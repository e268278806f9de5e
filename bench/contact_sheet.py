"""Draw documents of one kind side by side, to be looked at: a development tool, which needs chromium and openpyxl.

    python bench/contact_sheet.py --pack dev --kind sheet --n 20 --to DIR      # or --kind all
    python bench/contact_sheet.py --folder shared/samples/pdf --n 20 --to DIR  # real ones, to compare with

One PNG for each kind. The case is made for it, with every kind as often as any other.
"""

import argparse
import email
import io
import json
import mailbox
import re
import subprocess
import tarfile
import tempfile
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime
from email.message import Message
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import openpyxl  # type: ignore[import-untyped]
import pypdfium2
from PIL import Image, ImageOps

from rollcall.demo import load_truth, make_hospital
from rollcall.demo.hospital import CROWDED, SINGLE
from rollcall.demo.shape import Shape

NOT_DRAWN = "<i>not drawn: {}</i>"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLE = """body{margin:0;background:#777;font:10px Calibri,Arial,sans-serif}main{display:grid;gap:6px;padding:6px;
grid-template-columns:repeat(4,384px)}article{background:#fff;height:372px;overflow:hidden;position:relative}h6{margin:0;
background:#dfe6ee;font:9px sans-serif;padding:1px 3px;white-space:nowrap;overflow:hidden}pre{font:8px/9px monospace;
margin:3px;white-space:pre-wrap;word-break:break-all}pre.wide{white-space:pre}table.grid{border-collapse:collapse;
font:9px Calibri,Arial}.grid td{border:1px solid #ccc;padding:0 3px;white-space:nowrap}img{max-width:384px}
img.zoomed{max-width:660px}
iframe{border:0;width:384px;height:356px}.slide{border:1px solid #999;margin:3px;padding:3px;font-size:11px}"""


def mails(folder: Path) -> Iterator[Message]:
    """Yield every mail of an evidence folder; archives are opened beside themselves."""
    for packed in folder.rglob("*.zip"):
        with zipfile.ZipFile(packed) as archive:
            for name in archive.namelist():
                archive.extract(name, packed.with_suffix(""))
    for file in sorted(one for one in folder.rglob("*") if one.is_file() and one.suffix != ".zip"):
        if file.suffix == ".mbox":
            for key in (box := mailbox.mbox(file, create=False)).iterkeys():
                yield _parsed(box.get_bytes(key))
        else:
            yield _parsed(file.read_bytes())


def _parsed(data: bytes) -> Message:
    return email.message_from_bytes(data)


def attachments(mail: Message) -> dict[str, bytes]:
    """Return what is attached, by name; a mail inside a mail as its bytes."""
    found: dict[str, bytes] = {}
    for part in mail.walk():
        name = part.get_filename()
        if name and part.get_content_type() == "message/rfc822":
            found[name] = part.get_payload(0).as_bytes()  # type: ignore[union-attr]
        elif name:
            found[name] = part.get_payload(decode=True) or b""  # type: ignore[assignment]
    return found


def opened(name: str, data: bytes) -> dict[str, bytes]:
    """Return the members of an archive or the attachments of a mail."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {one: archive.read(one) for one in archive.namelist()}
    if name.endswith(".tgz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            return {one.name: tar.extractfile(one).read() for one in tar.getmembers()}  # type: ignore[union-attr]
    return attachments(_parsed(data))


def shown_mail(mail: Message) -> str:
    """Return a mail as HTML: its head, then its body."""
    head = "<br>".join(f"<b>{one}:</b> {escape(str(mail[one] or ''))}" for one in ("From", "To", "Date", "Subject"))
    texts: dict[str, str] = {}
    for part in mail.walk():
        if part.get_content_maintype() == "text" and not part.get_filename():
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                charset = part.get_content_charset() or "utf-8"
                text = raw.decode(charset if charset in ("utf-8", "windows-1252") else "latin-1", "replace")
                texts.setdefault(part.get_content_subtype(), text)
    page = texts.get("html", "")
    body = re.sub(r"(?s)<style.*?</style>|</?(html|body|head|meta)[^>]*>", "", page) if page else ""
    names = ", ".join(attachments(mail))
    return f"{head}<br><i>{escape(names)}</i><hr>{body or pre(texts.get('plain', ''))}"


def pre(text: str, *, wide: bool = False) -> str:
    """Return text as HTML, lines kept."""
    return f"<pre{' class=wide' if wide else ''}>{escape(text[:7000])}</pre>"


def _cell(value: object, form: str) -> str:
    if isinstance(value, datetime | date):
        words = {"yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "mm": "%m", "m": "%-m", "dd": "%d", "d": "%-d"}
        return value.strftime(re.sub(r"y+|m+|d+", lambda one: words.get(one[0], "%d"), form.split(";")[0]))
    if isinstance(value, int | float) and form == "000-00-0000":
        return re.sub(r"(...)(..)(....)", r"\1-\2-\3", f"{int(value):09}")
    return "" if value is None else f"{value:,.2f}" if form == "#,##0.00" and isinstance(value, float) else str(value)


def _workbook(data: bytes) -> str:
    parts: list[str] = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[:3]:
        lines: list[str] = []
        for row in sheet.iter_rows(max_row=28):  # as far as one tile shows
            texts = [escape(_cell(cell.value, cell.number_format)) for cell in row]
            cells = zip(texts, row, strict=True)
            lines.append("".join(f"<td>{f'<b>{text}</b>' if cell.font.b else text}" for text, cell in cells))
        rows = f"<tr>{'<tr>'.join(lines)}"
        parts.append(f"<table class=grid>{rows}</table><b>[{escape(sheet.title)}]</b> {sheet.sheet_state}")
    return "<br>".join(parts)


def _word(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))[0]  # noqa: S314 - only what we made or chose

    def text(node: ElementTree.Element) -> str:
        return escape("".join(one.text or "" for one in node.iter(f"{WORD}t")))

    parts: list[str] = []
    for node in body:
        if node.tag == f"{WORD}tbl":
            rows = (
                "".join(f"<td>{text(cell)}</td>" for cell in row.iter(f"{WORD}tc")) for row in node.iter(f"{WORD}tr")
            )
            parts.append(f"<table class=grid><tr>{'<tr>'.join(rows)}</table>")
        else:
            parts.append(f"<p style='margin:2px 6px'>{text(node)}</p>")
    return "".join(parts)


def _pdf(data: bytes) -> str:
    return _picture(pypdfium2.PdfDocument(data)[0].render(scale=1.6).to_pil(), zoomed=True)


def _slides(data: bytes) -> str:
    """Return the slides of a deck one below the other: tables as tables, the rest as paragraphs."""
    parts: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = (one for one in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", one))
        for name in sorted(names, key=lambda one: int(re.sub(r"\D", "", one))):
            tree = ElementTree.fromstring(archive.read(name))  # noqa: S314 - only what we made or chose
            said = [
                escape("".join(one.text or "" for one in line.iter(f"{DRAWING}t")))
                for shape in tree.iter() if shape.tag.endswith("}txBody") and shape.tag[:len(DRAWING)] != DRAWING
                for line in shape.iter(f"{DRAWING}p")
            ]  # fmt: skip
            rows = [
                "".join(
                    f"<td>{escape(''.join(one.text or '' for one in cell.iter(f'{DRAWING}t')))}</td>"
                    for cell in row.iter(f"{DRAWING}tc")
                )
                for row in tree.iter(f"{DRAWING}tr")
            ]
            table = f"<table class=grid><tr>{'<tr>'.join(rows)}</table>" if rows else ""
            parts.append(f"<div class=slide>{'<br>'.join(said)}{table}</div>")
    return "".join(parts)


def _picture(image: Image.Image, *, zoomed: bool = False) -> str:
    """Return the first page of a picture, the way up that its note says."""
    image = ImageOps.exif_transpose(image).convert("RGB")
    image.thumbnail((1100, 1100))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return f"<img{' class=zoomed' if zoomed else ''} src='data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}'>"


def drawn(name: str, data: bytes, kind: str = "") -> str:
    """Return one file as HTML."""
    ending = name.rpartition(".")[2].lower()
    try:
        if data[:5] == b"%PDF-":
            return _pdf(data)
        if data[:2] == b"PK":
            return _word(data) if ending == "docx" else _slides(data) if ending == "pptx" else _workbook(data)
        if ending in ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff"):
            return _picture(Image.open(io.BytesIO(data)))
        if ending == "eml":
            return shown_mail(_parsed(data))
        if ending in ("html", "htm"):
            page = re.sub(r"(?s)<(script|style).*?</\1>", "", data.decode("utf-8", "replace"))[:20_000]
            return f'<iframe sandbox srcdoc="{escape(page)}"></iframe>'
        if kind == "fhir" and data[:1] == b"{" and data.count(b"\n") < 2:
            data = json.dumps(json.loads(data), indent=1).encode()
    except (KeyError, ValueError, IndexError, OSError, zipfile.BadZipFile, pypdfium2.PdfiumError) as broken:
        return NOT_DRAWN.format(type(broken).__name__)
    if b"\0\0" in data[:4096]:
        return NOT_DRAWN.format("binary")
    encoding = "utf-16" if data[:2] == b"\xff\xfe" else "utf-8"
    text = data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return pre(text, wide=kind in ("fixed", "report", "delimited"))


def made(pack: str, wanted: list[str], count: int) -> dict[str, list[tuple[str, str]]]:
    """Return documents of a made-up case by kind: title and HTML."""
    mix = dict.fromkeys(sorted({*CROWDED, *SINGLE} - {"lists"}), 1.0) | {"lists": 9.0, "form": 1.5, "picture": 2.0}
    total = sum(mix.values()) + 1
    shape = Shape("all kinds", 3, ["mbox", "eml"], 0.5, {kind: one / total for kind, one in mix.items()}, entities=4)
    found: dict[str, list[tuple[str, str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        make_hospital(Path(folder), 31, 2200, int(total * count * 1.15), pack, shape)
        by_id = {str(one["Message-ID"]): one for one in mails(Path(folder) / "evidence")}
        for document in load_truth(Path(folder) / "truth").documents:
            tiles = found.setdefault(document.kind, [])
            if document.locked or len(tiles) >= count or (wanted != ["all"] and document.kind not in wanted):
                continue
            place = document.occurrences[0]
            mail = by_id.get(place.message_id)
            if mail is None:
                continue
            title, path = f"{document.doc_id} {document.layout} {place.path}", place.path
            if not path:
                tiles.append((title, shown_mail(mail)))
                continue
            files = attachments(mail)
            while " > " in path:
                outer, _, path = path.partition(" > ")
                files = opened(outer, files.get(outer, b""))
            if path in files:
                tiles.append((title, drawn(path, files[path], document.kind)))
    return found


def sheet(tiles: list[tuple[str, str]], to: Path) -> None:
    """Write one contact sheet as PNG by a headless browser."""
    articles = "".join(f"<article><h6>{escape(title[:90])}</h6>{page}</article>" for title, page in tiles)
    to.parent.mkdir(parents=True, exist_ok=True)
    high = 378 * -(-len(tiles) // 4) + 6
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(f"<meta charset=utf-8><style>{STYLE}</style><main>{articles}</main>", encoding="utf-8")
        arguments = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size=1566,{high}"]
        subprocess.run(
            [*arguments, f"--user-data-dir={folder}/profile", f"--screenshot={to}", page.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    print(f"{to}: {len(tiles)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pack", default="dev")
    parser.add_argument("--kind", nargs="+", default=["all"])
    parser.add_argument("--folder", type=Path, help="draw the files of this folder instead of made-up ones")
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--skip", type=int, default=0, help="so many files of the folder")
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    if given.folder:
        files = sorted(one for one in given.folder.iterdir() if one.is_file() and one.stat().st_size < 2_000_000)
        every = ((one.name, drawn(one.name, one.read_bytes())) for one in files)
        seen = [one for one in every if not one[1].startswith(NOT_DRAWN[:13])][given.skip :][: given.n]
        sheet(seen, given.to / f"real-{given.folder.name}.png")
        return
    for kind, tiles in made(given.pack, given.kind, given.n).items():
        if tiles:
            sheet(tiles, given.to / f"{given.pack}-{kind}.png")


if __name__ == "__main__":
    main()

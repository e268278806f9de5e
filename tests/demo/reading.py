"""Reads a made-up hospital back with the standard library and openpyxl: nothing of the product's own readers."""

import csv
import datetime
import email
import io
import json
import mailbox
import re
import tarfile
import zipfile
import zlib
from email.message import Message
from html import unescape
from pathlib import Path

import openpyxl

Content = dict[str, str]  # spot -> text
TEXTS = (".csv", ".txt", ".prn", ".rpt", ".hl7", ".dat", ".ndjson", ".edi", ".x12", ".834", ".835", ".837")


def unpacked(folder: Path) -> None:
    """Unpack the stores that came as archives, in place."""
    for archive in folder.glob("evidence/*.zip"):
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                packed.extract(name, folder / "evidence")


def messages(folder: Path) -> list[Message]:
    """Every mail of all mailboxes, attached mails not counted."""
    found = [
        email.message_from_bytes(one.as_bytes())
        for box in sorted(folder.glob("evidence/*.mbox"))
        for one in mailbox.mbox(box, create=False)
    ]
    files = [one for one in sorted(folder.glob("evidence/*/Maildir/**/*")) if one.is_file()]
    files += sorted(folder.glob("evidence/* export/*/*.eml"))
    return found + [email.message_from_bytes(one.read_bytes()) for one in files]


def plain(text: str) -> str:
    """Text without quote marks, line breaks and runs of blanks."""
    return " ".join(re.sub(r"(?m)^[> ]+", "", text).split())


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    for charset in (part.get_content_charset() or "utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _header(message: Message, name: str) -> str:
    return plain(str(email.header.make_header(email.header.decode_header(str(message.get(name, ""))))))


def read(message: Message, found: dict[tuple[str, str], Content]) -> None:
    """Enter what a mail holds: (Message-ID, path) -> spot -> text."""
    texts: list[str] = []
    _walk(message, str(message["Message-ID"]), found, texts)
    found[str(message["Message-ID"]), ""] = {
        "subject": _header(message, "Subject"),
        "header": str(message["From"]),
        "body": plain("\n".join(texts)),
    }


def _walk(part: Message, message_id: str, found: dict[tuple[str, str], Content], texts: list[str]) -> None:
    if part.get_content_type() == "message/rfc822":
        payload = part.get_payload()
        assert isinstance(payload, list)
        inner: dict[tuple[str, str], Content] = {}
        read(payload[0], inner)
        found.update(inner)
        for (_, path), content in inner.items():
            name = str(part.get_filename())
            found[message_id, f"{name} > {path}" if path else name] = content
    elif part.is_multipart():
        payload = part.get_payload()
        assert isinstance(payload, list)
        for one in payload:
            _walk(one, message_id, found, texts)
    elif part.get_filename():
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        open_file(
            str(part.get_filename()), data, lambda path, content: found.update({(message_id, path): content}), found
        )
    else:
        text = _decoded(part)
        if part.get_content_type() == "text/html":
            text = unescape(re.sub(r"<[^>]*>", " ", text)).replace("\xa0", " ")
        texts.append(text)


def open_file(path: str, data: bytes, enter, found: dict[tuple[str, str], Content]) -> None:  # type: ignore[no-untyped-def]
    """Enter the content of one file, through archives."""
    name = path.rpartition(" > ")[2]
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.flag_bits & 1:
                    enter(f"{path} > {entry.filename}", {"locked": "yes"})
                else:
                    open_file(f"{path} > {entry.filename}", archive.read(entry), enter, found)
        return
    if name.endswith(".tgz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                held = archive.extractfile(member)
                assert held is not None
                open_file(f"{path} > {member.name}", held.read(), enter, found)
        return
    if name.endswith(".eml"):
        inner: dict[tuple[str, str], Content] = {}
        read(email.message_from_bytes(data), inner)
        found.update(inner)
        for (_, below), content in inner.items():
            enter(f"{path} > {below}" if below else path, content)
        return
    enter(path, {"name": name, "picture": ""} | _leaf(name, data))


def _leaf(name: str, data: bytes) -> Content:
    """What one file says that holds no other."""
    if data.startswith(b"\xd0\xcf"):
        return {"locked": "yes"}
    if name.endswith(".xlsx"):
        return _workbook(data)
    if name.endswith((".ics", ".vcf")):
        text = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], data.decode().replace("\r\n ", ""))
        return {"body": plain(text)}
    if name.endswith(".json"):
        return {"body": plain(json.dumps(json.loads(data), ensure_ascii=False))}
    if name.endswith(".xml"):
        return {"body": plain(unescape(data.decode()))}
    if name.endswith(TEXTS):
        return _text(data)
    if name.endswith(".pdf"):
        return _pdf(data)
    if name.endswith(".pptx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {
                one: archive.read(one).decode() for one in archive.namelist() if one.startswith("ppt/slides/slide")
            }
        text = {one: unescape(re.sub(r"<[^>]*>", "", xml.replace("</a:p>", "\n"))) for one, xml in files.items()}
        return {f"slide {re.sub(r'[^0-9]', '', one)}": plain(said) for one, said in text.items()}
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            xml = archive.read("word/document.xml").decode()
        return {"body": plain(unescape(re.sub(r"<[^>]*>", "", xml.replace("</w:p>", "\n"))))}
    return {}


def _workbook(data: bytes) -> Content:
    content: Content = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for line in sheet.iter_rows():
            for cell in line:
                value = cell.value
                if isinstance(value, datetime.datetime):
                    value = value.date().isoformat()
                elif cell.number_format == "#,##0.00":
                    value = f"{value:,.2f}"
                elif cell.number_format == "000-00-0000":
                    value = f"{value:09}"
                    value = f"{value[:3]}-{value[3:5]}-{value[5:]}"
                content[f"{sheet.title}!{cell.coordinate}"] = "" if value is None else str(value)
    return content


def _text(data: bytes) -> Content:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    content = {"body": plain(text)}
    for number, line in enumerate(text.splitlines(), 1):
        cells = next(csv.reader([line]), [])
        content[f"row {number}"] = f"{line} {' | '.join(cells)}"
    for sign in ",\t|" if '"' in text else "":  # a cell may go over several lines: then rows are records
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign), 1):
            content[f"row {number}"] = f"{content.get(f'row {number}', '')} {' | '.join(cells)}"
    return content


def _pdf(data: bytes) -> Content:
    content: Content = {}
    streams = re.findall(rb"/Filter /FlateDecode >>\nstream\n(.*?)\nendstream", data, re.DOTALL)
    for number, stream in enumerate(streams, 1):
        lines = re.findall(rb"\((.*)\) Tj", zlib.decompress(stream))
        text = "\n".join(line.decode("cp1252") for line in lines)
        content[f"page {number}"] = plain(text.replace("\\(", "(").replace("\\)", ")").replace("\\\\", "\\"))
    return content

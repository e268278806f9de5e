"""What a server does once so that its children need not: load readers and libraries, and open small contents of ours.

A library loaded, an expression compiled or a table built in a child is lost with it; here it is shared by all.
"""

import importlib
import io
import pkgutil
import zipfile
from functools import partial

import rollcall.items
from rollcall.engine import guard
from rollcall.items.facts import Opening
from rollcall.items.parser import Fault, Limits
from rollcall.items.reach import Chain, Opener
from rollcall.items.readable import MemoryReadable, Readable
from rollcall.items.walk import Walker

# Modules, or functions of them that load more.
AHEAD = (
    "PIL.Image:init", "PIL.ImageOps", "PIL.ImageSequence", "charset_normalizer", "cv2", "email.parser", "glob",
    "lxml.etree", "lxml.html", "msoffcrypto", "numpy", "olefile", "psutil", "py7zr", "pypdfium2", "pypff",
    "secrets", "selectolax.lexbor", "xml.parsers.expat", "zipfile",
    "rollcall.sandbox.rehearsal:rehearse",
)  # fmt: skip
PICTURES = ("rollcall.items.ocr.models:load_all",)  # the networks; they are large, and most children read no picture

_HTML = b"<html><body><p>Dear all, see https://files.example.org/a</p><table><tr><td>a</td><td>1</td></tr></table></body></html>"
_MAIL = (
    b"From: Desk <desk@example.org>\r\nTo: all@example.org\r\nSubject: =?utf-8?q?l=C3=A4st?=\r\nMessage-ID: <1@x>\r\n"
    b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\nGr\xfc\xdfe\r\n--b\r\n"
    b"Content-Type: text/html\r\n\r\n"
    + _HTML
    + b"\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nYSxiCjEsMgo=\r\n--b--\r\n"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype"
    b"/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 35>>stream\nBT /F 9 Tf 9 9 Td (Dear all) Tj ET\n"
    b"endstream endobj\ntrailer<</Root 1 0 R>>\n"
)


def rehearse() -> None:
    """Load every module of readers, and open one content of each common kind."""
    for module in pkgutil.walk_packages(rollcall.items.__path__, "rollcall.items."):
        importlib.import_module(module.name)
    caught = partial(guard.guarded, on_fault=lambda code, detail: Fault(code=code, detail=detail))
    limits = Limits()
    opener = Opener(_Ours(), limits, _Nowhere(), caught)
    for name in _ours():
        for _ in Walker(opener, limits, caught).open(Opening(blob_id="0" * 64, chain=(("", name),))):
            pass
    opener.close()


def load(name: str) -> None:
    """Import a module, "module", or have it load more, "module:function"."""
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    if function:
        getattr(loaded, function)()


def _ours() -> dict[str, bytes]:
    return {
        "mail": _MAIL,
        "mailbox": b"From desk@example.org Mon Mar  2 10:00:00 2026\n" + _MAIL.replace(b"\r\n", b"\n"),
        "page": _HTML,
        "table": b"name,number\nx,1\ny,2\n",
        "text": "läst\n".encode("utf-16"),
        "pdf": _PDF,
        "rtf": rb"{\rtf1\ansi Dear \b all\b0\par}",
        "document": _zipped(
            {
                "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
                "word/document.xml": f"<d:document xmlns:d='{_WORD}'><d:body><d:p><d:r><d:t>all</d:t></d:r></d:p>"
                "</d:body></d:document>",
            }
        ),
        "workbook": _zipped(
            {
                "xl/workbook.xml": f"<workbook xmlns='{_SHEET}'><sheets/></workbook>",
                "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{_SHEET}'><sheetData/></worksheet>",
            }
        ),
        "archive": _zipped({"a/b.txt": "text", "c.eml": _MAIL.decode("latin-1")}),
    }


def _zipped(members: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


class _Ours:
    def open(self, source_id: str) -> Readable:
        return MemoryReadable(_ours()[source_id])


class _Nowhere:
    def keep(self, chunks: object, chain: Chain) -> Readable:
        raise OSError("nothing of ours is large")

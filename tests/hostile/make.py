"""Write the hostile set into a folder: `python -m tests.hostile.make FOLDER`. It is some hundred megabytes of mails.

SET is everything by name of file; LARGE is what takes longest, and is left to `make soak`. Nothing of it is kept in
the project: the bytes come from the functions of this folder.
"""

import base64
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.hostile import archives, documents, mails, pdfs, pictures, quines

SERVER = "192.0.2.1"  # an address of documentation; whoever asks for it sends a packet
MEGABYTE = archives.MEGABYTE

SET: dict[str, Callable[[], bytes]] = {
    "zip_bomb.zip": archives.zip_bomb,
    "quiet_bomb.zip": archives.quiet_zip_bomb,
    "overlapping.zip": archives.overlapping_zip,
    "nested.zip": archives.nested_zip,
    "deep.zip": archives.deep_zip,
    "deep.gz": archives.deep_gzip,
    "quine.gz": quines.gzip_quine,
    "quine.zip": quines.zip_quine,
    "outside.zip": archives.outside_zip,
    "lying.zip": archives.lying_zip,
    "outside.tar": archives.outside_tar,
    "sparse.tar": archives.sparse_tar,
    "bomb.gz": archives.gzip_bomb,
    "outside.7z": archives.seven_zip,
    "lying.7z": archives.lying_seven_zip,
    "huge.7z": archives.huge_seven_zip,
    "many_files.7z": archives.many_files_seven_zip,
    "sparse.xlsx": documents.sparse_xlsx,
    "billion_rows.xlsx": documents.billion_rows_xlsx,
    "bomb.xlsx": documents.xlsx_bomb,
    "laughs.xlsx": documents.laughs_xlsx,
    "laughs.docx": documents.laughs_docx,
    "deep.docx": documents.deep_docx,
    "wide.docx": documents.wide_docx,
    "repeated.ods": documents.repeated_ods,
    "spaces.odt": documents.spaces_odt,
    "fat_cycle.doc": documents.fat_cycle,
    "lying.xls": documents.lying_compound,
    "difat_cycle.doc": documents.difat_cycle,
    "deep.rtf": documents.deep_rtf,
    "lying.rtf": documents.lying_rtf,
    "deep.html": documents.deep_html,
    "deep_tables.html": documents.deep_tables_html,
    "remote.html": partial(documents.remote_html, SERVER),
    "remote.docx": partial(documents.remote_docx, SERVER),
    "external.xml": partial(documents.external_xml, SERVER),
    "laughs.xml": documents.laughs_xml,
    "laughs.fhir": documents.laughs_fhir,
    "laughs.ccda": documents.laughs_ccda,
    "laughs.svg": pictures.svg_laughs,
    "deep.xml": documents.deep_xml,
    "deep.json": documents.deep_json,
    "endless.sqlite": documents.sqlite,
    "circles.sqlite": documents.broken_sqlite,
    "bomb.pdf": pdfs.flate_bomb,
    "chain.pdf": pdfs.flate_chain,
    "pages_cycle.pdf": pdfs.pages_cycle,
    "outline_cycle.pdf": pdfs.outline_cycle,
    "xref_loop.pdf": pdfs.xref_loop,
    "form_cycle.pdf": pdfs.form_cycle,
    "object_loop.pdf": pdfs.object_stream_loop,
    "deep_arrays.pdf": pdfs.deep_arrays,
    "huge_page.pdf": pdfs.huge_page,
    "huge_picture.pdf": pdfs.huge_picture,
    "many_pages.pdf": pdfs.many_pages,
    "huge.png": pictures.huge_png,
    "tall.png": pictures.tall_png,
    "text_bomb.png": pictures.png_text_bomb,
    "frames_loop.tiff": pictures.frames_loop,
    "huge.tiff": pictures.huge_tiff,
    "frames.gif": pictures.gif,
    "huge.bmp": pictures.bmp,
    "huge.jpg": pictures.jpeg,
    "endless.emf": pictures.emf,
    "deep.eml": mails.deep_mime,
    "deep_mails.eml": mails.deep_mails,
    "parameters.eml": mails.many_parameters,
    "words.eml": mails.encoded_words,
    "addresses.eml": mails.addresses,
    "same_boundary.eml": mails.same_boundary,
    "uu.eml": mails.uuencoded,
    "wide.csv": partial(mails.wide_csv, 2 * MEGABYTE),
    "quoted.csv": partial(mails.quoted_csv, MEGABYTE),
    "deep.ics": mails.deep_ics,
    "lying.pst": mails.pst,
    "lying.tnef": mails.tnef,
}
LARGE: dict[str, Callable[[], bytes]] = {
    "large_members.zip": archives.large_members,
    "many_members.zip": archives.many_members,
    "many_cells.xlsx": documents.many_cells_xlsx,
    "text_bomb.pdf": pdfs.text_bomb,
    "many_lines.pdf": pdfs.many_lines,
    "many_words.pdf": pdfs.many_words,
    "many_frames.tiff": pictures.many_frames,
    "many_parts.eml": mails.many_parts,
    "many_headers.eml": mails.many_headers,
    "patterns.txt": mails.hostile_text,
    "many_lines.txt": mails.many_lines,
    "many_mails.mbox": mails.many_headed_mbox,
    "wide_200.csv": partial(mails.wide_csv, 200 * MEGABYTE),
    "wide.hl7": mails.wide_hl7,
    "many.hl7": mails.many_hl7,
    "many.x12": mails.many_x12,
}


def mail_with(name: str, content: bytes, number: int) -> bytes:
    """A mail with one attachment."""
    from email.utils import encode_rfc2231

    said = encode_rfc2231(name, "utf-8") if not name.isascii() or not name.isprintable() else None
    disposition = f"attachment; filename*={said}" if said else 'attachment; filename="{}"'.format(
        name.replace("\\", "\\\\").replace('"', '\\"')
    )  # fmt: skip
    return (
        f"From: desk@clinic.org\nTo: x@clinic.org\nSubject: file {number}\nMessage-ID: <file{number}@x>\n"
        "Date: Mon, 02 Mar 2026 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n\n"
        "--cut\nContent-Type: text/plain\n\nsee file\n--cut\nContent-Type: application/octet-stream\n"
        f"Content-Disposition: {disposition}\nContent-Transfer-Encoding: base64\n\n"
    ).encode() + base64.encodebytes(content) + b"--cut--\n"  # fmt: skip


def normal_mail(number: int) -> bytes:
    """A mail that must be read, whatever came before it."""
    return (
        f"From: desk@clinic.org\nTo: x@clinic.org\nSubject: normal {number}\nMessage-ID: <normal{number}@x>\n"
        f"Date: Mon, 02 Mar 2026 10:00:00 +0000\n\nPatient: Ann Quorlen\nMRN: {44_000_000 + number}\n"
    ).encode()


def write(folder: Path, contents: dict[str, Callable[[], bytes]]) -> None:
    """Write a mailbox folder: each content in a mail, a normal mail after each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, make) in enumerate(contents.items()):
        (folder / f"{number:03}-hostile.eml").write_bytes(mail_with(name, make(), number))
        (folder / f"{number:03}-normal.eml").write_bytes(normal_mail(number))


def main() -> int:
    """Write the whole set, each as a file, into the folder named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (SET | LARGE).items():
        (folder / name).write_bytes(make())
    return 0


if __name__ == "__main__":
    sys.exit(main())

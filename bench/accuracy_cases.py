"""Accuracy on whole made-up hospitals: elements, column types and links by the places of the truth.

A place here is one content of one mail (`message`, `path`); what stands in it is compared as (element, value), since a
text's place in a PDF or picture depends on who reads it. Sheets name their cells: there the column's type is judged.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection
from pathlib import Path

from accuracy_scores import ENOUGH
from compare import run_rollcall
from rollcall.demo import load_truth, make_hospital
from rollcall.demo.figures import Tally, said
from rollcall.demo.matching import Index, key_of, read_rows
from rollcall.demo.shape import load_shapes
from rollcall.demo.truth import Document, Truth

CHANNELS = {
    "table": ("sheet", "delimited", "fixed", "html_table", "list_pdf", "list_docx", "ruled", "report"),
    "prose": ("prose", "letter", "slides", "thread", "talk", "patient_mail", "subject", "malformed", "locked"),
    "records": ("hl7", "x12", "fhir", "ccda", "vcard", "contacts", "calendar"),
    "form": ("form",),
    "OCR": ("scan", "picture", "photo", "handwriting", "scanned", "fax"),
}
CHANNEL = {kind: channel for channel, kinds in CHANNELS.items() for kind in kinds}
WORDED = frozenset({"medication", "diagnosis", "treatment", "provider", "address", "benefit_election"})
Key = tuple[str, str]  # element, value
Place = tuple[str, str]  # message, path
Cells = dict[tuple[int, int, int], Counter[str]]  # part, row, column -> elements found there


def of_case(name: str, given: argparse.Namespace) -> list[str]:
    """Make a hospital (`PACK:SEED`), run the product on it, and return its part of the report."""
    pack, _, seed = name.partition(":")
    with tempfile.TemporaryDirectory() as scratch:
        folder, to = Path(scratch, "made"), Path(scratch, "run")
        to.mkdir()
        make_hospital(folder, int(seed), given.people, given.messages, pack, load_shapes().get(given.shape))
        run_rollcall(folder, to)
        key = to / "key"
        command = [str(Path(sys.executable).with_name("rollcall")), "export", str(to / "case")]
        for table in ("findings", "items"):
            target = ["--to", str(to / f"{table}.jsonl"), "--values", "clear", "--key-file", str(key)]
            subprocess.run([*command, table, *target], check=True, capture_output=True)
        tables = {path.stem: _rows(path) for path in to.glob("*.jsonl")}
        return [
            "",
            f"#### case {name}, shape {given.shape}",
            "",
            *measure(tables, load_truth(folder / "truth"), given.seed),
        ]


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _channel(document: Document) -> str:
    return CHANNEL.get(document.kind, document.kind)


def places(items: list[dict]) -> dict[str, list[Place]]:
    """Return where each content occurs: blob -> (message, path of names below it)."""
    by_id = {one["item_id"]: one for one in items}
    found: dict[str, list[Place]] = defaultdict(list)
    for one in items:
        names, at = [], one
        while at is not None and at["kind"] != "message":
            names.append(at["name"] or "")
            at = by_id.get(at["parent_id"])
        if at is not None:
            found[one["blob_id"]].append((at["message_id"] or "", " > ".join(reversed(names))))
    return found


def measure(tables: dict[str, list[dict]], truth: Truth, seed: int) -> list[str]:
    """Return the tables of a case: elements by channel, columns, links."""
    at: dict[Place, list[Document]] = defaultdict(list)
    for document in truth.documents:
        for one in document.occurrences:
            at[one.message_id, one.path].append(document)
    blob_at = {blob: next((one for one in some if one in at), None) for blob, some in places(tables["items"]).items()}
    found: dict[Place, dict[Key, float]] = defaultdict(dict)
    cells: dict[Place, Cells] = defaultdict(lambda: defaultdict(Counter))
    for one in tables["findings"]:
        place = blob_at.get(one["blob_id"])
        if place is None or one["confidence"] < ENOUGH:
            continue
        key = (one["element"], key_of(one["element"], one["value"]))
        found[place][key] = max(found[place].get(key, 0.0), one["confidence"])
        if one["row"] is not None and one["col"] is not None:
            cells[place][one["part_no"], one["row"], one["col"]][one["element"]] += 1
    tally = Tally()
    for place in sorted({one for one in blob_at.values() if one is not None}):
        _elements(tally, place, at[place], found[place])
        _columns(tally, place, at[place], cells[place])
    _links(tally, tables, truth, at)
    return [*_table(tally, seed), *_others(tally, seed)]


def _table(tally: Tally, seed: int) -> list[str]:
    """Return precision and recall by channel and element; names and contacts have no precision here."""
    lines = ["| channel | element | there | recall | said | precision |", "| --- " * 6 + "|"]
    for key in sorted({name.partition(" ")[2] for name in tally.counts if name.startswith(("recall ", "precision "))}):
        channel, _, element = key.partition(" ")
        recall, precision = (tally.figure(f"{what} {key}", seed) for what in ("recall", "precision"))
        shown = [f"{one.value:.3f} [{one.low:.2f}, {one.high:.2f}]" if one.of else "-" for one in (recall, precision)]
        lines.append(f"| {channel} | {element} | {recall.of} | {shown[0]} | {precision.of} | {shown[1]} |")
    return lines


def _others(tally: Tally, seed: int) -> list[str]:
    names = [name for name in sorted(tally.counts) if not name.startswith(("recall ", "precision "))]
    return ["", *(f"- {name}: {said(tally.figure(name, seed))}" for name in names)]


def _elements(tally: Tally, place: Place, documents: list[Document], found: dict[Key, float]) -> None:
    channel = _channel(documents[0])
    optional = {
        (f.element, key_of(f.element, f.value)) for one in documents for f in one.facts if f.optional or one.locked
    }
    there = {
        (fact.element, key)
        for one in documents
        for fact in one.facts
        if (key := key_of(fact.element, fact.value)) and (fact.element, key) not in optional
    }
    cluster = "/".join(place)
    for key in there:
        for name in (key[0], "all"):
            tally.add(f"recall {channel} {name}", cluster, _is_among(key, found))
    for key in found:
        # Names and providers of staff are found rightly and are no facts of the truth.
        if key not in optional and key[0] not in ("name", "provider", "phone", "email", "address"):
            for name in (key[0], "all"):
                tally.add(f"precision {channel} {name}", cluster, _is_among(key, there))


def _is_among(key: Key, others: Collection[Key]) -> bool:
    """Say whether a value is there: words in part (a drug without its directions), a name also in several cells."""
    if key in others:
        return True
    values = [value for element, value in others if element == key[0]]
    if key[0] == "name":
        held = {word for value in values for word in value.split()}
        return set(key[1].split()) <= held
    if key[0] in WORDED:
        return any(value and (value in key[1] or key[1] in value) for value in values)
    return key[0] == "billing_amount" and key[1].rstrip("0") in {value.rstrip("0") for value in values}


def _columns(tally: Tally, place: Place, documents: list[Document], cells: Cells) -> None:
    columns: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for document in documents:
        for fact in document.facts:
            sheet, mark, cell = fact.spot.rpartition("!")
            letters = cell.rstrip("0123456789")
            if mark and letters.isalpha() and cell != letters and not fact.optional:
                col = sum((ord(letter) - 64) * 26**at for at, letter in enumerate(reversed(letters))) - 1
                columns[sheet, col].append((int(cell[len(letters) :]) - 1, fact.element))
    parts = {part for part, _, _ in cells}
    for sheet in sorted({sheet for sheet, _ in columns}):
        own = {col: some for (name, col), some in columns.items() if name == sheet}

        def met(part: int, own: dict[int, list[tuple[int, str]]] = own) -> int:
            return sum(element in cells.get((part, row, col), ()) for col, some in own.items() for row, element in some)

        part = max(sorted(parts), key=met, default=-1)  # findings know their sheet by number only
        for col, some in own.items():
            wanted, _ = Counter(element for _, element in some).most_common(1)[0]
            found = Counter(element for row, _ in some for element in cells.get((part, row, col), ()))
            right = bool(found) and found.most_common(1)[0][0] == wanted
            for name in ("all", documents[0].layout):
                tally.add(f"column type, {name}", "/".join(place), right)


def _links(tally: Tally, tables: dict[str, list[dict]], truth: Truth, at: dict[Place, list[Document]]) -> None:
    index, rows = Index(truth), read_rows(tables["individuals"], tables["evidence"])
    for row in rows:
        index.match(row)
    person = {row.individual_id: row.person for row in rows}
    owners: dict[Place, dict[Key, set[str]]] = {}
    for place, documents in at.items():
        held = owners[place] = defaultdict(set)
        for fact in (fact for one in documents for fact in one.facts):
            held[fact.element, key_of(fact.element, fact.value)].add(fact.person)
    for one in tables["evidence"]:
        place = (one["message_id"] or "", one["path"] or "")
        whose = owners.get(place, {}).get((one["element"], key_of(one["element"], one["value"])))
        if whose and one["element"] != "name" and one["individual_id"] in person:
            channel = _channel(at[place][0])
            tally.add(f"link accuracy, {channel}", "/".join(place), person[one["individual_id"]] in whose)

"""The texts that accuracy is measured on: the corpus' development share, and public sets kept beside the project."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from accuracy_scores import Gold

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples" / "labelled"
sys.path.insert(0, str(ROOT))


class Sample(msgspec.Struct, frozen=True):
    """One content with what stands in it."""

    id: str
    channel: str
    texts: tuple[tuple[str, str], ...]  # kind of part, text
    gold: tuple[Gold, ...]
    people: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()


def corpus(seed: int, n_passages: int, n_forms: int) -> Iterator[Sample]:
    """Yield the corpus' development share, which nothing was trained on."""
    from training.corpus import forms, passages

    for some in (passages(seed, n_passages, "development"), forms(seed, n_forms, "development")):
        for one in some:
            gold = tuple(
                Gold(part, span.start, span.end, span.element, span.subtype, span.person, span.polarity)
                for part, text in enumerate(one.parts)
                for span in text.spans
            )
            yield Sample(
                one.id, one.channel, tuple((text.kind, text.text) for text in one.parts), gold,
                tuple(person.name for person in one.persons), (one.sender, *one.recipients) if one.sender else (),
            )  # fmt: skip


ASQ_ELEMENTS = {
    "NAME": ("name",), "DATE": ("date_of_service", "date_of_birth", "date_of_death"), "PHONE_NUMBER": ("phone",),
    "FAX_NUMBER": ("phone",), "EMAIL_ADDRESS": ("email",), "SOCIAL_SECURITY_NUMBER": ("ssn",),
    "MEDICAL_RECORD_NUMBER": ("medical_record_number",), "HEALTH_PLAN_BENEFICIARY_NUMBER": ("health_insurance",),
    "ACCOUNT_NUMBER": ("patient_account_number", "financial_account"), "GEOGRAPHIC_LOCATION": ("address",),
    "UNIQUE_IDENTIFIER": ("other_id", "medical_record_number", "patient_account_number"),
}  # fmt: skip


def asq() -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield (id, query, PHI as (type, value)) of ASQ-PHI's development part."""
    text = (SAMPLES / "asq_phi_dev" / "asq_phi_dev300.txt").read_text(encoding="utf-8")
    for number, block in enumerate(text.split("===QUERY===")[1:]):
        query, _, tags = block.partition("===PHI_TAGS===")
        found = [json.loads(line) for line in tags.splitlines() if line.strip().startswith("{")]
        yield f"asq {number}", query.strip(), [(one["identifier_type"], one["value"]) for one in found]


PRESIDIO_ELEMENTS = {
    "PERSON": "name", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email", "US_SSN": "ssn", "CREDIT_CARD": "payment_card",
    "US_DRIVER_LICENSE": "drivers_license", "STREET_ADDRESS": "address", "IP_ADDRESS": "other_id",
}  # fmt: skip


def presidio_generated() -> Iterator[Sample]:
    """Yield every fifth template of presidio-research's generated sentences: no template stands on both sides."""
    text = (SAMPLES / "presidio_generated_large" / "generated_large.json").read_text(encoding="utf-8")
    for number, one in enumerate(json.loads(text)):
        if one["template_id"] % 5:
            continue
        gold = tuple(
            Gold(0, span["start_position"], span["end_position"], PRESIDIO_ELEMENTS[span["entity_type"]])
            for span in one["spans"]
            if span["entity_type"] in PRESIDIO_ELEMENTS
        )
        yield Sample(f"presidio {one['template_id']} {number}", "sentence", (("body", one["full_text"]),), gold)


class _Words:
    """Puts words back together to a text, and keeps where names begin and end."""

    def __init__(self) -> None:
        self.text = ""
        self.gold: list[Gold] = []

    def add(self, word: str) -> int:
        """Write a word; points and closing brackets stand right behind the one before. Return where it begins."""
        if _CLOSES.match(word) or self.text.endswith(("(", "<", '"(')):
            self.text = self.text.removesuffix(" ")
        self.text += word + " "
        return len(self.text) - len(word) - 1

    def line(self) -> None:
        """End a line."""
        self.text = self.text.rstrip(" ") + "\n"

    def name(self, start: int, end: int) -> None:
        """Note a name."""
        self.gold.append(Gold(0, start, end, "name"))


_CLOSES = re.compile(r"[,.;:!?)>]+$|'s$|n't$|'\w{1,2}$")


def ewt_mail() -> Iterator[Sample]:
    """Yield the mails of EWT's development part (English Web Treebank) with their names; never trained on."""
    documents: dict[str, _Words] = {}
    words, start, end = None, None, 0
    path = SAMPLES / "uner_en_ewt_dev" / "en_ewt-ud-dev.iob2"
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# sent_id = "):
            name = line.removeprefix("# sent_id = ")
            words = documents.setdefault(name.rpartition("-")[0], _Words()) if name.startswith("email") else None
        if words is None or line.startswith("#"):
            continue
        cells = line.split("\t")
        tag = cells[2] if line else "O"
        if tag != "I-PER" and start is not None:
            words.name(start, end)
            start = None
        if not line:
            words.line()
            words = None
            continue
        at = words.add(cells[1])
        start, end = at if tag == "B-PER" else start, at + len(cells[1])
    for name, one in documents.items():
        yield Sample(name, "EWT mail", (("body", one.text),), tuple(one.gold))


_PRONOUNS = frozenset(
    ("i", "me", "my", "mine", "you", "your", "yours", "he", "him", "his", "she", "her", "hers", "we", "us", "our",
     "ours", "they", "them", "their", "who", "whom")
)  # fmt: skip


def cerec() -> Iterator[Sample]:
    """Yield CEREC's threads with the person mentions that are names: no pronoun, no address, begun by a capital."""
    for path in sorted((SAMPLES / "cerec_seed_train").glob("*.conll")):
        made, opened = _Words(), list[tuple[str, int]]()
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if line.startswith("#"):
                continue
            if len(cells) < 3:
                made.line()
                continue
            at = made.add(cells[0])
            opened += [(kind, at) for kind in re.findall(r"\(([A-Z]+)\d*", cells[2])]
            for _ in range(cells[2].count(")")):
                kind, start = opened.pop() if opened else ("", 0)
                if kind == "P" and _is_name(made.text[start : at + len(cells[0])]):
                    made.name(start, at + len(cells[0]))
        yield Sample(path.stem, "CEREC thread", (("body", made.text),), tuple(made.gold))


def _is_name(said: str) -> bool:
    words = said.split()
    return (
        "@" not in said
        and "/" not in said
        and all(word[0].isupper() or not word[0].isalpha() for word in words)
        and bool(words and words[0][0].isalpha() and words[0].lower() not in _PRONOUNS)
    )

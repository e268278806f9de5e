"""Train the tagger of names and write it where the package has it.

    python training/tagger/train.py --labelled ../shared/samples/labelled [--epochs 10] [--fold 0] [--to FOLDER]

Needs torch, which the package does not. The output is the same for the same seed, libraries and machine type. `--fold`
leaves a fifth of the CEREC threads out, for measuring; nothing is then written to the package.
"""

import argparse
import copy
import random
import re
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1]), str(HERE.parents[1] / "src")]

import real  # noqa: E402
from made import Doc, Maker, cased, frames, joined, of_corpus  # noqa: E402
from names import Names  # noqa: E402

from rollcall.elements import tagger_words  # noqa: E402
from rollcall.elements.tagger import BEGIN, END, INSIDE, OTHER, OUTSIDE, REACHES, SINGLE, spans  # noqa: E402
from rollcall.elements.tagger_words import BUCKETS, SLOTS, row, tokens, unlisted  # noqa: E402

WIDE, DEEP = 64, 96
LONGEST = 192  # words of a training text
TARGET = HERE.parents[1] / "src" / "rollcall" / "elements" / "data"
FOLDS = 5


class Net(nn.Module):
    """A sum of vectors for each word, convolutions over words, a label and a role for each word."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(BUCKETS, WIDE) * 0.06)
        self.entry = nn.Conv1d(WIDE, DEEP, 3, padding=1)
        self.layers = nn.ModuleList(nn.Conv1d(DEEP, DEEP, 3, padding=d, dilation=d) for d in REACHES)
        self.labels = nn.Conv1d(DEEP, 6, 1)
        self.staff = nn.Conv1d(DEEP, 1, 1)
        self.drop = nn.Dropout(0.25)

    def vectors(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return the vectors of words given by the numbers of their rows."""
        flat = functional.embedding_bag(numbers.reshape(-1, SLOTS), self.table, mode="sum", padding_idx=0)
        return flat.reshape(*numbers.shape[:2], WIDE)

    def forward(self, vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the scores of labels and of the staff's role for each word."""
        x = self.drop(vectors).transpose(1, 2)
        x = functional.relu(self.entry(x))
        for layer in self.layers:
            x = x + functional.relu(layer(self.drop(x)))
        x = self.drop(x)
        return self.labels(x).transpose(1, 2), self.staff(x)[:, 0]


_ROWS: dict[str, tuple[list[int], list[int]]] = {}


def rows_of(word: str) -> tuple[list[int], list[int]]:
    """Return the row of a word, and its row were it in no table."""
    held = _ROWS.get(word)
    if held is None:
        plain = row(word)
        held = _ROWS[word] = (plain, unlisted(plain) if word[:1].isalpha() else plain)
    return held


def encoded(doc: Doc, rng: random.Random | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (rows, labels, roles) of a text's words; with `rng` as for training, with things blanked at random."""
    words, starts, ends = tokens(doc.text)
    words, starts, ends = words[:LONGEST], starts[:LONGEST], ends[:LONGEST]
    labels = np.zeros(len(words), np.int64)
    roles = np.full(len(words), -1.0, np.float32)
    numbers = np.array([rows_of(word)[0] for word in words], np.int64).reshape(-1, SLOTS)
    for start, end, label in doc.spans:
        inside = [at for at in range(len(words)) if starts[at] < end and ends[at] > start and not words[at].isspace()]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if label == "X":
            labels[first : last + 1] = OTHER
            continue
        labels[first : last + 1] = INSIDE
        labels[first], labels[last] = BEGIN, END
        if first == last:
            labels[first] = SINGLE
        if doc.roles:
            roles[first : last + 1] = label == "S"
    if rng is not None:
        _blank(doc, words, starts, ends, labels, numbers, rng)
    return numbers, labels, roles


def _blank(doc, words, starts, ends, labels, numbers, rng) -> None:  # type: ignore[no-untyped-def]
    for start, end in doc.unlisted:
        for at in range(len(words)):
            if starts[at] >= start and ends[at] <= end and rng.random() < 0.9:
                numbers[at] = rows_of(words[at])[1]
    whole = rng.random() < 0.12  # a text in which the tables are silent about names
    for at in range(len(words)):
        if not words[at][:1].isalpha():
            continue
        named = OUTSIDE != labels[at] != OTHER
        if named and (whole or rng.random() < 0.12):
            numbers[at] = rows_of(words[at])[1]
        draw = rng.random()
        if draw < (0.5 if named else 0.15):
            numbers[at, tagger_words.WORD] = 0
        if rng.random() < 0.03:
            numbers[at, [tagger_words.GIVEN, tagger_words.FAMILY]] = 0


def batches(docs: list[Doc], rng: random.Random, size: int = 3000):  # type: ignore[no-untyped-def]
    """Yield batches of about `size` words of texts of like length."""
    held = [encoded(doc, rng) for doc in docs]
    held = [one for one in held if len(one[1])]
    order = sorted(range(len(held)), key=lambda at: len(held[at][1]) + rng.random() * 12)
    groups, group, longest = [], [], 0
    for at in order:
        longest = max(longest, len(held[at][1]))
        group.append(held[at])
        if longest * len(group) >= size:
            groups.append(group)
            group, longest = [], 0
    if group:
        groups.append(group)
    rng.shuffle(groups)
    for group in groups:
        longest = max(len(one[1]) for one in group)
        numbers = np.zeros((len(group), longest, SLOTS), np.int64)
        labels = np.full((len(group), longest), -100, np.int64)
        roles = np.full((len(group), longest), -1.0, np.float32)
        for at, (a, b, c) in enumerate(group):
            numbers[at, : len(b)], labels[at, : len(b)], roles[at, : len(b)] = a, b, c
        yield torch.from_numpy(numbers), torch.from_numpy(labels), torch.from_numpy(roles)


def texts(labelled: Path, fold: int | None, corpus: int) -> dict[str, list[Doc]]:
    """Return the real labelled texts by their set."""
    threads = sorted((labelled / "cerec_seed_train").iterdir())
    kept = [path for at, path in enumerate(threads) if fold is None or at % FOLDS != fold]
    sets = {
        "wnut": [
            doc
            for name in ("wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated")
            for doc in real.conll(labelled / "wnut17" / name)
        ],
        "btc": [doc for path in sorted((labelled / "btc").iterdir()) for doc in real.conll(path)],
        "wikigold": real.conll(labelled / "wikigold" / "wikigold.conll.txt", iob1=True),
        "presidio": real.presidio(next((labelled / "presidio_generated_large").iterdir())),
        "cerec": [piece for path in kept for piece in real.pieces(real.cerec(path))],
        "corpus": list(of_corpus(1, corpus, "train")),
        "cerec_left": [real.cerec(path) for path in threads if path not in kept],
    }
    return sets


def epoch_of(sets: dict[str, list[Doc]], rng: random.Random, people: Names, made: int) -> list[Doc]:
    """Return the texts of one round: the real ones, some of their people renamed, and made-up ones."""
    docs: list[Doc] = []
    for name, share, times in (
        ("wnut", 0.5, 1),
        ("btc", 0.5, 1),
        ("wikigold", 0.5, 2),
        ("presidio", 0.7, 1),
        ("cerec", 0.5, 4),
    ):
        some = [real.renamed(doc, people, rng, share) for doc in sets[name] * times]
        rng.shuffle(some)
        while some:
            count = rng.choice((1, 1, 2, 3)) if name != "cerec" else 1
            piece, some = some[:count], some[count:]
            doc = joined(piece, rng.choice((" ", "\n", "\n\n"))) if len(piece) > 1 else piece[0]
            docs.append(cased(doc, rng) if rng.random() < 0.5 else doc)
    maker = Maker(rng, frames(held=False), people)
    docs += [maker.doc() for _ in range(made)]
    for doc in sets["corpus"]:
        docs += real.pieces(cased(doc, rng), 20) if len(doc.text) > 500 else [cased(doc, rng)]
    return docs


def found_in(net: Net, docs: list[Doc]) -> list[list[tuple[int, int, float]]]:
    """Return the names that the network finds in each text."""
    net.eval()
    out = []
    with torch.no_grad():
        for doc in docs:
            words, starts, ends = tokens(doc.text)
            if not words:
                out.append([])
                continue
            numbers = torch.tensor([[rows_of(word)[0] for word in words]])
            labels, _ = net(net.vectors(numbers))
            chances = labels[0].softmax(1).double().numpy()
            out.append([(starts[a], ends[b], score) for a, b, score in spans(chances) if score >= 0.5])
    net.train()
    return out


def f1(docs: list[Doc], found: list[list[tuple[int, int, float]]]) -> str:
    """Return precision, recall and F1 of whole names, a final dot aside."""
    right = gold = said = 0
    for doc, names in zip(docs, found, strict=True):
        wanted = {(s, e - doc.text[s:e].endswith(".")) for s, e, label in doc.spans if label in "PS"}
        given = {(s, e - doc.text[s:e].endswith(".")) for s, e, _ in names}
        right, gold, said = right + len(wanted & given), gold + len(wanted), said + len(given)
    p, r = right / max(1, said), right / max(1, gold)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f} of {gold}"


def checks(labelled: Path, sets: dict[str, list[Doc]]) -> dict[str, list[Doc]]:
    """Return the texts to measure on."""
    rng = random.Random(99)
    held_frames = frames(held=True)
    people = Names(rng)
    maker = Maker(rng, held_frames, people)
    held = {}
    for name in ("khmer", "haitian", "ethiopian", "georgian_armenian"):
        others = Maker(rng, held_frames, Names(rng, held=name), people)
        held[name] = [
            others.fill(rng.choice([line for line in held_frames if re.search(r"\{[PGLIA]", line)])) for _ in range(250)
        ]
    return {
        "ewt": real.uner(next((labelled / "uner_en_ewt_dev").iterdir()), "email"),
        "asq": real.asq(next((labelled / "asq_phi_dev").iterdir())),
        "made": [maker.doc() for _ in range(400)],
        "corpus": [doc for doc in of_corpus(77, 250, "development") if doc.text][:400],
        **held,
        "cerec": sets["cerec_left"],
    }


def write(net: Net, to: Path) -> None:
    """Write the table of vectors as whole numbers of a byte, and the network."""
    net = copy.deepcopy(net).eval()
    table = net.table.detach().clone()
    table[0] = 0
    scale = float(table.abs().flatten().kthvalue(int(table.numel() * 0.9999)).values) / 127
    whole = (table / scale).round().clamp(-127, 127)
    with torch.no_grad():
        net.table.copy_(whole * scale)
    layers = {
        name.replace("layers.", "layer"): value.detach().numpy()
        for name, value in net.named_parameters()
        if name != "table"
    }
    to.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        to / "tagger.npz",
        table=whole.to(torch.int8).numpy(),
        scale=np.float32(scale),
        made_for=tagger_words.digest_of_rows(),
        **layers,
    )


def begun(folder: Path) -> Net:
    """Return the network as it was written."""
    net = Net()
    held = np.load(folder / "tagger.npz")
    with torch.no_grad():
        net.table.copy_(torch.from_numpy(held["table"].astype(np.float32) * held["scale"]))
        for name, value in net.named_parameters():
            if name != "table":
                value.copy_(torch.from_numpy(held[name.replace("layers.", "layer")]))
    return net


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--made", type=int, default=12000, help="made-up texts in a round")
    parser.add_argument("--corpus", type=int, default=8000, help="passages of training/corpus")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--rate", type=float, default=3e-3, help="highest rate of learning")
    parser.add_argument("--begin", type=Path, help="go on from what was written to this folder")
    parser.add_argument("--to", type=Path, default=TARGET)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    rng = random.Random(given.seed)
    people = Names(rng)
    sets = texts(given.labelled, given.fold, given.corpus)
    measured = checks(given.labelled, sets)
    net = begun(given.begin) if given.begin else Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.9, 0.98))
    steady, steps = copy.deepcopy(net), 0  # the mean of late weights, which is what is measured and shipped
    schedule = None
    began = time.monotonic()
    for epoch in range(given.epochs):
        docs = epoch_of(sets, rng, people, given.made)
        prepared = list(batches(docs, rng))
        if schedule is None:
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimizer, given.rate, total_steps=int(len(prepared) * given.epochs * 1.01) + 20, pct_start=0.15
            )
        total = 0.0
        for numbers, labels, roles in prepared:
            scores, staff = net(net.vectors(numbers))
            loss = functional.cross_entropy(scores.reshape(-1, 6), labels.reshape(-1), ignore_index=-100)
            told = roles >= 0
            if told.any():
                loss = loss + 0.1 * functional.binary_cross_entropy_with_logits(staff[told], roles[told])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            steps += 1
            keep = min(0.998, 1 - 1 / (1 + steps / 8))
            with torch.no_grad():
                for mean, one in zip(steady.parameters(), net.parameters(), strict=True):
                    mean.lerp_(one, 1 - keep)
            total += float(loss.detach())
        sys.stdout.write(f"{epoch} loss {total / len(prepared):.4f} {time.monotonic() - began:.0f}s\n")
        if epoch % 2 == 1 or epoch == given.epochs - 1:
            for name, docs in measured.items():
                sys.stdout.write(f"  {name:18} {f1(docs, found_in(steady, docs))}\n")
        sys.stdout.flush()
        if given.fold is None or given.to != TARGET:
            write(steady, given.to)


if __name__ == "__main__":
    main()

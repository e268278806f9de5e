"""Made-up, labelled hospital writing to learn from: mails, notes, letters, chats, lists and forms.

    python -m training.corpus passages --seed 1 --n 5

`passages(seed, n)` and `forms(seed, n)` yield `Passage`s: texts with spans, and the people whom the spans are about.
Sentences are put together from the clauses of a grammar (`data/*.toml`), numbers are shaped by made-up organisations,
names come from the Census tables of the package or from a character model of them. Nothing here was taken from the
packs of the demo case, which are what is judged with; nothing here is a real person's.

Every draw belongs to one `share`: "train" or "development". Clauses, label words and names are dealt out between the
two by a hash of their text, so that development shows none of what was trained on, and what is added later moves
nothing. "all" uses everything.
"""

from .forms import forms
from .marked import Marked, Span
from .passage import SHARES, Passage, Person, Text
from .prose import passages

__all__ = ["SHARES", "Marked", "Passage", "Person", "Span", "Text", "forms", "passages"]

"""An invented hospital whose truth is known: its mailboxes, who is in them, and how a list of people is graded.

`make_hospital` writes evidence and truth; `grade` compares a list with the truth. Words and forms are data (`packs/`),
each kind of document is one module of `writers/`, each kind of mail one maker of `makers.py`. Nobody in it exists.
"""

from rollcall.demo.hospital import make_hospital
from rollcall.demo.truth import Truth, load_truth

__all__ = ["Truth", "load_truth", "make_hospital"]

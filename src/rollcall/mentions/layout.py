"""A text part cut into lines, sentences and blocks, so that one can ask what stands near what."""

import bisect
import functools
import re

from rollcall.elements.blocks import blocks
from rollcall.mentions.segments import Segments
from rollcall.mentions.subjects import in_first_person, line_starts, signature_spans, within
from rollcall.model import Part

_SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?:\s|$)|\n[\s>]*\n|\n(?=[\s>]*(?:[-*\u2022]|\d+[.)])\s)")
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|jr|sr|no|dob|approx|[a-z])\.$", re.IGNORECASE)
_SHORT_LINE = 60


class Layout:
    """One part, cut into lines, sentences and blocks."""

    def __init__(self, part: Part) -> None:
        self.part = part
        # A file's name keeps its words apart by other signs; lengths stay, so places hold.
        self.text = re.sub(r"[_.+-]", " ", part.text or "") if part.kind == "names" else part.text or ""
        self.blocks = list(blocks(part.text or ""))
        self._starts = [start for start, _, _ in self.blocks]
        self._by_id = {block: (start, end) for start, end, block in reversed(self.blocks)}
        self._lines = line_starts(self.text)
        self._ends = self._sentence_ends()
        self.signatures = signature_spans(self.text)

    def _sentence_ends(self) -> list[int]:
        ends = []
        for match in _SENTENCE_END.finditer(self.text):
            if match.group()[0] == "." and _ABBREVIATION.search(
                self.text, max(0, match.start() - 8), match.start() + 1
            ):
                continue
            ends.append(match.end())
        start = 0
        for line in self.text.splitlines(keepends=True):
            start += len(line)
            if len(line) < _SHORT_LINE:  # a line that was not wrapped ends what it says
                ends.append(start)
        return sorted(set(ends))

    @functools.cached_property
    def segments(self) -> Segments:
        """Who wrote what: the newest text, and the mails it quotes."""
        return Segments(self.text)

    @functools.cached_property
    def in_first_person(self) -> bool:
        """Whether who writes speaks of themselves."""
        return in_first_person(self.text)

    def sentence(self, position: int) -> int:
        """Return the number of the sentence at a position."""
        return bisect.bisect_right(self._ends, position)

    def sentence_start(self, position: int) -> int:
        """Return where the sentence at a position begins."""
        number = self.sentence(position)
        return self._ends[number - 1] if number else 0

    def sentence_text(self, position: int) -> str:
        """Return the sentence at a position."""
        number, start = self.sentence(position), self.sentence_start(position)
        return self.text[start : self._ends[number] if number < len(self._ends) else len(self.text)]

    def block(self, position: int) -> int:
        """Return the number of the block at a position."""
        return max(0, bisect.bisect_right(self._starts, position) - 1)

    def block_id(self, position: int) -> str:
        """Return the id of the block at a position."""
        return self.blocks[self.block(position)][2] if self.blocks else ""

    def line(self, position: int) -> int:
        """Return where the line at a position begins."""
        return self._lines[bisect.bisect_right(self._lines, position) - 1]

    def words_of(self, block_id: str | None) -> str:
        """Return the text of the first block with an id; "" where there is none."""
        start, end = self._by_id.get(block_id or "", (0, 0))
        return self.text[start:end]

    def in_signature(self, position: int) -> bool:
        """Say whether a position lies in somebody's signature."""
        return within(self.signatures, position)

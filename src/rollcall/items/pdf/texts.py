"""The text of one cell: its lines put together, broken only where they were meant to be."""

from collections.abc import Sequence

from rollcall.items.pdf.words import GAP, Line, Word, joined, segments


def cell_text(lines: Sequence[Line], room: float, unit: float) -> str:
    """Return the lines of a cell as one text: broken only where the next word would have had room.

    `room` is what a line may take, `unit` the width of a character.
    """
    text = ""
    for index, line in enumerate(lines):
        piece = joined_apart(line.words, unit)
        if index:
            above = lines[index - 1].words
            width = above[-1].right - above[0].left
            first = line.words[0]
            fits = width + (first.right - first.left) + 2 * unit < room
            text += "\n" if fits else "" if _hyphened(text, piece) else " "
        text += piece
    return text


def _hyphened(text: str, piece: str) -> bool:
    """Say whether a name or number was broken at its hyphen; in cells words are seldom parted by programs."""
    return len(text) > 1 and text[-1] == "-" and text[-2].isalnum() and piece[:1].isalnum()


def joined_apart(words: Sequence[Word], unit: float) -> str:
    """Return words of one line with wide gaps kept as two spaces."""
    return "  ".join(joined(some) for some in segments(words, 2 * GAP * unit))

"""Printing: results to standard output, as text in columns or as JSON."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any


def print_json(value: Any) -> None:
    """Print one JSON value."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def plain(text: object) -> str:
    """Return a text that a terminal shows as it is: control characters out of evidence would move its cursor."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} else character
        for character in str(text)
    )


def print_columns(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their header, each column as wide as it needs."""
    lines = [list(header), *([plain("" if cell is None else cell) for cell in row] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(header))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def count(n: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def account_sentence(account: dict[str, Any], problems: dict[str, int]) -> str:
    """Return the account a report opens with: "300 items: 290 read, 3 empty; 7 could not be: encrypted 5, ..."."""
    words = [f"{count(account['n_items'], 'item')}: {account['n_read']:,} read"]
    if account["n_empty"]:
        words.append(f"{account['n_empty']:,} empty")
    if account["n_skipped"]:
        words.append(f"{account['n_skipped']:,} skipped by decision")
    sentence = ", ".join(words)
    if account["n_problem"]:
        sentence += f"; {account['n_problem']:,} could not be, or not wholly"
    if problems:
        listed = ", ".join(
            f"{code} {n:,}" for code, n in sorted(problems.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        sentence += f". Open problems: {listed}"
    sentence += "."
    if account["difference"]:
        sentence += f" THE ACCOUNT DOES NOT BALANCE: difference {account['difference']:,}. This list is not final."
    return sentence

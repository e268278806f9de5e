"""Cells that only say that nothing is there."""

from rollcall.findings.forms import NO_VALUE

_PLACEHOLDERS = NO_VALUE | {"#n/a", "(blank)", "---", "nan", "not on file"}


def is_placeholder(text: str) -> bool:
    """Say whether a cell only says that nothing is there."""
    return text.strip(" .*_:").lower() in _PLACEHOLDERS

"""What a column of a table was taken to mean."""

import msgspec


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a column was taken to mean. `element` "" is unmapped."""

    element: str = ""
    subtype: str = ""
    group: str = ""
    hint: str = ""
    confidence: float = 0.0
    why: str = ""

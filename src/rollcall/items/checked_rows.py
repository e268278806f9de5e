"""Rows of a table as it is read: they stop at damage and at the limit, and say so when they have been read."""

import struct
from collections.abc import Iterable, Iterator

from rollcall.items.cells import Row
from rollcall.items.ooxml import BROKEN
from rollcall.items.parser import Fault
from rollcall.items.xml_stream import RefusedError


class CheckedRows:
    """Rows of one table; `faults` is filled as they are read."""

    def __init__(self, rows: Iterable[Row], most: int) -> None:
        self._rows = rows
        self._left = most
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[Row]:
        try:
            for row in self._rows:
                self._left -= len(row[2])
                if self._left < 0:
                    self.faults.append(Fault(code="too_large", detail="more cells than allowed", part=True))
                    return
                yield row
        except RefusedError as error:
            self.faults.append(Fault(code=error.code, detail=error.detail, part=True))
        except (*BROKEN, struct.error) as error:
            self.faults.append(Fault(code="partial", detail=f"sheet: {type(error).__name__}", part=True))

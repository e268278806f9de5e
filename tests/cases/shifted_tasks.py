"""The tasks of another version: its reader counts rows and characters otherwise, its scanner finds one thing more."""

from typing import Any

import msgspec

from rollcall import tasks
from rollcall.engine.work import Task, Work
from rollcall.model import Finding, Part, Record, Row

LEAD = "(a line an older reader left out)\n\n"


class _Through:
    """The work a task is given, with what it emits changed on the way."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)


class _OtherReader(_Through):
    def emit(self, fact: Record) -> None:
        if isinstance(fact, Row):
            fact = msgspec.structs.replace(fact, row=fact.row + 1)
        elif isinstance(fact, Part) and fact.text is not None and fact.kind == "body":
            fact = msgspec.structs.replace(fact, text=LEAD + fact.text)
        self._work.emit(fact)


class _OtherScanner(_Through):
    def emit(self, fact: Record) -> None:
        self._work.emit(fact)
        if isinstance(fact, Finding) and fact.element == "name" and fact.place.row is not None:
            place = msgspec.structs.replace(fact.place, col=(fact.place.col or 0) + 200)
            more = {"element": "other_id", "subtype": "device", "value": f"DEVICE{fact.place.row}", "text": "x"}
            self._work.emit(
                msgspec.structs.replace(fact, place=place, finding_id=self._work.store.seal(fact.finding_id), **more)
            )


def _changed(task: Task) -> Task:
    other = {tasks.OPEN: _OtherReader, tasks.SCAN: _OtherScanner}.get(task.name)
    if other is None:
        return msgspec.structs.replace(task, version=task.version + 1000)
    return msgspec.structs.replace(task, version=task.version + 1000, run=lambda work: task.run(other(work)))


TASKS = tuple(_changed(task) for task in tasks.TASKS)

"""The work that engines hand to workers, by name: read facts, call a stage's pure functions, keep what they say.

Stages know nothing of the store and the store nothing of stages; they meet here. A change of what a task writes needs
a new version of the task, or earlier outcomes are taken for current.
"""

from rollcall.engine.work import Task
from rollcall.tasks.finding import scan_contents
from rollcall.tasks.mentioning import put_rows_together, read_prose
from rollcall.tasks.opening import SOURCES, list_roots, open_contents

__all__ = ["OCR", "OPEN", "PROSE", "ROOTS", "ROWS", "SCAN", "SOURCES", "TASKS"]

ROOTS, OPEN, OCR = "items.roots", "items.open", "items.ocr"
SCAN, ROWS, PROSE = "findings.scan", "mentions.rows", "mentions.prose"

TASKS = (
    Task(name=ROOTS, version=2, run=list_roots, opens=True),
    Task(name=OPEN, version=8, run=open_contents, opens=True),
    Task(name=OCR, version=2, run=open_contents, opens=True),  # pages that are pictures: slow, and may be put off
    Task(name=SCAN, version=15, run=scan_contents),
    Task(name=ROWS, version=8, run=put_rows_together),
    Task(name=PROSE, version=11, run=read_prose),
)

"""Milliseconds a page of drawn PDFs takes, by what is on it: prose, printed lists, tables with rules and without.

Beside each stands what PDFium alone needs to load the page and say its text, on the same machine in the same run.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.items.pdf_drawn import WORDS, Style, draw, random_table  # noqa: E402

from rollcall.demo.writers.pdf import write_pages  # noqa: E402
from rollcall.items.parser import Limits, Table  # noqa: E402
from rollcall.items.parsers import pdf  # noqa: E402
from rollcall.items.readable import MemoryReadable  # noqa: E402

PAGES = 60
ROUNDS = 5


def main() -> None:
    """Draw, read, print the best of some rounds."""
    rng = Random(5)
    prose = [[" ".join(rng.choices(WORDS, k=14)) for _ in range(50)] for _ in range(PAGES)]
    listed = [
        [
            f"{rng.choice(WORDS):<14}{rng.randrange(10**8):>10}  {rng.choice(WORDS):<12}  ${rng.randrange(9999):>6}"
            for _ in range(50)
        ]
        for _ in range(PAGES)
    ]
    rows, align, _ = random_table(Random(3), 40 * PAGES)
    for name, data in (
        ("prose", write_pages(prose, mono=False)),
        ("printed list", write_pages(listed, mono=True)),
        ("table with rules", draw(rows, align, Style(rules="lines")).data),
        ("table without rules", draw(rows, align, Style(rules="none")).data),
    ):
        alone, pages = timed(lambda data=data: text_alone(data))
        ours, _ = timed(lambda data=data: read(data))
        print(f"{name:22} {ours / pages * 1000:6.2f} ms a page, PDFium's text alone {alone / pages * 1000:6.2f}")


def timed(run: Callable[[], int]) -> tuple[float, int]:
    """Return the least seconds of processor a run took, and what it returned."""
    best, found = 1e9, 0
    for _ in range(ROUNDS):
        began = time.process_time()
        found = run()
        best = min(best, time.process_time() - began)
    return best, found


def text_alone(data: bytes) -> int:
    """Read the text with PDFium; return the number of pages."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(data)
    for number in range(len(document)):
        document[number].get_textpage().get_text_range()
    return len(document)


def read(data: bytes) -> int:
    """Read all that is read; return how many values there were."""
    count = 0
    for value in pdf.parse(MemoryReadable(data), Limits()):
        count += sum(1 for _ in value.rows) if isinstance(value, Table) else 1
    return count


if __name__ == "__main__":
    main()

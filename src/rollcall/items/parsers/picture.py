"""A page that is a picture: its text by OCR, with the place of each word, and what could not be made out."""

from collections.abc import Iterator

from rollcall.items.ocr.fast import read_fast
from rollcall.items.ocr.page import UNSURE, Page, read_page
from rollcall.items.parser import Boxes, Fault, Limits, Parser, Text, Yield
from rollcall.items.pixels import PAGE, page_pixels, page_size
from rollcall.items.readable import Readable

DOUBTFUL = 0.1  # of the words on a page: from here a person has to look at it
FEW_WORDS, FEW_LINES, SPARSE = 6, 2, 0.4  # of what may be a logo: words, lines not made out, share of the picture
LINE = 3  # words that a line stands for which could not be made out


def looks_like(untrusted: Readable) -> bool:
    """Decide by the head, which is always written the same way."""
    return page_size(untrusted) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text of the page; a page without any says why it is taken for empty."""
    size = page_size(untrusted)
    if size is None:
        yield Fault(code="corrupt", detail="head of the page")
        return
    if size[1] * size[2] > limits.max_pixels:
        yield Fault(code="too_large", detail=f"{size[1]} x {size[2]} pixels")
        return
    grey = page_pixels(untrusted)
    if grey is None:
        yield Fault(code="truncated", detail="pixels are missing")
        return
    page = (read_fast(grey) if limits.ocr_fast else None) or read_page(grey)
    if page.text:
        yield Text(text=page.text, kind="page", boxes=_boxes(page))
    if page.n_unsure or page.n_unread:
        told = f"{page.n_unsure} of {len(page.words)} words below {UNSURE}; {page.n_unread} lines not made out"
        n_unread = page.n_unread * LINE
        much = page.n_unsure + n_unread >= DOUBTFUL * (len(page.words) + n_unread)
        yield Fault(code="low_score" if much else "few_low_scores", detail=told, part=True)
        if much and _is_sparse(page):
            yield Fault(code="few_letters", detail=f"{len(page.words)} words and no number", part=True)
    elif not page.text:
        yield Fault(code="no_text", detail=page.empty, part=True)


def _is_sparse(page: Page) -> bool:
    """Say whether only a few letters stand on a picture, small beside it, and no number."""
    covered = sum((word.x1 - word.x0) * (word.y1 - word.y0) for word in page.words)
    few = len(page.words) <= FEW_WORDS and page.n_unread <= FEW_LINES
    return few and covered <= SPARSE and not any(map(str.isdigit, page.text))


def _boxes(page: Page) -> Boxes:
    return Boxes(
        turned=page.turned,
        skew=page.skew,
        starts=[word.start for word in page.words],
        ends=[word.end for word in page.words],
        x0=[word.x0 for word in page.words],
        y0=[word.y0 for word in page.words],
        x1=[word.x1 for word in page.words],
        y1=[word.y1 for word in page.words],
        scores=[word.score for word in page.words],
    )


PARSER = Parser(name="picture", version=2, media_types=(PAGE,), looks_like=looks_like, parse=parse)

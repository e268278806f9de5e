"""Bar charts as inline SVG: no script, nothing loaded, readable in print; the numbers stand in a table beside them."""

from collections.abc import Sequence

from markupsafe import Markup

_ROW = 26
_LABEL = 230
_WIDTH = 720
_NUMBER = 78
_CHARACTER = 7.3  # of the label's font, generously; labels are cut so that nothing overlaps


def fit(text: str, width: float) -> str:
    """Return the text cut to what fits in a width, with an ellipsis where it was cut."""
    room = int(width / _CHARACTER)
    return text if len(text) <= room else text[: max(1, room - 1)] + "…"


def bars(title: str, rows: Sequence[tuple[str, int, int]]) -> Markup:
    """Return horizontal bars of (label, all in scope, proven); the proven part is the darker one."""
    most = max((n for _, n, _ in rows), default=0) or 1
    height = _ROW * len(rows) + 4
    room = _WIDTH - _LABEL - _NUMBER
    drawn = [
        Markup(
            '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="100%" preserveAspectRatio="xMinYMin meet">'
        ).format(title, _WIDTH, height)
    ]
    for index, (label, n, proven) in enumerate(rows):
        y = index * _ROW
        middle = y + _ROW / 2 + 4
        drawn.append(
            Markup('<text class="label" x="{}" y="{}" text-anchor="end">{}</text>').format(
                _LABEL - 10, middle, fit(label, _LABEL - 14)
            )
        )
        for number, kind in ((n, "scope"), (proven, "proven")):
            if number:
                drawn.append(
                    Markup('<rect class="{}" x="{}" y="{}" width="{:.1f}" height="{}" rx="2"/>').format(
                        kind, _LABEL, y + 4, max(2.0, room * number / most), _ROW - 8
                    )
                )
        drawn.append(
            Markup('<text class="number" x="{:.1f}" y="{}">{:,}</text>').format(
                _LABEL + max(2.0, room * n / most) + 8, middle, n
            )
        )
    drawn.append(Markup("</svg>"))
    return Markup("\n").join(drawn)

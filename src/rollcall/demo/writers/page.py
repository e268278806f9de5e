"""HTML as mail programs send it: tables pasted from Excel, forms, and running text."""

from html import escape
from random import Random

from rollcall.demo.grid import Grid

MSO = 'style="border:solid windowtext 1.0pt;padding:0in 5.4pt 0in 5.4pt"'


def html_table(rng: Random, grid: Grid) -> str:
    """Return the grid as a table: plain, or with Outlook's clutter."""
    outlook = rng.random() < 0.6
    cell_style = f" {MSO}" if outlook else ""
    width = max((len(line) for line in grid.lines), default=1)
    rows: list[str] = []
    for line in grid.lines:
        if len(line) == 1 and width > 1:
            title = escape(line[0].text if line[0] else "")
            rows.append(f'<tr><td colspan="{width}"{cell_style}><b>{title}</b></td></tr>')
            continue
        cells: list[str] = []
        for col in range(width):
            cell = line[col] if col < len(line) else None
            text = escape(cell.text) if cell and cell.text else "&nbsp;"
            tag = "th" if cell and cell.bold and not outlook else "td"
            inner = f'<p class="MsoNormal">{text}<o:p></o:p></p>' if outlook else text
            cells.append(f"<{tag}{cell_style}>{inner}</{tag}>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return '<table border="1" cellspacing="0" cellpadding="0">\n' + "\n".join(rows) + "\n</table>"


def html_pairs(pairs: list[tuple[str, str | None]]) -> str:
    """Return labels and values as a table of two columns."""
    rows = [
        f"<tr><td>{escape(label)}:</td><td>{escape(value)}</td></tr>"
        if value is not None
        else f'<tr><td colspan="2"><b>{escape(label)}</b></td></tr>'
        for label, value in pairs
    ]
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def html_text(text: str) -> str:
    """Return running text as HTML paragraphs."""
    lines = [f"<div>{escape(line) if line.strip() else '<br>'}</div>" for line in text.split("\n")]
    return "\n".join(lines)


def html_page(body: str) -> str:
    """Return a whole page around a body."""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" '
        'content="text/html; charset=utf-8"><style><!-- p.MsoNormal {margin:0in;font-size:11.0pt;} --></style></head>'
        f'<body lang="EN-US" link="#0563C1">\n{body}\n</body></html>'
    )

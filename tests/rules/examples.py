"""Reads the tables of worked examples in docs/rules, so that the prose and the code can't drift apart."""

from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "rules"

Row = dict[str, str]


def rows(page: str, *columns: str) -> list[Row]:
    """The rows of the one table on a page that has exactly these columns."""
    found = [table for table in tables((PAGES / f"{page}.md").read_text()) if tuple(table[0]) == columns]
    if len(found) != 1:
        raise LookupError(f"{len(found)} tables with {columns} on {page}.md")
    return [dict(zip(columns, cells, strict=True)) for cells in found[0][1:]]


def tables(text: str) -> list[list[list[str]]]:
    """Every table of a page: its rows with their cells, the columns first."""
    tables: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
        elif not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            tables[-1].append(cells) if inside else tables.append([cells])
            inside = True
    return tables


def cents(amount: str) -> int:
    """ "10.00" as 1000."""
    whole, _, fraction = amount.lstrip("-").partition(".")
    value = int(whole) * 100 + int(fraction or 0)
    return -value if amount.startswith("-") else value

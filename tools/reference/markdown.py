"""Small pieces of Markdown, safe for any text the code holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Text for one table cell: on one line, with nothing that would end the cell or start a tag."""
    plain = " ".join(str(text).split())
    return plain.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def code(text: object) -> str:
    """Text as code inside a table cell; nothing for nothing."""
    plain = " ".join(str(text).split()).replace("|", "\\|")
    if not plain:
        return ""
    fence = "``" if "`" in plain else "`"
    return f"{fence} {plain} {fence}" if fence == "``" else f"`{plain}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are given ready (see `cell` and `code`)."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def page(title: str, intro: str, *parts: str) -> str:
    """A whole page that says where it came from."""
    head = f"# {title}\n\n<!-- Written by `make fix` from the code. Do not edit. -->\n\n{intro.strip()}\n"
    return "\n".join([head, *(part.strip("\n") + "\n" for part in parts)])

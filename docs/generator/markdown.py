"""The little Markdown that the pages are written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_DATA = "schemas/"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a `|` in a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def code(text: str) -> str:
    """A text as it stands in a file, blanks included."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Several such texts, in their order."""
    return ", ".join(map(code, texts))


def link(text: str, target: str) -> str:
    """A link; the target is relative to the page."""
    return f"[{text}]({target})"


def page(*parts: str) -> str:
    """A page made from the schemas: its parts, a blank line between two, under the line that says so."""
    return page_from(_DATA, *parts)


def page_from(data: str, *parts: str) -> str:
    """The same, made from other data of the project."""
    generated = f"<!-- Made from {data} by `make docs`: change the data, not this page. -->"
    return "\n\n".join(part.strip("\n") for part in (generated, *parts) if part) + "\n"

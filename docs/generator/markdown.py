"""The little Markdown that the pages are written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Made from schemas/ by `make docs`: change the data, not this page. -->"


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
    """The parts of a page, a blank line between two, under the line that says where it comes from."""
    return "\n\n".join(part.strip("\n") for part in (GENERATED, *parts) if part) + "\n"

"""The generated pages: `make docs` writes them.

From `schemas/`: `docs/formats/`, `docs/couverture.md`, `docs/regles.md`. From `benchmarks/results/`:
`docs/performances.md` and its charts, `docs/oct.md`. `pages` is a pure function of these data: the same layouts give
the same text, so a test compares it with the files.
"""

from __future__ import annotations

from docs.generator import codes_page, coverage_page, edition_page, index_page, oct_page, performance_page, rules_page
from docs.generator.sources import all_editions

FOLDER = "docs/formats"


def pages() -> dict[str, str]:
    """The text of every generated page, by its path in the project."""
    found = {
        f"{FOLDER}/README.md": index_page.text(),
        f"{FOLDER}/codes.md": codes_page.text(),
        "docs/couverture.md": coverage_page.text(),
        "docs/regles.md": rules_page.text(),
        "docs/oct.md": oct_page.text(),
    }
    found |= performance_page.texts()
    for one in all_editions():
        found[f"{FOLDER}/{one.page}"] = edition_page.text(one)
    return found

"""The page that says what is covered, from which source, with what confidence; and what is not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docs.generator.markdown import code, link, page, table
from docs.generator.sources import CONFIDENCE, Documented, all_editions, code_lists, confidences, missing
from docs.generator.wording import positions
from fse.norm.layout import Field, Layout

_COUNTS = ("Fields", *CONFIDENCE)


def text() -> str:
    """The page."""
    return page(
        "# Coverage",
        "What `fse` reads and writes of each format, field by field, and what it does not. What each confidence means, "
        "and what the keys of the sources are: [sources](sources.md). Positions, kinds and codes: "
        "[formats](formats/README.md). Fillers count as fields: every position of a record belongs to one. Positions "
        "are those of the sources; `choix` marks a field whose meaning, default or reading is ours.",
        "Parts: [summary](#summary) · [records](#records) · [code lists](#code-lists) · [not covered](#not-covered) · "
        "[each field](#each-field)",
        f"## Summary\n\n{_summary()}",
        "## Records",
        *(f"### {one.name}\n\n{_records(one)}" for one in all_editions()),
        f"## Code lists\n\n{_lists()}",
        "## Not covered",
        "Written by hand in [schemas/layouts/non_couvert.toml](../schemas/layouts/non_couvert.toml).",
        *_missing(),
        "## Each field",
        "Per record, the fields that share a source and a confidence. A record that an edition inherits unchanged "
        "stands once, in the edition that it comes from.",
        *(f"### Fields of {one.name}\n\n{_fields(one)}" for one in all_editions()),
    )


def _summary() -> str:
    rows = []
    for one in all_editions():
        layouts = one.layouts.values()
        counts = sum((confidences(layout.champs) for layout in layouts), Counter[str]())
        structure = "inferred" if one.edition.structure_supposee else "established"
        rows.append((link(code(one.name), f"formats/{one.page}"), str(len(layouts)), structure, *_numbers(counts)))
    return table(("Edition", "Records", "Tree", *_COUNTS), rows)


def _records(one: Documented) -> str:
    rows = []
    for type, layout in one.layouts.items():
        name = link(code(type), f"formats/{one.page}#{type.lower()}")
        origin = f"as in {code(one.parent.nom)}" if one.parent and one.inherits(type) else ""
        rows.append((name, layout.libelle, origin, *_numbers(confidences(layout.champs))))
    return table(("Record", "Name", "Inherited", *_COUNTS), rows)


def _lists() -> str:
    rows = []
    for name, lines in code_lists().items():
        counts = Counter(line["confiance"] for line in lines)
        rows.append((link(code(name), f"formats/codes.md#{name}"), *_numbers(counts)))
    return table(("List", "Codes", *CONFIDENCE), rows)


def _numbers(counts: Counter[str]) -> tuple[str, ...]:
    """The total, then the count of each confidence; zero is left blank."""
    return str(counts.total()), *(str(counts[one] or "") for one in CONFIDENCE)


def _missing() -> Iterator[str]:
    """One table a family, in the order in which the file names them."""
    entries = missing()
    for family in dict.fromkeys(one["famille"] for one in entries):
        rows = [
            (one["quoi"], one["pourquoi"], one["effet"], one["source"]) for one in entries if one["famille"] == family
        ]
        yield f"### Not covered: {family}\n\n" + table(("What", "Why", "What `fse` does", "Source"), rows)


def _fields(one: Documented) -> str:
    kept = [layout for type, layout in one.layouts.items() if not one.inherits(type)]
    lines = "\n".join(_record_fields(layout) for layout in kept)
    return lines or "All records are inherited unchanged."


def _record_fields(layout: Layout) -> str:
    groups: dict[tuple[int, str], list[Field]] = {}
    for field in layout.champs:
        groups.setdefault((CONFIDENCE.index(field.confiance), field.source), []).append(field)
    lines = [f"- {code(layout.type)} {layout.libelle}"]
    for (rank, source), champs in sorted(groups.items(), key=lambda item: item[0]):
        named = ", ".join(f"{positions(field)} {field.nom}" for field in champs)
        lines.append(f"  - **{CONFIDENCE[rank]}**, {source}: {named}")
    return "\n".join(lines)

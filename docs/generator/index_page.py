"""The index of the formats: which edition reads which file, and the words of the other pages."""

from __future__ import annotations

from docs.generator.markdown import code, link, page, table
from docs.generator.sources import all_editions
from docs.generator.wording import KINDS, condition


def text() -> str:
    """The page."""
    return page(
        "# Formats",
        "One page an edition, made from the same data that `fse` reads and writes with. Beside them: "
        "[the code lists](codes.md), [what is covered and what is not](../couverture.md), "
        "[the sources and their confidence](../sources.md).",
        _editions(),
        "A file has one edition: the first, in this order, whose conditions hold on its envelope and on its first lot "
        "header; else the first whose conditions hold on the envelope, with the finding `edition.desaccord` on the "
        "lot. No edition at all is the finding `edition.inconnue`.",
        "To see the positions of a file of your own: `fse lire --regle FICHIER`.",
        f"## Words of the tables\n\n{_words()}",
        f"## Kinds\n\n{_kinds()}",
    )


def _editions() -> str:
    rows = []
    for one in all_editions():
        asked = [*one.edition.reconnaissance, *one.edition.reconnaissance_lot]
        rows.append(
            (
                link(code(one.name), one.page),
                one.edition.libelle,
                ", ".join(f"{code(each.champ)} {condition(each)}" for each in asked),
                code(one.parent.nom) if one.parent else "",
                str(len(one.layouts)),
            )
        )
    return table(("Edition", "What it is", "Conditions", "Inherits", "Records"), rows)


def _words() -> str:
    return table(
        ("Word", "Meaning"),
        [
            ("Positions", "first and last character in the record, counted from 1, both included"),
            ("Field", "its name in the data, in `fse lire --format json` and in findings"),
            ("Kind", "how `fse` reads the field, `A` or `N` (not the norm's own letter), then its kind (below)"),
            ("Presence", "`O` mandatory, `F` optional (left out: zeros if `N`, blanks if `A`)"),
            ("Content", "what may or will stand there: a constant, a code list, what we write when nothing is given"),
            ("Source", "where the position was seen: [sources](../sources.md)"),
            ("Confidence", "`3src`, `2src`, `1src`, `deduit`, `memoire`, `choix`: [sources](../sources.md)"),
        ],
    )


def _kinds() -> str:
    return table(("Kind", "Class", "How it is written"), [(code(name), *said) for name, said in KINDS.items()])

"""The page of all code lists, one heading a list: what layouts link to."""

from __future__ import annotations

from docs.generator.markdown import code, link, page, table
from docs.generator.sources import code_lists, fields_using

_TITLES = {
    "code": "Code",
    "libelle": "Label",
    "precision": "Next three digits",
    "cause": "Cause",
    "action": "Next action",
    "famille": "Family",
    "suite": "What becomes of the lot",
    "debut": "From",
    "fin": "To",
    "source": "Source",
    "confiance": "Confidence",
}
"""The columns of the lists in English; one that is not here keeps its own name."""
_CODES = ("code", "precision")


def text() -> str:
    """The page."""
    lists = code_lists()
    return page(
        "# Code lists",
        "One CSV file a list in [schemas/codes/](../../schemas/codes/). Labels are French: they are what people read "
        "on the screen. `From` and `To` bound the validity of a code, both days included; blank is unbounded, and both "
        "columns are left out of a list that has no date.",
        "A code that is not in its list is kept and reported (`champ.code_inconnu`), except where the list is *open*: "
        "known to be incomplete, it gives labels and refuses nothing.",
        "A reject code, [rejets](#rejets), has four digits then three that may be missing; the national table is not "
        "public and an unknown code is shown as it is. Those that start with `99` are invented for tests.",
        "No cause of refusal of a lot is public: all of [causes_arl](#causes_arl) are ours. `renvoi`: the lot leaves "
        "again unchanged; `relot`: its invoices go into a new lot, but the one that the ARL names; `aucune`: it is "
        "there already.",
        ", ".join(link(name, f"#{name}") for name in lists),
        *(_list(name, lines) for name, lines in lists.items()),
    )


def _list(name: str, lines: list[dict[str, str]]) -> str:
    """One list, without its columns that are blank everywhere."""
    columns = [column for column in lines[0] if any(line[column] for line in lines)]
    rows = [[_cell(column, line[column]) for column in columns] for line in lines]
    return f"## {name}\n\n{_use(name)}\n\n" + table([_TITLES.get(column, column) for column in columns], rows)


def _cell(column: str, text: str) -> str:
    return code(text) if text and column in _CODES else text


def _use(name: str) -> str:
    """Which fields a list serves, an edition after the other."""
    places: dict[str, list[str]] = {}
    opened = False
    for one, type, field in fields_using(name):
        target = f"{one.page}#{type.lower()}"
        places.setdefault(one.name, []).append(f"{link(code(type), target)} {code(field.nom)}")
        opened = opened or field.ouverte
    served = "; ".join(f"{edition}: {', '.join(fields)}" for edition, fields in places.items())
    return ("Open list. " if opened else "") + (f"Serves {served}." if served else "Read by name, not through a field.")

"""What a CFONB statement must hold together: one account, dates and amounts that read, balances that add up."""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, Place, finding
from fse.norm.codec.cfonb.reading import Assembly
from fse.norm.codec.checking import row_place
from fse.norm.codec.statements import statement_findings
from fse.norm.layout import Edition, EntityRow, FileEnd

_ACCOUNT = ("banque", "guichet", "devise", "decimales", "compte")
"""What every record of a statement repeats."""


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields that neither the balances nor a repetition cover, by record type: labels, dates, references."""
    covered = {*_ACCOUNT, "solde", "montant"}
    return {
        type: [field.nom for field in layout.champs if field.is_input and field.nom not in covered]
        for type, layout in edition.layouts.items()
    }


class CfonbChecks:
    """Follows one statement."""

    def __init__(self, edition: Edition) -> None:
        self._assembly = Assembly(edition)
        self._first: EntityRow | None = None
        self._octet = 0

    def row(self, row: EntityRow) -> Iterator[Finding]:
        self._assembly.add(row)
        if row.layout is None:
            return
        if self._first is None:
            self._first = row
        elif any(row.valeurs[name] != self._first.valeurs[name] for name in _ACCOUNT):
            yield finding("banque.compte_discordant", row_place(row))

    def end(self, end: FileEnd) -> Iterator[Finding]:
        place = Place(octet=self._first.octet if self._first else end.octet)
        if not end.complet:
            return  # said already; there is nothing to compare
        statement = self._assembly.statement()
        if statement is None:
            yield finding("banque.illisible", place)
        else:
            yield from statement_findings(statement, place)


checks_of = CfonbChecks

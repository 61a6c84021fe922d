"""Return lines and transfers as the matching keeps them, by the name that a person gives. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from fse.infra.journal.schema.derived import METADATA
from fse.infra.journal.transaction import Reading

_LIGNE = METADATA.tables["ligne_retour"]
_APPARIEMENT = METADATA.tables["appariement"]
_VIREMENT = METADATA.tables["virement"]

_AFTER_DIGITS = "g"
"""Comes after every hexadecimal digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneRow:
    """A return line: `numero` is the one it names (0: none that reads), `hors_numero` its file then, else "".

    `paye` in centimes, `date_comptable` in days. `politique`, `facture` (number) and `prestataire` say with which
    invoice it is matched; `None` when it is not.
    """

    fichier: str
    rang: int
    numero: int
    hors_numero: str
    date_comptable: int
    paye: int
    politique: str | None
    prestataire: str | None
    facture: int | None


def find_lines(reading: Reading, debut: str, rang: int) -> list[LigneRow]:
    """The lines of this rank in the files whose digest starts so (hexadecimal digits)."""
    line, match = _LIGNE.c, _APPARIEMENT.c
    query = (
        select(
            line.fichier,
            line.rang,
            line.numero,
            line.hors_numero,
            line.date_comptable,
            line.paye,
            match.politique,
            match.prestataire,
            match.numero.label("facture"),
        )
        .outerjoin_from(
            _LIGNE,
            _APPARIEMENT,
            (match.cabinet == line.cabinet) & (match.fichier == line.fichier) & (match.rang == line.rang),
        )
        .where(
            line.cabinet == reading.cabinet,
            line.fichier >= debut,
            line.fichier < debut + _AFTER_DIGITS,
            line.rang == rang,
        )
        .order_by(line.fichier)
    )
    return [LigneRow(**row) for row in reading.connection.execute(query).mappings()]


def find_transfers(reading: Reading, debut: str, rang: int) -> list[str]:
    """The files whose digest starts so and that announce a transfer at this rank."""
    here = _VIREMENT.c
    query = select(here.fichier).where(
        here.cabinet == reading.cabinet, here.fichier >= debut, here.fichier < debut + _AFTER_DIGITS, here.rang == rang
    )
    return list(reading.connection.execute(query.order_by(here.fichier)).scalars())

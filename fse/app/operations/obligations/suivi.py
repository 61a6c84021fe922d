"""The duties of the speech therapists of a practice on a day, those that a person closed included."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.historique import past_of
from fse.app.operations.cotation.seances import bareme_of
from fse.app.operations.practice import Practice
from fse.base.dates import from_days
from fse.domain.cotation.ngap.obligations import ORTHOPHONISTE, LigneFacturee, ObligationDue, due
from fse.domain.cotation.ngap.orthophonie import LETTRE
from fse.infra.journal import Reading
from fse.infra.journal.facts.obligations import ObligationFaiteRow, closed
from fse.infra.journal.facts.soins import soins_of_prestataire


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A duty. `nature` is its rule, `numero` the invoice that it follows, `depuis` the day on which it arose.

    `etat`: "a_faire", "faite" or "sans_objet"; then `close_le`, by `auteur`, `motif` for what had no reason to be.
    """

    nature: str
    prestataire: str
    numero: int
    depuis: date
    libelle: str
    action: str
    article: str
    etat: str
    close_le: date | None
    auteur: str
    motif: str

    @property
    def a_noter(self) -> str:
        """How a person says that it is done."""
        return f"Une fois fait : fse obligation faite NUMERO {self.nature}"


def suivre_obligations(
    practice: Practice,
    *,
    le: date | None = None,
    praticiens: Collection[str] | None = None,
    toutes: bool = False,
) -> list[Obligation]:
    """What is to do, oldest first; `toutes`: what a person closed too. Reads only."""
    today = practice.day(le)
    with practice.journal.reading() as reading:
        found = obligations_of(reading, practice.cabinet, today)
    wanted = [one for one in found if praticiens is None or one.prestataire in praticiens]
    return [one for one in wanted if toutes or one.etat == "a_faire"]


def obligations_of(reading: Reading, cabinet: Cabinet, today: date) -> list[Obligation]:
    """Every duty of the practice on a day, oldest first."""
    known = closed(reading)
    return [_told(one, known.get(one.key)) for one in due_of(reading, cabinet, today)]


def due_of(reading: Reading, cabinet: Cabinet, today: date) -> list[ObligationDue]:
    """The duties that follow from what was billed, whoever of the practice treated the patient."""
    territoires = {one.territoire for one in cabinet.prestataires if one.profession == ORTHOPHONISTE}
    found = [
        one
        for territoire in sorted(territoires)
        for one in due(
            _lines(reading, cabinet, territoire), bareme_of(territoire, cabinet.profil, cabinet.cotation.regime), today
        )
    ]
    return sorted(found, key=lambda one: (one.depuis, one.prestataire, one.numero))


def _lines(reading: Reading, cabinet: Cabinet, territoire: str) -> Iterator[LigneFacturee]:
    for prestataire in cabinet.prestataires:
        if (prestataire.profession, prestataire.territoire) != (ORTHOPHONISTE, territoire):
            continue
        for one in soins_of_prestataire(reading, prestataire.numero, LETTRE):
            yield LigneFacturee(one.soin.numero, one.racine, past_of(one))


def _told(one: ObligationDue, row: ObligationFaiteRow | None) -> Obligation:
    return Obligation(
        nature=one.nature,
        prestataire=one.prestataire,
        numero=one.numero,
        depuis=one.depuis,
        libelle=one.libelle,
        action=one.action,
        article=one.article,
        etat="a_faire" if row is None else row.verdict,
        close_le=None if row is None else from_days(row.faite_le),
        auteur="" if row is None else row.auteur,
        motif="" if row is None else row.motif,
    )

"""The share of social contributions with the figures of the draft convention, for a file of indicators.

The fees are those of the file, which the fund counts, else those that the journal holds: without overruns; in an
option, those of the lines at the opposable tariff alone (articles 37 and 46). What somebody else did for the
prestataire (a replacement, an adjoint, an assistant) gives no share (articles 32 and 73).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from fse.app.operations.incitation.declaration import Cotisations
from fse.base.dates import to_days
from fse.domain.incitation.contributions import Assiette, Participation, Taux, participation
from fse.domain.incitation.versements import Versements
from fse.infra.journal.facts.soins import fees
from fse.infra.journal.transaction import Reading
from fse.norm.referentiels.parametres import PARTOUT, PROJET_2011, parametre

_OPTIONS = frozenset({"option-coordination", "secteur-optionnel"})
_POUR_MILLE, _DIX_MILLIEMES = 1000, 10_000


def billed(reading: Reading, prestataire: str, secteur: str, annee: int) -> int:
    """The fees of a prestataire's own care that the journal holds of a year, in centimes, by the day of care.

    What is billed, rejected or unpaid too: article 73 says "perçus", which the returns alone do not tell.
    """
    first, last = (to_days(date(annee, *day)) for day in ((1, 1), (12, 31)))
    own = (prestataire, prestataire, "")
    known = fees(reading, first, last, [prestataire])
    lines = [one for one in known if (one.prestataire, one.executant, one.remplacant) == own]
    if secteur in _OPTIONS:
        return sum(one.honoraires for one in lines if not one.au_dessus)
    return sum(one.base if one.au_dessus else one.honoraires for one in lines)


def estimate(cotisations: Cotisations, comptes: int, versements: Versements, annee: int) -> Participation:
    """On the fees, `comptes` being those of the journal, and the duty forfaits that the returns paid, or that
    the file says were paid otherwise.

    Raises `UsageError` (`parametre.absent`).
    """
    paid = sum(one.recu for one in versements.lignes if one.attendu.nature.startswith("pdsa-"))
    day = date(annee, 12, 31)
    return participation(
        Assiette(
            statut=cotisations.statut,
            secteur=cotisations.secteur,
            honoraires=comptes if cotisations.honoraires is None else cotisations.honoraires,
            forfaits=paid,
            forfaits_hors_retours=cotisations.forfaits_hors_retours,
            plafond=cotisations.plafond,
            asv=cotisations.asv,
            cotisation_maladie=cotisations.cotisation_maladie,
        ),
        Taux(
            maladie=_rate("participation_maladie", day, _POUR_MILLE),
            allocations=_rate("participation_allocations", day, _POUR_MILLE),
            allocations_au_dela=_rate("participation_allocations_au_dela", day, _POUR_MILLE),
            asv=_rate("participation_asv", day, _DIX_MILLIEMES),
        ),
    )


def _rate(nom: str, le: date, parts: int) -> Fraction:
    """`parts`: in how many the unit of the parameter divides a whole."""
    return Fraction(parametre(nom, le, PARTOUT, regime=PROJET_2011).valeur, parts)

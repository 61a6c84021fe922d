"""What takes the acts of an invoice out of the scope of the incentives (regles.md C.1), as it is secured."""

from __future__ import annotations

from datetime import date
from typing import Literal

from fse.domain.incitation.nourrissons import under_three_months
from fse.infra.journal.facts.exclusions import ExclusionRow
from fse.norm.model.saisie import Saisie


def exclusions_of(saisie: Saisie, numero: int) -> list[ExclusionRow]:
    """Those of an invoice: state medical aid and absence as they are declared, infants by their birth date.

    A birth date with a lunar month tells no age: nothing is excluded by it.
    """
    declared: dict[Literal["ame", "hors-presence", "nourrisson"], bool] = {
        "ame": saisie.contexte.ame or (saisie.soins is not None and saisie.soins.tiers_payant == "ame"),
        "hors-presence": saisie.hors_presence,
    }
    facture = saisie.facture
    found = [
        ExclusionRow(prestataire=facture.prestataire, numero=numero, ligne=0, motif=motif)
        for motif, held in declared.items()
        if held
    ]
    naissance = facture.beneficiaire.date_naissance
    for ligne, one in enumerate(facture.prestations, start=1):
        if _infant(naissance, one.date_soins):
            found.append(ExclusionRow(prestataire=facture.prestataire, numero=numero, ligne=ligne, motif="nourrisson"))
    return found


def _infant(naissance: str, le: date) -> bool:
    """`naissance` AAMMJJ as the card gives it: its century is that of the care, or the one before."""
    year, month, day = (int(naissance[at : at + 2]) for at in (0, 2, 4))
    for century in (le.year // 100, le.year // 100 - 1):
        try:
            born = date(century * 100 + year, month, day)
        except ValueError:
            continue
        if born <= le:
            return under_three_months(born, le)
    return False

"""Who treats and who is asked to pay, as an invoice and the description of the practice say it."""

from __future__ import annotations

from dataclasses import replace

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.exercice import practice_at
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.situation import PriseEnCharge
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance


def practice_of(cabinet: Cabinet, saisie: Saisie, seance: Seance) -> Exercice:
    """How the one who did the acts of a session practises that day; of who bills, when nothing else is known."""
    numero = seance.executant or saisie.facture.prestataire
    prestataire = cabinet.prestataire(numero) or cabinet.prestataire(saisie.facture.prestataire)
    if prestataire is None:
        return Exercice()
    exercice = practice_at(cabinet, prestataire, seance.date_soins)
    replacing = saisie.remplacant is not None and seance.executant in (None, saisie.remplacant)
    return replace(exercice, condition="remplacant") if replacing else exercice


def coverage_of(saisie: Saisie) -> PriseEnCharge:
    """Who is asked to pay, by what right, and what the card or the service said."""
    facture, contexte, soins = saisie.facture, saisie.contexte, saisie.soins
    return PriseEnCharge(
        destinataire=facture.destinataire_reglement,
        tiers_payant=(soins.tiers_payant if soins else None) or "",
        attestation=soins.attestation if soins else False,
        amc=facture.amc is not None,
        source=contexte.source,
        opposition=contexte.opposition,
        droits=contexte.periodes_droits,
        medecin_traitant=contexte.medecin_traitant or "",
        mode=saisie.mode,
    )

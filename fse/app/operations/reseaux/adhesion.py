"""The membership of the patient of an ordinary invoice, as the rules of pricing want it."""

from __future__ import annotations

from fse.app.operations.cabinet import Cabinet
from fse.base.findings import Finding, Place, finding
from fse.domain.cotation.prestations.reseaux import Adhesion
from fse.norm.model.saisie import Saisie
from fse.norm.model.tiers_payant import PARTS_REGLEES


def adhesion_of(cabinet: Cabinet, saisie: Saisie) -> tuple[Adhesion | None, list[Finding]]:
    """The membership that an invoice states, or that its network is not known here (`reseau.inconnu`)."""
    said = saisie.soins.adhesion_reseau if saisie.soins is not None else None
    if said is None:
        return None, []
    reseau = cabinet.reseau(said.reseau)
    if reseau is None:
        place = Place(type="facture", champ="soins/adhesion_reseau/reseau")
        lieu = f"Facture « {saisie.reference} »"
        return None, [finding("reseau.inconnu", place, lieu=lieu, reseau=said.reseau)]
    paid = "AMO" in PARTS_REGLEES[saisie.facture.destinataire_reglement]
    return Adhesion(reseau=reseau, debut=said.debut, fin=said.fin, tiers_payant=paid), []

"""One invoice priced: its sessions in their order, each knowing what the ones before it billed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.historique import Passe, billed, soins_of
from fse.base.findings import Finding, Place, finding
from fse.base.money import format_euros
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.dossier import place_in
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import Situation, SoinPasse, executant_of
from fse.norm.model.saisie import Saisie


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureCotee:
    """An invoice priced. `saisie` has the lines that its sessions give; `soins` are these, as later rules count them.

    `seances` is empty when the document gives no care to price: its lines are then those that it gives.
    """

    saisie: Saisie
    seances: tuple[SeanceCotee, ...]
    soins: tuple[SoinPasse, ...]
    constats: tuple[Finding, ...]


def price_invoice(cabinet: Cabinet, saisie: Saisie, passe: Passe) -> FactureCotee:
    """Price the care of an invoice; lines given besides that differ from it are a finding (`cotation.ecart`).

    Its lines are of the past of what `passe` tells from then on.
    """
    facture = saisie.facture
    patient = passe.patient(facture)
    if saisie.soins is None:
        soins = tuple(soins_of(facture.prestataire, patient, ((None, "", one) for one in facture.prestations)))
        passe.add(soins)
        return FactureCotee(saisie=saisie, seances=(), soins=soins, constats=())
    prestataire = cabinet.prestataire(facture.prestataire)
    if prestataire is None or not prestataire.profession:
        place = Place(type="facture", champ="prestataire")
        constat = finding("cotation.profession_absente", place, facture=saisie.reference)
        return FactureCotee(saisie=saisie, seances=(), soins=(), constats=(constat,))
    bareme = Bareme(prestataire.territoire, cabinet.profil)
    situation = Situation(
        prestataire=facture.prestataire,
        profession=prestataire.profession,
        patient=patient,
        date_naissance=facture.beneficiaire.date_naissance,
        nature_assurance=facture.nature_assurance,
        exoneration=facture.exoneration,
        taux=saisie.soins.taux,
        taux_amc=saisie.soins.taux_amc,
    )
    cotees: list[SeanceCotee] = []
    soins = ()
    constats: list[Finding] = []
    for rang, seance in enumerate(saisie.soins.seances, start=1):
        past = passe.of(patient, executant_of(seance, situation), seance.date_soins)
        cotee = price(seance, situation, past, bareme)
        cotees.append(cotee)
        added = tuple(soins_of(facture.prestataire, patient, billed([seance], [cotee])))
        passe.add(added)
        soins += added
        constats.extend(place_in(one, saisie.reference, rang) for one in cotee.constats)
    prestations = tuple(one for _, _, one in billed(saisie.soins.seances, cotees))
    if facture.prestations and facture.prestations != prestations:
        constats.append(_gap(saisie, sum(one.honoraires for one in prestations)))
    priced = replace(saisie, facture=replace(facture, prestations=prestations))
    return FactureCotee(saisie=priced, seances=tuple(cotees), soins=soins, constats=tuple(constats))


def _gap(saisie: Saisie, attendu: int) -> Finding:
    return finding(
        "cotation.ecart",
        Place(type="facture", champ="prestation"),
        facture=saisie.reference,
        total=format_euros(saisie.facture.total_honoraires),
        attendu=format_euros(attendu),
    )

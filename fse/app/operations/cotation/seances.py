"""The care of one invoice priced: its sessions in their order, each knowing what the ones before it billed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.circonstances import situation_of
from fse.app.operations.cotation.ecart import check_lines_given
from fse.app.operations.cotation.entete import check_header
from fse.app.operations.cotation.facture import FactureCotee
from fse.app.operations.cotation.historique import Passe, as_past, billed
from fse.app.operations.reseaux.adhesion import adhesion_of
from fse.base.findings import Place, finding
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.dossier import place_in
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.medecins.parcours import indicator
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import SEMAINE, SoinPasse, executant_of
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Soins
from fse.norm.model.validated import ModelError
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, Regime
from fse.norm.referentiels.profils import Profil


def price_care(cabinet: Cabinet, saisie: Saisie, care: Soins, patient: str, passe: Passe) -> FactureCotee:
    """Price the care of an invoice; lines given besides that differ from it are a finding (`cotation.ecart`)."""
    facture = saisie.facture
    prestataire = cabinet.prestataire(facture.prestataire)
    if prestataire is None or not prestataire.profession:
        place = Place(type="facture", champ="prestataire")
        constat = finding("cotation.profession_absente", place, facture=saisie.reference)
        return FactureCotee(saisie=saisie, seances=(), soins=(), constats=(constat,))
    bareme = bareme_of(prestataire.territoire, cabinet.profil, cabinet.cotation.regime)
    adhesion, unknown = adhesion_of(cabinet, saisie)
    autour = SEMAINE if prestataire.profession == "medecin" else 0
    cotees: list[SeanceCotee] = []
    soins: tuple[SoinPasse, ...] = ()
    found = [*check_header(cabinet, saisie), *unknown]
    for rang, seance in enumerate(care.seances, start=1):
        situation = situation_of(cabinet, saisie, seance, patient, adhesion)
        past = passe.of(patient, executant_of(seance, situation), seance.date_soins, saisie, autour)
        cotee = price(seance, situation, past, bareme)
        cotees.append(cotee)
        added = tuple(as_past(saisie, patient, billed([seance], [cotee])))
        passe.add(facture, added)
        soins += added
        found.extend(place_in(one, saisie.reference, rang) for one in cotee.constats)
    prestations = tuple(one.prestation for one in billed(care.seances, cotees))
    found.extend(check_lines_given(saisie, cotees))
    if cabinet.cotation.regime != DROIT:
        place = Place(type="facture", champ="soins")
        found.append(finding("cotation.selon_projet", place, facture=saisie.reference, projet=EN_PROJET))
    try:
        priced = replace(_with_indicator(saisie, care), facture=replace(facture, prestations=prestations))
    except ModelError:
        place = Place(type="facture", champ="soins")
        found.append(finding("cotation.trop_de_lignes", place, facture=saisie.reference, nombre=len(prestations)))
        priced = saisie
    return FactureCotee(saisie=priced, seances=tuple(cotees), soins=soins, constats=tuple(found))


def _with_indicator(saisie: Saisie, care: Soins) -> Saisie:
    """With the letter of the care path, kept with the facts: B2 has no place for it."""
    if care.parcours is None:
        return saisie
    parcours = replace(care.parcours, indicateur=indicator(care.parcours))
    return replace(saisie, soins=replace(care, parcours=parcours))


@cache
def bareme_of(territoire: str, profil: Profil, regime: Regime) -> Bareme:
    """The tariff of a territory, a profile and a regime, made once: what it finds in the tables it keeps."""
    return Bareme(territoire, profil, regime=regime)

"""One invoice priced: its sessions in their order, each knowing what the ones before it billed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.circonstances import situation_of
from fse.app.operations.cotation.ecart import check_lines_given
from fse.app.operations.cotation.entete import check_header
from fse.app.operations.cotation.historique import Facturee, Passe, as_given, billed, soins_of
from fse.app.operations.cotation.prix import unexplained
from fse.app.operations.cotation.sans_soins import check_lines
from fse.app.operations.reseaux.adhesion import adhesion_of
from fse.base.findings import Finding, Place, finding
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.dossier import place_in
from fse.domain.cotation.lignes import SeanceCotee
from fse.domain.cotation.medecins.parcours import indicator
from fse.domain.cotation.moteur import price
from fse.domain.cotation.situation import SEMAINE, SoinPasse, executant_of
from fse.norm.model.saisie import Saisie
from fse.norm.model.validated import ModelError
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, Regime
from fse.norm.referentiels.profils import Profil


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

    `passe` holds its document (`Passe.hold`); its lines are of the past that it tells from then on.
    """
    facture = saisie.facture
    patient = passe.patient(facture)
    if saisie.soins is None:
        constats = (*unexplained(cabinet, saisie), *_who(cabinet, saisie, patient, passe))
        soins = tuple(_as_past(saisie, patient, as_given(facture.prestations)))
        passe.add(facture, soins)
        return FactureCotee(saisie=saisie, seances=(), soins=soins, constats=constats)
    prestataire = cabinet.prestataire(facture.prestataire)
    if prestataire is None or not prestataire.profession:
        place = Place(type="facture", champ="prestataire")
        constat = finding("cotation.profession_absente", place, facture=saisie.reference)
        return FactureCotee(saisie=saisie, seances=(), soins=(), constats=(constat,))
    bareme = bareme_of(prestataire.territoire, cabinet.profil, cabinet.cotation.regime)
    adhesion, unknown = adhesion_of(cabinet, saisie)
    autour = SEMAINE if prestataire.profession == "medecin" else 0
    cotees: list[SeanceCotee] = []
    soins = ()
    found = [*check_header(cabinet, saisie), *unknown]
    for rang, seance in enumerate(saisie.soins.seances, start=1):
        situation = situation_of(cabinet, saisie, seance, patient, adhesion)
        past = passe.of(patient, executant_of(seance, situation), seance.date_soins, saisie, autour)
        cotee = price(seance, situation, past, bareme)
        cotees.append(cotee)
        added = tuple(_as_past(saisie, patient, billed([seance], [cotee])))
        passe.add(facture, added)
        soins += added
        found.extend(place_in(one, saisie.reference, rang) for one in cotee.constats)
    prestations = tuple(one.prestation for one in billed(saisie.soins.seances, cotees))
    found.extend(check_lines_given(saisie, cotees))
    if cabinet.cotation.regime != DROIT:
        place = Place(type="facture", champ="soins")
        found.append(finding("cotation.selon_projet", place, facture=saisie.reference, projet=EN_PROJET))
    try:
        priced = replace(_with_indicator(saisie), facture=replace(facture, prestations=prestations))
    except ModelError:
        place = Place(type="facture", champ="soins")
        found.append(finding("cotation.trop_de_lignes", place, facture=saisie.reference, nombre=len(prestations)))
        priced = saisie
    return FactureCotee(saisie=priced, seances=tuple(cotees), soins=soins, constats=tuple(found))


def _who(cabinet: Cabinet, saisie: Saisie, patient: str, passe: Passe) -> Iterator[Finding]:
    """What the rules of a doctor say of who did lines given without care."""
    prestataire = cabinet.prestataire(saisie.facture.prestataire)
    if prestataire is not None and prestataire.profession == "medecin":
        bareme = bareme_of(prestataire.territoire, cabinet.profil, cabinet.cotation.regime)
        yield from check_lines(cabinet, saisie, patient, passe, bareme)


def _as_past(saisie: Saisie, patient: str, lines: Iterable[Facturee]) -> Iterator[SoinPasse]:
    return soins_of(saisie.facture.prestataire, patient, lines, saisie.reference, saisie.remplacant or "")


def _with_indicator(saisie: Saisie) -> Saisie:
    """With the letter of the care path, kept with the facts: B2 has no place for it."""
    soins = saisie.soins
    if soins is None or soins.parcours is None:
        return saisie
    parcours = replace(soins.parcours, indicateur=indicator(soins.parcours))
    return replace(saisie, soins=replace(soins, parcours=parcours))


@cache
def bareme_of(territoire: str, profil: Profil, regime: Regime) -> Bareme:
    """The tariff of a territory, a profile and a regime, made once: what it finds in the tables it keeps."""
    return Bareme(territoire, profil, regime=regime)

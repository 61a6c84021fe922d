"""Who treats and who is asked to pay, as an invoice and the description of the practice say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.exercice import declares, period_at, practice_at
from fse.app.operations.cabinet.personnes import doctors_at, employed_at, replacement_at
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.prestations.reseaux import Adhesion
from fse.domain.cotation.situation import PriseEnCharge, Situation
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance


def practice_of(cabinet: Cabinet, saisie: Saisie, seance: Seance) -> Exercice:
    """How the one who did the acts of a session practises that day; of who bills, when nothing else is known."""
    le, billing = seance.date_soins, saisie.facture.prestataire
    if saisie.remplacant is not None and seance.executant in (None, saisie.remplacant):
        return _replacing(cabinet, billing, saisie.remplacant, le)
    return practice_on(cabinet, seance.executant or billing, billing, le)


def practice_on(cabinet: Cabinet, numero: str, billing: str, le: date) -> Exercice:
    """How someone practises on a day for who bills: staff in the situation of their employer (A-60); as who bills, when
    nothing else is known of them.
    """
    employed = employed_at(cabinet, numero, le, billing)
    if employed is not None:
        return replace(
            _alone(cabinet, employed.employeur, le),
            discipline=employed.discipline,
            confreres=doctors_at(cabinet, employed.discipline, le, numero),
            condition=employed.condition,
            titres=employed.titres,
            employeur=employed.employeur,
        )
    known = numero if cabinet.prestataire(numero) is not None else billing
    absent = replacement_at(cabinet, numero, le)
    return replace(_alone(cabinet, known, le), remplacant=absent.remplacant if absent is not None else "")


def profession_of(cabinet: Cabinet, saisie: Saisie, seance: Seance) -> str:
    """Whose acts and letters those of a session are: those of the staff who did them, else of who bills."""
    billing = saisie.facture.prestataire
    employed = employed_at(cabinet, seance.executant or billing, seance.date_soins, billing)
    prestataire = cabinet.prestataire(billing)
    return employed.profession if employed is not None else prestataire.profession if prestataire is not None else ""


def _alone(cabinet: Cabinet, numero: str, le: date) -> Exercice:
    prestataire = cabinet.prestataire(numero)
    if prestataire is None:
        return Exercice()
    return replace(
        practice_at(cabinet, prestataire, le), confreres=doctors_at(cabinet, prestataire.discipline, le, numero)
    )


def _replacing(cabinet: Cabinet, remplace: str, remplacant: str, le: date) -> Exercice:
    """Who replaces takes the situation of the other (A-63); their own status is looked at (A-64)."""
    declared, own = replacement_at(cabinet, remplace, le), period_at(cabinet, remplacant, le)
    return replace(
        _alone(cabinet, remplace, le),
        condition="remplacant",
        remplacant=remplacant,
        declare=declared is not None and declared.remplacant == remplacant,
        statut_remplacant=own.statut if own else "" if declares(cabinet, remplacant) else "conventionne",
    )


def situation_of(
    cabinet: Cabinet, saisie: Saisie, seance: Seance, patient: str, adhesion: Adhesion | None = None
) -> Situation:
    """Who is cared for in a session, and by whom; `patient` is the key that tells patients apart."""
    facture, soins = saisie.facture, saisie.soins
    return Situation(
        prestataire=facture.prestataire,
        profession=profession_of(cabinet, saisie, seance),
        patient=patient,
        date_naissance=facture.beneficiaire.date_naissance,
        nature_assurance=facture.nature_assurance,
        exoneration=facture.exoneration,
        taux=soins.taux if soins else None,
        taux_amc=soins.taux_amc if soins else 0,
        adhesion=adhesion,
        exercice=practice_of(cabinet, saisie, seance),
        parcours=soins.parcours if soins else None,
        prise_en_charge=coverage_of(saisie),
    )


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

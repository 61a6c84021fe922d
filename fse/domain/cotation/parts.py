"""Who pays which part of a line, and the line as it will stand on the sheet. AMO + AMC + patient = billed, always."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fse.base.errors import UsageError
from fse.base.findings import Place, finding
from fse.base.money import part_of
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.lignes import LigneCotee
from fse.norm.model.facture import Prestation
from fse.norm.model.validated import ModelError
from fse.norm.referentiels.ngap.actes import AUXILIAIRES

MALADIE, SANS_EXONERATION = "10", "0"
"""Codes of the sheet (code lists `nature_assurance` and `exoneration`)."""


def share(dossier: Dossier) -> Iterator[LigneCotee]:
    """The lines of the session in their order, with the part of each payer. What cannot be written is a finding."""
    for ligne in dossier.lignes:
        taux = _rate(dossier, ligne)
        if taux is None:
            continue
        montant = ligne.montant
        amo = part_of(montant, taux)
        amc = min(part_of(montant, dossier.situation.taux_amc), montant - amo)
        try:
            prestation = _prestation(dossier, ligne, taux, amo, amc) if ligne.facturee else None
        except ModelError as error:
            place = Place(type="seance", rang=ligne.rang, champ=f"acte[{ligne.rang}]")
            dossier.constats.append(
                finding("cotation.ligne_impossible", place, acte=ligne.libelle, raison=error.message)
            )
            continue
        yield LigneCotee(
            rang=ligne.rang,
            acte=ligne.acte.nom if ligne.acte else "",
            libelle=ligne.libelle,
            code_acte=ligne.code_acte,
            coefficient=_coefficient(ligne),
            forfaitaire=ligne.forfaitaire,
            quantite=ligne.quantite,
            part=int(ligne.part * 100) if ligne.facturee else 0,
            montant=montant,
            montant_amo=amo,
            montant_amc=amc,
            depassement=ligne.depassement if ligne.facturee else 0,
            motif=ligne.motif,
            justifications=tuple(ligne.justifications),
            prestation=prestation,
        )


def _rate(dossier: Dossier, ligne: Ligne) -> int | None:
    """The rate of the compulsory part: that of a rule, else what the card says, else that of the profession.

    The last is the ordinary rate of sickness: what differs from it is never guessed, the card has to say it.
    """
    if ligne.taux is not None:
        return ligne.taux
    if dossier.situation.taux is not None:
        return dossier.situation.taux
    place = Place(type="seance", rang=ligne.rang, champ=f"acte[{ligne.rang}]")
    raison = _not_ordinary(dossier)
    if raison:
        dossier.constats.append(finding("cotation.taux_a_donner", place, acte=ligne.libelle, raison=raison))
        return None
    kind = "auxiliaires" if dossier.situation.profession in AUXILIAIRES else "medecins"
    try:
        parametre = dossier.valeur(f"taux_amo_{kind}")
    except UsageError as error:
        dossier.constats.append(finding("cotation.sans_valeur", place, raison=error.message, suite=error.action))
        return None
    dossier.used(ligne, parametre)
    return parametre.valeur


def _not_ordinary(dossier: Dossier) -> str:
    """Why the rate of the profession may not be that of this patient, in French, "" when it is."""
    situation = dossier.situation
    if situation.nature_assurance != MALADIE:
        return f"la nature d'assurance est {situation.nature_assurance}, et non maladie ({MALADIE})"
    if situation.exoneration not in (None, SANS_EXONERATION):
        return f"le patient est exonéré (code {situation.exoneration})"
    if dossier.bareme.territoire == "alsace-moselle":
        return "le régime local d'Alsace-Moselle a ses propres taux"
    return ""


def _coefficient(ligne: Ligne) -> Decimal:
    exact = ligne.coefficient_facture
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _prestation(dossier: Dossier, ligne: Ligne, taux: int, amo: int, amc: int) -> Prestation:
    """Raises `ModelError` when the record cannot hold a value."""
    accord = ligne.demande.accord
    return Prestation(
        executant=dossier.seance.executant,
        date_soins=dossier.seance.date_soins,
        code_acte=ligne.code_acte,
        complement_acte=ligne.complement_acte,
        quantite=ligne.quantite,
        coefficient=_coefficient(ligne),
        prix_unitaire=ligne.valeur,
        base=ligne.montant,
        taux=taux,
        montant_amo=amo,
        montant_amc=amc,
        honoraires=ligne.montant + ligne.depassement,
        qualificatif=ligne.qualificatif,
        exoneration=ligne.exoneration,
        reseau=ligne.reseau,
        lieu="0" if dossier.seance.lieu == "cabinet" else "1",
        accord_prealable=ligne.accord_prealable,
        date_accord=accord.envoyee_le if accord is not None and ligne.accord_prealable != "9" else None,
    )

"""Who pays which part of a line, and the line as it will stand on the sheet. AMO + AMC + patient = billed, always.

The rates are those of `taux`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fse.base.findings import Place, finding
from fse.base.money import part_of
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.lignes import LigneCotee
from fse.domain.cotation.payeurs.taux import complementary_rate, rate
from fse.norm.model.facture import Prestation
from fse.norm.model.validated import ModelError


def share(dossier: Dossier) -> Iterator[LigneCotee]:
    """The lines of the session in their order, with the part of each payer. What cannot be written is a finding."""
    for ligne in dossier.lignes:
        taux = rate(dossier, ligne)
        if taux is None:
            continue
        montant = ligne.montant
        amo = part_of(montant, taux)
        amc = min(part_of(montant, complementary_rate(dossier, ligne)), montant - amo)
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


def _coefficient(ligne: Ligne) -> Decimal:
    exact = ligne.coefficient_facture
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _prestation(dossier: Dossier, ligne: Ligne, taux: int, amo: int, amc: int) -> Prestation:
    """Raises `ModelError` when the record cannot hold a value."""
    accord = ligne.demande.accord
    return Prestation(
        executant=dossier.seance.executant,
        statut_executant="S" if dossier.situation.exercice.condition == "salarie" else None,
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
        details_ccam=(ligne.ccam,) if ligne.ccam is not None else (),
        lieu="0" if dossier.seance.lieu == "cabinet" else "1",
        accord_prealable=ligne.accord_prealable,
        date_accord=accord.envoyee_le if accord is not None and ligne.accord_prealable != "9" else None,
    )

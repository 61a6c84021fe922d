"""The values of a duplicate under the names that a calibration gives them a place by; docs/duplicata.md lists them.

A value that says nothing ("" here: no accident, no replacement, the office as place) needs no place.
"""

from __future__ import annotations

from fse.app.operations.duplicata import Duplicata
from fse.app.operations.feuille import ACTE_GRATUIT
from fse.app.reports.templates import accident, coefficient, montant, naissance, nir
from fse.norm.model.facture import Prestation

MARQUES = {"T": "TEST, sans valeur", "D": "DÉMONSTRATION, sans valeur"}
"""What an overlay says of its flow: `fse` makes no other."""

OBLIGATOIRES = frozenset(
    {
        *("marque", "duplicata", "motif", "numero_facture", "numero_lot", "non_signature"),
        *("prestataire_numero", "remplacant_numero", "salarie_numero", "assure_nir", "total_honoraires"),
        *("date_soins", "code_acte", "honoraires"),
    }
)
"""Values without which a duplicate says less than it must: no calibration may do without them."""

_GRATUIT = "acte gratuit"
_AU_CABINET = "0"
_SANS_ACCORD = "9"


def valeurs(d: Duplicata) -> dict[str, str]:
    """What a sheet says once."""
    return _identites(d) | _conditions(d) | _totaux(d)


def _identites(d: Duplicata) -> dict[str, str]:
    facture, contexte = d.facture, d.contexte
    individuel = facture.beneficiaire.nir_individuel
    return {
        "marque": MARQUES[d.marque],
        "duplicata": "DUPLICATA" if d.rang == 1 else f"DUPLICATA n° {d.rang}",
        "motif": d.demande.motif,
        "numero_facture": f"{d.numero:09d}",
        "numero_lot": f"{d.numero_lot:03d}",
        "date_lot": f"{d.date_lot:%d/%m/%Y}",
        "date_facture": f"{facture.date_facture:%d/%m/%Y}",
        "date_edition": f"{d.demande.le:%d/%m/%Y}",
        "non_signature": "" if d.demande.patient_signe else "l'assuré n'a pas pu signer",
        "prestataire_nom": d.prestataire.nom,
        "prestataire_numero": d.prestataire.numero,
        "prestataire_specialite": d.prestataire.specialite,
        "remplacant_nom": d.remplacant.nom if d.remplacant else "",
        "remplacant_numero": d.remplacant.numero if d.remplacant else "",
        "salarie_nom": ", ".join(one.nom for one in d.executants if one.nom),
        "salarie_numero": ", ".join(one.numero for one in d.executants),
        "assure_nom": contexte.identite_assure.nom,
        "assure_prenom": contexte.identite_assure.prenom,
        "assure_nir": nir(facture.assure.nir),
        "assure_cle": facture.assure.cle_nir,
        "regime": facture.assure.regime,
        "caisse": facture.assure.caisse,
        "centre": facture.assure.centre,
        "beneficiaire_nom": contexte.identite_beneficiaire.nom,
        "beneficiaire_prenom": contexte.identite_beneficiaire.prenom,
        "beneficiaire_naissance": naissance(facture.beneficiaire.date_naissance),
        "beneficiaire_rang": str(facture.beneficiaire.rang_naissance),
        "beneficiaire_nir": nir(individuel.nir) if individuel else "",
        "beneficiaire_cle": individuel.cle_nir if individuel else "",
    }


def _conditions(d: Duplicata) -> dict[str, str]:
    facture, prescription, amc = d.facture, d.facture.prescription, d.facture.amc
    return {
        "nature_assurance": facture.nature_assurance,
        "exoneration": facture.exoneration or "",
        "accident": accident(facture.accident) if facture.accident else "",
        "date_maternite": f"{facture.date_maternite:%d/%m/%Y}" if facture.date_maternite else "",
        "prescription_date": f"{prescription.date_prescription:%d/%m/%Y}" if prescription else "",
        "prescripteur_numero": prescription.prescripteur if prescription else "",
        "prescripteur_specialite": (prescription.specialite or "") if prescription else "",
        "amc_numero": amc.numero_amc if amc else "",
        "amc_adherent": (amc.numero_adherent or "") if amc else "",
        "medecin_traitant": d.contexte.medecin_traitant or "",
        "destinataire_reglement": facture.destinataire_reglement,
    }


def _totaux(d: Duplicata) -> dict[str, str]:
    """These stand on the last sheet only, when the acts need more than one."""
    paid = dict(d.tiers_payant)
    return {
        "total_honoraires": montant(d.facture.total_honoraires),
        "total_amo": montant(d.facture.total_amo),
        "total_amc": montant(d.facture.total_amc),
        "paye_assure": montant(d.paye_par_patient),
        "tiers_payant_amo": montant(paid["AMO"]) if "AMO" in paid else "",
        "tiers_payant_amc": montant(paid["AMC"]) if "AMC" in paid else "",
        "acte_gratuit": _GRATUIT if d.acte_gratuit else "",
    }


TOTAUX = frozenset(
    {
        *("total_honoraires", "total_amo", "total_amc", "paye_assure", "tiers_payant_amo", "tiers_payant_amc"),
        "acte_gratuit",
    }
)
"""The names of `_totaux`."""


def valeurs_ligne(d: Duplicata, prestation: Prestation) -> dict[str, str]:
    """What a sheet says of one act."""
    one = prestation
    free = one.honoraires == 0 or one.qualificatif == ACTE_GRATUIT
    return {
        "date_soins": f"{one.date_soins:%d/%m/%Y}",
        "code_acte": one.code_acte,
        "complement_acte": one.complement_acte or "",
        "ccam": " ".join(f"{each.code}{each.modificateurs or ''}" for each in one.details_ccam),
        "quantite": str(one.quantite),
        "coefficient": coefficient(one.coefficient),
        "denombrement": str(one.denombrement) if one.denombrement > 1 else "",
        "prix_unitaire": montant(one.prix_unitaire),
        "base": montant(one.base),
        "taux": str(one.taux),
        "montant_amo": montant(one.montant_amo),
        "montant_amc": montant(one.montant_amc),
        "honoraires": montant(one.honoraires),
        "qualificatif": one.qualificatif or "",
        "ligne_gratuite": _GRATUIT if free else "",
        "exoneration_acte": one.exoneration or "",
        "lieu": one.lieu if one.lieu != _AU_CABINET else "",
        "accord_prealable": one.accord_prealable if one.accord_prealable != _SANS_ACCORD else "",
        "date_accord": f"{one.date_accord:%d/%m/%Y}" if one.date_accord else "",
        "executant": one.executant if one.executant and one.executant != d.prestataire.numero else "",
    }

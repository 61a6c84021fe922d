"""What goes on a sheet and what does not: free acts, acts that are not reimbursed, stays in a hospital, receipts.

Source: regles.md A.7 (draft convention of 2011, articles 67 and 69 to 72; CSS L162-4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from fse.domain.cotation.dossier import Dossier, finding_of
from fse.domain.cotation.ngap.article_11b import SOINS
from fse.domain.cotation.situation import executant_of
from fse.norm.model.medecine import OrdonnanceRedigee
from fse.norm.referentiels.ngap.regles import Calcul, Controle

GRATUIT = "G"
"""The qualifier of a free act (record 4)."""

MAJORATIONS = frozenset(
    (
        *("MN", "MM", "F", "MU", "MHP", "SNP", "MRT", "SHE", "MCG", "MCS", "MCC", "MPC"),
        *("CRN", "CRM", "CRD", "CRS", "VRN", "VRM", "VRD", "VRS", "MAU", "MCI", "MIE"),
    )
)
"""What makes an act dearer by when, for whom or how it is done; a trip is a cost of its own."""

S3404, PATIENT = "s3404", "00"
"""A way of securing (the hospital's slip) and a payee (the patient advances everything)."""

_GENRES = {
    "medicaments": "des médicaments",
    "produits": "des produits ou prestations de la liste (L. 165-1)",
    "auxiliaires": "des soins d'auxiliaires médicaux",
    "biologie": "des examens de laboratoire",
}
"""The kinds of a prescription (`OrdonnanceRedigee`), as a reader says them."""
assert {one.name for one in fields(OrdonnanceRedigee)} >= set(_GENRES)


def check_reimbursed(dossier: Dossier, regle: Controle) -> None:
    """An act that is not reimbursed stands on no sheet, whether it has a price here or not."""
    actes = dossier.seance.actes
    alone = all(one.non_remboursable for one in actes)
    suite = "aucune feuille de soins n'est faite" if alone else "seuls les autres actes vont sur la feuille"
    named = {one.rang: one.libelle for one in dossier.lignes}
    for rang, one in enumerate(actes, start=1):
        if one.non_remboursable:
            acte = named.get(rang) or one.acte or one.code_acte
            dossier.constats.append(finding_of(regle, rang, acte=acte, suite=suite))


def check_free(dossier: Dossier, regle: Controle) -> None:
    """Nothing is asked for a free act, above its tariff either."""
    for ligne in dossier.lignes:
        depassement = ligne.demande.depassement
        if ligne.demande.gratuit and depassement is not None and depassement.montant:
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_majorations(dossier: Dossier, regle: Controle) -> None:
    """What is given is not made dearer: no majoration is asked when all of the care is free."""
    care = dossier.nommees({SOINS})
    if care and all(one.demande.gratuit for one in care):
        for ligne in dossier.nommees(MAJORATIONS):
            if not ligne.demande.gratuit:
                dossier.find(regle, ligne, acte=ligne.libelle)


def give(dossier: Dossier, regle: Calcul) -> None:
    """A free act stands on the sheet for nothing, with its mention."""
    for ligne in dossier.lignes:
        if ligne.demande.gratuit and ligne.facturee:
            ligne.taux_valeur, ligne.depassement = 0, 0
            ligne.qualificatif, ligne.motif = GRATUIT, "acte gratuit"
            dossier.applied(ligne, regle, "acte gratuit")


def check_hospital(dossier: Dossier, regle: Controle) -> None:
    """What is done during a stay in a private hospital goes on its slip."""
    if dossier.seance.hospitalisation and dossier.situation.prise_en_charge.mode != S3404:
        dossier.find(regle)


def check_slip(dossier: Dossier, regle: Controle) -> None:
    """The slip of a hospital holds what was done during a stay."""
    if dossier.situation.prise_en_charge.mode == S3404 and not dossier.seance.hospitalisation:
        dossier.find(regle)


def check_own_acts(dossier: Dossier, regle: Controle) -> None:
    """A receipt is given for acts that one did oneself, or that one's staff did: a sheet without signatures is one, in
    the name of who bills.
    """
    situation, seance = dossier.situation, dossier.seance
    if situation.prise_en_charge.mode == S3404:
        return  # the doctors of a hospital may be billed together
    condition, executant = situation.exercice.condition, executant_of(seance, situation)
    auteur = situation.exercice.remplacant if condition == "remplacant" else executant
    may = {"salarie": {situation.prestataire}, "adjoint": {situation.prestataire, executant}}.get(condition, {auteur})
    usual = auteur if condition == "remplacant" else situation.prestataire
    acquit = usual if seance.signatures is None else seance.signatures.acquit
    if acquit is not None and acquit not in may:
        dossier.find(regle, acquit=acquit, executant=auteur)


def check_paid(dossier: Dossier, regle: Controle) -> None:
    """A receipt is given for fees received; those that a payer advances are, in third-party payment."""
    signatures = dossier.seance.signatures
    if signatures is None or signatures.acquit is None:
        return
    billed = [one for one in dossier.lignes if one.facturee]
    if billed and all(one.demande.gratuit for one in billed):
        dossier.find(regle, raison="tous les actes sont gratuits")
    elif not signatures.honoraires_percus and dossier.situation.prise_en_charge.destinataire == PATIENT:
        dossier.find(regle, raison="le patient n'a pas encore payé")


def check_kinds(dossier: Dossier, regle: Controle) -> None:
    """A prescription is of one kind."""
    for rang, one in enumerate(dossier.seance.ordonnances, start=1):
        said = [_GENRES[genre] for genre in _GENRES if getattr(one, genre)]
        if len(said) > 1:
            genres = ", ".join(said[:-1]) + f" et {said[-1]}"
            dossier.find(regle, ordonnance=rang, genres=genres, nombre=len(said))


def check_duplicate(dossier: Dossier, regle: Controle) -> None:
    """A prescription goes with its duplicate."""
    for rang, one in enumerate(dossier.seance.ordonnances, start=1):
        if not one.double:
            dossier.find(regle, ordonnance=rang)


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "feuille-acte-non-remboursable": check_reimbursed,
    "feuille-gratuit-sans-depassement": check_free,
    "feuille-gratuit-sans-majoration": check_majorations,
    "feuille-hospitalisation": check_hospital,
    "feuille-s3404": check_slip,
    "feuille-acquit-personnel": check_own_acts,
    "feuille-acquit-paye": check_paid,
    "ordonnances-distinctes": check_kinds,
    "ordonnance-en-double": check_duplicate,
}
CALCULS: Mapping[str, Callable[[Dossier, Calcul], None]] = {"feuille-acte-gratuit": give}
